//! Steps: what each is, whose, until when, and where it goes next.

use std::collections::BTreeSet;

use super::super::compatibility;
use super::super::model::{
    Action, ActionEffect, AnswerField, AnswerTerm, Branch, ChoiceTerm, DocumentAt, DueRule, ExprPlace, Form,
    InspectionRule, LengthRef, OverdueRow, PARENT_PREFIX, RoleIx, Semantics, Step, StepDocument, StepIx,
    StepKind, TellTarget, Tier, Visits, Who, WhoBy,
};
use super::super::raw::leaf::length;
use super::super::raw::{self, At, Id, Loose, MapOr, Pairs, Word};
use super::site::WorkflowSite;
use super::{Resolver, value};
use crate::calendar::Roll;
use crate::diag::codes::{
    ACTION_BOTH, BAD_AVOID, BAD_PLACE, DRAW_NOT_MADE, EMPTY_LIST, NOT_ONE_OF, RECORDS_TOO_LITTLE,
    SAME_AS_NOT_DUTY, STEP_EMPTY, STEP_MIXED, STEP_WHO, TIER_LENGTH_MISSING, UNKNOWN_ATTRIBUTE,
    UNKNOWN_CLOCK, UNKNOWN_DUTY, UNKNOWN_FIELD, UNKNOWN_FORM, UNKNOWN_ROLE, UNKNOWN_STEP,
    UNKNOWN_TIER_LENGTH, UNKNOWN_WORKFLOW,
};
use crate::diag::{Diagnostic, Span};
use crate::lang::spellings::ASSIGNEES;
use crate::limits;

pub(super) fn steps(
    resolver: &mut Resolver<'_>,
    site: &WorkflowSite,
    raw: Vec<(Id, raw::StepShape)>,
) -> Vec<Step> {
    raw.into_iter().map(|(id, raw)| step(resolver, site, &id, raw)).collect()
}

fn step(resolver: &mut Resolver<'_>, site: &WorkflowSite, id: &Id, raw: raw::StepShape) -> Step {
    let ends = raw.end;
    let title = raw.title.as_deref().unwrap_or(id.text());
    let address = format!("{}.steps.{}", site.stem, id.text());
    resolver.standing(raw.always, address, At { value: title, span: id.span });
    let kind = kind(resolver, site, id, &raw);
    let wait = match &raw.wait {
        Some(raw::Wait::Lengths(words)) => {
            words.iter().filter_map(|word| self::wait(resolver, word)).collect()
        }
        Some(raw::Wait::ForOrders(said)) => {
            resolver.refuse_key("wait", Some(said.span).filter(|_| raw.run.0.is_empty()));
            Vec::new()
        }
        None => Vec::new(),
    };
    if let Some(clock) = &raw.clock {
        resolver.position(UNKNOWN_CLOCK, clock, |names| names.clocks.iter().map(|rule| rule.id.as_str()));
    }
    let tell = raw.tell.0.iter().chain(&raw.notify.0);
    Step {
        id: id.text().to_owned(),
        title: raw.title.clone().unwrap_or_else(|| id.text().to_owned()),
        kind,
        visits: raw.visits.as_ref().and_then(|visits| self::visits(resolver, site, visits)),
        due: dues(resolver, &raw.due.0),
        roll: raw.roll.unwrap_or(Roll::None),
        wait,
        overdue: raw.overdue.into_iter().map(|row| overdue(resolver, row)).collect(),
        documents: raw
            .documents
            .iter()
            .map(|document| self::document(resolver, &raw.actions.0, document))
            .collect(),
        inspection: raw.records.map(|records| inspection(resolver, records)),
        clock: raw.clock.map(|clock| clock.0.value),
        tell: tell.filter_map(|word| tell_target(resolver, word)).collect(),
        next: raw.next.iter().filter_map(|row| branch(resolver, site, row)).collect(),
        ends,
        span: id.span,
    }
}

