//! What a station may change, and what it changed.

use super::{Item, OverdueRow};
use crate::calendar::Length;
use crate::diag::Span;
use crate::time::Day;

/// What a station may do with an opened path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StationChange {
    /// Make a length shorter.
    Shorten,
    /// Add to a list.
    Add,
    /// Add rows, or make them earlier.
    AddOrEarlier,
    /// Lower a number.
    Lower,
    /// Raise a number.
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

#[derive(Clone, Debug, PartialEq)]
pub struct OverlayChange {
    /// Address made of ids, such as `five-step.steps.revisit.due`.
    pub address: String,
    pub value: OverlayValue,
    /// Where the address is written.
    pub span: Span,
}

/// What an overlay puts at an address.
#[derive(Clone, Debug, PartialEq)]
pub enum OverlayValue {
    /// A shorter length.
    Length(Length),
    /// A stricter number.
    Number(f64),
    /// More checklist items.
    Items(Vec<Item>),
    /// More rows of `overdue`, or earlier ones.
    Overdue(Vec<OverdueRow>),
}
