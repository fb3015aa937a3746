//! Candidates that did not become orders: one row when a reason begins, not one a day.

use crate::id::TriggerId;
use crate::time::Day;

use super::record::{read_all, record};
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Recording, Result, Tx};

record! {
    /// One candidate that did not become an order.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Skip in "skip" by "home, workflow, \"trigger\", subject, nominal, reason, on_day" {
        pub home: String,
        pub trigger: TriggerId = (TriggerId),
        pub subject: String,
        /// Nominal due date, or instant.
        pub nominal: String,
        pub reason: String,
        /// The day the reason began, or for a cap each day it held.
        pub on_day: Day,
    }
}

const OF_SUBJECT: Sql = sql!("skips.of_subject":
    "SELECT " (Skip) " FROM skip "
    "WHERE workflow = $1 AND \"trigger\" = $2 AND home = $3 AND subject = $4 ORDER BY on_day, nominal, reason");
const LIST: Sql = sql!("skips.list":
    "SELECT " (Skip) " FROM skip WHERE (" (Skip) ") > ($1, $2, $3, $4, $5, $6, $7) ORDER BY " (Skip) " LIMIT +$8");
const KNOWN: Sql = sql!("skips.known":
    "SELECT DISTINCT CAST(e.value->>7 AS BIGINT) FROM " rows " AS e CROSS JOIN skip AS s "
    "WHERE s.home = e.value->>0 AND s.workflow = e.value->>1 AND s.\"trigger\" = e.value->>2 "
    "AND s.subject = e.value->>3 AND s.nominal = e.value->>4 AND s.reason = e.value->>5 "
    "AND (CAST(e.value->>8 AS BIGINT) = 0 OR s.on_day = e.value->>6)");
const ADD: Bulk = bulk!("skips.add": insert Skip (keep Skip));

statements!(OF_SUBJECT, LIST, KNOWN; ADD);

/// How often the same reason under the same key is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipFrequency {
    /// Once, when it begins (rule 7).
    Once,
    /// Once a day (rule 8: a cap).
    Daily,
}

/// Records candidates whose reason is new; returns the positions of those that were.
pub async fn record_many(tx: &mut Tx, skips: &[Skip], often: SkipFrequency) -> Result<Vec<usize>> {
    if tx.recording() == Recording::Nothing {
        return Ok(Vec::new());
    }
    let keys = json_rows((0_i64..).zip(skips).map(|(at, skip)| (skip, at, often == SkipFrequency::Daily)));
    let known: Vec<i64> = read_all(tx, KNOWN, keys).await?;
    let mut is_new = vec![true; skips.len()];
    for at in known {
        if let Some(known) = usize::try_from(at).ok().and_then(|at| is_new.get_mut(at)) {
            *known = false;
        }
    }
    let new: Vec<usize> = (0..skips.len()).filter(|at| is_new[*at]).collect();
    let written: Vec<&Skip> = new.iter().map(|at| &skips[*at]).collect();
    tx.write_rows(&ADD, &written).await?;
    Ok(new)
}

/// Lists what is recorded of one subject under one trigger, oldest first.
pub async fn of_subject(
    at: &mut impl Reads,
    trigger: TriggerId<&str>,
    home: &str,
    subject: &str,
) -> Result<Vec<Skip>> {
    read_all(at, OF_SUBJECT, (trigger, home, subject)).await
}

/// Lists at most `limit` of all that is recorded, after one of them, in the order of keys.
pub async fn list(at: &mut impl Reads, after: Option<&Skip>, limit: i64) -> Result<Vec<Skip>> {
    match after {
        Some(after) => read_all(at, LIST, (after, limit)).await,
        None => read_all(at, LIST, ([""; 7], limit)).await,
    }
}
