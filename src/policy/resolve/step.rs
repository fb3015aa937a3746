//! Steps: what each is, whose, until when, and where it goes next.

use super::super::model::{
    Addressee, Branch, DocumentAt, DueRule, ExprPlace, LengthRef, OverdueRow, RoleIx, Step, StepDocument,
    StepIx, StepKind, Visits, Who, WhoBy, WorkflowIx,
};
use super::super::raw::leaf::length;
use super::super::raw::{self, At, Id, Loose, Pairs, Word};
use super::{Known, Resolver, rules, workflow};
use crate::calendar::{Length, Roll};
use crate::diag::Diagnostic;
use crate::diag::codes::{
    BAD_AVOID, BAD_PLACE, DRAW_NOT_MADE, EMPTY_LIST, KEY_DOES_NOT_FIT, SAME_AS_NOT_DUTY, STEP_EMPTY,
    STEP_MIXED, STEP_WHO, TIER_LENGTH_MISSING, UNKNOWN_ATTRIBUTE, UNKNOWN_CLOCK, UNKNOWN_DUTY, UNKNOWN_FORM,
    UNKNOWN_ROLE, UNKNOWN_STEP, UNKNOWN_TIER_LENGTH, UNKNOWN_WORKFLOW,
};
use crate::limits;

/// Where steps are built.
pub(super) struct Site<'k> {
    pub(super) workflow: WorkflowIx,
    pub(super) stem: &'k str,
    pub(super) names: &'k [String],
    pub(super) known: &'k Known,
}

/// Builds the steps of one workflow.
pub(super) fn steps(resolver: &mut Resolver<'_>, site: &Site<'_>, raw: Vec<(Id, raw::Step)>) -> Vec<Step> {
    let duties: Vec<bool> = raw.iter().map(|(_, step)| step.who.is_some()).collect();
    raw.into_iter().map(|(id, raw)| step(resolver, site, &duties, &id, raw)).collect()
}

fn step(resolver: &mut Resolver<'_>, site: &Site<'_>, duties: &[bool], id: &Id, raw: raw::Step) -> Step {
    let ends = raw.end.is_some_and(|said| said.value);
    let kind = kind(resolver, site, duties, id, &raw, ends);
    let wait = match &raw.wait {
        Some(raw::Wait::Lengths(words)) => {
            words.iter().filter_map(|word| length_ref(resolver, site.known, word)).collect()
        }
        Some(raw::Wait::ForOrders(said)) => {
            if raw.run.0.is_empty() {
                resolver.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, said.span).with("key", "wait"));
            }
            Vec::new()
        }
        None => Vec::new(),
    };
    let known = site.known;
    if let Some(clock) = &raw.clock
        && !known.clocks.iter().any(|rule| rule.id == clock.text())
    {
        let ids = known.clocks.iter().map(|rule| rule.id.as_str());
        resolver.unknown(UNKNOWN_CLOCK, clock.text(), clock.span(), ids);
    }
    let tell = raw.tell.0.iter().chain(&raw.notify.0);
    Step {
        id: id.text().to_owned(),
        title: raw.title.as_ref().map_or_else(|| id.text().to_owned(), |title| title.value.clone()),
        kind,
        visits: raw.visits.as_ref().and_then(|visits| self::visits(resolver, site, visits)),
        due: raw.due.as_ref().and_then(|word| due(resolver, known, word)),
        roll: raw.roll.map_or(Roll::None, |said| said.value),
        wait,
        overdue: raw.overdue.into_iter().map(|row| overdue(resolver, known, row)).collect(),
        documents: raw.documents.iter().map(|document| self::document(resolver, known, document)).collect(),
        records_inspection: raw.records.is_some(),
        clock: raw.clock.map(|clock| clock.0.value),
        tell: tell.filter_map(|word| addressee(resolver, known, word)).collect(),
        next: raw.next.iter().filter_map(|row| branch(resolver, site, row)).collect(),
        ends,
        span: id.span(),
    }
}

