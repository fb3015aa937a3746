//! The lawful "no" to a person.

use super::exclusion::Exclusion;
use crate::diag::{Code, codes};
use crate::time::Day;

/// Why somebody may not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// The roster does not have them.
    Unknown {
        /// The id given.
        officer: String,
        /// An id that was probably meant; empty when none is near.
        nearest: String,
    },
    /// They are no longer in service.
    Left {
        /// Who.
        officer: String,
        /// Last day of service.
        on: Day,
    },
    /// They are on leave.
    OnLeave {
        /// Who.
        officer: String,
        /// Last day of the leave.
        to: Day,
    },
    /// They have no certificate, and the duty asks for one (S2).
    NoCertificate {
        /// Who.
        officer: String,
    },
    /// Their certificate has lapsed (S2).
    CertificateLapsed {
        /// Who.
        officer: String,
        /// Last day it was valid.
        until: Option<Day>,
    },
    /// They keep away from the subject (S8).
    Conflict {
        /// Who.
        officer: String,
        /// The paper that says so.
        document: String,
    },
    /// They did what is to be judged here (S1, S6).
    OwnWork {
        /// Who.
        officer: String,
        /// The step they did.
        step: String,
    },
    /// The duty is somebody else's.
    NotTheirs {
        /// Who.
        officer: String,
        /// Whose it is.
        assignees: Vec<String>,
    },
    /// They do not hold the role on the day (S12).
    WrongRole {
        /// Who.
        officer: String,
        /// The role asked for.
        role: String,
    },
    /// Somebody else has claimed it.
    Claimed {
        /// Who has.
        by: String,
    },
    /// Fewer people took part than the duty asks for (S2).
    TooFew {
        /// How many it asks for.
        needed: u32,
        /// How many different ones took part.
        present: u32,
    },
    /// One person was named twice (S2).
    SamePerson {
        /// Who.
        officer: String,
    },
    /// Only the principal in person may do it (S12).
    InPerson {
        /// The role asked for.
        role: String,
    },
    /// Authority that was handed on was handed on again (S13).
    HandedOnAgain {
        /// Who did.
        officer: String,
    },
    /// Days that run backwards.
    Backwards {
        /// First day.
        from: Day,
        /// Last day.
        to: Day,
    },
    /// Nothing in writing (S8, S13).
    NoDocument,
    /// Somebody stands in for, or hands on to, themselves.
    Oneself {
        /// Who.
        officer: String,
    },
    /// The recusal was not decided by whom the law names (S8).
    WrongDecider {
        /// Whose recusal.
        officer: String,
        /// Who decides: `head`, `principal` or `collective`.
        decider: &'static str,
    },
    /// The author of a change approves it (S3).
    OwnChange {
        /// Who.
        officer: String,
    },
    /// Nobody approves a change, and the bureau wants a second person (S3).
    NotApproved,
    /// The policy knows no such role or duty.
    NoSuchRole {
        /// The name given.
        role: String,
        /// A name that was probably meant; empty when none is near.
        nearest: String,
    },
    /// Whoever leaves has blanks in hand.
    BlanksInHand {
        /// Who.
        officer: String,
        /// How many.
        blanks: usize,
    },
}

impl PeopleRefusal {
    /// Makes the refusal of somebody who would have been passed over.
    pub(super) fn of(officer: &str, reason: Exclusion) -> Self {
        let officer = officer.to_owned();
        match reason {
            Exclusion::Unknown => Self::Unknown { officer, nearest: String::new() },
            Exclusion::Left { on } => Self::Left { officer, on },
            Exclusion::OnLeave { to, substitute: _ } => Self::OnLeave { officer, to },
            Exclusion::PostNotInForce { role } => Self::WrongRole { officer, role },
            Exclusion::NoCertificate => Self::NoCertificate { officer },
            Exclusion::CertificateLapsed { until } => Self::CertificateLapsed { officer, until },
            Exclusion::Conflict { document } => Self::Conflict { officer, document },
            Exclusion::Avoided { because } => Self::OwnWork { officer, step: because },
        }
    }

