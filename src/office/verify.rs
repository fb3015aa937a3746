//! Verifying: the record refolded and compared with the tables.

use std::collections::BTreeMap;

use serde::Serialize;

use super::appraise::{appraise_now, row};
use super::ask::order_id;
use super::tick::last_tick;
use super::{Live, Stop};
use crate::ledger::{self, Body, Entry, Head};
use crate::register::Subject;
use crate::store::order_list::{self, Order};
use crate::store::reading::Found;
use crate::store::sums::{self, Table};
use crate::store::{Reader, Store, appraisals, grids, marks, officers, reading, stations};
use crate::time::Day;

/// What was compared, and what does not hold.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// Entries of the ledger.
    pub events: u64,
    /// Orders.
    pub orders: u64,
    /// Subjects.
    pub subjects: u64,
    /// `ok`, or `broken` when a chain does not hold.
    pub chain: &'static str,
    /// What does not hold.
    pub problems: Vec<Finding>,
}

/// One thing that does not hold.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Id of its text, `V…`.
    pub code: &'static str,
    /// The words its text names.
    #[serde(serialize_with = "super::told::as_map")]
    pub args: Vec<(&'static str, String)>,
}

/// Most findings listed; a database with more is beyond one reader's patience.
const FINDINGS_MAX: usize = 1_000;
/// Rows read at a time.
const PAGE: i64 = 5_000;
/// Ledger entries read at a time; a batch of 10,000 orders takes some megabytes.
const ENTRIES: i64 = 50;

/// Refolds the ledger, compares it with the tables, and checks every invariant that concerns
/// what is stored (`design.md` §5: I1, I2, I3's gaplessness, I11 for appraisals).
pub async fn verify(store: &Store, live: &Live) -> Result<Verified, Stop> {
    let mut done = Verified { events: 0, orders: 0, subjects: 0, chain: "ok", problems: Vec::new() };
    let mut reader = store.read().await?;
    let mut last_sums = BTreeMap::new();
    let mut kept = crate::store::ledger::kept_heads(&mut reader).await?;
    for (chain, _) in crate::store::ledger::chains(&mut reader).await? {
        refold(&mut reader, &chain, &mut kept, &mut last_sums, &mut done).await?;
    }
    for chain in kept.keys() {
        done.cut(chain, 1);
    }
    let listed = order_list::count(&mut reader).await?;
    let listed = u64::try_from(listed).unwrap_or(0);
    if listed != done.orders {
        let args = vec![("table", listed.to_string()), ("ledger", done.orders.to_string())];
        done.find("V004", args);
    }
    register(&mut reader, &last_sums, &mut done).await?;
    for Finding { code, args } in super::documents::verify_documents(&mut reader, live).await? {
        done.find(code, args);
    }
    places(&mut reader, &mut done).await?;
    if let Some(last) = last_tick(store).await? {
        appraised(&mut reader, live, last.day_in(live.policy.bureau.zone), &mut done).await?;
    }
    Ok(done)
}

impl Verified {
    /// Notes that a chain lacks the entry that should stand at a place.
    fn cut(&mut self, chain: &str, seq: i64) {
        self.chain = "broken";
        self.find("V001", vec![("chain", chain.to_owned()), ("seq", seq.to_string())]);
    }

    fn find(&mut self, code: &'static str, args: Vec<(&'static str, String)>) {
        if self.problems.len() < FINDINGS_MAX {
            self.problems.push(Finding { code, args });
        }
    }
}

/// What the newest import entry of each chain says a table holds, by table and home.
type Sums = BTreeMap<(String, String), (i64, String)>;

/// Checks one chain entry by entry, and each order it opened against its row.
async fn refold(
    reader: &mut Reader,
    chain: &str,
    kept: &mut BTreeMap<String, Head>,
    last: &mut Sums,
    done: &mut Verified,
) -> Result<(), Stop> {
    let mut head = Head::START;
    let mut fold = Fold::default();
    loop {
        let entries = crate::store::ledger::read(reader, chain, head.seq, ENTRIES).await?;
        if entries.is_empty() {
            if kept.remove(chain).is_none_or(|kept| kept != head) {
                done.cut(chain, head.seq + 1);
            }
            for ((order, _), _) in fold.dates.iter().filter(|(_, (said, found))| said != found) {
                done.find("V002", vec![("order", order.clone())]);
            }
            return Ok(());
        }
        match ledger::verify_from(chain, head, &entries) {
            Ok(next) => head = next,
            Err(broken) => {
                done.chain = "broken";
                let args = vec![("chain", chain.to_owned()), ("seq", broken.seq.to_string())];
                done.find("V001", args);
                // What follows is still read, as if the chain began again after the break.
                head = entries.last().map_or(head, |entry| Head { seq: entry.seq, hash: entry.hash });
            }
        }
        for entry in &entries {
            done.events += 1;
            entry_holds(reader, chain, entry, &mut fold, last, done).await?;
        }
    }
}