/// Says which of the shapes a step has; a step has one, and `end` may come with a duty.
fn kind(resolver: &mut Resolver<'_>, site: &WorkflowSite, id: &Id, raw: &raw::StepShape) -> StepKind {
    let automatic = raw.start.as_ref().map(|id| id.span).or_else(|| raw.set.0.first().map(|(id, _)| id.span));
    let automatic = automatic.or(raw.draw.as_ref().map(|draw| draw.span));
    if let Some(draw) = &raw.draw {
        resolver.out.push(draw.wrong(DRAW_NOT_MADE));
    }
    let shapes = [
        raw.who.as_ref().map(|who| who.span),
        raw.run.0.first().map(|id| id.span),
        raw.parallel.first().map(|id| id.span),
        automatic,
    ];
    let mut said = shapes.iter().flatten();
    if let (Some(first), Some(second)) = (said.next(), said.next()) {
        resolver
            .out
            .push(Diagnostic::new(STEP_MIXED, *second).with("step", id.text()).related(*first, "label-also"));
    }
    refuse_duty_keys(resolver, raw);
    if let Some(who) = &raw.who {
        let who = self::who(resolver, site, id, who);
        return duty(resolver, site, raw, who);
    }
    if !raw.run.0.is_empty() {
        let run = raw.run.0.iter().map(|id| workflow(resolver, id)).collect();
        let wait = !matches!(raw.wait, Some(raw::Wait::ForOrders(At { value: false, .. })));
        return StepKind::SubOrder { run, wait };
    }
    if !raw.parallel.is_empty() {
        let steps = raw.parallel.iter().filter_map(|id| site.step(resolver, id));
        return StepKind::Parallel(steps.collect());
    }
    if automatic.is_some() || !raw.notify.0.is_empty() || !raw.tell.0.is_empty() || raw.clock.is_some() {
        return StepKind::Automatic {
            start: raw.start.as_ref().map(|id| workflow(resolver, id)),
            set: set(resolver, &raw.set),
            draw: raw.draw.as_ref().map(|draw| draw.value.clone()),
        };
    }
    if !raw.end {
        resolver.out.push(Diagnostic::new(STEP_EMPTY, id.span).with("step", id.text()));
    }
    StepKind::End
}

/// Refuses what only a person can do on a step that is nobody's.
fn refuse_duty_keys(resolver: &mut Resolver<'_>, raw: &raw::StepShape) {
    if raw.who.is_some() {
        return;
    }
    resolver.refuse_key("form", raw.form.as_ref().map(|form| form.span));
    resolver.refuse_key("actions", raw.actions.0.first().map(|action| action.id().span));
    resolver.refuse_key("records", raw.records.as_ref().map(records_span));
}

fn duty(resolver: &mut Resolver<'_>, site: &WorkflowSite, raw: &raw::StepShape, who: Who) -> StepKind {
    if let Some(form) = &raw.form {
        let is_own = |form: &&Form| form.workflow.as_ref().is_none_or(|stem| *stem == site.stem);
        resolver.position(UNKNOWN_FORM, form, |names| {
            names.forms.iter().filter(is_own).map(|form| form.id.as_str())
        });
    }
    resolver.reject_duplicates(raw.actions.0.iter().map(|action| action.id().spelling()));
    StepKind::Duty {
        who,
        form: raw.form.as_ref().map(|form| form.text().to_owned()),
        actions: raw.actions.0.iter().map(|action| self::action(resolver, action)).collect(),
    }
}

const fn records_span(raw: &raw::RecordsShape) -> Span {
    match raw {
        MapOr::Map(full) => full.span,
        MapOr::Other(word) => word.span,
    }
}

/// Reads `records:`; the word alone says enough only in texts of the first version.
fn inspection(resolver: &mut Resolver<'_>, raw: raw::RecordsShape) -> InspectionRule {
    let raw::InspectionShape { span, inspection, arrived, problems, level } = match raw {
        MapOr::Other(word) => {
            if resolver.semantics >= Semantics::Second {
                resolver.say(RECORDS_TOO_LITTLE, word.span);
            }
            return compatibility::inspection();
        }
        MapOr::Map(full) => full,
    };
    resolver.second_only("records", span);
    InspectionRule {
        kind: Some(resolver.inspection_kind(&inspection)),
        arrived: arrived.0.value,
        problems: problems.0.value,
        level: level.0.value,
    }
}

