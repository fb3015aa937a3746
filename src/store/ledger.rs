//! The ledger: entries are chained and appended in the transaction of their change.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::id::TriggerId;
use crate::ledger::{Body, Chain, ChainHead, Entry, PriorHash};
use crate::time::Stamp;

use super::args::{Bind, ValueSink};
use super::columns::{Columns, Fetch, digest};
use super::record::{columns, read_all, read_count, read_first, record};
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Recording, Result, Tx};

columns! { Entry in "ledger" { chain, seq, at, actor, kind, body, prev, hash } }
columns! { ChainHead in "head" { seq, hash } }

record! {
    /// The newest entry of a chain, kept beside the ledger, so that entries cut off its end are missed.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct KeptHead in "head" by "chain" {
        pub chain: String,
        /// Its place and hash.
        pub head: ChainHead = (ChainHead),
        /// When it was recorded.
        pub at: Stamp,
    }
}

const CHAINS: Sql = sql!("ledger.chains":
    "SELECT chain, MAX(seq) FROM ledger GROUP BY chain ORDER BY chain");
const READ: Sql = sql!("ledger.read":
    "SELECT " (Entry) " FROM ledger WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT +$3");
const ABOUT: Sql = sql!("ledger.about":
    "SELECT " (Entry) " FROM ledger WHERE chain = $1 AND about = $2 ORDER BY seq");
const ABOUT_MANY: Sql = sql!("ledger.about_many":
    "SELECT about, " (Entry) " FROM ledger "
    "WHERE chain = $1 AND about >= $2 AND about <= $3 ORDER BY about, seq");
const PLACES_AT: Sql = sql!("ledger.places_at":
    "SELECT seq FROM ledger WHERE chain = $1 AND at = $2 AND kind = $3 AND about IS NULL ORDER BY seq");
const BATCHES: Sql = sql!("ledger.batches":
    "SELECT " (Entry) " FROM ledger "
    "WHERE chain = $1 AND kind = $2 AND about IS NULL AND (at > $3 OR at = $3 AND seq > $4) "
    "ORDER BY at, seq LIMIT +$5");
const OPENINGS: Sql = sql!("ledger.openings":
    "SELECT " (Entry as l) " FROM head AS h CROSS JOIN ledger AS l WHERE l.chain = h.chain AND l.about IS NULL "
    "AND l.at >= $1 AND l.kind = $2 AND l.body LIKE '%' || $3");
const LAST_BY: Sql = sql!("ledger.last_by":
    "SELECT at FROM ledger WHERE chain = $1 AND actor = $2 ORDER BY seq DESC LIMIT 1");
const ENTRIES: Sql = sql!("ledger.entries": "SELECT CAST(COALESCE(SUM(seq), 0) AS BIGINT) FROM head");
const PLACES: Sql = sql!("ledger.places": "SELECT chain, seq FROM head ORDER BY chain");
const KEPT: Sql = sql!("ledger.kept": "SELECT " (KeptHead) " FROM head WHERE seq > 0 ORDER BY chain");
const APPEND: Bulk = bulk!("ledger.append": insert "ledger" ((Entry) ", about"));
const KEEP: Bulk = bulk!("ledger.keep": insert KeptHead (replace KeptHead));

statements!(CHAINS, READ, ABOUT, ABOUT_MANY, PLACES_AT, BATCHES, OPENINGS, LAST_BY, ENTRIES, PLACES, KEPT; APPEND, KEEP);

/// One entry to be appended.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'a> {
    /// The chain; the bureau's own is named by the empty text.
    pub chain: &'a str,
    /// Running number of the order it is about, where it is about one of that chain.
    pub about: Option<i64>,
    /// Who did it.
    pub actor: &'a str,
    /// What happened.
    pub body: &'a Body,
    pub at: Stamp,
}

/// In whose name entries are appended, and when.
#[derive(Clone, Copy, Debug)]
pub struct EntryAuthor<'a> {
    /// Who did it.
    pub actor: &'a str,
    pub at: Stamp,
}

