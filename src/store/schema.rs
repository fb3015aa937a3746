//! The newest schema, on both databases.

/// Its number; the last migration sets it, on SQLite as `user_version`.
pub(super) const SCHEMA: i64 = 20;
