//! Do the overlays of a station hold together, and can what they make of the text be kept?

use std::collections::BTreeSet;

use super::super::model::{EditionKey, Item, Overlay, OverlayChange, Policy, StationEdit, Stricter};
use super::{escalation, feasible};
use crate::diag::Diagnostic;
use crate::diag::codes::{OVERLAY_CONFLICT, OVERLAY_ITEM_TAKEN, OVERLAY_LADDER, OVERLAY_OVER_CAP};

pub(super) fn check(policy: &Policy, out: &mut Vec<Diagnostic>) {
    for (at, overlay) in policy.overlays.iter().enumerate() {
        mistaken(policy, overlay, overlay, out);
        let later = policy.overlays[at + 1..].iter().filter(|other| other.station == overlay.station);
        for other in later.filter(|other| are_together(overlay, other)) {
            conflicts(overlay, other, out);
            mistaken(policy, overlay, other, out);
        }
    }
    let mut found = BTreeSet::new();
    for key in policy.edition_keys() {
        laid_on(policy, &key, &mut found);
    }
    out.extend(found.into_iter().map(|Told(told)| told));
}

fn are_together(one: &Overlay, other: &Overlay) -> bool {
    one.valid.0 <= other.valid.1 && other.valid.0 <= one.valid.1
}

/// Reports what two overlays set differently, where neither value is the stricter one.
fn conflicts(one: &Overlay, other: &Overlay, out: &mut Vec<Diagnostic>) {
    for change in &one.changes {
        let same = other.changes.iter().filter(|known| known.address == change.address);
        for second in same.filter(|second| is_undecided(change, second)) {
            let wrong = Diagnostic::new(OVERLAY_CONFLICT, second.span).with("word", &second.address);
            out.push(wrong.related(change.span, "label-first"));
        }
    }
}

/// Reports items of two overlays, or of two lists of one, that stand on one form by the same id and are not the same.
fn mistaken(policy: &Policy, one: &Overlay, other: &Overlay, out: &mut Vec<Diagnostic>) {
    for (at, change) in one.changes.iter().enumerate() {
        let others = if std::ptr::eq(one, other) { &other.changes[at + 1..] } else { &other.changes[..] };
        for second in others.iter().filter(|second| are_on_one_form(policy, &change.edit, &second.edit)) {
            for item in items(&second.edit) {
                let Some(known) = items(&change.edit).iter().find(|known| known.is_mistaken_for(item)) else {
                    continue;
                };
                let wrong = Diagnostic::new(OVERLAY_ITEM_TAKEN, second.span).with("id", &item.id);
                let wrong = wrong.with("title", &item.title).with("known", &known.title);
                out.push(wrong.related(change.span, "label-first"));
            }
        }
    }
}

fn items(edit: &StationEdit) -> &[Item] {
    match edit {
        StationEdit::FormItems { items, .. } | StationEdit::TierItems { items, .. } => items,
        StationEdit::Cycle { .. }
        | StationEdit::TierLength { .. }
        | StationEdit::Param { .. }
        | StationEdit::Due { .. }
        | StationEdit::Overdue { .. }
        | StationEdit::Cap { .. } => &[],
    }
}

fn are_on_one_form(policy: &Policy, one: &StationEdit, other: &StationEdit) -> bool {
    match (one, other) {
        (StationEdit::FormItems { form, .. }, StationEdit::FormItems { form: second, .. }) => form == second,
        (StationEdit::TierItems { tier, .. }, StationEdit::TierItems { tier: second, .. }) => tier == second,
        (StationEdit::FormItems { form, .. }, StationEdit::TierItems { .. })
        | (StationEdit::TierItems { .. }, StationEdit::FormItems { form, .. }) => {
            policy.forms[*form].items_from_tier
        }
        _ => false,
    }
}

/// Returns whether two changes of one address say different things and none of them is stricter.
fn is_undecided(one: &OverlayChange, other: &OverlayChange) -> bool {
    let is_free = match &one.edit {
        StationEdit::TierLength { how, .. } | StationEdit::Param { how, .. } => *how == Stricter::Either,
        StationEdit::Overdue { rows, .. } => {
            let StationEdit::Overdue { rows: others, .. } = &other.edit else { return false };
            return rows.iter().any(|row| {
                others.iter().filter(|second| second.level == row.level).any(|second| {
                    let starts_other =
                        row.start.is_some() && second.start.is_some() && row.start != second.start;
                    second.after.unit != row.after.unit || starts_other
                })
            });
        }
        StationEdit::Cycle { .. }
        | StationEdit::TierItems { .. }
        | StationEdit::Due { .. }
        | StationEdit::FormItems { .. }
        | StationEdit::Cap { .. } => false,
    };
    is_free && one.edit != other.edit
}

/// A problem of editions, told once for all that have it.
#[derive(PartialEq, Eq)]
struct Told(Diagnostic);

impl Told {
    fn place(&self) -> (crate::diag::Span, &'static str) {
        (self.0.span, self.0.code.id)
    }
}

impl PartialOrd for Told {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Told {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place().cmp(&other.place())
    }
}

/// Asks of an edition what is asked of the base, where a station changed it.
///
/// # Source
/// Policy language, rule 23.
fn laid_on(policy: &Policy, key: &EditionKey, found: &mut BTreeSet<Told>) {
    let edition = policy.edition(key);
    for (workflow, base) in edition.workflows.iter().zip(&policy.workflows) {
        for (step, before) in
            workflow.steps.iter().zip(&base.steps).filter(|(one, two)| one.overdue != two.overdue)
        {
            let fits = |row| escalation::fits(&step.overdue, row);
            let wrong = step.overdue.iter().filter(|row| !before.overdue.contains(row) && !fits(row));
            found.extend(wrong.map(|row| {
                let wrong = Diagnostic::new(OVERLAY_LADDER, row.span).with("level", row.level.to_string());
                let wrong = wrong.with("word", row.after.argument()).with("step", &step.title);
                Told(wrong.with("workflow", &workflow.id).with("station", &key.station))
            }));
        }
        for over in feasible::over_cap(&edition, workflow) {
            let tier = over.tier.unwrap_or_default();
            let origin = edition.origin(&format!("tiers.{tier}.cycle")).map(|(line, _)| line.span);
            let capped = edition.origin(&format!("{}.start.{}.at_most", workflow.id, over.trigger));
            let Some(span) = origin.or_else(|| capped.map(|(line, _)| line.span)) else { continue };
            found.insert(Told(over.tell(OVERLAY_OVER_CAP, span)));
        }
    }
}
