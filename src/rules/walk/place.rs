//! Expressions in YAML: which names each place may use, and what is known of them.

use std::collections::{BTreeMap, BTreeSet};

use rhai::Stmt;

use crate::diag::Diagnostic;
use crate::policy::{ExprIx, ExprPlace, Field, FieldKind, Form, Policy, Step, StepKind, Workflow};
use crate::rules::slot::{Slot, Slots};
use crate::rules::unit::Unit;

use super::kind::{Abs, Kind};
use super::{Var, Walk, Walked};

/// What is known of the facts walked so far, by workflow.
#[derive(Default)]
pub(in crate::rules) struct Facts(BTreeMap<usize, Vec<Fact>>);

/// One fact as later expressions see it.
#[derive(Clone)]
struct Fact {
    name: String,
    at: usize,
    kind: Kind,
    missing: bool,
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
    /// The step at this position of the workflow.
    Step(usize),
    /// The fact at this position of the workflow.
    Fact(usize),
    /// The field at this position of the form.
    Field(usize),
    /// The checklist of a form that declares no field of that name.
    Items,
}

/// A name an expression reads.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Read {
    pub(in crate::rules) name: String,
    pub(in crate::rules) root: Root,
    /// The fields read of a step or of the order; none when it is read as a whole.
    pub(in crate::rules) fields: Option<Vec<String>>,
}

/// Walks an expression; where the rules will be asked, its reads become `slots`.
pub(in crate::rules) fn expression(
    policy: &Policy,
    unit: &Unit,
    ix: ExprIx,
    facts: &mut Facts,
    slots: &mut Slots,
    found: &mut Vec<Diagnostic>,
) -> Walked {
    let place = &policy.exprs[ix.ix()].place;
    let asked = matches!(place, ExprPlace::Start(_));
    let mut walk = Walk::new(policy, unit, slots, found, asked);
    let names = names(policy, ix, facts);
    for name in &names {
        let abs = Abs::of(name.kind.clone(), unit.span).may_miss(name.missing);
        walk.env.push(Var { name: name.name.clone(), abs, local: None, slot: None });
    }
    walk.roots = names.len();
    walk.dated = *place != ExprPlace::Form;
    if asked && let Some(tier) = walk.env.iter().position(|var| var.name == "tier") {
        walk.env[tier].slot = Some(walk.slots.need(Slot::Tier));
    }
    walk.calls.push(String::new());
    let fact = fact_named(policy, ix);
    let abs = match unit.ast.statements() {
        [Stmt::Expr(expr)] if fact.is_none() => walk.condition(expr),
        [Stmt::Expr(expr)] => walk.expr(expr),
        statements => walk.block(statements, unit.span).abs,
    };
    walk.no_subject(&abs);
    walk.no_count(&abs);
    let reads = reads(&names, std::mem::take(&mut walk.read));
    let names = names.into_iter().map(|name| name.name).collect();
    let walked = Walked { tree: abs.tree, locals: walk.locals, reads, names };
    if let Some((workflow, at, name)) = fact {
        let fact = Fact { name, at, kind: abs.kind, missing: abs.missing };
        facts.0.entry(workflow).or_default().push(fact);
    }
    walked
}

/// Puts together what was read of each root.
fn reads(names: &[Start], read: BTreeSet<(usize, Option<String>)>) -> Vec<Read> {
    let mut reads: BTreeMap<usize, Option<Vec<String>>> = BTreeMap::new();
    for (at, field) in read {
        let known = reads.entry(at).or_insert_with(|| Some(Vec::new()));
        match field {
            None => *known = None,
            Some(field) => known.iter_mut().for_each(|fields| fields.push(field.clone())),
        }
    }
    let named =
        |(at, fields): (usize, _)| Read { name: names[at].name.clone(), root: names[at].root, fields };
    reads.into_iter().map(named).collect()
}

/// Returns the workflow, the position and the name of the fact that an expression is.
fn fact_named(policy: &Policy, ix: ExprIx) -> Option<(usize, usize, String)> {
    let ExprPlace::Fact(workflow) = policy.exprs[ix.ix()].place else { return None };
    let facts = &policy.workflows.get(workflow.ix())?.facts;
    let at = facts.iter().position(|(_, at)| *at == ix)?;
    Some((workflow.ix(), at, facts[at].0.clone()))
}

/// A name an expression may start from.
struct Start {
    name: String,
    root: Root,
    kind: Kind,
    missing: bool,
}

impl Start {
    fn new(name: impl Into<String>, root: Root, kind: Kind) -> Self {
        Self { name: name.into(), root, kind, missing: false }
    }
}