    /// Returns the code of its text.
    pub const fn code(&self) -> Code {
        match self {
            Self::Unknown { .. } => codes::PERSON_UNKNOWN,
            Self::Left { .. } => codes::OFFICER_LEFT,
            Self::OnLeave { .. } => codes::OFFICER_ON_LEAVE,
            Self::NoCertificate { .. } => codes::OFFICER_UNCERTIFIED,
            Self::CertificateLapsed { .. } => codes::CERTIFICATE_LAPSED,
            Self::Conflict { .. } => codes::OFFICER_RECUSED,
            Self::OwnWork { .. } => codes::OWN_WORK,
            Self::NotTheirs { .. } => codes::DUTY_NOT_THEIRS,
            Self::WrongRole { .. } => codes::ROLE_NOT_HELD,
            Self::Claimed { .. } => codes::DUTY_CLAIMED,
            Self::TooFew { .. } => codes::OFFICERS_TOO_FEW,
            Self::SamePerson { .. } => codes::OFFICER_TWICE,
            Self::InPerson { .. } => codes::PRINCIPAL_ONLY,
            Self::HandedOnAgain { .. } => codes::DELEGATED_AGAIN,
            Self::Backwards { .. } => codes::DAYS_BACKWARDS,
            Self::NoDocument => codes::DOCUMENT_WANTED,
            Self::Oneself { .. } => codes::OFFICER_ONESELF,
            Self::WrongDecider { .. } => codes::RECUSAL_DECIDER,
            Self::OwnChange { .. } => codes::OWN_CHANGE,
            Self::NotApproved => codes::APPROVAL_WANTED,
            Self::NoSuchRole { .. } => codes::POST_UNKNOWN,
            Self::BlanksInHand { .. } => codes::BLANKS_IN_HAND,
        }
    }

    /// Returns the words its text names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let one = |officer: &String| vec![("officer", officer.clone())];
        let near = |what: &'static str, word: &String, nearest: &String| {
            let near = if nearest.is_empty() { "no" } else { "yes" };
            vec![(what, word.clone()), ("near", near.to_owned()), ("nearest", nearest.clone())]
        };
        match self {
            Self::Unknown { officer, nearest } => near("officer", officer, nearest),
            Self::Left { officer, on } => vec![("officer", officer.clone()), ("on", on.to_string())],
            Self::OnLeave { officer, to } => vec![("officer", officer.clone()), ("to", to.to_string())],
            Self::CertificateLapsed { officer, until } => {
                let until = until.map_or_else(|| "–".to_owned(), |day| day.to_string());
                vec![("officer", officer.clone()), ("until", until)]
            }
            Self::Conflict { officer, document } => {
                vec![("officer", officer.clone()), ("document", document.clone())]
            }
            Self::OwnWork { officer, step } => vec![("officer", officer.clone()), ("step", step.clone())],
            Self::NotTheirs { officer, assignees } => {
                vec![("officer", officer.clone()), ("assignees", assignees.join("、"))]
            }
            Self::WrongRole { officer, role } => vec![("officer", officer.clone()), ("role", role.clone())],
            Self::Claimed { by } => vec![("officer", by.clone())],
            Self::TooFew { needed, present } => {
                vec![("needed", needed.to_string()), ("present", present.to_string())]
            }
            Self::InPerson { role } => vec![("role", role.clone())],
            Self::Backwards { from, to } => vec![("from", from.to_string()), ("to", to.to_string())],
            Self::NoDocument | Self::NotApproved => Vec::new(),
            Self::WrongDecider { officer, decider } => {
                vec![("officer", officer.clone()), ("decider", (*decider).to_owned())]
            }
            Self::NoSuchRole { role, nearest } => near("role", role, nearest),
            Self::BlanksInHand { officer, blanks } => {
                vec![("officer", officer.clone()), ("blanks", blanks.to_string())]
            }
            Self::NoCertificate { officer }
            | Self::SamePerson { officer }
            | Self::HandedOnAgain { officer }
            | Self::Oneself { officer }
            | Self::OwnChange { officer } => one(officer),
        }
    }
}
