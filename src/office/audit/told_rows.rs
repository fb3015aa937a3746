//! Rows of tables as the ledger tells them, compared with those there are.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::ledger::composed;
use crate::office::audit::findings::VerifyReport;
use crate::time::Stamp;

/// One row: where it stands, and a digest that stands for what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToldRow {
    table: &'static str,
    key: String,
    content: Digest,
}

impl ToldRow {
    /// Names a row by the columns of its key, and its content by the others; what is missing is unlike what is
    /// empty. Texts are composed, as entries have them.
    pub(crate) fn new(table: &'static str, key: &[&str], columns: &[Option<&str>]) -> Self {
        // NUL stands in no text of ours, so it is nobody's content.
        let parts: Vec<_> = columns.iter().map(|column| composed(column.unwrap_or("\0"))).collect();
        let content = Digest::of_parts("wubu-told", parts.iter().map(|part| part.as_bytes()));
        Self { table, key: composed(&key.join("/")).into_owned(), content }
    }
}

/// What the ledger says of tables that are small enough to be held.
#[derive(Default)]
pub(crate) struct ToldRows(BTreeMap<(&'static str, String), (Stamp, Digest)>);

impl ToldRows {
    /// Takes in what an entry says of a row; the newest counts, whichever chain it stands in.
    pub(crate) fn hear(&mut self, row: ToldRow, at: Stamp) {
        let ToldRow { table, key, content } = row;
        let told = self.0.entry((table, key)).or_insert((at, content));
        if told.0 <= at {
            *told = (at, content);
        }
    }

    /// Forgets a row that an entry took away.
    pub(crate) fn forget(&mut self, table: &'static str, key: String) {
        self.0.remove(&(table, key));
    }

    /// Compares a row that is there.
    pub(crate) fn find(&mut self, row: ToldRow, done: &mut VerifyReport) {
        let ToldRow { table, key, content } = row;
        let is_told = self.0.remove(&(table, key.clone())).is_some_and(|(_, told)| told == content);
        if !is_told {
            unlike(table, key, done);
        }
    }

    /// Names the rows that are told and were not found.
    pub(crate) fn finish(self, done: &mut VerifyReport) {
        for ((table, key), _) in self.0 {
            unlike(table, key, done);
        }
    }
}

/// Notes a row that is not what the ledger says.
pub(crate) fn unlike(table: &'static str, row: String, done: &mut VerifyReport) {
    done.find("V011", vec![("table", table.to_owned()), ("row", row)]);
}
