//! Addresses: where an overlay's change goes, by ids.

use super::super::model::{
    Cap, DueRule, Form, Param, StationChange, StationOpening, StepIx, StepPlace, Tier, TierIx, Workflow,
    WorkflowIx,
};
use super::{NameTable, matches};
use crate::calendar::Length;

/// What an address leads to.
#[derive(Clone, Copy)]
pub(super) enum OverlayTarget<'n> {
    /// A step's own time limit.
    Due(StepPlace, &'n [DueRule]),
    /// A step's escalation rows.
    Overdue(StepPlace),
    /// A form's checklist.
    FormItems(usize),
    /// A tier's checklist.
    TierItems(TierIx),
    /// A tier's cycle.
    Cycle(TierIx, Length),
    /// Another of its lengths.
    TierLength(TierIx, &'n str, Length),
    /// A parameter's value.
    Param(usize, &'n Param),
    /// How many orders a trigger opens.
    Cap(WorkflowIx, usize, Cap),
    /// Something that is there, and no station's to change.
    Locked,
}

/// What an address leads to, and where it has to be opened under which path.
pub(super) struct LocatedTarget<'n> {
    pub(super) target: OverlayTarget<'n>,
    pub(super) openings: &'n [StationOpening],
    pub(super) path: &'n str,
}

impl OverlayTarget<'_> {
    /// Returns whether a list stands there, to which a station adds.
    pub(super) const fn is_list(self) -> bool {
        matches!(self, Self::Overdue(_) | Self::FormItems(_) | Self::TierItems(_))
    }
}

impl<'n> LocatedTarget<'n> {
    /// Returns the row of `station_may` that opens it.
    pub(super) fn opening(&self) -> Option<&'n StationOpening> {
        let met = self.openings.iter().filter(|opening| matches(opening.path.text(), self.path));
        met.into_iter().find(|opening| fits(self.target, opening.change))
    }

    /// Returns whether a station may change it; a parameter's own bounds open it, too.
    pub(super) fn is_open(&self) -> bool {
        self.opening().is_some()
            || matches!(self.target, OverlayTarget::Param(_, Param { station: Some(_), .. }))
    }
}

/// Lists every address that a station may write.
pub(super) fn open_addresses(names: &NameTable) -> Vec<String> {
    let of_tier = |tier: &Tier| {
        let columns = ["cycle", "items"].into_iter().chain(tier.lengths.keys().map(String::as_str));
        columns.map(|column| format!("tiers.{}.{column}", tier.id)).collect::<Vec<_>>()
    };
    let of_workflow = |workflow: &Workflow| {
        let steps =
            workflow.steps.iter().flat_map(|step| ["due", "overdue"].map(|what| ("steps", &step.id, what)));
        let own = |form: &&Form| form.workflow.as_ref().is_none_or(|own| *own == workflow.id);
        let forms = names.forms.iter().filter(own).map(|form| ("forms", &form.id, "items"));
        let triggers = workflow.start.iter().map(|trigger| ("start", &trigger.id, "at_most"));
        let all = steps.chain(forms).chain(triggers);
        all.map(|(kind, id, what)| format!("{}.{kind}.{id}.{what}", workflow.id)).collect::<Vec<_>>()
    };
    let params = names.params.iter().map(|param| format!("params.{}", param.id));
    let tiers = names.tiers.iter().flat_map(of_tier);
    let all = names.workflows.iter().flat_map(of_workflow).chain(tiers).chain(params);
    all.filter(|address| addressed(names, address).is_some_and(|located| located.is_open())).collect()
}

const fn fits(target: OverlayTarget<'_>, change: StationChange) -> bool {
    match target {
        OverlayTarget::Due(..) | OverlayTarget::Cycle(..) => matches!(change, StationChange::Shorten),
        OverlayTarget::TierLength(..) => matches!(change, StationChange::Shorten | StationChange::Within),
        OverlayTarget::Overdue(_) => matches!(change, StationChange::Add | StationChange::AddOrEarlier),
        OverlayTarget::FormItems(_) | OverlayTarget::TierItems(_) => matches!(change, StationChange::Add),
        OverlayTarget::Param(..) => matches!(change, StationChange::Lower | StationChange::Raise),
        OverlayTarget::Cap(..) => matches!(change, StationChange::Lower),
        OverlayTarget::Locked => false,
    }
}

