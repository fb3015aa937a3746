//! Whether an answer fills a form, and whether a file may be attached.
//!
//! [`check`] reads an answer a person or a screen wrote and returns the one canonical form of
//! it, which is what branches read and the ledger keeps, or every flaw at once, each with its
//! place. [`look`] says what a file is by its content and what its own record (EXIF) says of
//! place and time, so that they are kept apart from it; the bytes stay as they are. Both are
//! pure; files and expressions reach this room through closures and slices.
//!
//! To add a kind of field: a variant of `policy::FieldKind`, an arm in `fields`, a code with its
//! texts, and a case under `tests/forms`.

mod answer;
mod asked;
mod attachment;
mod fields;
mod flaw;
mod items;
mod problems;
mod rows;
mod written;

pub use answer::{Unfit, check};
pub use asked::{FormSpec, ProblemTable};
pub use attachment::{FileContent, FileKind, look};
pub use fields::moment;
pub use flaw::AnswerFlaw;
pub use items::items_of;
pub use problems::unwritten;
pub use rows::rows_to_answer;
