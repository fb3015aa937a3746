//! Candidates that did not become orders: one row when a reason begins, not one a day.

use crate::time::Day;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

/// One candidate that did not become an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// Home station.
    pub home: String,
    /// Workflow.
    pub workflow: String,
    /// Trigger.
    pub trigger: String,
    /// Subject.
    pub subject: String,
    /// Nominal due date, or instant.
    pub nominal: String,
    /// Why.
    pub reason: String,
    /// The day the reason began, or for a cap each day it held.
    pub on_day: Day,
}

const OF_SUBJECT: Sql = sql!("skips.of_subject":
    "SELECT home, workflow, \"trigger\", subject, nominal, reason, on_day FROM skip "
    "WHERE home = $1 AND workflow = $2 AND \"trigger\" = $3 AND subject = $4 ORDER BY on_day, nominal, reason");
const LIST: Sql = sql!("skips.list":
    "SELECT home, workflow, \"trigger\", subject, nominal, reason, on_day FROM skip "
    "WHERE (home, workflow, \"trigger\", subject, nominal, reason, on_day) > ($1, $2, $3, $4, $5, $6, $7) "
    "ORDER BY home, workflow, \"trigger\", subject, nominal, reason, on_day LIMIT $8");
const KNOWN: Sql = sql!("skips.known":
    "SELECT DISTINCT CAST(e.value->>0 AS BIGINT) FROM " rows " AS e CROSS JOIN skip AS s "
    "WHERE s.home = e.value->>1 AND s.workflow = e.value->>2 AND s.\"trigger\" = e.value->>3 "
    "AND s.subject = e.value->>4 AND s.nominal = e.value->>5 AND s.reason = e.value->>6 "
    "AND (e.value->>7 = '' OR s.on_day = e.value->>7)");
const ADD: Bulk = bulk!("skips.add":
    "INSERT INTO skip (home, workflow, \"trigger\", subject, nominal, reason, on_day) VALUES ",
    "(?,?,?,?,?,?,?)", " ON CONFLICT (home, workflow, \"trigger\", subject, nominal, reason, on_day) DO NOTHING");

pub(super) const ALL: &[Sql] = &[OF_SUBJECT, LIST, KNOWN];
pub(super) const BULK: &[Bulk] = &[ADD];

/// How often the same reason under the same key is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Once, when it begins (rule 7).
    Once,
    /// Once a day (rule 8: a cap).
    Daily,
}

/// Records candidates whose reason is new; returns the positions of those that were.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn record_many(tx: &mut Tx, skips: &[Skip], often: Recorded) -> Result<Vec<usize>, Fault> {
    let keys = json_rows(skips.iter().enumerate().map(|(at, s)| {
        let day = match often {
            Recorded::Once => String::new(),
            Recorded::Daily => s.on_day.to_string(),
        };
        let Skip { home, workflow, trigger, subject, nominal, reason, on_day: _ } = s;
        let [home, workflow, trigger] = [home, workflow, trigger].map(String::clone);
        let [subject, nominal, reason] = [subject, nominal, reason].map(String::clone);
        [at.to_string(), home, workflow, trigger, subject, nominal, reason, day]
    }));
    let mut is_new = vec![true; skips.len()];
    for found in rows(tx, KNOWN, args!(text & keys)).await? {
        let at: i64 = Columns::of(&found, "skip").next()?;
        if let Some(known) = usize::try_from(at).ok().and_then(|at| is_new.get_mut(at)) {
            *known = false;
        }
    }
    let new: Vec<usize> = (0..skips.len()).filter(|at| is_new[*at]).collect();
    let bind = |args: &mut Args, at: &usize| {
        let skip = &skips[*at];
        args.text(&skip.home);
        args.text(&skip.workflow);
        args.text(&skip.trigger);
        args.text(&skip.subject);
        args.text(&skip.nominal);
        args.text(&skip.reason);
        args.day(skip.on_day);
    };
    tx.write_many(&ADD, &new, bind, |_| {}).await?;
    Ok(new)
}

/// Lists what is recorded of one subject under one trigger, oldest first.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_subject(
    at: &mut impl Reads,
    (workflow, trigger): (&str, &str),
    home: &str,
    subject: &str,
) -> Result<Vec<Skip>, Fault> {
    let args = args!(text home, text workflow, text trigger, text subject);
    rows(at, OF_SUBJECT, args).await?.iter().map(read).collect()
}

/// Lists at most `limit` of all that is recorded, after one of them, in the order of keys.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads, after: Option<&Skip>, limit: i64) -> Result<Vec<Skip>, Fault> {
    let of = |part: fn(&Skip) -> &String| after.map_or("", |after| part(after));
    let on_day = after.map(|after| after.on_day.to_string()).unwrap_or_default();
    let args = args!(
        text of(|s| &s.home), text of(|s| &s.workflow), text of(|s| &s.trigger), text of(|s| &s.subject),
        text of(|s| &s.nominal), text of(|s| &s.reason), text & on_day, int limit,
    );
    rows(at, LIST, args).await?.iter().map(read).collect()
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Skip, Fault> {
    let mut columns = Columns::of(row, "skip");
    Ok(Skip {
        home: columns.next()?,
        workflow: columns.next()?,
        trigger: columns.next()?,
        subject: columns.next()?,
        nominal: columns.next()?,
        reason: columns.next()?,
        on_day: columns.parsed()?,
    })
}
