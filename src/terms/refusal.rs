//! The lawful "no" of a statutory clock.

use crate::diag::{Code, codes};
use crate::time::Day;

/// Why a clock does not run as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockRefusal {
    /// No version governs the day of the event.
    NoVersion {
        /// The clock's title.
        clock: String,
        /// The day of the event.
        from: Day,
        /// First day of the oldest version; none when there is no version at all.
        first: Option<Day>,
    },
    /// The clock's list of reasons is empty.
    CannotPause {
        /// The clock's title.
        clock: String,
    },
    /// The reason is not on the clock's list.
    PauseReason {
        /// The clock's title.
        clock: String,
        /// The reason given.
        reason: String,
        /// The reasons there are.
        known: Vec<String>,
    },
    /// No document proves the pause.
    PauseDocument {
        /// The reason given.
        reason: String,
        /// The kind of document it needs.
        document: String,
    },
    /// The pause ends before it begins.
    PauseBackwards {
        /// First day not counted.
        from: Day,
        /// Day from which counting goes on.
        to: Day,
    },
    /// The pause begins before the clock.
    PauseEarly {
        /// First day not counted.
        from: Day,
        /// The day the clock starts.
        start: Day,
    },
    /// The pause begins after the clock has run out.
    PauseLate {
        /// First day not counted.
        from: Day,
        /// The last day of the clock.
        end: Day,
    },
    /// The clock knows no extension.
    CannotExtend {
        /// The clock's title.
        clock: String,
    },
    /// More extensions than the clock allows.
    ExtendTimes {
        /// The clock's title.
        clock: String,
        /// How many it allows.
        times: u32,
    },
    /// The extension was granted after its last lawful day.
    ExtendLate {
        /// The day it was granted.
        on: Day,
        /// The last day on which it could have been.
        limit: Day,
    },
    /// The extension was granted before the clock started.
    ExtendEarly {
        /// The day it was granted.
        on: Day,
        /// The day the clock starts.
        start: Day,
    },
}

impl ClockRefusal {
    /// Returns the code of its text.
    pub const fn code(&self) -> Code {
        match self {
            Self::NoVersion { .. } => codes::CLOCK_VERSION,
            Self::CannotPause { .. } => codes::CLOCK_PAUSE_NONE,
            Self::PauseReason { .. } => codes::CLOCK_PAUSE_REASON,
            Self::PauseDocument { .. } => codes::CLOCK_PAUSE_DOCUMENT,
            Self::PauseBackwards { .. } => codes::CLOCK_PAUSE_BACKWARDS,
            Self::PauseEarly { .. } => codes::CLOCK_PAUSE_EARLY,
            Self::PauseLate { .. } => codes::CLOCK_PAUSE_LATE,
            Self::CannotExtend { .. } => codes::CLOCK_EXTEND_NONE,
            Self::ExtendTimes { .. } => codes::CLOCK_EXTEND_TIMES,
            Self::ExtendLate { .. } => codes::CLOCK_EXTEND_LATE,
            Self::ExtendEarly { .. } => codes::CLOCK_EXTEND_EARLY,
        }
    }

    /// Returns the words its text names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoVersion { clock, from, first } => {
                let first = first.map_or_else(|| "–".to_owned(), |day| day.to_string());
                vec![("clock", clock.clone()), ("from", from.to_string()), ("first", first)]
            }
            Self::CannotPause { clock } | Self::CannotExtend { clock } => vec![("clock", clock.clone())],
            Self::PauseReason { clock, reason, known } => {
                vec![("clock", clock.clone()), ("reason", reason.clone()), ("known", known.join("、"))]
            }
            Self::PauseDocument { reason, document } => {
                vec![("reason", reason.clone()), ("document", document.clone())]
            }
            Self::PauseBackwards { from, to } => vec![("from", from.to_string()), ("to", to.to_string())],
            Self::PauseEarly { from, start } => {
                vec![("from", from.to_string()), ("start", start.to_string())]
            }
            Self::PauseLate { from, end } => vec![("from", from.to_string()), ("end", end.to_string())],
            Self::ExtendTimes { clock, times } => {
                vec![("clock", clock.clone()), ("times", times.to_string())]
            }
            Self::ExtendLate { on, limit } => vec![("on", on.to_string()), ("limit", limit.to_string())],
            Self::ExtendEarly { on, start } => vec![("on", on.to_string()), ("start", start.to_string())],
        }
    }
}