/// What is carried from entry to entry of one chain.
#[derive(Default)]
struct Fold {
    /// Running number of the newest order.
    seq: i64,
    /// By order and what of it can move: the value by the ledger so far and the row's own, for those
    /// that were ever apart.
    dates: BTreeMap<(String, String), (String, String)>,
}

impl Fold {
    /// Notes dates of an order as it was opened, where its row says otherwise now.
    fn opened(&mut self, id: &str, opened: &ledger::OpenedOrder, row: &Order) {
        let row_step = row.step_due.map(|day| day.to_string()).unwrap_or_default();
        let dates = [
            ("window", opened.due_on.clone(), row.due_on.to_string()),
            ("step", opened.step_due.clone().unwrap_or_default(), row_step),
            ("provisional", opened.is_provisional.to_string(), row.is_provisional.to_string()),
        ];
        let apart = dates.into_iter().filter(|(_, said, found)| said != found);
        self.dates.extend(apart.map(|(what, said, found)| ((id.to_owned(), what.to_owned()), (said, found))));
    }

    /// Follows a move; a date not noted before stood in the row as it was before the move.
    fn moved(&mut self, moved: ledger::TermMove) {
        let ledger::TermMove { order, what, from, to } = moved;
        let (said, _) = self.dates.entry((order, what)).or_insert_with(|| (from.clone(), from));
        *said = to;
    }
}

async fn entry_holds(
    reader: &mut Reader,
    chain: &str,
    entry: &Entry,
    fold: &mut Fold,
    last: &mut Sums,
    done: &mut Verified,
) -> Result<(), Stop> {
    match Body::read(&entry.kind, &entry.body) {
        Ok(Body::OrdersOpened { common, orders, .. }) => {
            let first = orders.iter().map(|order| order.seq).min().unwrap_or(0);
            let rows = order_list::stretch(reader, chain, first, orders.len()).await?;
            let rows: BTreeMap<i64, Order> = rows.into_iter().map(|order| (order.seq, order)).collect();
            for opened in &orders {
                done.orders += 1;
                fold.seq += 1;
                let id = order_id(chain, opened.seq);
                if opened.seq != fold.seq {
                    done.find("V003", vec![("order", id.clone()), ("expected", fold.seq.to_string())]);
                    fold.seq = opened.seq;
                }
                let row = rows.get(&opened.seq);
                if let Some(row) = row {
                    fold.opened(&id, opened, row);
                }
                if row.is_none_or(|row| !is_as_opened(row, &common, opened)) {
                    done.find("V002", vec![("order", id)]);
                }
            }
        }
        Ok(Body::Imported { what, now, .. }) => {
            last.insert((what, chain.to_owned()), now);
        }
        Ok(Body::CalendarMoved { moves, .. }) => moves.into_iter().for_each(|moved| fold.moved(moved)),
        Ok(_) => {}
        Err(ledger::NotABody) => {
            done.find("V001", vec![("chain", chain.to_owned()), ("seq", entry.seq.to_string())]);
        }
    }
    Ok(())
}

/// Compares an order with what the ledger says it was opened as; its dates are followed apart.
///
/// No entry moves an order to another step or ends it, so the row may not say so either.
fn is_as_opened(row: &Order, common: &ledger::OpenedCommon, opened: &ledger::OpenedOrder) -> bool {
    let ledger::OpenedCommon { workflow, trigger, subject_kind, issued_at, policy, step } = common;
    row.workflow == *workflow
        && row.trigger == *trigger
        && row.subject_kind == *subject_kind
        && row.issued_at.to_string() == *issued_at
        && row.policy == *policy
        && row.step == *step
        && row.visit == 1
        && row.state == "open"
        && row.ended_on.is_none()
        && row.number == opened.number
        && row.subject == opened.subject
        && row.nominal == opened.nominal
        && row.station == opened.station
        && row.grid == opened.grid
        && row.officer == opened.officer
        && row.scheduled_for == opened.scheduled_for
        && row.tier == opened.tier
        && row.score == opened.score
        && row.decision == opened.decision
}

