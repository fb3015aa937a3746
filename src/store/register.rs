//! What all kinds of imported rows share: counting, and how a row's content is named.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::people::Post;
use crate::register::Status;
use crate::time::Day;

use super::args::{Bind, ValueSink};

/// How many rows of an import did what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// New rows.
    pub added: u64,
    /// Rows whose content changed.
    pub changed: u64,
    /// Rows that were there as they are.
    pub unchanged: u64,
}

impl ImportCounts {
    /// Adds other counts.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }

    /// Counts one row by the digest it had, if it was there, and the one it has.
    pub(super) fn count(&mut self, before: Option<Digest>, after: Digest) -> RowChange {
        match before {
            None => {
                self.added += 1;
                RowChange::Written
            }
            Some(before) if before == after => {
                self.unchanged += 1;
                RowChange::Same
            }
            Some(_) => {
                self.changed += 1;
                RowChange::Written
            }
        }
    }
}

/// Whether a row has to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowChange {
    /// It is new or changed.
    Written,
    /// It is there as it is.
    Same,
}

/// A change of a subject that open orders may have to hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectNews {
    pub subject: String,
    /// What changed.
    pub what: SubjectChange,
}

/// What changed of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectChange {
    /// Its status, from that day.
    Status(Day, Status),
    /// Where it belongs.
    Place {
        /// Station that supervises it now.
        station: String,
        /// Its grid now.
        grid: Option<String>,
    },
}

/// What rows of an import lay down about an officer besides the list: dated posts, and where notices go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerImport {
    pub officer: String,
    /// The officer's station.
    pub station: Option<String>,
    /// Posts with their days.
    pub posts: Vec<Post>,
    /// Address of mail.
    pub email: Option<String>,
}

/// What an import of a batch did.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ImportResult {
    /// By home station.
    pub homes: BTreeMap<String, ImportCounts>,
    /// What changed of subjects that open orders may have to hear of.
    pub news: Vec<SubjectNews>,
    /// What was laid down about officers that was not there before.
    pub laid: Vec<OfficerImport>,
    /// Positions of rows that name a subject nobody knows, or lack what a new one needs; nothing was written for
    /// them.
    pub unknown: Vec<usize>,
}

impl ImportResult {
    /// Returns the counts over all stations.
    pub fn total(&self) -> ImportCounts {
        let mut total = ImportCounts::default();
        self.homes.values().for_each(|counts| total.add(*counts));
        total
    }

    /// Adds what another batch did, except its unknown rows, whose positions are its own.
    pub fn add(&mut self, other: &Self) {
        for (home, counts) in &other.homes {
            self.homes.entry(home.clone()).or_default().add(*counts);
        }
    }
}

/// Names the content of a row: every column, in order, a missing one unlike an empty one.
pub(super) fn content<'a>(table: &str, columns: impl IntoIterator<Item = Option<&'a str>>) -> Digest {
    // NUL cannot stand in a text of the register, so it is nobody's content.
    let parts = columns.into_iter().map(|column| column.map_or(b"\0".as_slice(), str::as_bytes));
    Digest::of_parts(table, parts)
}

/// Names the content of a row: all its columns, as they are bound.
pub(super) fn content_of<R: Bind>(table: &str, row: &R) -> Digest {
    let mut texts = ContentParts(Vec::with_capacity(R::WIDTH));
    row.bind(&mut texts);
    content(&format!("wubu-{table}"), texts.0.iter().map(Option::as_deref))
}

/// The columns of a row as texts.
struct ContentParts(Vec<Option<String>>);

impl ValueSink for ContentParts {
    fn text(&mut self, text: &str) {
        self.0.push(Some(text.to_owned()));
    }

    fn int(&mut self, number: i64) {
        self.0.push(Some(number.to_string()));
    }

    fn nothing(&mut self) {
        self.0.push(None);
    }
}
