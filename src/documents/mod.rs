//! Documents and the numbered blanks they are written on.
//!
//! ```text
//!  blank     issue ──▶ in stock ◀──return── signed out ──use──▶ in use ──file──▶ filed
//!                         └───────────────┴──────────┬────────────┘
//!                                       voided ◀─────┴─────▶ lost
//!
//!  document  draft ──submit──▶ submitted ──approve──▶ approved ─┬─seal──▶ sealed ──serve──┐
//!              └──────────sign──────────────────────▶ signed ───┤                         ▼
//!                                                               └──(on the spot)──▶ served ──▶ filed
//! ```
//!
//! A [`Blank`] is accounted for like an invoice: its control number never comes back, and each
//! month the sum of its states is what was issued. A [`Document`] gets its official number when it
//! is signed off, in that transaction; once served it stands, and only another document corrects
//! or revokes it. What a kind needs is a row of `rules/documents.yaml`.
//!
//! Every act is a function of what is there to what will be, or a [`DocumentRefusal`]. This room
//! knows no database and no clock. To add an act: a variant of [`DocumentAct`] or [`BlankAct`], its
//! arm, its refusals, and a case under `tests/documents`. To change what is printed: an [`Edition`]
//! in `edition.rs`, never a page that papers were issued on, or a bureau's own
//! `rules/templates/<kind>.html`, which every release keeps for itself.

mod archive;
mod balance;
mod blank;
mod date;
mod document;
mod edition;
mod facts;
mod meeting;
mod number;
mod part;
mod person;
mod print;
mod refusal;

pub use archive::{Lack, LackKind, missing};
pub use balance::{Balance, BalanceLine, BlankCounts, close, reconcile};
pub use blank::{BLANKS_AT_ONCE, Blank, BlankAct, BlankLot, BlankState, VoidRequest, act_on_blank, issue};
pub use date::{spelt, written};
pub use document::{
    ActorMark, Authorship, Document, DocumentAct, DocumentKey, DocumentMarks, DocumentMove, DocumentState,
    Replacement, ReplacementHow, Service, ServiceWay, act_on_document, made_state, replace,
};
pub use edition::Edition;
pub use facts::{
    AnswerFacts, DocumentFacts, DocumentListing, DocumentOrder, FieldFacts, ItemFacts, OfficerFacts,
    SignatureMark, SubjectFacts, TitledId,
};
pub use meeting::{
    MEETING_MARK, MeetingBar, MeetingChart, MeetingFact, MeetingGroup, MeetingPage, MeetingSection,
    MeetingTable, MeetingText, print_meeting,
};
pub use number::{Control, OfficialNumber, Series};
pub use part::{FactId, FactIds, FactPart, NotFactIds, SplitFacts};
pub use person::ActingPerson;
pub use print::{PrintFault, Printer, check_templates};
pub use refusal::{DocumentRefusal, ShortList};
