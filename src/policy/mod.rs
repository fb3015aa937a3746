//! Text that policy staff wrote, made into one checked, immutable value.
//!
//! ```text
//!  bytes ──text──▶ text ──raw::parse──▶ tree ──raw shapes──▶ what was typed
//!                                                                 │ resolve: names to indices
//!                                  Policy ◀──check: one question a file──┘
//! ```
//!
//! [`load`] is the only way in. It tells every problem at once, each at the character to change,
//! and gives a [`Policy`] only when there is no error. It knows no clock and no disk; what a
//! year from now lacks in the calendar, [`horizon`] says for a day the caller names.
//! Expressions and scripts are kept as text with their places: the room `rules` compiles them.
//!
//! To add a key: its line in `raw`, its meaning in `resolve`, and a case under `tests/policy/bad`
//! for each way to get it wrong. To add a question asked of the whole: a file in `check`.

mod adoption;
mod calendar_text;
mod case;
mod check;
mod compatibility;
mod edition;
mod file_kind;
mod load;
mod meaning;
mod model;
mod promote;
mod raw;
mod resolve;
mod standing;
mod text;
mod text_editor;
mod upgrade;

pub use adoption::Adoption;
pub use calendar_text::{CalendarYears, NotACalendar, calendar_years, write_years};
pub use case::{Case, CaseAct, CaseDeed, CaseSignal, CaseWords, Course, Expect};
pub use check::horizon;
pub use compatibility::DOCUMENT_NUMBER;
pub use edition::BaseText;
pub use file_kind::{is_decisive, is_misplaced, is_policy_path, station_file};
pub use load::{LoadedPolicy, load, load_on};
pub use meaning::{MeaningChange, meaning_changes};
pub use model::*;
pub use promote::{Hindrance, PromotedLine, Promotion, promote};
pub use raw::CaseOrderState;
pub use raw::{
    At, CaseForm, CaseLeave, CaseOfficer, DayOrNone, FreeMap, Id, Many, WantedNotices, WantedOfAct,
    WantedOutcome, WantedPlace, WantedTerm, Word,
};
pub use standing::{DroppedItem, WeakenedItem};
pub use text_editor::{ChangedText, TextHunk};
pub use upgrade::upgrade;
