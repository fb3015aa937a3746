//! The process that a database belongs to while it runs.

use crate::time::Stamp;

/// Who holds a database.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// Name of the machine.
    pub host: String,
    pub since: Stamp,
}