/// Compares the register with its own digests, and their sums with what the ledger says.
async fn register(reader: &mut Reader, last: &Sums, done: &mut Verified) -> Result<(), Stop> {
    let subjects = reading::audit_subjects(reader).await?;
    done.subjects = subjects.sums.values().map(|sum| u64::try_from(sum.rows).unwrap_or(0)).sum();
    let inspections = reading::audit_inspections(reader).await?;
    for (what, table, audit) in
        [("subjects", Table::Subject, subjects), ("inspections", Table::Inspection, inspections)]
    {
        for row in &audit.edited {
            done.find("V005", vec![("table", what.to_owned()), ("row", row.clone())]);
        }
        let kept = sums::list(reader, table).await?;
        let homes =
            kept.keys().chain(audit.sums.keys()).chain(last.keys().filter(|k| k.0 == what).map(|k| &k.1));
        let homes: std::collections::BTreeSet<&String> = homes.collect();
        for home in homes {
            let found = audit.sums.get(home).copied().unwrap_or_default();
            let said = last.get(&(what.to_owned(), home.clone()));
            let is_said = said.is_some_and(|said| *said == (found.rows, found.digests.to_string()));
            if !is_said || kept.get(home).copied().unwrap_or_default() != found {
                done.find("V006", vec![("table", what.to_owned()), ("station", home.clone())]);
            }
        }
    }
    Ok(())
}

async fn places(reader: &mut Reader, done: &mut Verified) -> Result<(), Stop> {
    let edited = [
        ("stations", stations::edited(reader).await?),
        ("grids", grids::edited(reader).await?),
        ("officers", officers::edited(reader).await?),
    ];
    for (table, rows) in edited {
        for row in rows {
            done.find("V005", vec![("table", table.to_owned()), ("row", row)]);
        }
    }
    Ok(())
}

/// Appraises everybody again as of the last pass and compares, except who waits for the next one.
async fn appraised(reader: &mut Reader, live: &Live, day: Day, done: &mut Verified) -> Result<(), Stop> {
    let waiting = marks::all(reader).await?;
    let mut after = None;
    loop {
        let filter = reading::Filter::default();
        let found = reading::scan(reader, &live.policy, &filter, after.as_ref(), PAGE).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = Some(reading::Key { home: last.subject.home.clone(), id: last.subject.id.clone() });
        let unlike = unlike(reader, live, found, day).await?;
        // A pass appraises before it opens, so orders opened since are not part of the answer.
        let unlike = unlike.into_iter().map(without_later_orders).collect();
        for found in self::unlike(reader, live, unlike, day).await? {
            let Subject { home, id, .. } = found.subject;
            if !waiting.contains(&(home, id.clone())) {
                done.find("V007", vec![("subject", id)]);
            }
        }
    }
}

/// Appraises again and returns those whose stored appraisal says otherwise.
async fn unlike(reader: &mut Reader, live: &Live, found: Vec<Found>, day: Day) -> Result<Vec<Found>, Stop> {
    let (subjects, answers) = appraise_now(reader, live, found.clone(), day, true).await?;
    let said = subjects.iter().zip(&answers).map(|(subject, answer)| row(live, subject, answer, day).said);
    let pairs = found.into_iter().zip(said);
    let unlike = pairs.filter(|(found, said)| found.before.as_ref().is_none_or(|b| !says_same(b, said)));
    Ok(unlike.map(|(found, _)| found).collect())
}

fn without_later_orders(mut found: Found) -> Found {
    let decided_on = found.before.as_ref().map_or(Day::MIN, |before| before.decided_on);
    found.subject.history.orders.retain(|order| order.issued_on < decided_on);
    found
}

/// Compares what an appraisal says; the day it was made is not part of that.
fn says_same(stored: &appraisals::Said, said: &appraisals::Said) -> bool {
    stored.tier == said.tier
        && stored.score == said.score
        && stored.undecided == said.undecided
        && stored.next == said.next
}
