//! The lawful "no" to an act on a document or a blank.

use crate::diag::{Argument, reasons};
use crate::lang;
use crate::time::Day;

reasons! {
    /// Why an act on a document or a blank does not take place.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum DocumentRefusal {
        /// The policy has no such kind of document.
        NoSuchKind = "R060" { kind: String, known: String },
        /// There is no such document.
        NoSuchDocument = "R061" { document: String },
        /// The act does not fit the state the document is in.
        State = "R062" { document: String, state: &'static str, act: &'static str, again: &'static str },
        /// It is to be served or filed before it was signed off.
        NotApproved = "R063" { document: String, kind: String, approver: String },
        /// It is to be served before it was sealed.
        NotSealed = "R064" { document: String, kind: String },
        /// Who approves does not hold the kind's role.
        NotTheApprover = "R065" { person: String, kind: String, approver: String },
        /// Who approves made the document.
        OwnDocument = "R066" { person: String, document: String },
        /// The kind knows no such act.
        NoSuchAct = "R067" { kind: String, act: &'static str },
        /// A record needs two officers.
        TwoOfficers = "R068" { kind: String },
        /// Another officer was named to sign with the first.
        NotTheSecond = "R092" { document: String, person: String, second: String },
        /// A served document is to be voided.
        ServedStands = "R069" { document: String },
        /// A document that was not served is to be corrected or revoked.
        NotServed = "R070" { document: String },
        /// The document was replaced already.
        ReplacedAlready = "R071" { document: String, by: String },
        /// The day of service lies before the signature or after today.
        ServiceDay = "R072" { on: Day, first: Day, last: Day },
        /// There is no such blank.
        NoSuchBlank = "R073" { blank: String },
        /// The act does not fit the state the blank is in.
        BlankState = "R074" { blank: String, state: &'static str, act: &'static str, again: &'static str },
        /// The keeper and the officer who uses the blank are one person.
        KeeperUses = "R075" { person: String },
        /// The blank was signed out to somebody else.
        NotTheHolder = "R076" { blank: String, person: String, holder: String },
        /// Nobody, or the same person, approves that it is voided.
        SecondPerson = "R077" { person: String },
        /// The person lacks the role the act needs.
        RoleWanted = "R078" { person: String, role: String, act: &'static str },
        /// The stock has no such blank left.
        NoneInStock = "R079" { kind: String, station: String },
        /// The kind is not written on blanks.
        BlankKind = "R080" { kind: String },
        /// Too many at once, or none at all.
        BlankCount = "R081" { count: i64, limit: i64 },
        /// A void lacks its original.
        OriginalMissing = "R082" { month: String, blanks: ShortList },
        /// The sum of the states is not what was issued.
        OutOfBalance = "R083" { month: String, kind: String, issued: i64, found: i64 },
        /// The month has not ended.
        MonthNotOver = "R084" { month: String, from: Day },
        /// The month is closed.
        MonthClosed = "R085" { month: String, station: String },
        /// The file of an order is not complete.
        ArchiveIncomplete = "R086" { lacks: ShortList },
        /// There is no such station.
        NoSuchStation = "R087" { station: String, near: String, known: String },
        /// There is no such officer.
        NoSuchPerson = "R088" { person: String },
        /// There is no such grid, or several are called so.
        NoSuchGrid = "R093" { grid: String, known: String },
        /// The officer is another station's.
        OtherStaff = "R185" { person: String, station: String },
        /// The blank was signed out for another order.
        OtherOrder = "R190" { blank: String, order: String },
        /// The blank belongs to another station.
        OtherStation = "R089" { blank: String, station: String },
    }
}

/// Most names listed in one refusal.
const LISTED: usize = 10;

/// Names, of which a text shows the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortList(pub Vec<String>);

impl Argument for ShortList {
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
        let more = if self.0.len() > LISTED { "…" } else { "" };
        args.push((name, lang::list(&self.0[..self.0.len().min(LISTED)]) + more));
    }
}
