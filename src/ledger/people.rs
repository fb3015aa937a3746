//! What entries say of people: one act about one officer each, or all that a file laid down.

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// What a file laid down about officers of one station.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonnelImport {
    /// Officers with the digests of their addresses.
    pub emails: Vec<(String, String)>,
    /// Digest of the file.
    pub file: String,
    /// Posts with their days.
    pub posts: Vec<LaidPost>,
}

/// One post that a file laid down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct LaidPost {
    pub officer: String,
    pub role: String,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub until: Option<String>,
}

/// What was laid down about an officer, or by a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeopleAct {
    /// Posts of officers, or where their notices go.
    #[serde(rename = "people.imported")]
    Imported(PersonnelImport),
    /// A post from a day to a day.
    #[serde(rename = "people.post")]
    Post {
        /// First day.
        from: Option<String>,
        officer: String,
        /// The role or duty.
        role: String,
        /// Last day.
        until: Option<String>,
    },
    /// A leave.
    #[serde(rename = "people.leave")]
    Leave {
        /// First day.
        from: String,
        officer: String,
        /// Who stands in.
        substitute: Option<String>,
        /// Last day.
        to: String,
    },
    /// The last day of service.
    #[serde(rename = "people.left")]
    Left { officer: String, on: String },
    /// Authority handed on in writing.
    #[serde(rename = "people.delegated")]
    Delegated {
        document: String,
        /// First day.
        from: String,
        officer: String,
        /// A workflow, or `*`.
        scope: String,
        to: String,
        /// Last day.
        until: String,
    },
    /// A recusal.
    #[serde(rename = "people.recused")]
    Recused {
        /// Who decided it; empty for collective discussion.
        decided_by: String,
        document: String,
        officer: String,
        /// From whom.
        subject: String,
    },
    /// Where notices go. The address is personal; only its digest stands here.
    #[serde(rename = "people.email")]
    Email {
        /// Digest of the address.
        digest: String,
        officer: String,
    },
}
