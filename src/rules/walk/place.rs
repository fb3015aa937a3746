//! Expressions in YAML: which names each place may use, and what is known of them.

use std::collections::BTreeMap;

use rhai::Stmt;

use crate::diag::Diagnostic;
use crate::policy::{ExprIx, ExprPlace, Field, FieldKind, Form, Policy, Step, StepKind, Workflow};
use crate::rules::slot::{Slot, Slots};
use crate::rules::unit::Unit;

use super::kind::{Abs, Kind};
use super::{Var, Walk, Walked};

/// Kinds of the facts walked so far, by workflow and name.
#[derive(Default)]
pub(in crate::rules) struct Facts(BTreeMap<usize, Vec<(String, Kind)>>);

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
    for (name, kind) in names(policy, ix, facts) {
        let abs = Abs::of(kind, unit.span);
        walk.env.push(Var { name, abs, local: None, slot: None });
    }
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
    let walked = Walked { tree: abs.tree, locals: walk.locals };
    if let Some((workflow, name)) = fact {
        facts.0.entry(workflow).or_default().push((name, abs.kind));
    }
    walked
}

/// Returns the workflow and the name of the fact that an expression is.
fn fact_named(policy: &Policy, ix: ExprIx) -> Option<(usize, String)> {
    let ExprPlace::Fact(workflow) = policy.exprs[ix.ix()].place else { return None };
    let facts = &policy.workflows.get(workflow.ix())?.facts;
    facts.iter().find(|(_, at)| *at == ix).map(|(name, _)| (workflow.ix(), name.clone()))
}

fn names(policy: &Policy, ix: ExprIx, facts: &Facts) -> Vec<(String, Kind)> {
    let tiers = Kind::words(policy.tiers.order.iter().map(|tier| tier.id.clone()));
    let subject = [("subject".to_owned(), Kind::Subject), ("tier".to_owned(), tiers)];
    match &policy.exprs[ix.ix()].place {
        ExprPlace::Start(_) => subject.into(),
        ExprPlace::Fact(workflow) | ExprPlace::Branch(workflow) => {
            let mut names = Vec::from(subject);
            if let Some(known) = policy.workflows.get(workflow.ix()) {
                names.extend(of_order(policy, known));
            }
            names.extend(facts.0.get(&workflow.ix()).into_iter().flatten().cloned());
            names
        }
        ExprPlace::Form => {
            let asks = |field: &Field| field.required_when == Some(ix);
            let form = policy.forms.iter().find(|form| form.fields.iter().any(asks));
            form.map(fields).unwrap_or_default()
        }
    }
}

fn of_order(policy: &Policy, workflow: &Workflow) -> Vec<(String, Kind)> {
    let window = Kind::record([("from", Kind::Day), ("to", Kind::Day)]);
    let order = Kind::record([
        ("id", Kind::Text),
        ("number", Kind::Text),
        ("opened_on", Kind::Day),
        ("window", window),
    ]);
    let actions = workflow.steps.iter().flat_map(|step| actions(step).iter().cloned());
    let mut names = vec![
        ("order".to_owned(), order),
        ("station".to_owned(), Kind::Text),
        ("today".to_owned(), Kind::Day),
        ("action".to_owned(), Kind::words(actions)),
    ];
    names.extend(workflow.steps.iter().map(|step| (step.id.clone(), of_step(policy, workflow, step))));
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
        ("done_by".to_owned(), Kind::Text),
        ("done_on".to_owned(), Kind::Day),
        ("visit".to_owned(), Kind::Integer),
        ("action".to_owned(), Kind::words(actions(step).iter().cloned())),
    ];
    if let StepKind::Duty { form: Some(id), .. } = &step.kind {
        let reachable = |form: &&Form| form.workflow.as_ref().is_none_or(|of| *of == workflow.id);
        let mut forms = policy.forms.iter().filter(|form| form.id == *id).filter(reachable);
        names.extend(forms.next().map(fields).unwrap_or_default());
    }
    Kind::record(names)
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
