//! The ledger: entries are chained and appended in the transaction of their change.

use std::collections::BTreeMap;

use crate::ledger::{Body, Chain, Entry, Head};
use crate::time::Stamp;

use super::sql::{Args, Bulk, Sql, args, bulk, sql};
use super::tx::{Columns, rows};
use super::{Fault, Reads, Tx};

const CHAINS: Sql = sql!("ledger.chains":
    "SELECT chain, MAX(seq) FROM ledger GROUP BY chain ORDER BY chain");
const READ: Sql = sql!("ledger.read":
    "SELECT chain, seq, at, actor, kind, body, prev, hash FROM ledger "
    "WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT $3");
const READ_DOCUMENTS: Sql = sql!("ledger.read_documents":
    "SELECT chain, seq, at, actor, kind, body, prev, hash FROM ledger "
    "WHERE kind >= 'document.' AND kind < 'document/' AND (chain, seq) > ($1, $2) "
    "ORDER BY chain, seq LIMIT $3");
const APPEND: Bulk = bulk!("ledger.append":
    "INSERT INTO ledger (chain, seq, at, actor, kind, body, prev, hash, about) VALUES ",
    "(?,?,?,?,?,?,?,?,?)", "");

const ABOUT: Sql = sql!("ledger.about":
    "SELECT chain, seq, at, actor, kind, body, prev, hash FROM ledger "
    "WHERE chain = $1 AND about = $2 ORDER BY seq");

const ABOUT_MANY: Sql = sql!("ledger.about_many":
    "SELECT chain, seq, at, actor, kind, body, prev, hash, about FROM ledger "
    "WHERE chain = $1 AND about >= $2 AND about <= $3 ORDER BY about, seq");
const BATCHES_AT: Sql = sql!("ledger.batches_at":
    "SELECT chain, seq, at, actor, kind, body, prev, hash FROM ledger "
    "WHERE chain = $1 AND at = $2 AND kind = $3 AND about IS NULL ORDER BY seq");
const BATCHES: Sql = sql!("ledger.batches":
    "SELECT chain, seq, at, actor, kind, body, prev, hash FROM ledger "
    "WHERE chain = $1 AND kind = $2 AND about IS NULL AND (at > $3 OR at = $3 AND seq > $4) "
    "ORDER BY at, seq LIMIT $5");

// It stands beside the ledger, so that entries cut off a chain's end are missed.
const KEEP: Bulk = bulk!("ledger.keep":
    "INSERT INTO head (chain, seq, hash, at) VALUES ", "(?,?,?,?)",
    " ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, at = excluded.at");
const KEPT: Sql = sql!("ledger.kept": "SELECT chain, seq, hash, at FROM head ORDER BY chain");

pub(super) const ALL: &[Sql] = &[CHAINS, READ, ABOUT, ABOUT_MANY, BATCHES_AT, BATCHES, READ_DOCUMENTS, KEPT];
pub(super) const BULK: &[Bulk] = &[APPEND, KEEP];

/// One entry to be appended.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The chain; the bureau's own is named by the empty text.
    pub chain: &'a str,
    /// Running number of the order it is about, where it is about one of that chain.
    pub about: Option<i64>,
    /// Who did it.
    pub actor: &'a str,
    /// What happened.
    pub body: &'a Body,
    /// When.
    pub at: Stamp,
}

/// Appends one entry to a chain that the transaction named; the bureau's own is named by the empty text.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn append(tx: &mut Tx, chain: &str, actor: &str, body: &Body, at: Stamp) -> Result<(), Fault> {
    append_many(tx, actor, &[(chain, body)], at).await
}

/// Appends entries to chains that the transaction named, in the order given.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn append_many(tx: &mut Tx, actor: &str, bodies: &[(&str, &Body)], at: Stamp) -> Result<(), Fault> {
    let line = |(chain, body)| Line { chain, about: None, actor, body, at };
    let lines: Vec<Line<'_>> = bodies.iter().copied().map(line).collect();
    append_lines(tx, &lines).await
}

/// Appends entries, each with its own author, moment and order, in the order given; the transaction named
/// their chains.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn append_lines(tx: &mut Tx, lines: &[Line<'_>]) -> Result<(), Fault> {
    let unnamed = lines.iter().find(|line| tx.head(line.chain).is_none());
    debug_assert!(unnamed.is_none(), "the transaction did not name the chain of {unnamed:?}");
    tx.lock_chains(lines.iter().map(|line| line.chain)).await?;
    let mut chains: BTreeMap<&str, Chain> = BTreeMap::new();
    let entries: Vec<(Entry, Option<i64>)> = lines
        .iter()
        .map(|line| {
            let head = || tx.head(line.chain).expect("named above");
            let chain = chains.entry(line.chain).or_insert_with(|| Chain::new(line.chain, head()));
            (chain.next(line.actor, line.body, line.at), line.about)
        })
        .collect();
    let bind = |args: &mut Args, (entry, about): &(Entry, Option<i64>)| {
        args.text(&entry.chain);
        args.int(entry.seq);
        args.stamp(entry.at);
        args.text(&entry.actor);
        args.text(&entry.kind);
        args.text(&entry.body);
        args.text(&entry.prev.to_string());
        args.text(&entry.hash.to_string());
        args.maybe_int(*about);
    };
    tx.write_many(&APPEND, &entries, bind, |_| {}).await?;
    let newest: BTreeMap<&str, &Entry> =
        entries.iter().map(|(entry, _)| (entry.chain.as_str(), entry)).collect();
    let newest: Vec<&Entry> = newest.into_values().collect();
    let bind = |args: &mut Args, entry: &&Entry| {
        args.text(&entry.chain);
        args.int(entry.seq);
        args.text(&entry.hash.to_string());
        args.stamp(entry.at);
    };
    tx.write_many(&KEEP, &newest, bind, |_| {}).await?;
    for entry in newest {
        tx.grow(&entry.chain, Head { seq: entry.seq, hash: entry.hash });
    }
    Ok(())
}

