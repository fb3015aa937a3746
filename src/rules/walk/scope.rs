//! What a text may read where it stands: the names it starts from, and what is known of them.

use std::collections::BTreeMap;

use crate::policy::{ExprIx, ExprPlace, Field, Form, Policy, Step, StepKind, Workflow};
use crate::rules::kind::Kind;

/// The facts walked so far, by workflow, as later expressions see them.
pub(super) type FactTable = BTreeMap<usize, Vec<StartName>>;

/// What a text may read where it stands, and what it must answer with.
pub(in crate::rules) struct NameScope {
    /// The names it starts from.
    pub(super) names: Vec<StartName>,
    /// Whether reads of the subject become inputs; they do where the rules are asked.
    pub(super) records: bool,
    /// Whether a day of asking is known; a form is filled without one.
    pub(super) dated: bool,
    pub(super) answer: AnswerKind,
}

/// What an entry must answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum AnswerKind {
    Tier,
    Number,
    Anything,
}

/// A name an expression may start from.
#[derive(Clone)]
pub(super) struct StartName {
    pub(super) name: String,
    pub(super) root: Root,
    pub(super) kind: Kind,
    pub(super) missing: bool,
}

/// What a name stands for that an expression may start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Root {
    Subject,
    Tier,
    Order,
    Station,
    Today,
    Action,
    /// The order that opened this one.
    Parent,
    /// The step at this position of the workflow.
    Step(usize),
    /// The fact at this position of the workflow.
    Fact(usize),
    /// The field at this position of the form.
    Field(usize),
    /// The checklist of a form that declares no field of that name.
    Items,
}

impl NameScope {
    /// Makes the scope of a script, which starts from its parameters alone.
    pub(in crate::rules) const fn script(answer: AnswerKind) -> Self {
        Self { names: Vec::new(), records: true, dated: true, answer }
    }

    pub(super) fn expression(policy: &Policy, ix: ExprIx, facts: &FactTable) -> Self {
        let place = &policy.exprs[ix.ix()].place;
        let tiers = Kind::words(policy.tiers.order.iter().map(|tier| tier.id.clone()));
        let mut names = vec![
            StartName::new("subject", Root::Subject, Kind::Subject),
            StartName::new("tier", Root::Tier, tiers),
        ];
        match place {
            ExprPlace::Start(_) => {}
            ExprPlace::Fact(workflow) | ExprPlace::Branch(workflow) => {
                if let Some(known) = policy.workflows.get(workflow.ix()) {
                    names.extend(of_order(policy, known));
                }
                names.extend(facts.get(&workflow.ix()).into_iter().flatten().cloned());
            }
            ExprPlace::Form => names = of_form(policy, ix),
        }
        let (records, dated) = (matches!(place, ExprPlace::Start(_)), *place != ExprPlace::Form);
        Self { names, records, dated, answer: AnswerKind::Anything }
    }
}

impl StartName {
    fn new(name: impl Into<String>, root: Root, kind: Kind) -> Self {
        Self { name: name.into(), root, kind, missing: false }
    }
}

/// The position of a workflow, and of a fact in it.
#[derive(Clone, Copy)]
pub(super) struct FactAt {
    pub(super) workflow: usize,
    pub(super) at: usize,
}

/// Returns which fact an expression is.
pub(super) fn fact(policy: &Policy, ix: ExprIx) -> Option<FactAt> {
    let ExprPlace::Fact(workflow) = policy.exprs[ix.ix()].place else { return None };
    let workflow = workflow.ix();
    let at = policy.workflows.get(workflow)?.facts.iter().position(|(_, at)| *at == ix)?;
    Some(FactAt { workflow, at })
}

/// Returns the fields of the form whose condition an expression is.
fn of_form(policy: &Policy, ix: ExprIx) -> Vec<StartName> {
    let asks = |field: &Field| field.required_when == Some(ix);
    let Some(form) = policy.forms.iter().find(|form| form.fields.iter().any(asks)) else { return Vec::new() };
    let named = |(name, kind): (String, Kind)| {
        let declared = form.fields.iter().position(|field| field.id == name);
        StartName::new(name, declared.map_or(Root::Items, Root::Field), kind)
    };
    fields(form).into_iter().map(named).collect()
}