/// Returns what an address leads to; none where nothing is there.
pub(super) fn addressed<'n>(names: &'n NameTable, address: &'n str) -> Option<LocatedTarget<'n>> {
    let (head, rest) = address.split_once('.')?;
    let (target, openings, path) = if head == "tiers" {
        let (id, column) = rest.split_once('.')?;
        let at = names.tiers.iter().position(|tier| tier.id == id)?;
        let ix = TierIx(u16::try_from(at).ok()?);
        (tier_target(ix, &names.tiers[at], column)?, &names.openings, address)
    } else if head == "params" {
        let at = names.params.iter().position(|param| param.id == rest)?;
        (OverlayTarget::Param(at, &names.params[at]), &names.openings, address)
    } else {
        let at = names.workflows.iter().position(|workflow| workflow.id == head)?;
        let ix = WorkflowIx(u16::try_from(at).ok()?);
        let workflow = &names.workflows[at];
        (workflow_target(names, ix, workflow, rest)?, &workflow.openings, rest)
    };
    Some(LocatedTarget { target, openings, path })
}

fn tier_target<'n>(ix: TierIx, tier: &'n Tier, column: &'n str) -> Option<OverlayTarget<'n>> {
    match column {
        "cycle" => Some(OverlayTarget::Cycle(ix, tier.cycle)),
        "items" => Some(OverlayTarget::TierItems(ix)),
        "title" | "title_en" | "colour" | "shape" => Some(OverlayTarget::Locked),
        other => tier.lengths.get(other).map(|length| OverlayTarget::TierLength(ix, other, *length)),
    }
}

/// Keys of steps, of triggers and of workflows that are the bureau's alone.
const LOCKED: [&str; 14] = [
    "who",
    "next",
    "visits",
    "actions",
    "form",
    "documents",
    "wait",
    "records",
    "clock",
    "run",
    "when",
    "recur",
    "cron",
    "fields",
];

fn workflow_target<'n>(
    names: &'n NameTable,
    ix: WorkflowIx,
    workflow: &'n Workflow,
    path: &'n str,
) -> Option<OverlayTarget<'n>> {
    let mut parts = path.split('.');
    let (kind, id, what) = (parts.next()?, parts.next()?, parts.next()?);
    let is_locked = LOCKED.contains(&what);
    match (kind, what, parts.next()) {
        ("steps", ..) => {
            let at = workflow.steps.iter().position(|known| known.id == id)?;
            let place = StepPlace { workflow: ix, step: StepIx(u16::try_from(at).ok()?) };
            let step = &workflow.steps[at];
            match (what, path.split('.').count()) {
                ("due", 3) if !step.due.is_empty() => Some(OverlayTarget::Due(place, &step.due)),
                ("overdue", 3) => Some(OverlayTarget::Overdue(place)),
                _ => is_locked.then_some(OverlayTarget::Locked),
            }
        }
        ("forms", what, rest) => {
            let own = |known: &Form| {
                known.id == id && known.workflow.as_ref().is_none_or(|own| *own == workflow.id)
            };
            let at = names.forms.iter().position(own)?;
            match (what, rest) {
                ("items", None) => Some(OverlayTarget::FormItems(at)),
                _ => is_locked.then_some(OverlayTarget::Locked),
            }
        }
        ("start", what, rest) => {
            let at = workflow.start.iter().position(|trigger| trigger.id == id)?;
            match (what, rest, workflow.start[at].at_most) {
                ("at_most", None, Some(cap)) => Some(OverlayTarget::Cap(ix, at, cap)),
                _ => is_locked.then_some(OverlayTarget::Locked),
            }
        }
        _ => None,
    }
}
