//! Verifying: the record refolded and compared with the tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::files;
use crate::ledger::{self, Body, ChainHead, Entry};
use crate::office::active_release::last_tick;
use crate::office::audit::findings::{Finding, VerifyReport};
use crate::office::audit::order_log;
use crate::office::audit::told_rows::{ToldRows, unlike};
use crate::office::audit::verify_appraisals::{DueTrouble, verify_appraisals};
use crate::office::audit::verify_dispatch::DispatchLog;
use crate::office::audit::verify_documents::{DocumentLog, verify_documents};
use crate::office::audit::verify_late::{self, verify_files};
use crate::office::audit::verify_orders::{Retelling, RetoldOrders};
use crate::office::audit::verify_outbox::OutboxLog;
use crate::office::audit::verify_people;
use crate::office::audit::verify_releases::{self, ReleaseLog};
use crate::office::{ActiveRelease, Answer};
use crate::people::Roster;
use crate::store::checksums::{self, Sum, SummedTable};
use crate::store::incidents::Incident;
use crate::store::ledger::KeptHead;
use crate::store::{
    ReadTx, Store, appraisals, duties, epochs, incidents, order_list, order_years, people, progress, reading,
};

/// Ledger entries read at a time; a batch of 10,000 orders takes some megabytes.
const ENTRIES: i64 = 50;

/// Refolds the ledger, compares it with the tables, and checks every invariant that concerns
/// what is stored (`design.md` §5: I1, I2, I3's gaplessness, I4, I10, I11 for appraisals).
pub async fn verify(store: &Store, live: &ActiveRelease) -> Answer<VerifyReport> {
    Ok(look(store, live, false).await?.done)
}

/// What looking through everything found.
pub(crate) struct LookedThrough {
    pub(crate) done: VerifyReport,
    pub(crate) retold: RetoldOrders,
    /// Entries there were then.
    pub(crate) entries: i64,
    pub(crate) due: DueTrouble,
}

