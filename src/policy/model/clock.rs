//! Statutory clocks.

use crate::calendar::{Length, Roll};
use crate::diag::Span;
use crate::time::Day;

/// A statutory clock.
#[derive(Clone, Debug)]
pub struct ClockRule {
    /// Id, such as `clue_verification`.
    pub id: String,
    pub title: String,
    /// Lengths by the day of the event, oldest first.
    pub versions: Vec<ClockVersion>,
    /// What happens when the end is a rest day.
    pub roll: Roll,
    /// Whether an internal warning date is computed before the legal end.
    pub alarm: Option<Roll>,
    /// Extension, if the law knows one.
    pub extend: Option<Extension>,
    /// Lawful reasons for a pause and the document each needs.
    pub pauses: Vec<(String, String)>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct ClockVersion {
    /// First day of events it governs.
    pub from: Day,
    pub length: Length,
    /// The article it comes from.
    pub basis: String,
}

/// How a clock may be extended.
#[derive(Clone, Debug)]
pub struct Extension {
    pub by: Length,
    pub times: u32,
    /// Who approves.
    pub role: Option<String>,
    /// Whether it must be granted by the raw or by the rolled end.
    pub before: ExtendBefore,
}

/// Until when an extension can be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtendBefore {
    /// The end as counted.
    RawEnd,
    /// The end after rolling off a rest day.
    End,
}
