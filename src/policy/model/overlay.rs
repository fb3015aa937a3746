//! What a station may change, and what it changed.

use super::{Item, OverdueRow, StepIx, TierIx, WorkflowIx};
use crate::calendar::Length;
use crate::diag::Span;
use crate::time::Day;

/// What a station may do with an opened path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StationChange {
    /// Make a length shorter.
    Shorten,
    /// Set a length between two bounds.
    Within,
    /// Add to a list.
    Add,
    /// Add rows, or make them earlier.
    AddOrEarlier,
    /// Lower a number.
    Lower,
    /// Raise a number, or what a script answers.
    Raise,
}

/// One station's overlay, as loaded and checked.
#[derive(Clone, Debug)]
pub struct Overlay {
    pub id: String,
    pub station: String,
    /// First and last day it is in force.
    pub valid: (Day, Day),
    /// Digest prefixes of the texts it was checked against.
    pub base: Vec<(String, String)>,
    pub reason: String,
    pub author: String,
    /// What it tightens or adds, in the order of the file.
    pub changes: Vec<OverlayChange>,
    pub span: Span,
}

impl Overlay {
    /// Returns whether it is in force on a local day.
    pub fn is_live(&self, day: Day) -> bool {
        (self.valid.0..=self.valid.1).contains(&day)
    }

    /// Returns the days on which it begins and has ended.
    pub fn instants(&self) -> impl Iterator<Item = Day> {
        [Some(self.valid.0), self.valid.1.succ_opt()].into_iter().flatten()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct OverlayChange {
    /// Address made of ids, such as `five-step.steps.revisit.due`.
    pub address: String,
    pub edit: StationEdit,
    /// Where the address is written.
    pub span: Span,
}

/// What an overlay does at an address.
#[derive(Clone, Debug, PartialEq)]
pub enum StationEdit {
    /// Shortens a tier's cycle.
    Cycle { tier: TierIx, to: Length },
    /// Changes another length of a tier.
    TierLength { tier: TierIx, name: String, to: Length, how: Stricter },
    /// Adds to what every patrol of a tier covers.
    TierItems { tier: TierIx, items: Vec<Item> },
    /// Changes a parameter, by its position in [`super::Policy::params`].
    Param { at: usize, to: f64, how: Stricter },
    /// Shortens what a step's people have.
    Due { step: StepPlace, to: Length },
    /// Adds rows to a step's ladder, or makes them earlier.
    Overdue { step: StepPlace, rows: Vec<OverdueRow> },
    /// Adds to a form's checklist, by its position in [`super::Policy::forms`].
    FormItems { form: usize, items: Vec<Item> },
    /// Lowers how many orders a trigger opens, by its position in the workflow.
    Cap { workflow: WorkflowIx, trigger: usize, to: u32 },
}

impl StationEdit {
    /// Returns whether it sets one value, of which the strictest holds, and does not add to a list.
    pub const fn is_value(&self) -> bool {
        match self {
            Self::Cycle { .. }
            | Self::TierLength { .. }
            | Self::Param { .. }
            | Self::Due { .. }
            | Self::Cap { .. } => true,
            Self::TierItems { .. } | Self::Overdue { .. } | Self::FormItems { .. } => false,
        }
    }
}

/// A step among all workflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepPlace {
    pub workflow: WorkflowIx,
    pub step: StepIx,
}

/// Which of two values is the stricter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stricter {
    Lower,
    Higher,
    /// Neither: the bureau gives a range, and what the station says replaces what the bureau says.
    Either,
}

/// Whose text a subject's or an order's is: a station's overlays that are in force together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EditionKey {
    pub station: String,
    /// Positions in [`super::Policy::overlays`], ascending.
    pub overlays: Vec<usize>,
}

/// A line of a station's text that is not the bureau's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedLine {
    pub address: String,
    /// Position in [`super::Policy::overlays`].
    pub overlay: usize,
    /// Where the overlay says so.
    pub span: Span,
}
