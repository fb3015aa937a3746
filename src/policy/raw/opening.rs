//! `station_may:`, what a bureau opens to its stations.

use super::Word;
use super::leaf::words;
use super::map::shapes;
use crate::calendar::Length;
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
        floor: Option<Length>,
        /// The other bound, of a length that stations set within a range.
        ceiling: Option<Length>,
    }
}
