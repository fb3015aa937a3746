//! Why somebody was passed over.

use crate::time::Day;

/// Why somebody who might do a duty was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// The grid or the order names somebody the roster does not have.
    Unknown,
    /// No longer in service.
    Left {
        /// Last day of service.
        on: Day,
    },
    /// On leave.
    OnLeave {
        /// Last day of the leave.
        to: Day,
        /// Who stands in.
        substitute: Option<String>,
    },
    /// The post has not begun, or is over.
    PostNotInForce {
        /// The role or duty.
        role: String,
    },
    /// No certificate.
    NoCertificate,
    /// The certificate has lapsed, or nobody wrote down until when it is valid.
    CertificateLapsed {
        /// Last day it was valid.
        until: Option<Day>,
    },
    /// Keeps away from the subject.
    Conflict {
        /// The paper that says so.
        document: String,
    },
    /// Did something that the same person must not judge.
    Avoided {
        /// What: the id of a step.
        because: String,
    },
}

impl Exclusion {
    /// Returns the stable name, kept on the record.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Left { .. } => "left",
            Self::OnLeave { .. } => "leave",
            Self::PostNotInForce { .. } => "post",
            Self::NoCertificate => "uncertified",
            Self::CertificateLapsed { .. } => "lapsed",
            Self::Conflict { .. } => "conflict",
            Self::Avoided { .. } => "avoided",
        }
    }

    /// Returns the id of its text.
    pub fn text_id(&self) -> String {
        format!("exclusion-{}", self.name())
    }

    /// Returns the words its text names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let maybe = |day: &Option<Day>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        match self {
            Self::Unknown | Self::NoCertificate => Vec::new(),
            Self::Left { on } => vec![("on", on.to_string())],
            Self::OnLeave { to, substitute } => vec![
                ("to", to.to_string()),
                ("substitute", substitute.clone().unwrap_or_else(|| "–".to_owned())),
            ],
            Self::PostNotInForce { role } => vec![("role", role.clone())],
            Self::CertificateLapsed { until } => vec![("until", maybe(until))],
            Self::Conflict { document } => vec![("document", document.clone())],
            Self::Avoided { because } => vec![("because", because.clone())],
        }
    }
}
