//! Open duties by officer: what each has to do.

use crate::engine::{Key, Order};
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

/// One officer's part in one visit of a step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// The officer.
    pub officer: String,
    /// Home station of the order.
    pub home: String,
    /// Running number of the order.
    pub seq: i64,
    /// The step.
    pub step: String,
    /// Which visit of it.
    pub visit: i64,
}

const ADD: Bulk = bulk!("duties.add":
    "INSERT INTO duty (officer, home, seq, step, visit, since) VALUES ", "(?,?,?,?,?,?)",
    " ON CONFLICT (officer, home, seq, step, visit) DO NOTHING");
const REMOVE: Sql = sql!("duties.remove":
    "DELETE FROM duty WHERE (officer, home, seq, step, visit) IN "
    "(SELECT e.value->>0, e.value->>1, CAST(e.value->>2 AS BIGINT), e.value->>3, CAST(e.value->>4 AS BIGINT) "
    "FROM " rows " AS e)");
const OF_OFFICERS: Sql = sql!("duties.of_officers":
    "SELECT d.officer, d.home, d.seq, d.step, d.visit FROM " rows " AS e CROSS JOIN duty AS d "
    "WHERE d.officer = e.value->>0 ORDER BY d.officer, d.home, d.seq, d.step, d.visit");

const OF_HOME: Sql = sql!("duties.of_home":
    "SELECT officer, home, seq, step, visit FROM duty WHERE home = $1 ORDER BY officer, seq, step, visit");

pub(super) const ALL: &[Sql] = &[REMOVE, OF_OFFICERS, OF_HOME];
pub(super) const BULK: &[Bulk] = &[ADD];

/// Returns the duties people have on an order.
pub fn of_order((home, seq): &Key, order: &Order) -> Vec<Duty> {
    let mut out = Vec::new();
    for place in order.state.places() {
        for officer in place.duty().map(|duty| duty.assignees.as_slice()).unwrap_or_default() {
            out.push(Duty {
                officer: officer.clone(),
                home: home.clone(),
                seq: *seq,
                step: place.step.clone(),
                visit: i64::from(place.visit),
            });
        }
    }
    out
}

/// Writes duties with the moment each was given.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_many(tx: &mut Tx, duties: &[(Duty, Stamp)]) -> Result<(), Fault> {
    let bind = |args: &mut Args, (duty, since): &(Duty, Stamp)| {
        args.text(&duty.officer);
        args.text(&duty.home);
        args.int(duty.seq);
        args.text(&duty.step);
        args.int(duty.visit);
        args.stamp(*since);
    };
    tx.write_many(&ADD, duties, bind, |_| {}).await.map(|_| ())
}

/// Takes duties away.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn remove_many(tx: &mut Tx, duties: &[Duty]) -> Result<(), Fault> {
    if duties.is_empty() {
        return Ok(());
    }
    let keys = json_rows(duties.iter().map(|duty| {
        let Duty { officer, home, seq, step, visit } = duty;
        [officer.clone(), home.clone(), seq.to_string(), step.clone(), visit.to_string()]
    }));
    tx.run(REMOVE, args!(text & keys)).await.map(|_| ())
}

/// Lists the open duties of some officers.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_officers(at: &mut impl Reads, officers: &[&str]) -> Result<Vec<Duty>, Fault> {
    let keys = json_rows(officers.iter().map(|officer| [*officer]));
    rows(at, OF_OFFICERS, args!(text & keys)).await?.iter().map(read).collect()
}

/// Lists the open duties on a home's orders.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_home(at: &mut impl Reads, home: &str) -> Result<Vec<Duty>, Fault> {
    rows(at, OF_HOME, args!(text home)).await?.iter().map(read).collect()
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Duty, Fault> {
    let mut columns = Columns::of(row, "duty");
    Ok(Duty {
        officer: columns.next()?,
        home: columns.next()?,
        seq: columns.next()?,
        step: columns.next()?,
        visit: columns.next()?,
    })
}
