//! The newest schema, on both databases, and which programs may work on which.

/// Its number; the last migration sets it, on SQLite as `user_version`.
pub(super) const SCHEMA: i64 = 20;
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

    /// Returns whether this program must not touch it.
    pub(super) const fn is_too_new(self) -> bool {
        self.oldest > SCHEMA
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
        let next = SCHEMA + 1;
        let schema = DatabaseSchema::of;
        assert!(!schema(SCHEMA).is_too_new() && !schema(SCHEMA).is_old());
        assert!(schema(SCHEMA - 1).is_old() && schema((SCHEMA - 2) * OLDEST + SCHEMA - 1).is_old());
        assert!(schema(next).is_too_new() && schema(next * OLDEST + next).is_too_new());
        let added = schema(SCHEMA * OLDEST + next);
        assert!(!added.is_too_new() && !added.is_old() && added.number == next);
    }
}