/// Says which of the shapes a step has; a step has one, and `end` may come with a duty.
fn kind(
    resolver: &mut Resolver<'_>,
    site: &Site<'_>,
    duties: &[bool],
    id: &Id,
    raw: &raw::Step,
    ends: bool,
) -> StepKind {
    let automatic = raw.start.as_ref().map(Id::span).or_else(|| raw.set.0.first().map(|(id, _)| id.span()));
    let automatic = automatic.or(raw.draw.as_ref().map(|draw| draw.span));
    if let Some(draw) = &raw.draw {
        resolver.out.push(Diagnostic::new(DRAW_NOT_MADE, draw.span).with("word", &draw.value));
    }
    let shapes = [
        raw.who.as_ref().map(|who| who.span),
        raw.run.0.first().map(Id::span),
        raw.parallel.first().map(Id::span),
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
        return duty(resolver, site, duties, id, raw, who);
    }
    if !raw.run.0.is_empty() {
        let run = raw.run.0.iter().map(|id| workflow(resolver, id, site.known)).collect();
        let wait = !matches!(raw.wait, Some(raw::Wait::ForOrders(At { value: false, .. })));
        return StepKind::SubOrder { run, wait };
    }
    if !raw.parallel.is_empty() {
        let steps = raw.parallel.iter().filter_map(|id| resolve(resolver, id, site.names));
        return StepKind::Parallel(steps.collect());
    }
    if automatic.is_some() || !raw.notify.0.is_empty() || !raw.tell.0.is_empty() || raw.clock.is_some() {
        return StepKind::Automatic {
            start: raw.start.as_ref().map(|id| workflow(resolver, id, site.known)),
            set: set(resolver, site.known, &raw.set),
            draw: raw.draw.as_ref().map(|draw| draw.value.clone()),
        };
    }
    if !ends {
        resolver.out.push(Diagnostic::new(STEP_EMPTY, id.span()).with("step", id.text()));
    }
    StepKind::End
}

/// Refuses what only a person can do on a step that is nobody's.
fn refuse_duty_keys(resolver: &mut Resolver<'_>, raw: &raw::Step) {
    if raw.who.is_some() {
        return;
    }
    let keys = [
        ("form", raw.form.as_ref().map(Id::span)),
        ("actions", raw.actions.0.first().map(|word| word.span)),
        ("records", raw.records.map(|said| said.span)),
    ];
    for (key, span) in keys {
        if let Some(span) = span {
            resolver.out.push(Diagnostic::new(KEY_DOES_NOT_FIT, span).with("key", key));
        }
    }
}

fn duty(
    resolver: &mut Resolver<'_>,
    site: &Site<'_>,
    duties: &[bool],
    id: &Id,
    raw: &raw::Step,
    who: &raw::Who,
) -> StepKind {
    if let Some(form) = &raw.form {
        let of_site = |workflow: &Option<String>| workflow.as_deref().is_none_or(|stem| stem == site.stem);
        let known = || site.known.forms.iter().filter(|form| of_site(&form.workflow));
        if !known().any(|known| known.id == form.text()) {
            resolver.unknown(UNKNOWN_FORM, form.text(), form.span(), known().map(|form| form.id.as_str()));
        }
    }
    resolver.reject_duplicates(raw.actions.0.iter().map(|word| (word.text(), word.span)));
    StepKind::Duty {
        who: self::who(resolver, site, duties, id, who),
        form: raw.form.as_ref().map(|form| form.text().to_owned()),
        actions: raw.actions.0.iter().map(|word| word.value.clone()).collect(),
    }
}

fn who(resolver: &mut Resolver<'_>, site: &Site<'_>, duties: &[bool], id: &Id, raw: &raw::Who) -> Who {
    let by = match (&raw.role, &raw.duty, &raw.same_as) {
        (Some(role), None, None) => role_ix(resolver, site.known, role).map(WhoBy::Role),
        (None, Some(duty), None) => Some(named_duty(resolver, site.known, duty)),
        (None, None, Some(step)) => resolve(resolver, step, site.names).map(|at| {
            if !duties.get(at.ix()).is_some_and(|is_duty| *is_duty) || step.text() == id.text() {
                let wrong = Diagnostic::new(SAME_AS_NOT_DUTY, step.span());
                resolver.out.push(wrong.with("word", step.text()));
            }
            WhoBy::SameAs(at)
        }),
        _ => {
            resolver.say(STEP_WHO, raw.span);
            None
        }
    };
    if let Some(station) = raw.station.as_ref().filter(|word| word.text() != "subject.station") {
        let wrong = Diagnostic::new(BAD_PLACE, station.span).with("word", station.text());
        resolver.out.push(wrong);
    }
    for word in &raw.avoid.0 {
        avoid(resolver, site, word);
    }
    Who {
        by: by.unwrap_or(WhoBy::GridDuty),
        officers: raw.officers.map_or(1, |said| workflow::bounded(resolver, said, 1, 20)),
        certified: raw.certified.is_some_and(|said| said.value),
        avoid: raw.avoid.0.iter().map(|word| word.value.clone()).collect(),
    }
}

