//! Why somebody was passed over.

use strum::IntoStaticStr;

use crate::time::Day;

/// Why somebody who might do a duty was passed over. Its names stand in records.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Exclusion {
    /// The grid or the order names somebody the roster does not have.
    Unknown,
    /// No longer in service.
    Left {
        /// Last day of service.
        on: Day,
    },
    /// On leave.
    #[strum(serialize = "leave")]
    OnLeave {
        /// Last day of the leave.
        to: Day,
        /// Who stands in.
        substitute: Option<String>,
    },
    /// The post has not begun, or is over.
    #[strum(serialize = "post")]
    PostNotInForce {
        /// The role or duty.
        role: String,
    },
    /// No certificate.
    #[strum(serialize = "uncertified")]
    NoCertificate,
    /// The certificate has lapsed, or nobody wrote down until when it is valid.
    #[strum(serialize = "lapsed")]
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
    /// Returns the id of its text.
    pub fn text_id(&self) -> String {
        format!("exclusion-{}", self.into_str())
    }

    /// Returns the words its text names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let maybe = |day: &Option<Day>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        match self {
            Self::Unknown | Self::NoCertificate => Vec::new(),
            Self::Left { on } => vec![("on", on.to_string())],
            Self::OnLeave { to, substitute } => vec![
                ("to", to.to_string()),
                ("replaced", if substitute.is_some() { "yes" } else { "no" }.to_owned()),
                ("substitute", substitute.clone().unwrap_or_else(|| "–".to_owned())),
            ],
            Self::PostNotInForce { role } => vec![("role", role.clone())],
            Self::CertificateLapsed { until } => vec![("until", maybe(until))],
            Self::Conflict { document } => vec![("document", document.clone())],
            Self::Avoided { because } => vec![("because", because.clone())],
        }
    }
}
