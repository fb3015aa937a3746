//! Numbered blanks: each one's place now, the places it has been, and the books of a month.

use std::collections::{BTreeMap, BTreeSet};

use crate::documents::{Blank, BlankState, Control, Counts, DocumentKey, Line};
use crate::engine::Key;
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, json_rows, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// A stored blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The blank.
    pub blank: Blank,
    /// The order it was signed out for, when one was named.
    pub order: Option<(String, i64)>,
    /// How often it has moved; every write names it.
    pub moves: i64,
}

/// Which blanks are listed; what is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    /// Kind.
    pub kind: Option<String>,
    /// Station.
    pub station: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Who has it in hand.
    pub officer: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
}

macro_rules! columns {
    ($name:literal: $rest:literal) => {
        sql!($name:
            "SELECT kind, year, n, station, state, keeper, officer, home, seq, ordinal, original, moves FROM blank "
            $rest)
    };
}

const LIST: Sql = columns!("blanks.list":
    "WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR station = $2) AND ($3 IS NULL OR state = $3) \
     AND ($4 IS NULL OR (officer = $4 AND state IN ('signed_out', 'in_use'))) \
     ORDER BY kind, year, n LIMIT $5");
const FIND: Sql = columns!("blanks.find": "WHERE kind = $1 AND year = $2 AND n = $3");
const LOWEST: Sql = columns!("blanks.lowest":
    "WHERE station = $1 AND kind = $2 AND state = 'in_stock' ORDER BY year, n LIMIT 1");
const OF_ORDER: Sql = columns!("blanks.of_order": "WHERE home = $1 AND seq = $2 ORDER BY kind, year, n");
const SIGNED_OUT: Sql = sql!("blanks.signed_out":
    "SELECT b.kind, b.year, b.n, b.station, b.state, b.keeper, b.officer, b.home, b.seq, b.ordinal, b.original, "
    "b.moves FROM " rows " AS e CROSS JOIN blank AS b WHERE b.home = e.value->>0 "
    "AND b.seq = CAST(e.value->>1 AS BIGINT) AND b.state = 'signed_out' ORDER BY b.kind, b.year, b.n");
const CHANGE: Sql = sql!("blanks.change":
    "UPDATE blank SET state = $5, keeper = $6, officer = $7, home = $8, seq = $9, ordinal = $10, original = $11, "
    "moves = moves + 1 WHERE kind = $1 AND year = $2 AND n = $3 AND moves = $4");
const ADD_ISSUE: Sql = sql!("blanks.add_issue":
    "INSERT INTO blank_issue (kind, year, first, last, station, at, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)");
const ISSUED: Sql = sql!("blanks.issued":
    "SELECT station, kind, CAST(SUM(last - first + 1) AS BIGINT) FROM blank_issue "
    "WHERE ($1 IS NULL OR station = $1) AND at <= $2 GROUP BY station, kind ORDER BY station, kind");
const PLACES: Sql = sql!("blanks.places":
    "SELECT b.station, b.kind, m.state, COUNT(*) FROM blank AS b JOIN blank_move AS m "
    "ON m.kind = b.kind AND m.year = b.year AND m.n = b.n "
    "WHERE ($1 IS NULL OR b.station = $1) AND m.place = (SELECT MAX(l.place) FROM blank_move AS l "
    "WHERE l.kind = b.kind AND l.year = b.year AND l.n = b.n AND l.at <= $2) "
    "GROUP BY b.station, b.kind, m.state ORDER BY b.station, b.kind, m.state");
// An original handed in after the month counts: what is asked is whether it is there now.
const MISSING: Sql = sql!("blanks.missing":
    "SELECT b.station, b.kind, b.year, b.n FROM blank AS b JOIN blank_move AS m "
    "ON m.kind = b.kind AND m.year = b.year AND m.n = b.n "
    "WHERE ($1 IS NULL OR b.station = $1) AND b.state = 'voided' AND b.original = 0 "
    "AND m.place = (SELECT MAX(l.place) FROM blank_move AS l "
    "WHERE l.kind = b.kind AND l.year = b.year AND l.n = b.n AND l.at <= $2) AND m.state = 'voided' "
    "ORDER BY b.station, b.kind, b.year, b.n");