/// Looks through everything; `keeps` what derived tables should hold where they do not.
pub(crate) async fn look(store: &Store, live: &ActiveRelease, keeps: bool) -> Answer<LookedThrough> {
    let mut done = VerifyReport { events: 0, orders: 0, subjects: 0, chain: "ok", problems: Vec::new() };
    let mut reader = store.read().await?;
    reader.hold_pages().await?;
    let epoch = epochs::read(&mut reader).await?.number;
    let entries = crate::store::ledger::entries(&mut reader).await?;
    let mut sums = LedgerSums::default();
    let mut kept = crate::store::ledger::kept_heads(&mut reader).await?;
    // Where people are kept from some day on, nobody was known to what was decided before.
    let rosters = vec![people::roster(&mut reader).await?, Roster::default()];
    let mut retold =
        RetoldOrders { rosters, keeps, outbox: OutboxLog::up_to(epoch), ..RetoldOrders::default() };
    for (chain, _) in crate::store::ledger::chains(&mut reader).await? {
        let told = Retelling::begin(&mut reader, live, &chain, &mut retold, &mut done).await?;
        refold(told, kept.remove(&chain), &mut sums).await?;
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
    (sums.dispatch.tallies, sums.dispatch.uncounted) = (retold.tallies.clone(), retold.uncounted.clone());
    sums.papers.made = std::mem::take(&mut retold.papers);
    std::mem::take(&mut retold.outbox).compare(&mut reader, &mut done).await?;
    stuck(&mut reader, &retold.incidents, &mut done).await?;
    astray(&mut reader, &retold.years, &mut done).await?;
    let mut releases = sums.compare(&mut reader, live, &mut done).await?;
    workloads(&mut reader, &mut done).await?;
    verify_files(&mut reader, &files::beside(store.path()), &mut done).await?;
    let mut due = DueTrouble::default();
    if let Some(last) = last_tick(store).await? {
        let day = last.day_in(live.policy.bureau.zone);
        due = verify_appraisals(&mut reader, live, day, &mut releases, &mut done).await?;
    }
    releases.compare_decisions(&mut reader, &mut done).await?;
    Ok(LookedThrough { done, retold, entries, due })
}

impl LedgerSums {
    /// Compares all that was heard with what is stored; what is heard of decisions is compared last.
    async fn compare(
        mut self,
        reader: &mut ReadTx,
        live: &ActiveRelease,
        done: &mut VerifyReport,
    ) -> Answer<ReleaseLog> {
        self.dispatch.compare(reader, live, &mut self.rows, done).await?;
        register(reader, &self.imported, done).await?;
        for Finding { code, args } in verify_documents(reader, live, &mut self.papers, &mut self.rows).await?
        {
            done.find(code, args);
        }
        let listed = |table: &str| self.imported.get(&(table.to_owned(), String::new())).cloned();
        verify_people::compare_lists(reader, listed, done).await?;
        verify_people::compare(reader, &mut self.rows, done).await?;
        verify_releases::compare(reader, &mut self.rows, self.papers.parts, done).await?;
        verify_late::compare(reader, self.late, done).await?;
        self.rows.finish(done);
        Ok(self.releases)
    }
}

/// By table and home: rows and the sum of their digests.
type Sums = BTreeMap<(String, String), (i64, String)>;

/// Checks one chain entry by entry, and tells each order it opened again.
async fn refold(mut told: Retelling<'_>, kept: Option<KeptHead>, sums: &mut LedgerSums) -> Answer<()> {
    let (mut head, mut newest) = (ChainHead::START, None);
    loop {
        let entries = crate::store::ledger::read(told.reader, told.chain, head.seq, ENTRIES).await?;
        if entries.is_empty() {
            break;
        }
        match ledger::verify_from(told.chain, head, &entries) {
            Ok(next) => head = next,
            Err(broken) => {
                told.done.cut(told.chain, broken.seq);
                // What follows is still read, as if the chain began again after the break.
                head = entries.last().map_or(head, |entry| ChainHead { seq: entry.seq, hash: entry.hash });
            }
        }
        newest = entries.last().map(|entry| entry.at);
        for entry in &entries {
            told.done.events += 1;
            entry_holds(entry, &mut told, sums);
            told.go_on().await?;
        }
    }
    told.finish().await?;
    if kept.is_none_or(|kept| kept.head != head || Some(kept.at) != newest) {
        told.done.cut(told.chain, head.seq + 1);
    }
    told.compare().await
}

/// What the ledger says of tables that are not told again row by row.
#[derive(Default)]
struct LedgerSums {
    /// What the newest import entry of each chain says a table holds, by table and home.
    imported: Sums,
    /// Late submissions, by home.
    late: BTreeMap<String, Sum>,
    dispatch: DispatchLog,
    papers: DocumentLog,
    releases: ReleaseLog,
    /// Tables that are small.
    rows: ToldRows,
}

fn entry_holds(entry: &Entry, told: &mut Retelling<'_>, sums: &mut LedgerSums) {
    let chain = told.chain;
    // What else an act says is read as its order is told again.
    if let Ok(Some(now)) = entry.acted_sums() {
        for (table, rows, sum) in now {
            sums.imported.insert((table, chain.to_owned()), (rows, sum));
        }
        return;
    }
    let Ok(body) = entry.read() else {
        told.done.unreadable(entry);
        return;
    };
    sums.releases.hear(&mut sums.rows, entry, &body);
    sums.dispatch.hear(&mut sums.rows, entry, &body);
    match body {
        Body::OrdersOpened(batch) => {
            for order in &batch.orders {
                told.open(order.header.id.seq, order_log::opened_in(entry, &batch, order));
            }
        }
        Body::OrderOpened(opening) => match order_log::of_entry(entry) {
            Some(past) => told.open(opening.order.header.id.seq, past),
            None => told.done.unreadable(entry),
        },
        Body::Imported { what, now, .. } => {
            sums.imported.insert((what, chain.to_owned()), now);
        }
        Body::SubmittedLate { .. } => {
            sums.late.entry(chain.to_owned()).or_default().add(verify_late::told(entry, &body));
        }
        Body::Document(body) => sums.papers.hear(&mut sums.rows, entry, body),
        Body::Restored { orders, series, .. } => {
            told.seq = told.seq.max(orders);
            sums.papers.pass_over(&series);
        }
        Body::People(act) => verify_people::hear(&mut sums.rows, act, entry.at),
        _ => {}
    }
}

/// Compares the register with its own digests, and their sums with what the ledger says.
async fn register(reader: &mut ReadTx, last: &Sums, done: &mut VerifyReport) -> Answer<()> {
    let subjects = reading::audit_subjects(reader).await?;
    done.subjects = subjects.sums.values().map(|sum| u64::try_from(sum.rows).unwrap_or(0)).sum();
    let inspections = reading::audit_inspections(reader).await?;
    for (table, audit) in [(SummedTable::Subject, subjects), (SummedTable::Inspection, inspections)] {
        let what = table.name();
        for row in &audit.edited {
            done.find("V005", vec![("table", what.to_owned()), ("row", row.clone())]);
        }
        let kept = checksums::list(reader, table).await?;
        let homes =
            kept.keys().chain(audit.sums.keys()).chain(last.keys().filter(|k| k.0 == what).map(|k| &k.1));
        let homes: BTreeSet<&String> = homes.collect();
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

/// Looks for rows that stand under nothing, and at where the numbers of each year begin.
async fn astray(
    reader: &mut ReadTx,
    years: &BTreeMap<String, BTreeMap<i32, i64>>,
    done: &mut VerifyReport,
) -> Answer<()> {
    for order in progress::strays(reader).await? {
        unlike("progress", order.to_string(), done);
    }
    for (home, subject) in appraisals::strays(reader).await? {
        unlike("appraisal", format!("{home}/{subject}"), done);
    }
    for (home, year, before) in order_years::list(reader).await? {
        let told = years.get(&home).and_then(|years| years.range(..year).map(|(_, last)| *last).max());
        // Where numbers began anew in the midst of a year, it counts on from its first.
        if before != 0 && told.unwrap_or(0) != before {
            unlike("order_year", format!("{home}/{year}"), done);
        }
    }
    Ok(())
}

/// Compares where orders stand still with what telling them again came to.
async fn stuck(reader: &mut ReadTx, told: &BTreeSet<Incident>, done: &mut VerifyReport) -> Answer<()> {
    let mut told = told.clone();
    for incident in incidents::list(reader).await? {
        if !told.remove(&incident) {
            unlike("incident", format!("{} {}", incident.order, incident.cause), done);
        }
    }
    for lost in told {
        unlike("incident", format!("{} {}", lost.order, lost.cause), done);
    }
    Ok(())
}

/// Counts everybody's duties, which were compared with the orders, and compares what is kept of their number.
async fn workloads(reader: &mut ReadTx, done: &mut VerifyReport) -> Answer<()> {
    let kept = duties::workloads(reader).await?.into_iter().filter(|kept| kept.duties != 0);
    let kept: BTreeMap<(String, String), i64> =
        kept.map(|kept| ((kept.home, kept.officer), kept.duties)).collect();
    if kept != duties::counted(reader).await? {
        done.find("V009", vec![("table", "workload".to_owned()), ("station", String::new())]);
    }
    Ok(())
}
