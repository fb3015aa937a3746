//! Numbered blanks: each one's place now, the places it has been, and the books of a month.

use std::collections::{BTreeMap, BTreeSet};

use crate::documents::{BalanceLine, Blank, BlankCounts, BlankState, Control, DocumentKey, VoidRequest};
use crate::id::OrderId;
use crate::time::Stamp;

use super::columns::{Columns, Fetch};
use super::numbers::UsedNumbers;
use super::record::{columns, read_all, read_first};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, TableRecord, bulk, json_rows, sql, statements};
use super::{Reads, Result, RowContent, RowStream, StoreFault, Tx};

/// A stored blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlank {
    pub blank: Blank,
    /// The order it was signed out for, when one was named.
    pub order: Option<OrderId>,
    /// How often it has moved; every write names it.
    pub moves: i64,
}

/// Which blanks are listed; what is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BlankFilter {
    pub kind: Option<String>,
    pub station: Option<String>,
    pub state: Option<String>,
    /// Who has it in hand.
    pub officer: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
}

columns! { Control in "blank" by "kind, year, n" { kind, year, n } }

impl TableRecord for StoredBlank {
    const TABLE: &'static str = "blank";
    const COLUMNS: &'static str = "kind, year, n, station, state, keeper, officer, home, seq, ordinal, original, moves, void_by, void_with";
    const KEY: &'static str = Control::KEY;
}

/// What the record keeps of each blank's row; those who are voiding it follow while they are.
impl TableRecord for BlankContent {
    const TABLE: &'static str = "blank";
    const COLUMNS: &'static str =
        "kind, year, n, station, state, keeper, officer, home, seq, ordinal, original, moves";
    const KEY: &'static str = Control::KEY;
}

const LIST: Sql = sql!("blanks.list":
    "SELECT " (StoredBlank) " FROM blank "
    "WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR station = $2) AND ($3 IS NULL OR state = $3) "
    "AND ($4 IS NULL OR (officer = $4 AND state IN ('signed_out', 'in_use'))) "
    "ORDER BY kind, year, n LIMIT +$5");
const FIND: Sql = sql!("blanks.find":
    "SELECT " (StoredBlank) " FROM blank WHERE kind = $1 AND year = $2 AND n = $3");
const LOWEST: Sql = sql!("blanks.lowest":
    "SELECT " (StoredBlank) " FROM blank "
    "WHERE station = $1 AND kind = $2 AND state = 'in_stock' ORDER BY year, n LIMIT 1");
const OF_ORDER: Sql = sql!("blanks.of_order":
    "SELECT " (StoredBlank) " FROM blank WHERE home = $1 AND seq = $2 ORDER BY kind, year, n");
const SIGNED_OUT: Sql = sql!("blanks.signed_out":
    "SELECT " (StoredBlank as b) " FROM " rows " AS e CROSS JOIN blank AS b WHERE b.home = e.value->>0 "
    "AND b.seq = CAST(e.value->>1 AS BIGINT) AND b.state = 'signed_out' ORDER BY b.kind, b.year, b.n");
const CHANGE: Sql = sql!("blanks.change":
    "UPDATE blank SET state = $5, keeper = $6, officer = $7, home = $8, seq = $9, ordinal = $10, original = $11, "
    "void_by = $12, void_with = $13, moves = moves + 1 WHERE kind = $1 AND year = $2 AND n = $3 AND moves = $4");
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
    "SELECT b.station, " (Control as b) " FROM blank AS b JOIN blank_move AS m "
    "ON m.kind = b.kind AND m.year = b.year AND m.n = b.n "
    "WHERE ($1 IS NULL OR b.station = $1) AND b.state = 'voided' AND b.original = 0 "
    "AND m.place = (SELECT MAX(l.place) FROM blank_move AS l "
    "WHERE l.kind = b.kind AND l.year = b.year AND l.n = b.n AND l.at <= $2) AND m.state = 'voided' "
    "ORDER BY b.station, b.kind, b.year, b.n");
const SERIES: Sql = sql!("blanks.series":
    "SELECT kind, year, " (UsedNumbers) " FROM blank GROUP BY kind, year ORDER BY kind, year");
const ASTRAY: Sql = sql!("blanks.astray":
    "SELECT " (Control as b) " FROM blank AS b LEFT JOIN blank_move AS m "
    "ON m.kind = b.kind AND m.year = b.year AND m.n = b.n AND m.place = b.moves "
    "WHERE m.state IS NULL OR m.state <> b.state ORDER BY b.kind, b.year, b.n");
