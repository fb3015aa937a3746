//! `station_may:`, what a bureau opens to its stations.

use super::leaf::{Loose, is_number, length, words};
use super::map::shapes;
use super::{Shape, Word, YamlNode};
use crate::calendar::Length;
use crate::diag::Diagnostic;
use crate::policy::model::StationChange;

words! {
    StationChange: "shorten" => Self::Shorten, "within" => Self::Within, "add" => Self::Add, "add-or-earlier" => Self::AddOrEarlier,
        "lower" => Self::Lower, "raise" => Self::Raise;
}

shapes! {
    pub;
    /// One row of `station_may`.
    StationOpening {
        /// Path with `*` for any id, such as `steps.*.due`.
        path: Word,
        /// What may be done.
        change: StationChange,
        /// Bound no station may pass.
        floor: Option<StationBound>,
        /// The other bound, of a length that stations set within a range.
        ceiling: Option<StationBound>,
    }
}

/// A bound of what stations may choose: a length of lengths, a number of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StationBound {
    Length(Length),
    Number(f64),
}

impl StationBound {
    /// Returns the length, where it is one.
    pub const fn length(self) -> Option<Length> {
        if let Self::Length(length) = self { Some(length) } else { None }
    }

    /// Returns the number, where it is one.
    pub const fn number(self) -> Option<f64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }
}

impl Shape for StationBound {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let loose = Loose::read(node, out)?;
        match loose.text.parse::<f64>() {
            Ok(number) if loose.plain && is_number(&loose.text) => Some(Self::Number(number)),
            _ => length(&loose.text, loose.span, out).map(Self::Length),
        }
    }
}