/// Reads one of `actions:`; by its name alone it only leads where its row says, except in texts of the
/// first version.
fn action(resolver: &mut Resolver<'_>, raw: &raw::ActionShape) -> Action {
    let raw::FullAction { id, title, approves, returns } = match raw {
        MapOr::Other(id) => {
            let effect = match resolver.semantics {
                Semantics::First => compatibility::action_effect(id.text()),
                Semantics::Second => ActionEffect::None,
            };
            return Action { id: id.value.clone(), title: None, effect, is_short: true, span: id.span };
        }
        MapOr::Map(full) => full,
    };
    resolver.second_only("actions", id.span);
    let effect = match (*approves, returns.filter(|said| said.value)) {
        (true, Some(returns)) => {
            resolver.out.push(Diagnostic::new(ACTION_BOTH, returns.span).with("word", id.text()));
            ActionEffect::Returns
        }
        (true, None) => ActionEffect::Approves,
        (false, Some(_)) => ActionEffect::Returns,
        (false, None) => ActionEffect::None,
    };
    Action { id: id.value.clone(), title: title.clone(), effect, is_short: false, span: id.span }
}

fn who(resolver: &mut Resolver<'_>, site: &WorkflowSite, id: &Id, raw: &raw::WhoShape) -> Who {
    let by = match (&raw.role, &raw.duty, &raw.same_as) {
        (Some(role), None, None) => resolver.role(role).map(WhoBy::Role),
        (None, Some(duty), None) => Some(named_duty(resolver, duty)),
        (None, None, Some(step)) => site.step(resolver, step).map(|at| {
            if !site.steps.get(at.ix()).is_some_and(|step| step.is_duty) || step.text() == id.text() {
                resolver.out.push(step.wrong(SAME_AS_NOT_DUTY));
            }
            WhoBy::SameAs(at)
        }),
        _ => {
            resolver.say(STEP_WHO, raw.span);
            None
        }
    };
    if let Some(station) = raw.station.as_ref().filter(|word| word.text() != "subject.station") {
        resolver.out.push(station.wrong(BAD_PLACE));
    }
    let avoid = raw.avoid.0.iter().filter_map(|word| avoided(resolver, site, word)).collect();
    Who {
        by: by.unwrap_or(WhoBy::GridDuty),
        officers: raw.officers.map_or(1, |said| resolver.bounded(said, 1, 20)),
        certified: raw.certified,
        avoid,
    }
}

/// `subject.grid`, or the key of a row in the table `duties`.
fn named_duty(resolver: &mut Resolver<'_>, word: &Word) -> WhoBy {
    if word.text() == "subject.grid" {
        return WhoBy::GridDuty;
    }
    resolver.position(UNKNOWN_DUTY, word, |names| ["subject.grid"].into_iter().chain(names.duties()));
    WhoBy::Duty(word.value.clone())
}

/// The step whose people must not do a duty; none for `conflicts`, which holds always.
fn avoided(resolver: &mut Resolver<'_>, site: &WorkflowSite, word: &Word) -> Option<StepIx> {
    if word.text() == "conflicts" {
        return None;
    }
    let Some(step) = word.text().strip_suffix(".done_by") else {
        resolver.out.push(word.wrong(BAD_AVOID));
        return None;
    };
    let names = || site.steps.iter().map(|step| step.name.as_str());
    let at = (0_u16..).map(StepIx).zip(names()).find(|(_, name)| *name == step).map(|(at, _)| at);
    if at.is_none() {
        let span = word.span.inner(0, step.len());
        resolver.unknown(UNKNOWN_STEP, At { value: step, span }, names());
    }
    at
}

fn tell_target(resolver: &mut Resolver<'_>, word: &Word) -> Option<TellTarget> {
    if ASSIGNEES.is(word.text()) {
        return Some(TellTarget::Assignees);
    }
    let at = resolver.position(UNKNOWN_ROLE, word, |names| {
        names.roles.iter().map(|role| role.id.as_str()).chain(ASSIGNEES.offered(word.text()))
    });
    at.map(|at| TellTarget::Role(RoleIx(at)))
}

/// Returns a workflow's id, reported when no file declares it.
pub(super) fn workflow(resolver: &mut Resolver<'_>, id: &Id) -> String {
    resolver.position(UNKNOWN_WORKFLOW, id, |names| names.workflow_ids.iter().map(String::as_str));
    id.text().to_owned()
}

fn set(resolver: &mut Resolver<'_>, raw: &Pairs<Loose>) -> Vec<(String, String)> {
    let rows = raw.0.iter().map(|(id, loose)| {
        let at = resolver.position(UNKNOWN_ATTRIBUTE, id, |names| {
            names.attributes.iter().map(|attribute| attribute.id.as_str())
        });
        if let Some(at) = at {
            value::attribute(resolver.out, &resolver.names.attributes[usize::from(at)].kind, loose);
        }
        (id.text().to_owned(), loose.text.clone())
    });
    rows.collect()
}