/// `subject.grid`, or the key of a row in the table `duties`.
fn named_duty(resolver: &mut Resolver<'_>, known: &Known, word: &Word) -> WhoBy {
    if word.text() == "subject.grid" {
        return WhoBy::GridDuty;
    }
    let duties = known.tables.iter().find(|table| table.id == "duties");
    if !duties.is_some_and(|table| table.rows.contains_key(word.text())) {
        let keys = duties.into_iter().flat_map(|table| table.rows.keys()).map(String::as_str);
        resolver.unknown(UNKNOWN_DUTY, word.text(), word.span, ["subject.grid"].into_iter().chain(keys));
    }
    WhoBy::Duty(word.value.clone())
}

fn avoid(resolver: &mut Resolver<'_>, site: &Site<'_>, word: &Word) {
    if word.text() == "conflicts" {
        return;
    }
    let Some(step) = word.text().strip_suffix(".done_by") else {
        resolver.out.push(Diagnostic::new(BAD_AVOID, word.span).with("word", word.text()));
        return;
    };
    if !site.names.iter().any(|name| name == step) {
        let span = word.span.inner(0, step.len());
        resolver.unknown(UNKNOWN_STEP, step, span, site.names.iter().map(String::as_str));
    }
}

fn role_ix(resolver: &mut Resolver<'_>, known: &Known, word: &Word) -> Option<RoleIx> {
    let at = known.roles.iter().position(|role| role.id == word.value);
    if at.is_none() {
        let roles = known.roles.iter().map(|role| role.id.as_str());
        resolver.unknown(UNKNOWN_ROLE, word.text(), word.span, roles);
    }
    at.and_then(|at| u16::try_from(at).ok()).map(RoleIx)
}

fn addressee(resolver: &mut Resolver<'_>, known: &Known, word: &Word) -> Option<Addressee> {
    if word.text() == "经办人" || word.text() == "assignees" {
        return Some(Addressee::Assignees);
    }
    let at = known.roles.iter().position(|role| role.id == word.value);
    if at.is_none() {
        let roles = known.roles.iter().map(|role| role.id.as_str());
        resolver.unknown(UNKNOWN_ROLE, word.text(), word.span, roles.chain(["经办人"]));
    }
    at.and_then(|at| u16::try_from(at).ok()).map(|at| Addressee::Role(RoleIx(at)))
}

/// Returns the index of a step named in the same workflow.
pub(super) fn resolve(resolver: &mut Resolver<'_>, id: &Id, names: &[String]) -> Option<StepIx> {
    let at = names.iter().position(|name| name == id.text());
    if at.is_none() {
        let known = names.iter().map(String::as_str);
        resolver.out.push(
            Diagnostic::new(UNKNOWN_STEP, id.span()).with("word", id.text()).with_nearest(id.text(), known),
        );
    }
    at.map(workflow::step_ix)
}

/// Returns a workflow's id, reported when no file declares it.
pub(super) fn workflow(resolver: &mut Resolver<'_>, id: &Id, known: &Known) -> String {
    if !known.workflow_ids.iter().any(|known| known == id.text()) {
        let ids = known.workflow_ids.iter().map(String::as_str);
        resolver.unknown(UNKNOWN_WORKFLOW, id.text(), id.span(), ids);
    }
    id.text().to_owned()
}

