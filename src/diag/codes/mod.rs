//! The one table of codes, by room. A code never changes its meaning and is never used again.

mod calendar;
mod documents;
mod forms;
mod import;
mod policy;
mod script;

pub use calendar::*;
pub use documents::*;
pub use forms::*;
pub use import::*;
pub use policy::*;
pub use script::*;

use super::Severity;

/// The name of one kind of problem, such as `P014`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    /// The stable id, which is also the id of its text in `src/lang`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
}

/// Declares the codes of one room: `CONST = "id", Severity, "what it means for a developer";`
macro_rules! codes {
    ($table:ident: $($(#[$doc:meta])* $name:ident = $id:literal, $severity:ident;)*) => {
        $($(#[$doc])* pub const $name: $crate::diag::Code = $crate::diag::Code {
            id: $id,
            severity: $crate::diag::Severity::$severity,
        };)*

        /// Every code of this room, in order.
        pub const $table: &[$crate::diag::Code] = &[$($name),*];
    };
}
pub(crate) use codes;

/// Returns every code there is, room by room.
pub fn all() -> impl Iterator<Item = Code> {
    let rooms = [CALENDAR, DOCUMENT_KINDS, FORMS, IMPORT, POLICY, SCRIPT];
    rooms.into_iter().flatten().copied()
}