fn of_order(policy: &Policy, workflow: &Workflow) -> Vec<StartName> {
    let window = Kind::record([("from", Kind::Day), ("to", Kind::Day)]);
    let order = Kind::record([
        ("id", Kind::Text),
        ("number", Kind::Text),
        ("opened_on", Kind::Day),
        ("window", window),
    ]);
    let actions = workflow.steps.iter().flat_map(actions);
    let mut names = vec![
        StartName::new("order", Root::Order, order),
        StartName::new("station", Root::Station, Kind::Text),
        StartName::new("today", Root::Today, Kind::Day),
        StartName::new("action", Root::Action, Kind::words(actions)),
    ];
    let steps = workflow.steps.iter().enumerate();
    names.extend(
        steps.map(|(at, step)| StartName::new(&step.id, Root::Step(at), of_step(policy, workflow, step))),
    );
    let is_taken = names.iter().any(|known| known.name == PARENT)
        || workflow.facts.iter().any(|(name, _)| name == PARENT);
    if let Some(parent) = of_parent(policy, workflow).filter(|_| !is_taken) {
        names.push(StartName::new(PARENT, Root::Parent, parent));
    }
    names
}

/// The order that opened this one, in expressions and terms; a step or a fact of that name hides it.
const PARENT: &str = "parent";

/// The steps of all workflows that open orders of this one; where two of them say different things of a field,
/// anything may stand there. None where no workflow does.
fn of_parent(policy: &Policy, workflow: &Workflow) -> Option<Kind> {
    let mut steps: Vec<(String, Vec<(String, Kind)>)> = Vec::new();
    for parent in policy.parents_of(&workflow.id) {
        for step in &parent.steps {
            let mut fields = own_fields(policy, parent, step);
            match steps.iter_mut().find(|(known, _)| *known == step.id) {
                None => steps.push((step.id.clone(), fields)),
                Some((_, known)) => {
                    for (name, kind) in known.iter_mut() {
                        if let Some(at) = fields.iter().position(|(other, _)| other == name) {
                            *kind = kind.clone().or(&fields.remove(at).1);
                        }
                    }
                    known.append(&mut fields);
                }
            }
        }
    }
    let records = steps.into_iter().map(|(step, fields)| (step, Kind::record(fields)));
    let records: Vec<(String, Kind)> = records.collect();
    (!records.is_empty()).then(|| Kind::record(records))
}

fn actions(step: &Step) -> impl Iterator<Item = String> + '_ {
    step.kind.actions().iter().map(|action| action.id.clone())
}

/// The field of a step that says how the orders it waited for ended: [`DONE`], or [`CANCELLED`] where one was.
///
/// # Source
/// Policy language, rule 28.
pub(in crate::rules) const ENDED: &str = "ended";
pub(in crate::rules) const DONE: &str = "done";
pub(in crate::rules) const CANCELLED: &str = "cancelled";

fn of_step(policy: &Policy, workflow: &Workflow, step: &Step) -> Kind {
    let mut names = own_fields(policy, workflow, step);
    if let StepKind::SubOrder { wait: true, .. } = step.kind {
        names.push((ENDED.to_owned(), Kind::words([DONE, CANCELLED].map(str::to_owned))));
    }
    Kind::record(names)
}

/// The fields of a step, but for how orders it waited for ended.
fn own_fields(policy: &Policy, workflow: &Workflow, step: &Step) -> Vec<(String, Kind)> {
    let mut names = vec![
        ("done".to_owned(), Kind::Flag),
        ("done_by".to_owned(), Kind::list(Kind::Text)),
        ("done_on".to_owned(), Kind::Day),
        ("visit".to_owned(), Kind::Integer),
        ("action".to_owned(), Kind::words(actions(step))),
    ];
    names.extend(form_of(policy, workflow, step).map(fields).unwrap_or_default());
    names
}

/// Returns the form a step fills.
pub(in crate::rules) fn form_of<'a>(
    policy: &'a Policy,
    workflow: &Workflow,
    step: &Step,
) -> Option<&'a Form> {
    let StepKind::Duty { form: Some(id), .. } = &step.kind else { return None };
    policy.form(&workflow.id, id)
}

fn fields(form: &Form) -> Vec<(String, Kind)> {
    let mut names: Vec<(String, Kind)> =
        form.fields.iter().map(|field| (field.id.clone(), Kind::of_answer(&field.kind))).collect();
    if !names.iter().any(|(name, _)| name == "items") {
        names.push(("items".to_owned(), Kind::checklist()));
    }
    names
}
