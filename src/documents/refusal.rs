//! The lawful "no" to an act on a document or a blank.

use crate::diag::{Code, codes};
use crate::time::Day;

/// Why an act on a document or a blank does not take place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the words that the texts of the codes name")]
pub enum DocumentRefusal {
    /// The policy has no such kind of document.
    NoSuchKind { kind: String },
    /// There is no such document.
    NoSuchDocument { document: String },
    /// The act does not fit the state the document is in.
    State { document: String, state: &'static str, act: &'static str },
    /// It is to be served or filed before it was signed off.
    NotApproved { document: String, kind: String, approver: String },
    /// It is to be served before it was sealed.
    NotSealed { document: String, kind: String },
    /// Who approves does not hold the kind's role.
    NotTheApprover { person: String, kind: String, approver: String },
    /// Who approves made the document.
    OwnDocument { person: String, document: String },
    /// The kind knows no such act.
    NoSuchAct { kind: String, act: &'static str },
    /// A record needs two officers.
    TwoOfficers { kind: String },
    /// A served document is to be voided.
    ServedStands { document: String },
    /// A document that was not served is to be corrected or revoked.
    NotServed { document: String },
    /// The document was replaced already.
    ReplacedAlready { document: String, by: String },
    /// The day of service lies before the signature or after today.
    ServiceDay { on: Day, first: Day, last: Day },
    /// There is no such blank.
    NoSuchBlank { blank: String },
    /// The act does not fit the state the blank is in.
    BlankState { blank: String, state: &'static str, act: &'static str },
    /// The keeper and the officer who uses the blank are one person.
    KeeperUses { person: String },
    /// The blank was signed out to somebody else.
    NotTheHolder { blank: String, person: String, holder: String },
    /// Nobody, or the same person, approves that it is voided.
    SecondPerson { person: String },
    /// The person lacks the role the act needs.
    RoleWanted { person: String, role: String, act: &'static str },
    /// The stock has no such blank left.
    NoneInStock { kind: String, station: String },
    /// The kind is not written on blanks.
    BlankKind { kind: String },
    /// Too many at once, or none at all.
    BlankCount { count: i64, limit: i64 },
    /// A void lacks its original.
    OriginalMissing { month: String, blanks: Vec<String> },
    /// The sum of the states is not what was issued.
    OutOfBalance { month: String, kind: String, issued: i64, found: i64 },
    /// The month has not ended.
    MonthNotOver { month: String, ends: Day },
    /// The month is closed.
    MonthClosed { month: String, station: String },
    /// The file of an order is not complete.
    ArchiveIncomplete { lacks: Vec<String> },
    /// There is no such station.
    NoSuchStation { station: String },
    /// There is no such officer.
    NoSuchPerson { person: String },
    /// The blank belongs to another station.
    OtherStation { blank: String, station: String },
}

/// Most names listed in one refusal.
const LISTED: usize = 10;

impl DocumentRefusal {
    /// Returns the code of its text.
    pub const fn code(&self) -> Code {
        match self {
            Self::NoSuchKind { .. } => codes::NO_SUCH_KIND,
            Self::NoSuchDocument { .. } => codes::NO_SUCH_DOCUMENT,
            Self::State { .. } => codes::DOCUMENT_STATE,
            Self::NotApproved { .. } => codes::NOT_APPROVED,
            Self::NotSealed { .. } => codes::NOT_SEALED,
            Self::NotTheApprover { .. } => codes::NOT_THE_APPROVER,
            Self::OwnDocument { .. } => codes::OWN_DOCUMENT,
            Self::NoSuchAct { .. } => codes::KIND_HAS_NO_SUCH_ACT,
            Self::TwoOfficers { .. } => codes::TWO_OFFICERS,
            Self::ServedStands { .. } => codes::SERVED_STANDS,
            Self::NotServed { .. } => codes::NOT_SERVED,
            Self::ReplacedAlready { .. } => codes::REPLACED_ALREADY,
            Self::ServiceDay { .. } => codes::SERVICE_DAY,
            Self::NoSuchBlank { .. } => codes::NO_SUCH_BLANK,
            Self::BlankState { .. } => codes::BLANK_STATE,
            Self::KeeperUses { .. } => codes::KEEPER_USES,
            Self::NotTheHolder { .. } => codes::NOT_THE_HOLDER,
            Self::SecondPerson { .. } => codes::SECOND_PERSON,
            Self::RoleWanted { .. } => codes::ROLE_WANTED,
            Self::NoneInStock { .. } => codes::NONE_IN_STOCK,
            Self::BlankKind { .. } => codes::BLANK_KIND,
            Self::BlankCount { .. } => codes::BLANK_COUNT,
            Self::OriginalMissing { .. } => codes::ORIGINAL_MISSING,
            Self::OutOfBalance { .. } => codes::OUT_OF_BALANCE,
            Self::MonthNotOver { .. } => codes::MONTH_NOT_OVER,
            Self::MonthClosed { .. } => codes::MONTH_CLOSED,
            Self::ArchiveIncomplete { .. } => codes::ARCHIVE_INCOMPLETE,
            Self::NoSuchStation { .. } => codes::NO_SUCH_STATION,
            Self::NoSuchPerson { .. } => codes::NO_SUCH_PERSON,
            Self::OtherStation { .. } => codes::OTHER_STATION,
        }
    }

    /// Returns the words its text names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let word = |name: &'static str, value: &dyn std::fmt::Display| (name, value.to_string());
        let list = |names: &[String]| {
            let more = if names.len() > LISTED { "…" } else { "" };
            names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join("、") + more
        };
        match self {
            Self::NoSuchKind { kind } | Self::TwoOfficers { kind } | Self::BlankKind { kind } => {
                vec![word("kind", kind)]
            }
            Self::NoSuchDocument { document }
            | Self::ServedStands { document }
            | Self::NotServed { document } => vec![word("document", document)],
            Self::State { document, state, act } => {
                vec![word("document", document), word("state", state), word("act", act)]
            }
            Self::NotApproved { document, kind, approver } => {
                vec![word("document", document), word("kind", kind), word("approver", approver)]
            }
            Self::NotSealed { document, kind } => vec![word("document", document), word("kind", kind)],
            Self::NotTheApprover { person, kind, approver } => {
                vec![word("person", person), word("kind", kind), word("approver", approver)]
            }
            Self::OwnDocument { person, document } => {
                vec![word("person", person), word("document", document)]
            }
            Self::NoSuchAct { kind, act } => vec![word("kind", kind), word("act", act)],
            Self::ReplacedAlready { document, by } => vec![word("document", document), word("by", by)],
            Self::ServiceDay { on, first, last } => {
                vec![word("on", on), word("first", first), word("last", last)]
            }
            Self::NoSuchBlank { blank } => vec![word("blank", blank)],
            Self::BlankState { blank, state, act } => {
                vec![word("blank", blank), word("state", state), word("act", act)]
            }
            Self::KeeperUses { person } | Self::SecondPerson { person } | Self::NoSuchPerson { person } => {
                vec![word("person", person)]
            }
            Self::NotTheHolder { blank, person, holder } => {
                vec![word("blank", blank), word("person", person), word("holder", holder)]
            }
            Self::RoleWanted { person, role, act } => {
                vec![word("person", person), word("role", role), word("act", act)]
            }
            Self::NoneInStock { kind, station } => vec![word("kind", kind), word("station", station)],
            Self::BlankCount { count, limit } => vec![word("count", count), word("limit", limit)],
            Self::OriginalMissing { month, blanks } => vec![word("month", month), ("blanks", list(blanks))],
            Self::OutOfBalance { month, kind, issued, found } => {
                vec![word("month", month), word("kind", kind), word("issued", issued), word("found", found)]
            }
            Self::MonthNotOver { month, ends } => vec![word("month", month), word("ends", ends)],
            Self::MonthClosed { month, station } => vec![word("month", month), word("station", station)],
            Self::ArchiveIncomplete { lacks } => vec![("lacks", list(lacks))],
            Self::NoSuchStation { station } => vec![word("station", station)],
            Self::OtherStation { blank, station } => vec![word("blank", blank), word("station", station)],
        }
    }
}