const SERIES: Sql = sql!("blanks.series":
    "SELECT kind, year, COUNT(*), MIN(n), MAX(n) FROM blank GROUP BY kind, year ORDER BY kind, year");
const ASTRAY: Sql = sql!("blanks.astray":
    "SELECT b.kind, b.year, b.n FROM blank AS b LEFT JOIN blank_move AS m "
    "ON m.kind = b.kind AND m.year = b.year AND m.n = b.n AND m.place = b.moves "
    "WHERE m.state IS NULL OR m.state <> b.state ORDER BY b.kind, b.year, b.n");
const CLOSED: Sql = sql!("blanks.closed": "SELECT at FROM blank_close WHERE station = $1 AND month = $2");
const CLOSE: Sql = sql!("blanks.close":
    "INSERT INTO blank_close (station, month, at, actor, books) VALUES ($1, $2, $3, $4, $5)");
const ADD: Bulk = bulk!("blanks.add":
    "INSERT INTO blank (kind, year, n, station, state, keeper, officer, home, seq, ordinal, original, moves) VALUES ",
    "(?,?,?,?,'in_stock',NULL,NULL,NULL,NULL,NULL,NULL,1)", "");
const MOVE: Bulk = bulk!("blanks.move":
    "INSERT INTO blank_move (kind, year, n, place, at, state, original) VALUES ",
    "(?,?,?,?,?,?,?)", "");

pub(super) const ALL: &[Sql] = &[
    LIST, FIND, LOWEST, OF_ORDER, SIGNED_OUT, CHANGE, ADD_ISSUE, ISSUED, PLACES, MISSING, SERIES, ASTRAY,
    CLOSED, CLOSE,
];
pub(super) const BULK: &[Bulk] = &[ADD, MOVE];

/// Writes blanks that were issued together, from the lowest number to the highest.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn add_issue(tx: &mut Tx, issued: &[Blank], actor: &str, at: Stamp) -> Result<(), Fault> {
    let (Some(first), Some(last)) = (issued.first(), issued.last()) else { return Ok(()) };
    let Control { kind, year, n } = &first.control;
    let args = args!(
        text kind, int i64::from(*year), int *n, int last.control.n, text &first.station, stamp at, text actor,
    );
    tx.run(ADD_ISSUE, args).await?;
    let bind = |args: &mut Args, blank: &Blank| {
        bind_control(args, &blank.control);
        args.text(&blank.station);
    };
    tx.write_many(&ADD, issued, bind, |_| {}).await?;
    let moves: Vec<(&Blank, i64)> = issued.iter().map(|blank| (blank, 1)).collect();
    note_moves(tx, &moves, at).await
}

/// Writes where a blank is after an act; returns whether it was still where it was read.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn change(tx: &mut Tx, found: &Found, at: Stamp) -> Result<bool, Fault> {
    let Found { blank, order, moves } = found;
    let (keeper, officer, document) = match &blank.state {
        BlankState::SignedOut { keeper, officer } => (Some(keeper), Some(officer), None),
        BlankState::InUse { officer, document } => (None, Some(officer), Some(document)),
        BlankState::Filed { document } => (None, None, Some(document)),
        BlankState::InStock | BlankState::Voided { .. } | BlankState::Lost => (None, None, None),
    };
    let mut args = Args::default();
    bind_control(&mut args, &blank.control);
    args.int(*moves);
    args.text(blank.state.name());
    args.maybe(keeper.map(String::as_str));
    args.maybe(officer.map(String::as_str));
    let order = document.map(|document| (document.home.clone(), document.seq)).or_else(|| order.clone());
    args.maybe(order.as_ref().map(|(home, _)| home.as_str()));
    args.maybe_int(order.as_ref().map(|(_, seq)| *seq));
    args.maybe_int(document.map(|document| document.ordinal));
    args.maybe_int(original(&blank.state));
    if tx.run(CHANGE, args).await? != 1 {
        return Ok(false);
    }
    note_moves(tx, &[(blank, moves + 1)], at).await.map(|()| true)
}

