//! The statements as the database is handed them, one by one.

use wubu::store::{Dialect, statements};

/// A statement without others beside it.
pub(super) struct StatementPart {
    /// `noun.verb`.
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// Lists what the database is asked, of each bulk statement the text for one row; what only opens and
/// ends transactions is left out.
pub(super) fn parts() -> Vec<StatementPart> {
    let mut all = statements(Dialect::Sqlite);
    // What writes many rows comes in several sizes, and marks its values with `?`.
    all.sort_by_key(|(name, text)| (*name, if text.contains('?') { text.len() } else { 0 }));
    all.dedup_by(|one, other| one.0 == other.0 && one.1.contains('?'));
    let parts = all.into_iter().flat_map(|(name, text)| text.split("; ").map(move |part| (name, part)));
    let asks = |text: &str| {
        !["PRAGMA", "BEGIN", "SAVEPOINT", "ROLLBACK", "RELEASE", "COMMIT"]
            .iter()
            .any(|word| text.starts_with(word))
    };
    parts.filter(|(_, text)| asks(text)).map(|(name, text)| StatementPart { name, text }).collect()
}

impl StatementPart {
    /// Asks the database how it finds what the statement asks for, one line a table.
    pub(super) fn plan(&self, connection: &rusqlite::Connection) -> Vec<String> {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", self.text)).expect("prepares");
        let nothing = vec![rusqlite::types::Value::Null; plan.parameter_count()];
        plan.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3))
            .expect("explains")
            .map(|line| line.expect("a line"))
            .filter(|line| line.starts_with("SEARCH") || line.starts_with("SCAN"))
            .filter(|line| !line.contains("VIRTUAL TABLE") && !line.contains("CONSTANT ROW"))
            .collect()
    }
}
