//! From the record of an order to the names its expressions start from; only what is read.

use std::collections::BTreeSet;
use std::sync::Arc;

use rhai::{Array, Dynamic};
use serde_json::{Map, Value};

use super::plan::StepPlan;
use super::shape::{DayContext, FieldAddress};
use super::{Inputs, StepRecord};
use crate::policy::{FieldKind, Form, Policy, Step, StepKind, Workflow};
use crate::rules::Rules;
use crate::rules::host::{FieldRecord, LiveSubject, View};
use crate::rules::walk::{CANCELLED, DONE, ENDED, NameUse, Root, form_of};
use crate::time::Day;

/// What expressions were given.
#[derive(Default)]
pub(super) struct GivenValues {
    pub(super) values: Vec<(Root, Dynamic)>,
    record: Map<String, Value>,
    subject: Option<(String, Arc<LiveSubject>)>,
}

impl GivenValues {
    /// Returns what was given, with what was read of the subject.
    pub(super) fn record(mut self) -> Value {
        if let Some((name, live)) = self.subject {
            self.record.insert(name, live.read());
        }
        Value::Object(self.record)
    }
}

/// Gathers what the rows of a step read of an order.
pub(super) fn order(rules: &Rules, policy: &Policy, plan: &StepPlan, inputs: &Inputs<'_>) -> GivenValues {
    let reads = &plan.reads;
    let ground = DayContext { zone: policy.bureau.zone, today: Some(inputs.today) };
    let mut gathered = GivenValues::default();
    for read in reads {
        let text = |text: &str| (text.into(), Value::from(text));
        let none = (Dynamic::UNIT, Value::Null);
        let (value, record) = match read.root {
            Root::Subject => inputs.subject.map_or(none, |subject| {
                let live = Arc::new(LiveSubject::new(subject, inputs.today, &rules.compiled.data));
                gathered.subject = Some((read.name.clone(), Arc::clone(&live)));
                (Dynamic::from(View::Live(live)), Value::Null)
            }),
            Root::Tier => inputs.tier.map_or(none, |tier| text(&policy.tiers.order[tier.ix()].id)),
            Root::Station => text(inputs.station),
            Root::Action => inputs.action.map_or(none, text),
            Root::Today => (ground.day(inputs.today), inputs.today.to_string().into()),
            Root::Order => of_order(ground, read, inputs),
            Root::Step(at) => {
                let workflow = &policy.workflows[plan.workflow.ix()];
                let step = &workflow.steps[at];
                let (form, record) = (form_of(policy, workflow, step), inputs.steps.get(&step.id));
                of_step(ground, read, step, form, record)
            }
            Root::Parent => of_parent(policy, plan, read, inputs),
            Root::Fact(_) | Root::Field(_) | Root::Items => continue,
        };
        gathered.values.push((read.root, value));
        gathered.record.insert(read.name.clone(), record);
    }
    gathered
}

/// Gathers what a form's condition reads of the answer so far.
pub(super) fn form(policy: &Policy, form: &Form, reads: &[NameUse], answer: &Value) -> GivenValues {
    let ground = DayContext { zone: policy.bureau.zone, today: None };
    let values = reads.iter().filter_map(|read| {
        let kind = match read.root {
            Root::Field(at) => &form.fields.get(at)?.kind,
            _ => &FieldKind::Items,
        };
        let at = FieldAddress { step: None, field: &read.name };
        Some((read.root, ground.field(at, kind, answer.get(&read.name))))
    });
    GivenValues { values: values.collect(), ..GivenValues::default() }
}

/// Fields taken one by one, with what is written down of each.
#[derive(Default)]
struct RecordBuilder<'a> {
    wanted: Option<&'a BTreeSet<String>>,
    values: Vec<(String, Dynamic)>,
    record: Map<String, Value>,
}

impl<'a> RecordBuilder<'a> {
    fn of(read: &'a NameUse) -> Self {
        Self { wanted: read.fields.as_ref(), ..Self::default() }
    }

    fn add(&mut self, name: &str, value: impl FnOnce() -> (Dynamic, Value)) {
        if self.wanted.is_none_or(|wanted| wanted.contains(name)) {
            let (value, record) = value();
            self.values.push((name.to_owned(), value));
            self.record.insert(name.to_owned(), record);
        }
    }