fn visits(resolver: &mut Resolver<'_>, site: &WorkflowSite, raw: &raw::VisitsShape) -> Option<Visits> {
    let at_most = resolver.bounded(raw.at_most, 1, limits::VISITS_PER_STEP);
    Some(Visits { at_most, then: site.step(resolver, &raw.then)? })
}

/// Reads the terms of a step; several are for texts of the second version.
fn dues(resolver: &mut Resolver<'_>, raw: &[raw::DueShape]) -> Vec<DueRule> {
    let span = |raw: &raw::DueShape| match raw {
        MapOr::Map(by) => by.span,
        MapOr::Other(word) => word.span,
    };
    if let Some(second) = raw.get(1) {
        resolver.second_only("due", span(second));
    }
    let rules = raw.iter().filter_map(|raw| match raw {
        MapOr::Map(by) => due_by(resolver, by),
        MapOr::Other(word) => due(resolver, word),
    });
    rules.collect()
}

/// Reads a term that each choice of a form gives.
fn due_by(resolver: &mut Resolver<'_>, raw: &raw::DueByShape) -> Option<DueRule> {
    resolver.second_only("due", raw.span);
    if raw.terms.0.is_empty() {
        resolver.want_key("terms", raw.span);
    }
    resolver.reject_duplicates(
        raw.terms.0.iter().map(|(choice, _)| At { value: choice.text(), span: choice.span }),
    );
    for (_, length) in &raw.terms.0 {
        resolver.positive(length);
    }
    let otherwise = raw.otherwise.as_ref().and_then(|word| due(resolver, word));
    let Some(source) = answer_field(raw.by.text()) else {
        resolver.out.push(raw.by.none_of(UNKNOWN_FIELD, []));
        return None;
    };
    let choices = raw.terms.0.iter().map(|(choice, length)| ChoiceTerm {
        choice: choice.value.clone(),
        length: length.value,
        span: choice.span,
    });
    let term = AnswerTerm { source, choices: choices.collect(), otherwise, span: raw.by.span };
    Some(DueRule::After(LengthRef::Answer(Box::new(term))))
}

fn due(resolver: &mut Resolver<'_>, word: &Word) -> Option<DueRule> {
    if word.text() == "order.window.to" {
        return Some(DueRule::WindowEnd);
    }
    let length = match answer_term(resolver, word, due) {
        Some(term) => Some(LengthRef::Answer(Box::new(term))),
        None => length_ref(resolver, word),
    };
    length.map(DueRule::After)
}

/// Reads `step.field`, and what applies where nothing is filled in there; none when it is nothing of the kind.
fn answer_term(resolver: &mut Resolver<'_>, word: &Word, reads: TermReader) -> Option<AnswerTerm> {
    let text = word.text();
    let (source, after) = text.split_once("??").map_or((text, None), |(source, after)| (source, Some(after)));
    let source = answer_field(source.trim())?;
    resolver.second_only("due", word.span);
    let otherwise = after.and_then(|after| {
        let at = text.len() - after.trim_start().len();
        let word = At { value: after.trim().to_owned(), span: word.span.inner(at, text.len()) };
        reads(resolver, &word)
    });
    Some(AnswerTerm { source, choices: Vec::new(), otherwise, span: word.span })
}

/// Reads `step.field`, `step.table.column`, and either of the parent; none when it is nothing of the kind.
fn answer_field(text: &str) -> Option<AnswerField> {
    let of_parent = text.strip_prefix(PARENT_PREFIX).filter(|source| source.contains('.'));
    let (step, field) = of_parent.unwrap_or(text).split_once('.')?;
    if step == "tier" || !step.starts_with(char::is_alphabetic) {
        return None;
    }
    let (field, column) =
        field.split_once('.').map_or((field, None), |(field, column)| (field, Some(column)));
    let column = column.map(str::to_owned);
    Some(AnswerField {
        of_parent: of_parent.is_some(),
        step: step.to_owned(),
        field: field.to_owned(),
        column,
    })
}