const CLOSED: Sql = sql!("blanks.closed": "SELECT at FROM blank_close WHERE station = $1 AND month = $2");
const CLOSE: Sql = sql!("blanks.close":
    "INSERT INTO blank_close (station, month, at, actor, books) VALUES ($1, $2, $3, $4, $5)");
const ADD: Bulk = bulk!("blanks.add": insert "blank" ((Control) ", station, state, moves"));
const MOVE: Bulk = bulk!("blanks.move": insert "blank_move" ((Control) ", place, at, state, original"));
const EVERY: Sql = sql!("blanks.all":
    "SELECT " (Control as b) ", b.state, concat_ws('\u{1f}', " (line BlankContent as b) ", b.void_by, b.void_with) "
    "FROM blank AS b ORDER BY kind, year, n");
const MOVES: Sql = sql!("blanks.moves":
    "SELECT " (Control) ", place, at, state, original FROM blank_move ORDER BY kind, year, n, place");
const ISSUES: Sql = sql!("blanks.issues":
    "SELECT kind, year, first, last, station, at, actor FROM blank_issue ORDER BY kind, year, first");
const CLOSINGS: Sql = sql!("blanks.closings":
    "SELECT station, month, at, actor, books FROM blank_close ORDER BY station, month");

statements!(
    EVERY, MOVES, ISSUES, CLOSINGS,
    LIST, FIND, LOWEST, OF_ORDER, SIGNED_OUT, CHANGE, ADD_ISSUE, ISSUED, PLACES, MISSING, SERIES, ASTRAY, CLOSED,
    CLOSE;
    ADD, MOVE
);

/// How often a blank has moved that was issued and no more.
const FIRST_MOVE: i64 = 1;

/// Writes blanks that were issued together, from the lowest number to the highest.
pub async fn add_issue<'b>(tx: &mut Tx, issued: &'b [Blank], actor: &str, at: Stamp) -> Result<()> {
    let (Some(first), Some(last)) = (issued.first(), issued.last()) else { return Ok(()) };
    tx.execute(ADD_ISSUE, (&first.control, last.control.n, &first.station, at, actor)).await?;
    let row = |blank: &'b Blank| (&blank.control, &blank.station, blank.state.into_str(), FIRST_MOVE);
    let rows: Vec<_> = issued.iter().map(row).collect();
    tx.write_rows(&ADD, &rows).await?;
    let moves: Vec<(&Blank, i64)> = issued.iter().map(|blank| (blank, FIRST_MOVE)).collect();
    note_moves(tx, &moves, at).await
}

/// Writes where a blank is after an act; returns whether it was still where it was read.
pub async fn change(tx: &mut Tx, found: &StoredBlank, at: Stamp) -> Result<bool> {
    let StoredBlank { blank, moves, .. } = found;
    let Row { keeper, officer, order, ordinal, original } = row_of(found);
    let voiding = blank.voiding.as_ref().map(|asked| (&asked.by, &asked.second)).unzip();
    let values = (&blank.control, moves, blank.state.into_str(), keeper, officer, order, ordinal);
    let values = (values, original, voiding);
    if tx.execute(CHANGE, values).await? != 1 {
        return Ok(false);
    }
    note_moves(tx, &[(blank, moves + 1)], at).await.map(|()| true)
}

/// What stands in the columns of a blank beside where it is.
struct Row<'a> {
    keeper: Option<&'a String>,
    officer: Option<&'a String>,
    order: Option<&'a OrderId>,
    ordinal: Option<i64>,
    original: Option<bool>,
}

fn row_of(found: &StoredBlank) -> Row<'_> {
    let StoredBlank { blank, order, .. } = found;
    let (keeper, officer, document) = match &blank.state {
        BlankState::SignedOut { keeper, officer } => (Some(keeper), Some(officer), None),
        BlankState::InUse { officer, document } => (None, Some(officer), Some(document)),
        BlankState::Filed { document } => (None, None, Some(document)),
        BlankState::InStock | BlankState::Voided { .. } | BlankState::Lost => (None, None, None),
    };
    let order = document.map(|document| &document.order).or(order.as_ref());
    let ordinal = document.map(|document| document.ordinal);
    let original = original(&blank.state).or(blank.voiding.as_ref().map(|asked| asked.has_original));
    Row { keeper, officer, order, ordinal, original }
}

async fn note_moves<'b>(tx: &mut Tx, moves: &[(&'b Blank, i64)], at: Stamp) -> Result<()> {
    let row = |(blank, place): &(&'b Blank, i64)| {
        (&blank.control, *place, at, blank.state.into_str(), original(&blank.state))
    };
    let rows: Vec<_> = moves.iter().map(row).collect();
    tx.write_rows(&MOVE, &rows).await.map(drop)
}