async fn note_moves(tx: &mut Tx, moves: &[(&Blank, i64)], at: Stamp) -> Result<(), Fault> {
    let bind = |args: &mut Args, (blank, place): &(&Blank, i64)| {
        bind_control(args, &blank.control);
        args.int(*place);
        args.stamp(at);
        args.text(blank.state.name());
        args.maybe_int(original(&blank.state));
    };
    tx.write_many(&MOVE, moves, bind, |_| {}).await.map(|_| ())
}

fn original(state: &BlankState) -> Option<i64> {
    match state {
        BlankState::Voided { has_original } => Some(i64::from(*has_original)),
        BlankState::InStock
        | BlankState::SignedOut { .. }
        | BlankState::InUse { .. }
        | BlankState::Filed { .. }
        | BlankState::Lost => None,
    }
}

fn bind_control(args: &mut Args, control: &Control) {
    args.text(&control.kind);
    args.int(i64::from(control.year));
    args.int(control.n);
}

/// Lists blanks by number.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads, filter: &Filter) -> Result<Vec<Found>, Fault> {
    let Filter { kind, station, state, officer, limit } = filter;
    let args = args!(
        maybe kind.as_deref(), maybe station.as_deref(), maybe state.as_deref(), maybe officer.as_deref(),
        int limit.unwrap_or(i64::MAX),
    );
    rows(at, LIST, args).await?.iter().map(read).collect()
}

/// Finds one blank.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn find(at: &mut impl Reads, control: &Control) -> Result<Option<Found>, Fault> {
    let mut args = Args::default();
    bind_control(&mut args, control);
    row(at, FIND, args).await?.as_ref().map(read).transpose()
}

/// Finds the blank with the lowest number in a station's stock.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn lowest(at: &mut impl Reads, station: &str, kind: &str) -> Result<Option<Found>, Fault> {
    row(at, LOWEST, args!(text station, text kind)).await?.as_ref().map(read).transpose()
}

/// Lists the blanks signed out for an order or used in it.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn of_order(at: &mut impl Reads, home: &str, seq: i64) -> Result<Vec<Found>, Fault> {
    rows(at, OF_ORDER, args!(text home, int seq)).await?.iter().map(read).collect()
}

/// Lists the blanks signed out for orders and not used or returned.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn signed_out_of(at: &mut impl Reads, orders: &BTreeSet<&Key>) -> Result<Vec<Found>, Fault> {
    let keys = json_rows(orders.iter().map(|(home, seq)| [home.clone(), seq.to_string()]));
    rows(at, SIGNED_OUT, args!(text & keys)).await?.iter().map(read).collect()
}

/// Draws up the books as of a moment, by station and kind.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn books(
    at: &mut impl Reads,
    station: Option<&str>,
    until: Stamp,
) -> Result<BTreeMap<String, Vec<Line>>, Fault> {
    let mut lines = Lines::new();
    for found in rows(at, ISSUED, args!(maybe station, stamp until)).await? {
        let mut columns = Columns::of(&found, "blank_issue");
        let (station, kind) = (columns.next()?, columns.next()?);
        line(&mut lines, station, kind).counts.issued = columns.next()?;
    }
    for found in rows(at, PLACES, args!(maybe station, stamp until)).await? {
        let mut columns = Columns::of(&found, "blank");
        let (station, kind, state): (_, _, &str) = (columns.next()?, columns.next()?, columns.next()?);
        let counts = &mut line(&mut lines, station, kind).counts;
        let place = match state {
            "in_stock" => &mut counts.in_stock,
            "signed_out" => &mut counts.signed_out,
            "in_use" => &mut counts.in_use,
            "filed" => &mut counts.filed,
            "voided" => &mut counts.voided,
            "lost" => &mut counts.lost,
            _ => return Err(columns.impossible(2)),
        };
        *place = columns.next()?;
    }
    for found in rows(at, MISSING, args!(maybe station, stamp until)).await? {
        let mut columns = Columns::of(&found, "blank");
        let (station, kind): (_, String) = (columns.next()?, columns.next()?);
        let control = Control { kind: kind.clone(), year: year(&mut columns)?, n: columns.next()? };
        line(&mut lines, station, kind).originals_missing.push(control);
    }
    let mut books: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for ((station, _), line) in lines {
        books.entry(station).or_default().push(line);
    }
    Ok(books)
}

