//! The lawful "no" of a statutory clock.

use crate::diag::reasons;
use crate::time::Day;

reasons! {
    /// Why a clock does not run as asked.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum ClockRefusal {
        /// No version governs the day of the event.
        NoVersion = "C040" { clock: String, from: Day, first: Option<Day> },
        /// The clock's list of reasons is empty.
        CannotPause = "C050" { clock: String },
        /// The reason is not on the clock's list.
        PauseReason = "C041" { clock: String, reason: String, known: Vec<String> },
        /// No document proves the pause.
        PauseDocument = "C042" { reason: String, document: String },
        /// The pause ends before it begins.
        PauseBackwards = "C043" { from: Day, to: Day },
        /// The pause begins before the clock.
        PauseEarly = "C044" { from: Day, start: Day },
        /// The pause begins after the clock has run out.
        PauseLate = "C045" { from: Day, end: Day },
        /// The clock knows no extension.
        CannotExtend = "C046" { clock: String },
        /// More extensions than the clock allows.
        ExtendTimes = "C047" { clock: String, times: u32 },
        /// The extension was granted after its last lawful day.
        ExtendLate = "C048" { on: Day, limit: Day },
        /// The extension was granted before the clock started.
        ExtendEarly = "C049" { on: Day, start: Day },
    }
}