fn original(state: &BlankState) -> Option<bool> {
    match state {
        BlankState::Voided { has_original } => Some(*has_original),
        BlankState::InStock
        | BlankState::SignedOut { .. }
        | BlankState::InUse { .. }
        | BlankState::Filed { .. }
        | BlankState::Lost => None,
    }
}

/// Lists blanks by number.
pub fn list<'a>(at: &'a mut impl Reads, filter: &BlankFilter) -> RowStream<'a, StoredBlank> {
    let BlankFilter { kind, station, state, officer, limit } = filter;
    stream(at, LIST, (kind, station, state, officer, limit.unwrap_or(i64::MAX)))
}

/// Finds one blank.
pub async fn find(at: &mut impl Reads, control: &Control) -> Result<Option<StoredBlank>> {
    read_first(at, FIND, control).await
}

/// Finds the blank with the lowest number in a station's stock.
pub async fn lowest(at: &mut impl Reads, station: &str, kind: &str) -> Result<Option<StoredBlank>> {
    read_first(at, LOWEST, (station, kind)).await
}

/// Lists the blanks signed out for an order or used in it.
pub async fn of_order(at: &mut impl Reads, order: OrderId<&str>) -> Result<Vec<StoredBlank>> {
    read_all(at, OF_ORDER, order).await
}

/// Lists the blanks signed out for orders and not used or returned.
pub async fn signed_out_of(at: &mut impl Reads, orders: &BTreeSet<&OrderId>) -> Result<Vec<StoredBlank>> {
    read_all(at, SIGNED_OUT, json_rows(orders)).await
}

/// Draws up the books as of a moment, by station and kind.
pub async fn books(
    at: &mut impl Reads,
    station: Option<&str>,
    until: Stamp,
) -> Result<BTreeMap<String, Vec<BalanceLine>>> {
    let mut lines = Lines::new();
    let issued: Vec<(String, String, i64)> = read_all(at, ISSUED, (station, until)).await?;
    for (station, kind, count) in issued {
        line(&mut lines, station, kind).counts.issued = count;
    }
    let places: Vec<(String, String, String, i64)> = read_all(at, PLACES, (station, until)).await?;
    for (station, kind, state, count) in places {
        let counts = &mut line(&mut lines, station, kind).counts;
        let place = match state.as_str() {
            "in_stock" => &mut counts.in_stock,
            "signed_out" => &mut counts.signed_out,
            "in_use" => &mut counts.in_use,
            "filed" => &mut counts.filed,
            "voided" => &mut counts.voided,
            "lost" => &mut counts.lost,
            _ => return Err(StoreFault::Impossible { what: "blank_move.state", key: state }),
        };
        *place = count;
    }
    let missing: Vec<(String, Control)> = read_all(at, MISSING, (station, until)).await?;
    for (station, control) in missing {
        line(&mut lines, station, control.kind.clone()).originals_missing.push(control);
    }
    let mut books: BTreeMap<String, Vec<BalanceLine>> = BTreeMap::new();
    for ((station, _), line) in lines {
        books.entry(station).or_default().push(line);
    }
    Ok(books)
}

/// The books being drawn up, by station and kind.
type Lines = BTreeMap<(String, String), BalanceLine>;

fn line(lines: &mut Lines, station: String, kind: String) -> &mut BalanceLine {
    let empty =
        BalanceLine { kind: kind.clone(), counts: BlankCounts::default(), originals_missing: Vec::new() };
    lines.entry((station, kind)).or_insert(empty)
}

/// Where a blank is, and what its row holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlankContent {
    pub control: Control,
    pub state: String,
    pub content: RowContent,
}

impl Fetch for BlankContent {
    const SOURCE: &'static str = "blank";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        Ok(Self { control: columns.take()?, state: columns.take()?, content: columns.take()? })
    }
}

/// Says what a blank's row will hold once it is written over the one that was found.
pub fn content_after(found: &StoredBlank) -> RowContent {
    let StoredBlank { blank, moves, .. } = found;
    let Row { keeper, officer, order, ordinal, original } = row_of(found);
    let values = (&blank.control, &blank.station, blank.state.into_str(), keeper, officer);
    let values = (values, order, ordinal, original, moves + 1);
    match &blank.voiding {
        Some(VoidRequest { by, second, .. }) => RowContent::of(&(values, by, second)),
        None => RowContent::of(&values),
    }
}

