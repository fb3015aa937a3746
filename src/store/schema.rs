//! The newest schema, on both databases, and which programs may work on which.

use std::path::Path;

use super::{Result, StoreFault};

/// Its number; the last migration sets it, on SQLite as `user_version`.
pub(super) const SCHEMA: i64 = 22;
/// What the number of the oldest program's schema is multiplied by where a database says it.
const OLDEST: i64 = 1_000;

/// The schema of a database.
///
/// # Shape
/// It is said as one number: below 1000 the schema alone, on which no older program works; from there on the oldest
/// schema whose programs may still work on it, times 1000, and the schema. A migration that only adds what older
/// programs do not miss (a table, a column with a default, an index) names the schema before it so, and both
/// versions stand side by side during an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DatabaseSchema {
    pub(super) number: i64,
    oldest: i64,
}

impl DatabaseSchema {
    pub(super) const fn of(said: i64) -> Self {
        let number = said % OLDEST;
        Self { number, oldest: if said < OLDEST { number } else { said / OLDEST } }
    }

    /// Refuses a database that this program must not touch, or that only a writer may bring up to date.
    pub(super) fn refuse(self, path: &Path, reads_only: bool) -> Result<()> {
        let (path, found) = (path.to_owned(), self.number);
        if self.oldest > SCHEMA {
            return Err(StoreFault::Newer { path, found, known: SCHEMA });
        }
        if self.is_old() && reads_only {
            return Err(StoreFault::Older { path, found, known: SCHEMA });
        }
        Ok(())
    }

    /// Returns whether this program has to bring it up to date before it works on it.
    pub(super) const fn is_old(self) -> bool {
        self.number < SCHEMA
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_says_who_may_work_on_it() {
        let (next, schema) = (SCHEMA + 1, DatabaseSchema::of);
        let refusal = |schema: DatabaseSchema, reads_only| schema.refuse(Path::new("wubu.db"), reads_only);
        assert!(refusal(schema(SCHEMA), true).is_ok() && !schema(SCHEMA).is_old());
        for old in [SCHEMA - 1, (SCHEMA - 2) * OLDEST + SCHEMA - 1].map(schema) {
            assert!(old.is_old() && refusal(old, false).is_ok());
            assert!(matches!(refusal(old, true), Err(StoreFault::Older { .. })));
        }
        for new in [next, next * OLDEST + next].map(schema) {
            assert!(matches!(refusal(new, false), Err(StoreFault::Newer { .. })));
        }
        let added = schema(SCHEMA * OLDEST + next);
        assert!(refusal(added, true).is_ok() && !added.is_old() && added.number == next);
    }
}