fn names(policy: &Policy, ix: ExprIx, facts: &Facts) -> Vec<Start> {
    let tiers = Kind::words(policy.tiers.order.iter().map(|tier| tier.id.clone()));
    let subject =
        [Start::new("subject", Root::Subject, Kind::Subject), Start::new("tier", Root::Tier, tiers)];
    match &policy.exprs[ix.ix()].place {
        ExprPlace::Start(_) => subject.into(),
        ExprPlace::Fact(workflow) | ExprPlace::Branch(workflow) => {
            let mut names = Vec::from(subject);
            if let Some(known) = policy.workflows.get(workflow.ix()) {
                names.extend(of_order(policy, known));
            }
            names.extend(facts.0.get(&workflow.ix()).into_iter().flatten().cloned().map(|fact| Start {
                name: fact.name,
                root: Root::Fact(fact.at),
                kind: fact.kind,
                missing: fact.missing,
            }));
            names
        }
        ExprPlace::Form => {
            let asks = |field: &Field| field.required_when == Some(ix);
            let form = policy.forms.iter().find(|form| form.fields.iter().any(asks));
            let fields = form.map(|form| {
                let declared = |name: &str| form.fields.iter().position(|field| field.id == name);
                let named = |(name, kind): (String, Kind)| {
                    let root = declared(&name).map_or(Root::Items, Root::Field);
                    Start::new(name, root, kind)
                };
                fields(form).into_iter().map(named).collect()
            });
            fields.unwrap_or_default()
        }
    }
}

fn of_order(policy: &Policy, workflow: &Workflow) -> Vec<Start> {
    let window = Kind::record([("from", Kind::Day), ("to", Kind::Day)]);
    let order = Kind::record([
        ("id", Kind::Text),
        ("number", Kind::Text),
        ("opened_on", Kind::Day),
        ("window", window),
    ]);
    let actions = workflow.steps.iter().flat_map(|step| actions(step).iter().cloned());
    let mut names = vec![
        Start::new("order", Root::Order, order),
        Start::new("station", Root::Station, Kind::Text),
        Start::new("today", Root::Today, Kind::Day),
        Start::new("action", Root::Action, Kind::words(actions)),
    ];
    let steps = workflow.steps.iter().enumerate();
    names.extend(
        steps.map(|(at, step)| Start::new(&step.id, Root::Step(at), of_step(policy, workflow, step))),
    );
    names
}

fn actions(step: &Step) -> &[String] {
    match &step.kind {
        StepKind::Duty { actions, .. } => actions,
        _ => &[],
    }
}

fn of_step(policy: &Policy, workflow: &Workflow, step: &Step) -> Kind {
    let mut names = vec![
        ("done".to_owned(), Kind::Flag),
        ("done_by".to_owned(), Kind::list(Kind::Text)),
        ("done_on".to_owned(), Kind::Day),
        ("visit".to_owned(), Kind::Integer),
        ("action".to_owned(), Kind::words(actions(step).iter().cloned())),
    ];
    names.extend(form_of(policy, workflow, step).map(fields).unwrap_or_default());
    Kind::record(names)
}

/// Returns the form a step fills.
pub(in crate::rules) fn form_of<'a>(
    policy: &'a Policy,
    workflow: &Workflow,
    step: &Step,
) -> Option<&'a Form> {
    let StepKind::Duty { form: Some(id), .. } = &step.kind else { return None };
    let reachable = |form: &Form| form.workflow.as_ref().is_none_or(|of| *of == workflow.id);
    policy.forms.iter().find(|form| form.id == *id && reachable(form))
}

fn fields(form: &Form) -> Vec<(String, Kind)> {
    let mut names: Vec<(String, Kind)> =
        form.fields.iter().map(|field| (field.id.clone(), of_answer(&field.kind))).collect();
    if !names.iter().any(|(name, _)| name == "items") {
        names.push(("items".to_owned(), items()));
    }
    names
}

fn items() -> Kind {
    let item = [("id", Kind::Text), ("title", Kind::Text), ("result", Kind::Text), ("note", Kind::Text)];
    Kind::list(Kind::record(item))
}

fn of_answer(kind: &FieldKind) -> Kind {
    match kind {
        FieldKind::Text | FieldKind::Signature => Kind::Text,
        FieldKind::Number => Kind::Number,
        FieldKind::Date | FieldKind::DateTime => Kind::Day,
        FieldKind::Choice(of) => Kind::words(of.iter().cloned()),
        FieldKind::Items => items(),
        FieldKind::Table(columns) => {
            let columns = columns.iter().map(|(id, _, of)| {
                let kind = if of.is_empty() { Kind::Any } else { Kind::words(of.iter().cloned()) };
                (id.clone(), kind)
            });
            Kind::list(Kind::record(columns))
        }
        FieldKind::Photo => Kind::list(Kind::Any),
        FieldKind::Location => Kind::record([("lat", Kind::Number), ("lon", Kind::Number)]),
    }
}