/// How what stands after `??` is read.
type TermReader = fn(&mut Resolver<'_>, &Word) -> Option<DueRule>;

/// Reads what is waited for.
fn wait(resolver: &mut Resolver<'_>, word: &Word) -> Option<LengthRef> {
    let otherwise = |resolver: &mut Resolver<'_>, word: &Word| wait(resolver, word).map(DueRule::After);
    match answer_term(resolver, word, otherwise) {
        Some(term) => Some(LengthRef::Answer(Box::new(term))),
        None => length_ref(resolver, word),
    }
}

/// Reads how long an order has that another one opens.
pub(super) fn window(resolver: &mut Resolver<'_>, word: &Word) -> Option<LengthRef> {
    let otherwise = |resolver: &mut Resolver<'_>, word: &Word| window(resolver, word).map(DueRule::After);
    if let Some(term) = answer_term(resolver, word, otherwise) {
        return Some(LengthRef::Answer(Box::new(term)));
    }
    resolver.second_only("window", word.span);
    let value = length(word.text(), word.span, resolver.out)?;
    resolver.positive(&At { value, span: word.span });
    Some(LengthRef::Fixed(value))
}

/// Reads a length written out, or one that each tier has under a name.
fn length_ref(resolver: &mut Resolver<'_>, word: &Word) -> Option<LengthRef> {
    let Some(name) = word.text().strip_prefix("tier.") else {
        let value = length(word.text(), word.span, resolver.out)?;
        resolver.positive(&At { value, span: word.span });
        return Some(LengthRef::Fixed(value));
    };
    let span = word.span.inner("tier.".len(), word.text().len());
    let tiers = &resolver.names.tiers;
    let (having, lacking): (Vec<&Tier>, Vec<&Tier>) =
        tiers.iter().partition(|tier| tier.lengths.contains_key(name));
    if name == "cycle" || lacking.is_empty() {
        return Some(LengthRef::Tier(name.to_owned()));
    }
    if having.is_empty() {
        let columns = tiers.iter().flat_map(|tier| tier.lengths.keys().cloned());
        let columns: BTreeSet<String> = columns.chain(["cycle".to_owned()]).collect();
        resolver.unknown(UNKNOWN_TIER_LENGTH, At { value: name, span }, columns.iter().map(String::as_str));
        return None;
    }
    for tier in lacking {
        let wrong = Diagnostic::new(TIER_LENGTH_MISSING, span).with("word", name).with("tier", &tier.id);
        resolver.out.push(wrong.related(tier.span, "label-tier"));
    }
    None
}

/// Builds one row of `overdue`, of a step or of an overlay.
pub(super) fn overdue(resolver: &mut Resolver<'_>, raw: raw::OverdueRowShape) -> OverdueRow {
    if raw.tell.0.is_empty() && raw.start.is_none() {
        resolver.out.push(Diagnostic::new(EMPTY_LIST, raw.after.span).with("key", "tell"));
    }
    OverdueRow {
        after: raw.after.value,
        level: resolver.bounded(raw.level, 0, 20),
        tell: raw.tell.0.iter().filter_map(|word| tell_target(resolver, word)).collect(),
        start: raw.start.map(|id| workflow(resolver, &id)),
        span: raw.after.span,
    }
}

/// Reads one of `documents:`; only a completion by one of the step's actions can be what makes it.
fn document(
    resolver: &mut Resolver<'_>,
    actions: &[raw::ActionShape],
    raw: &raw::StepDocumentShape,
) -> StepDocument {
    resolver.document(&raw.kind);
    let at = raw.at.unwrap_or(DocumentAt::Complete);
    if let Some(action) = &raw.action
        && resolver.second_only("action", action.span)
    {
        resolver.refuse_key("action", Some(action.span).filter(|_| at == DocumentAt::Enter));
        let known = || actions.iter().map(|known| known.id().text());
        if !known().any(|known| known == action.text()) {
            resolver.out.push(action.none_of(NOT_ONE_OF, known()));
        }
    }
    let action = raw.action.as_ref().map(|action| action.text().to_owned());
    StepDocument { kind: raw.kind.text().to_owned(), at, action }
}

fn branch(resolver: &mut Resolver<'_>, site: &WorkflowSite, raw: &raw::BranchShape) -> Option<Branch> {
    let when = raw.when.as_ref().map(|word| resolver.expr(word, ExprPlace::Branch(site.ix)));
    let go = site.step(resolver, &raw.go)?;
    Some(Branch { when, go, say: raw.say.clone(), span: raw.go.span })
}