/// The books being drawn up, by station and kind.
type Lines = BTreeMap<(String, String), Line>;

fn line(lines: &mut Lines, station: String, kind: String) -> &mut Line {
    let empty = Line { kind: kind.clone(), counts: Counts::default(), originals_missing: Vec::new() };
    lines.entry((station, kind)).or_insert(empty)
}

/// Counts the blanks of each kind and year: how many, the lowest number, the highest.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn series(at: &mut impl Reads) -> Result<Vec<((String, i32), [i64; 3])>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "blank");
        let key = (columns.next()?, year(&mut columns)?);
        Ok((key, [columns.next()?, columns.next()?, columns.next()?]))
    };
    rows(at, SERIES, args!()).await?.iter().map(read).collect()
}

/// Lists the blanks that are not where their last move led.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn astray(at: &mut impl Reads) -> Result<Vec<Control>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "blank");
        Ok(Control { kind: columns.next()?, year: year(&mut columns)?, n: columns.next()? })
    };
    rows(at, ASTRAY, args!()).await?.iter().map(read).collect()
}

/// Returns whether a station's month was closed.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn is_closed(at: &mut impl Reads, station: &str, month: &str) -> Result<bool, Fault> {
    Ok(row(at, CLOSED, args!(text station, text month)).await?.is_some())
}

/// Keeps the books of a month that was closed.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn close(
    tx: &mut Tx,
    (station, month): (&str, &str),
    books: &[Line],
    actor: &str,
    at: Stamp,
) -> Result<(), Fault> {
    let lines = books.iter().map(|line| {
        let Counts { issued, in_stock, signed_out, in_use, filed, voided, lost } = line.counts;
        (&line.kind, issued, in_stock, signed_out, in_use, filed, voided, lost)
    });
    let json = serde_json::to_string(&lines.collect::<Vec<_>>()).expect("texts and numbers can be written");
    let args = args!(text station, text month, stamp at, text actor, text & json);
    tx.run(CLOSE, args).await.map(|_| ())
}

fn year(columns: &mut Columns<'_>) -> Result<i32, Fault> {
    i32::try_from(columns.next::<i64>()?).map_err(|_| columns.impossible(0))
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Found, Fault> {
    let mut columns = Columns::of(row, "blank");
    let control = Control { kind: columns.next()?, year: year(&mut columns)?, n: columns.next()? };
    let (station, state): (String, &str) = (columns.next()?, columns.next()?);
    let (keeper, officer): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
    let (home, seq): (Option<String>, Option<i64>) = (columns.next()?, columns.next()?);
    let (ordinal, original): (Option<i64>, Option<i64>) = (columns.next()?, columns.next()?);
    let moves = columns.next()?;
    let order = home.zip(seq);
    let key = || {
        let (home, seq) = order.clone()?;
        Some(DocumentKey { home, seq, ordinal: ordinal? })
    };
    let state = match state {
        "in_stock" => Some(BlankState::InStock),
        "signed_out" => {
            keeper.zip(officer).map(|(keeper, officer)| BlankState::SignedOut { keeper, officer })
        }
        "in_use" => officer.zip(key()).map(|(officer, document)| BlankState::InUse { officer, document }),
        "filed" => key().map(|document| BlankState::Filed { document }),
        "voided" => original.map(|original| BlankState::Voided { has_original: original == 1 }),
        "lost" => Some(BlankState::Lost),
        _ => None,
    };
    let state = state.ok_or_else(|| columns.impossible(4))?;
    Ok(Found { blank: Blank { control, station, state }, order, moves })
}