fn set(resolver: &mut Resolver<'_>, known: &Known, raw: &Pairs<Loose>) -> Vec<(String, String)> {
    let rows = raw.0.iter().map(|(id, loose)| {
        if let Some(attribute) = known.attributes.iter().find(|attribute| attribute.id == id.text()) {
            super::value::attribute(resolver, &attribute.kind, loose);
        } else {
            let ids = known.attributes.iter().map(|attribute| attribute.id.as_str());
            resolver.unknown(UNKNOWN_ATTRIBUTE, id.text(), id.span(), ids);
        }
        (id.text().to_owned(), loose.text.clone())
    });
    rows.collect()
}

fn visits(resolver: &mut Resolver<'_>, site: &Site<'_>, raw: &raw::Visits) -> Option<Visits> {
    let at_most = workflow::bounded(resolver, raw.at_most, 1, limits::VISITS_PER_STEP);
    Some(Visits { at_most, then: resolve(resolver, &raw.then, site.names)? })
}

fn due(resolver: &mut Resolver<'_>, known: &Known, word: &Word) -> Option<DueRule> {
    if word.text() == "order.window.to" {
        return Some(DueRule::WindowEnd);
    }
    length_ref(resolver, known, word).map(DueRule::After)
}

/// Reads a length written out, or one that each tier has under a name.
fn length_ref(resolver: &mut Resolver<'_>, known: &Known, word: &Word) -> Option<LengthRef> {
    let Some(name) = word.text().strip_prefix("tier.") else {
        let value = length(word.text(), word.span, resolver.out)?;
        workflow::positive(resolver, &At { value, span: word.span });
        return Some(LengthRef::Fixed(value));
    };
    let span = word.span.inner("tier.".len(), word.text().len());
    let has = |lengths: &std::collections::BTreeMap<String, Length>| lengths.contains_key(name);
    if name == "cycle" || known.tiers.order.iter().all(|tier| has(&tier.lengths)) {
        return Some(LengthRef::Tier(name.to_owned()));
    }
    if known.tiers.order.iter().any(|tier| has(&tier.lengths)) {
        let lacking = known.tiers.order.iter().filter(|tier| !has(&tier.lengths));
        for tier in lacking {
            let wrong = Diagnostic::new(TIER_LENGTH_MISSING, span).with("word", name).with("tier", &tier.id);
            resolver.out.push(wrong.related(tier.span, "label-tier"));
        }
        return None;
    }
    let columns = known.tiers.order.iter().flat_map(|tier| tier.lengths.keys()).map(String::as_str);
    let columns: std::collections::BTreeSet<&str> = columns.chain(["cycle"]).collect();
    resolver.unknown(UNKNOWN_TIER_LENGTH, name, span, columns);
    None
}

/// Builds one row of `overdue`, of a step or of an overlay.
pub(super) fn overdue(resolver: &mut Resolver<'_>, known: &Known, raw: raw::OverdueRow) -> OverdueRow {
    if raw.tell.0.is_empty() && raw.start.is_none() {
        resolver.out.push(Diagnostic::new(EMPTY_LIST, raw.after.span).with("key", "tell"));
    }
    OverdueRow {
        after: raw.after.value,
        level: workflow::bounded(resolver, raw.level, 0, 20),
        tell: raw.tell.0.iter().filter_map(|word| addressee(resolver, known, word)).collect(),
        start: raw.start.map(|id| workflow(resolver, &id, known)),
        span: raw.after.span,
    }
}

fn document(resolver: &mut Resolver<'_>, known: &Known, raw: &raw::StepDocument) -> StepDocument {
    rules::known_document(resolver, &raw.kind, &known.documents);
    let at = raw.at.map_or(DocumentAt::Complete, |said| said.value);
    StepDocument { kind: raw.kind.text().to_owned(), at }
}

fn branch(resolver: &mut Resolver<'_>, site: &Site<'_>, raw: &raw::Branch) -> Option<Branch> {
    let when = raw.when.as_ref().map(|word| resolver.expr(word, ExprPlace::Branch(site.workflow)));
    let go = resolve(resolver, &raw.go, site.names)?;
    Some(Branch { when, go, say: raw.say.as_ref().map(|say| say.value.clone()), span: raw.go.span() })
}