    fn done(self) -> (Dynamic, Value) {
        (FieldRecord::dynamic(self.values), Value::Object(self.record))
    }
}

fn of_order(ground: DayContext, read: &NameUse, inputs: &Inputs<'_>) -> (Dynamic, Value) {
    let order = &inputs.order;
    let day = |day: Day| (ground.day(day), Value::from(day.to_string()));
    let mut fields = RecordBuilder::of(read);
    fields.add("id", || (order.id.into(), order.id.into()));
    fields.add("number", || (order.number.into(), order.number.into()));
    fields.add("opened_on", || day(order.opened_on));
    fields.add("window", || {
        let mut fields = RecordBuilder::default();
        fields.add("from", || day(order.window_from));
        fields.add("to", || day(order.window_to));
        fields.done()
    });
    fields.done()
}

/// Gathers the steps of the parent that are read, as they stood when this order was opened; of an order that
/// nobody's step opened they are steps that were never done.
fn of_parent(policy: &Policy, plan: &StepPlan, read: &NameUse, inputs: &Inputs<'_>) -> (Dynamic, Value) {
    let ground = DayContext { zone: policy.bureau.zone, today: Some(inputs.today) };
    let (workflow, parent) = (&policy.workflows[plan.workflow.ix()], inputs.parent);
    let known: Vec<&Workflow> = policy.parents_of(&workflow.id).collect();
    let own = known.iter().filter(|known| parent.is_none_or(|parent| parent.workflow == known.id));
    let mut fields = RecordBuilder::of(read);
    let every = || known.iter().flat_map(|known| &known.steps).map(|step| step.id.clone()).collect();
    for name in &read.fields.clone().unwrap_or_else(every) {
        let found = own.clone().chain(&known).find_map(|workflow| Some((*workflow, workflow.step(name)?)));
        let Some((workflow, step)) = found else { continue };
        let record = parent.and_then(|parent| parent.steps.get(name));
        let whole = NameUse { name: name.clone(), root: read.root, fields: None };
        fields.add(name, || of_step(ground, &whole, step, form_of(policy, workflow, step), record));
    }
    fields.done()
}

fn of_step(
    ground: DayContext,
    read: &NameUse,
    step: &Step,
    form: Option<&Form>,
    record: Option<&StepRecord>,
) -> (Dynamic, Value) {
    let done = record.and_then(|record| record.last.as_ref());
    let missing = || (Dynamic::UNIT, Value::Null);
    let mut fields = RecordBuilder::of(read);
    fields.add("done", || (done.is_some().into(), done.is_some().into()));
    fields.add("done_by", || {
        done.map_or_else(missing, |done| {
            let list: Array = done.done_by.iter().map(|id| id.as_str().into()).collect();
            (list.into(), done.done_by.clone().into())
        })
    });
    fields.add("done_on", || {
        let on = done.map(|done| done.at.day_in(ground.zone));
        on.map_or_else(missing, |on| (ground.day(on), on.to_string().into()))
    });
    fields.add("visit", || {
        let visits = record.map_or(0, |record| record.visits);
        (i64::from(visits).into(), visits.into())
    });
    fields.add("action", || {
        let action = done.and_then(|done| done.action.as_deref());
        action.map_or_else(missing, |action| (action.into(), action.into()))
    });
    // Only what is asked for by name: records of before know nothing of it.
    if read.fields.is_some() && matches!(step.kind, StepKind::SubOrder { .. }) {
        fields.add(ENDED, || {
            let how = if record.is_some_and(|record| record.is_cancelled) { CANCELLED } else { DONE };
            done.map_or_else(missing, |_| (how.into(), how.into()))
        });
    }
    let answer = done.and_then(|done| done.answer.as_deref());
    let declared = form.map(|form| form.fields.as_slice()).unwrap_or_default();
    let items = form.is_some() && !declared.iter().any(|field| field.id == "items");
    let kinds = declared.iter().map(|field| (field.id.as_str(), &field.kind));
    for (name, kind) in kinds.chain(items.then_some(("items", &FieldKind::Items))) {
        fields.add(name, || {
            let at = FieldAddress { step: Some(&step.id), field: name };
            answer.map_or_else(missing, |answer| {
                let kept = answer.get(name);
                (ground.field(at, kind, kept), kept.cloned().unwrap_or(Value::Null))
            })
        });
    }
    fields.done()
}