/// The newest entry of a chain, as it is kept beside the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptHead {
    /// Its place and hash.
    pub head: Head,
    /// When it was recorded.
    pub at: Stamp,
}

/// Returns the newest entry written to each chain, as kept beside them.
///
/// # Errors
/// [`Fault`] when the database cannot be read, or holds what is never written.
pub async fn kept_heads(at: &mut impl Reads) -> Result<BTreeMap<String, KeptHead>, Fault> {
    let read = |row| {
        let mut columns = Columns::of(row, "head");
        let chain = columns.next()?;
        let head = Head { seq: columns.next()?, hash: columns.digest()? };
        Ok((chain, KeptHead { head, at: columns.exact()? }))
    };
    rows(at, KEPT, args!()).await?.iter().map(read).collect()
}

/// Lists the chains there are, with the place of the newest entry of each.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn chains(at: &mut impl Reads) -> Result<Vec<(String, i64)>, Fault> {
    let found = rows(at, CHAINS, args!()).await?;
    let read = |row| {
        let mut columns = Columns::of(row, "ledger");
        Ok((columns.next()?, columns.next()?))
    };
    found.iter().map(read).collect()
}

/// Reads at most `limit` entries of a chain that follow place `after`, in order.
///
/// # Errors
/// [`Fault`] when the database cannot be read, or an entry has no readable hash or moment.
pub async fn read(at: &mut impl Reads, chain: &str, after: i64, limit: i64) -> Result<Vec<Entry>, Fault> {
    let found = rows(at, READ, args!(text chain, int after, int limit)).await?;
    found.iter().map(entry).collect()
}

/// Reads the entries about one order of a chain, in order.
///
/// # Errors
/// [`Fault`] when the database cannot be read, or an entry has no readable hash or moment.
pub async fn about(at: &mut impl Reads, chain: &str, order: i64) -> Result<Vec<Entry>, Fault> {
    let found = rows(at, ABOUT, args!(text chain, int order)).await?;
    found.iter().map(entry).collect()
}

/// Reads at most `limit` entries about documents and blanks that follow a place, by chain and place.
///
/// # Errors
/// [`Fault`] when the database cannot be read, or an entry has no readable hash or moment.
pub async fn read_documents(
    at: &mut impl Reads,
    after: &(String, i64),
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let found = rows(at, READ_DOCUMENTS, args!(text &after.0, int after.1, int limit)).await?;
    found.iter().map(entry).collect()
}

/// Returns the place of the newest entry of a chain that the transaction named; 0 while there is none.
pub fn last_place(tx: &Tx, chain: &str) -> i64 {
    tx.head(chain).map_or(0, |head| head.seq)
}

/// Reads the entries about a stretch of a home's orders, both ends included: by order, each in order.
///
/// # Errors
/// [`Fault`] when the database cannot be read, or an entry has no readable hash or moment.
pub async fn about_many(
    at: &mut impl Reads,
    chain: &str,
    (first, last): (i64, i64),
) -> Result<Vec<(i64, Entry)>, Fault> {
    let read = |row| {
        let entry = entry(row)?;
        let mut columns = Columns::from(row, "ledger", 8);
        Ok((columns.next()?, entry))
    };
    rows(at, ABOUT_MANY, args!(text chain, int first, int last)).await?.iter().map(read).collect()
}

/// Reads the batches of one kind that a moment brought.
///
/// # Errors
/// [`Fault`] when the database cannot be read, or an entry has no readable hash or moment.
pub async fn batches_at(
    reads: &mut impl Reads,
    chain: &str,
    kind: &str,
    at: Stamp,
) -> Result<Vec<Entry>, Fault> {
    rows(reads, BATCHES_AT, args!(text chain, stamp at, text kind)).await?.iter().map(entry).collect()
}

/// Reads at most `limit` batches of one kind after a moment and a place, in order.
///
/// # Errors
/// [`Fault`] when the database cannot be read, or an entry has no readable hash or moment.
pub async fn batches(
    reads: &mut impl Reads,
    chain: &str,
    kind: &str,
    (at, seq): (Stamp, i64),
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let args = args!(text chain, text kind, stamp at, int seq, int limit);
    rows(reads, BATCHES, args).await?.iter().map(entry).collect()
}

fn entry(row: &sqlx::sqlite::SqliteRow) -> Result<Entry, Fault> {
    let mut columns = Columns::of(row, "ledger");
    Ok(Entry {
        chain: columns.next()?,
        seq: columns.next()?,
        at: columns.exact()?,
        actor: columns.next()?,
        kind: columns.next()?,
        body: columns.next()?,
        prev: columns.digest()?,
        hash: columns.digest()?,
    })
}
