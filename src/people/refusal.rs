//! The lawful "no" to a person.

use super::exclusion::Exclusion;
use crate::diag::{Argument, reasons};
use crate::time::Day;

reasons! {
    /// Why somebody may not do something.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum PeopleRefusal {
        /// The roster does not have them.
        Unknown = "R020" { officer: String, nearest: Nearest },
        /// They are no longer in service.
        Left = "R021" { officer: String, on: Day },
        /// They are on leave.
        OnLeave = "R022" { officer: String, to: Day, substitute: Substitute },
        /// They have no certificate, and the duty asks for one (S2).
        NoCertificate = "R023" { officer: String },
        /// Their certificate has lapsed (S2).
        CertificateLapsed = "R024" { officer: String, until: Option<Day> },
        /// They keep away from the subject (S8).
        Conflict = "R025" { officer: String, document: String },
        /// They did what is to be judged here (S1, S6).
        OwnWork = "R026" { officer: String, step: String },
        /// The duty is somebody else's.
        NotTheirs = "R027" { officer: String, assignees: Vec<String> },
        /// They do not hold the role on the day (S12).
        WrongRole = "R028" { officer: String, role: String },
        /// Somebody else has claimed it.
        Claimed = "R029" { officer: String },
        /// Fewer people took part than the duty asks for (S2).
        TooFew = "R030" { needed: u32, present: u32 },
        /// One person was named twice (S2).
        SamePerson = "R031" { officer: String },
        /// Only the principal in person may do it (S12).
        InPerson = "R032" { role: String },
        /// Authority that was handed on was handed on again (S13).
        HandedOnAgain = "R033" { officer: String },
        /// Days that run backwards.
        Backwards = "R034" { from: Day, to: Day },
        /// Nothing in writing (S8, S13).
        NoDocument = "R035",
        /// Somebody stands in for, or hands on to, themselves.
        Oneself = "R036" { officer: String },
        /// The recusal was not decided by whom the law names (S8).
        WrongDecider = "R037" { officer: String, decider: &'static str },
        /// The author of a change approves it (S3).
        OwnChange = "R038" { officer: String },
        /// The policy knows no such role or duty.
        NoSuchRole = "R039" { role: String, nearest: Nearest },
        /// A post of days that are over, which gives powers backwards.
        PostBackdated = "R191" { officer: String, role: String, today: Day },
        /// Authority handed on for days that are over.
        DelegationBackdated = "R194" { officer: String, today: Day },
        /// They did something on days on which they are said to have been away or gone.
        ActedSince = "R192" { officer: String, at: String },
        /// They serve at another station than the grid's.
        Elsewhere = "R189" { officer: String, station: String },
        /// Whoever leaves has blanks in hand.
        BlanksInHand = "R090" { officer: String, blanks: usize },
        /// They lack the power for it.
        NoPower = "R150" { officer: String, power: &'static str, able: AbleOfficers },
        /// It is their own matter, for somebody else to decide.
        OwnPower = "R151" { officer: String, power: &'static str },
        /// The role stands above their own.
        RoleAbove = "R152" { officer: String, role: String },
        /// Nobody is registered who could act.
        NobodyRegistered = "R153",
        /// Another than its decider lays a recusal down.
        NotTheDecider = "R182" { officer: String, decider: String },
        /// Notices cannot go to such an address.
        MailForm = "R183" { address: String },
        /// The administrator is nobody of the register, or has left.
        NoAdministrator = "R181" { officer: String },
        /// Nobody is named, and the register has people.
        NameNeeded = "R154" { power: &'static str },
    }
}

/// A word that was probably meant; empty when none is near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest(pub String);

impl Argument for Nearest {
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
        let is_near = if self.0.is_empty() { "no" } else { "yes" };
        args.extend([("near", is_near.to_owned()), (name, self.0.clone())]);
    }
}

/// Who stands in, by id, where somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substitute(pub Option<String>);

impl Argument for Substitute {
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
        let is_replaced = if self.0.is_some() { "yes" } else { "no" };
        args.extend([("replaced", is_replaced.to_owned()), (name, self.0.clone().unwrap_or_default())]);
    }
}

/// Who could do it instead, by name and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbleOfficers(Vec<String>);

/// Most officers told as able; more are not read.
const ABLE_MAX: usize = 5;

impl AbleOfficers {
    /// Makes the list of a text, whose end says that there are more.
    pub fn of(officers: impl IntoIterator<Item = String>) -> Self {
        let mut officers = officers.into_iter();
        let mut told: Vec<String> = officers.by_ref().take(ABLE_MAX).collect();
        if officers.next().is_some()
            && let Some(last) = told.last_mut()
        {
            last.push('…');
        }
        Self(told)
    }
}

impl Argument for AbleOfficers {
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
        let are_some = if self.0.is_empty() { "no" } else { "yes" };
        args.push(("some", are_some.to_owned()));
        self.0.add(name, args);
    }
}

impl PeopleRefusal {
    /// Makes the refusal of somebody who would have been passed over.
    pub(super) fn of(officer: &str, reason: Exclusion) -> Self {
        let officer = officer.to_owned();
        match reason {
            Exclusion::Unknown => Self::Unknown { officer, nearest: Nearest(String::new()) },
            Exclusion::Left { on } => Self::Left { officer, on },
            Exclusion::OnLeave { to, substitute } => {
                Self::OnLeave { officer, to, substitute: Substitute(substitute) }
            }
            Exclusion::PostNotInForce { role } => Self::WrongRole { officer, role },
            Exclusion::NoCertificate => Self::NoCertificate { officer },
            Exclusion::CertificateLapsed { until } => Self::CertificateLapsed { officer, until },
            Exclusion::Conflict { document } => Self::Conflict { officer, document },
            Exclusion::Avoided { because } => Self::OwnWork { officer, step: because },
        }
    }
}
