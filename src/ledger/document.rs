//! What entries say of documents and blanks.

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// One act on documents or blanks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentBody {
    /// Documents were made.
    #[serde(rename = "document.made")]
    Made {
        #[serde(rename = "rows")]
        documents: Vec<MadeDocument>,
    },
    /// Things were done with documents of one station.
    #[serde(rename = "document.changed_many")]
    ChangedMany {
        #[serde(rename = "rows")]
        changes: Vec<DocumentChange>,
    },
    /// Something was done with one document; entries of the first format say it so.
    #[serde(rename = "document.changed")]
    Changed(ChangedDocument),
    /// Blanks were issued to a station.
    #[serde(rename = "document.blanks_issued")]
    Issued {
        /// First number.
        first: i64,
        /// Kind of document.
        kind: String,
        /// Last number.
        last: i64,
        year: i64,
    },
    /// A blank went to another place.
    #[serde(rename = "document.blank_moved")]
    Blank(MovedBlank),
    /// A month was closed.
    #[serde(rename = "document.month_closed")]
    Closed {
        month: String,
        #[serde(rename = "rows")]
        books: Vec<KindBook>,
    },
    /// A month could not be closed, and somebody was told.
    #[serde(rename = "document.month_not_closed")]
    NotClosed {
        /// Code of the refusal.
        code: String,
        month: String,
    },
}

/// One document that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct MadeDocument {
    /// Running number of its order.
    pub seq: i64,
    /// Its place there.
    pub ordinal: i64,
    pub kind: String,
    /// State it was made in.
    pub state: String,
    /// Official number, when it has one already.
    pub number: Option<String>,
    /// The blank it is written on.
    pub control: Option<String>,
    /// The served document it replaces.
    pub replaces: Option<i64>,
}

/// What was done with one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedDocument {
    /// What was done.
    pub act: String,
    /// What belongs to the act: how, when and to whom it was served, who signed besides.
    pub detail: Vec<(String, String)>,
    /// Official number, when it got one.
    pub number: Option<String>,
    /// Its place in its order.
    pub ordinal: i64,
    /// Running number of its order.
    pub seq: i64,
    /// State it has now.
    pub state: String,
}

/// One row of what was done with documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct DocumentChange {
    /// Running number of its order.
    pub seq: i64,
    /// Its place there.
    pub ordinal: i64,
    /// What was done.
    pub act: String,
    /// State it has now.
    pub state: String,
    /// Official number, when it got one.
    pub number: Option<String>,
    /// What belongs to the act: how, when and to whom it was served, who signed besides.
    pub detail: Vec<(String, String)>,
}

/// Where one blank went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedBlank {
    /// What was done.
    pub act: String,
    /// Its number.
    pub control: String,
    /// What belongs to the act: to whom, with whom, why, whether the original was kept.
    pub detail: Vec<(String, String)>,
    /// State it has now.
    pub state: String,
}

/// How many blanks of one kind are where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct KindBook {
    pub kind: String,
    pub issued: i64,
    pub in_stock: i64,
    pub signed_out: i64,
    pub in_use: i64,
    pub filed: i64,
    pub voided: i64,
    pub lost: i64,
}