/// Appends one entry to a chain that the transaction named; the bureau's own is named by the empty text.
pub async fn append(tx: &mut Tx, chain: &str, body: &Body, author: EntryAuthor<'_>) -> Result<()> {
    append_many(tx, [(chain, body)], author).await
}

/// Appends entries to chains that the transaction named, in the order given: each with its chain, which
/// is the home of what it is about.
pub async fn append_many<C: AsRef<str>, B: Borrow<Body>>(
    tx: &mut Tx,
    bodies: impl IntoIterator<Item = (C, B)>,
    author: EntryAuthor<'_>,
) -> Result<()> {
    let EntryAuthor { actor, at } = author;
    let bodies: Vec<(C, B)> = bodies.into_iter().collect();
    let lines = bodies.iter().map(|(chain, body)| NewEntry {
        chain: chain.as_ref(),
        about: None,
        actor,
        body: body.borrow(),
        at,
    });
    append_lines(tx, &lines.collect::<Vec<_>>()).await
}

/// Appends entries, each with its own author, moment and order, in the order given; the transaction named
/// their chains.
pub async fn append_lines(tx: &mut Tx, lines: &[NewEntry<'_>]) -> Result<()> {
    let unnamed = lines.iter().find(|line| tx.head(line.chain).is_none());
    debug_assert!(unnamed.is_none(), "the transaction did not name the chain of {unnamed:?}");
    tx.lock_chains(lines.iter().map(|line| line.chain)).await?;
    if tx.recording() != Recording::Whole {
        return count_lines(tx, lines).await;
    }
    let mut chains: BTreeMap<&str, Chain> = BTreeMap::new();
    let entries: Vec<(Entry, Option<i64>)> = lines
        .iter()
        .map(|line| {
            let head = || tx.head(line.chain).expect("named above");
            let chain = chains.entry(line.chain).or_insert_with(|| Chain::new(line.chain, head()));
            (chain.next(line.actor, line.body, line.at), line.about)
        })
        .collect();
    tx.write_rows(&APPEND, &entries).await?;
    let newest: BTreeMap<&str, &Entry> =
        entries.iter().map(|(entry, _)| (entry.chain.as_str(), entry)).collect();
    let kept = |Entry { chain, seq, hash, at, .. }: &Entry| {
        let head = ChainHead { seq: *seq, hash: *hash };
        KeptHead { chain: chain.clone(), head, at: *at }
    };
    let newest: Vec<KeptHead> = newest.into_values().map(kept).collect();
    tx.write_rows(&KEEP, &newest).await?;
    for KeptHead { chain, head, .. } in newest {
        tx.grow(chain, head);
    }
    Ok(())
}

/// Counts entries that are not kept: by their number it is seen that something happened.
async fn count_lines(tx: &mut Tx, lines: &[NewEntry<'_>]) -> Result<()> {
    let mut newest: BTreeMap<&str, KeptHead> = BTreeMap::new();
    for NewEntry { chain, at, .. } in lines {
        let head = || tx.head(chain).unwrap_or(ChainHead::START);
        let kept = newest.entry(chain);
        let kept = kept.or_insert_with(|| KeptHead { chain: (*chain).to_owned(), head: head(), at: *at });
        (kept.head.seq, kept.at) = (kept.head.seq + 1, *at);
    }
    let newest: Vec<KeptHead> = newest.into_values().collect();
    tx.write_rows(&KEEP, &newest).await?;
    for KeptHead { chain, head, .. } in newest {
        tx.grow(chain, head);
    }
    Ok(())
}

/// Finds when somebody last did something on a chain. It walks the chain from its end, as far as
/// the last entry of that person.
pub async fn last_by(at: &mut impl Reads, chain: &str, actor: &str) -> Result<Option<Stamp>> {
    read_first(at, LAST_BY, (chain, actor)).await
}

/// Counts the entries of all chains; see [`Tx::entries`].
pub async fn entries(at: &mut impl Reads) -> Result<i64> {
    read_count(at, ENTRIES, ()).await
}

/// Returns where each chain goes on: the version of all that is recorded under its name.
pub async fn places(at: &mut impl Reads) -> Result<BTreeMap<String, i64>> {
    read_all(at, PLACES, ()).await
}

/// Returns the newest entry written to each chain, as kept beside them.
pub async fn kept_heads(at: &mut impl Reads) -> Result<BTreeMap<String, KeptHead>> {
    let kept: Vec<KeptHead> = read_all(at, KEPT, ()).await?;
    Ok(kept.into_iter().map(|kept| (kept.chain.clone(), kept)).collect())
}

/// Lists the chains there are, with the place of the newest entry of each.
pub async fn chains(at: &mut impl Reads) -> Result<Vec<(String, i64)>> {
    read_all(at, CHAINS, ()).await
}

/// Reads at most `limit` entries of a chain that follow place `after`, in order.
pub async fn read(at: &mut impl Reads, chain: &str, after: i64, limit: i64) -> Result<Vec<Entry>> {
    read_all(at, READ, (chain, after, limit)).await
}

/// Reads the entries about one order of a chain, in order.
pub async fn about(at: &mut impl Reads, chain: &str, order: i64) -> Result<Vec<Entry>> {
    read_all(at, ABOUT, (chain, order)).await
}

/// Returns the place of the newest entry of a chain that the transaction named; 0 while there is none.
pub fn last_place(tx: &Tx, chain: &str) -> i64 {
    tx.head(chain).map_or(0, |head| head.seq)
}

/// Reads the entries about a stretch of a home's orders: by order, each in order.
pub async fn about_many(
    at: &mut impl Reads,
    chain: &str,
    orders: RangeInclusive<i64>,
) -> Result<Vec<(i64, Entry)>> {
    read_all(at, ABOUT_MANY, (chain, orders)).await
}

/// Lists the places of the batches of one kind that a moment brought, in order.
pub async fn places_at(reads: &mut impl Reads, chain: &str, kind: &str, at: Stamp) -> Result<Vec<i64>> {
    read_all(reads, PLACES_AT, (chain, at, kind)).await
}

/// A place among the entries of a chain in the order of their moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryMoment {
    pub at: Stamp,
    /// The place in the chain.
    pub seq: i64,
}

impl EntryMoment {
    /// Returns the place before all entries of a moment.
    pub const fn before(at: Stamp) -> Self {
        Self { at, seq: 0 }
    }

    /// Returns the place of an entry.
    pub const fn of(entry: &Entry) -> Self {
        Self { at: entry.at, seq: entry.seq }
    }
}

/// Reads at most `limit` batches of one kind after a moment and a place, in order.
pub async fn batches(
    at: &mut impl Reads,
    chain: &str,
    kind: &str,
    after: EntryMoment,
    limit: i64,
) -> Result<Vec<Entry>> {
    read_all(at, BATCHES, (chain, kind, after.at, after.seq, limit)).await
}

/// Counts the orders that a trigger has opened from a moment on, as the entries say.
pub async fn opened_since(at: &mut impl Reads, trigger: TriggerId<&str>, since: Stamp) -> Result<u64> {
    // So such an entry ends; what only looks like it is told apart when it is read.
    let end = format!("\"trigger\":\"{}\",\"workflow\":\"{}\"}}", trigger.trigger, trigger.workflow);
    let found: Vec<Entry> = read_all(at, OPENINGS, (since, "orders.opened", end)).await?;
    let opened = |entry: &Entry| match entry.read() {
        Ok(Body::OrdersOpened(batch)) if batch.common.trigger.as_ref() == trigger => batch.orders.len(),
        _ => 0,
    };
    Ok(found.iter().map(|entry| opened(entry) as u64).sum())
}

/// What an entry does not say of the one before is an empty text.
impl Bind for PriorHash {
    fn bind(&self, out: &mut impl ValueSink) {
        match &self.0 {
            Some(hash) => hash.bind(out),
            None => out.text(""),
        }
    }
}

impl Fetch for PriorHash {
    fn fetch(columns: &mut Columns<'_>) -> Result<Self> {
        columns.made(|text: &str| match text {
            "" => Some(Self(None)),
            text => digest(text).map(|hash| Self(Some(hash))),
        })
    }
}