/// Says what the row of a blank holds that was issued and no more.
pub fn content_issued(blank: Blank) -> RowContent {
    content_after(&StoredBlank { blank, order: None, moves: FIRST_MOVE - 1 })
}

/// Reads all blanks, by number.
pub fn all(at: &mut impl Reads) -> RowStream<'_, BlankContent> {
    stream(at, EVERY, ())
}

/// One move of a blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlankMove {
    pub control: Control,
    /// 1 is its issue.
    pub place: i64,
    pub at: Stamp,
    pub state: String,
    /// Of a void one: whether its original was kept.
    pub original: Option<bool>,
}

impl Fetch for BlankMove {
    const SOURCE: &'static str = "blank_move";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let (control, place, at) = (columns.take()?, columns.take()?, columns.take()?);
        Ok(Self { control, place, at, state: columns.take()?, original: columns.take()? })
    }
}

/// Reads all moves of blanks: by number, each in order.
pub fn moves(at: &mut impl Reads) -> RowStream<'_, BlankMove> {
    stream(at, MOVES, ())
}

/// Lists all issues of blanks: kind, year, first and last number; then the station, when, and by whom.
pub async fn issues(at: &mut impl Reads) -> Result<Vec<((String, i64, i64, i64), (String, Stamp, String))>> {
    read_all(at, ISSUES, ()).await
}

/// Lists all months that were closed: station, month, when, by whom, and the books as JSON.
pub async fn closings(at: &mut impl Reads) -> Result<Vec<(String, String, Stamp, String, String)>> {
    read_all(at, CLOSINGS, ()).await
}

/// Counts the blanks of each kind and year: how many, the lowest number, the highest.
pub async fn series(at: &mut impl Reads) -> Result<Vec<((String, i32), UsedNumbers)>> {
    read_all(at, SERIES, ()).await
}

/// Lists the blanks that are not where their last move led.
pub async fn astray(at: &mut impl Reads) -> Result<Vec<Control>> {
    read_all(at, ASTRAY, ()).await
}

/// Returns whether a station's month was closed.
pub async fn is_closed(at: &mut impl Reads, station: &str, month: &str) -> Result<bool> {
    Ok(read_first::<Stamp>(at, CLOSED, (station, month)).await?.is_some())
}

/// A month that a station has closed.
#[derive(Clone, Copy, Debug)]
pub struct ClosedMonth<'a> {
    pub station: &'a str,
    /// The month, such as `2026-03`.
    pub month: &'a str,
    pub books: &'a [BalanceLine],
    /// Who closed it.
    pub actor: &'a str,
    pub at: Stamp,
}

/// Keeps the books of a month that was closed.
pub async fn close<'a>(tx: &mut Tx, closed: &ClosedMonth<'a>) -> Result<()> {
    let ClosedMonth { station, month, books, actor, at } = *closed;
    let line = |line: &'a BalanceLine| {
        let BlankCounts { issued, in_stock, signed_out, in_use, filed, voided, lost } = line.counts;
        (&line.kind, issued, in_stock, signed_out, in_use, filed, voided, lost)
    };
    let books: Vec<_> = books.iter().map(line).collect();
    tx.execute(CLOSE, (station, month, at, actor, books)).await.map(drop)
}

impl Fetch for StoredBlank {
    const SOURCE: &'static str = "blank";

    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        let (control, station, state): (_, _, String) = columns.take()?;
        let (keeper, officer): (Option<String>, Option<String>) = columns.take()?;
        let (order, ordinal): (Option<OrderId>, Option<i64>) = columns.take()?;
        let (original, moves): (Option<bool>, _) = columns.take()?;
        let voiding: (Option<String>, Option<String>) = columns.take()?;
        let key = || Some(DocumentKey { order: order.clone()?, ordinal: ordinal? });
        let state = match state.as_str() {
            "in_stock" => Some(BlankState::InStock),
            "signed_out" => {
                keeper.zip(officer).map(|(keeper, officer)| BlankState::SignedOut { keeper, officer })
            }
            "in_use" => officer.zip(key()).map(|(officer, document)| BlankState::InUse { officer, document }),
            "filed" => key().map(|document| BlankState::Filed { document }),
            "voided" => original.map(|has_original| BlankState::Voided { has_original }),
            "lost" => Some(BlankState::Lost),
            _ => None,
        };
        let state = state.ok_or_else(|| columns.impossible(4))?;
        let request = |(by, second)| Some(VoidRequest { by, second, has_original: original? });
        let voiding = voiding.0.zip(voiding.1).and_then(request);
        Ok(Self { blank: Blank { control, station, state, voiding }, order, moves })
    }
}
