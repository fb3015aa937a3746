//! Verifying: the record refolded and compared with the tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes;
use crate::digest::Digest;
use crate::id::TriggerId;
use crate::import::StationRow;
use crate::ledger::{self, Body, ChainHead, Entry};
use crate::office::active_release::last_tick;
use crate::office::appraisal::appraise::{AppraisalDay, appraise_now, row};
use crate::office::audit::findings::{Finding, VerifyReport};
use crate::office::audit::order_log;
use crate::office::audit::verify_documents::{DocumentLog, verify_documents};
use crate::office::audit::verify_orders::Retelling;
use crate::office::{ActiveRelease, Answer};
use crate::people::Roster;
use crate::register::Subject;
use crate::rules::RuleFault;
use crate::store::appraisals::AppraisalText;
use crate::store::bureau::{GridRecord, OfficerRecord};
use crate::store::checksums::{self, Sum, SummedTable};
use crate::store::ledger::KeptHead;
use crate::store::order_list;
use crate::store::reading::AppraisedSubject;
use crate::store::{
    ReadTx, Store, bureau, due, duties, occurrences, people, reading, reappraisals, skipped_candidates,
};
use crate::time::Day;

/// Rows read at a time.
const PAGE: i64 = 5_000;
/// Ledger entries read at a time; a batch of 10,000 orders takes some megabytes.
const ENTRIES: i64 = 50;

/// Refolds the ledger, compares it with the tables, and checks every invariant that concerns
/// what is stored (`design.md` §5: I1, I2, I3's gaplessness, I4, I10, I11 for appraisals).
pub async fn verify(store: &Store, live: &ActiveRelease) -> Answer<VerifyReport> {
    let mut done = VerifyReport { events: 0, orders: 0, subjects: 0, chain: "ok", problems: Vec::new() };
    let mut reader = store.read().await?;
    reader.hold_pages().await?;
    let mut sums = LedgerSums::default();
    let mut kept = crate::store::ledger::kept_heads(&mut reader).await?;
    // Where people are kept from some day on, nobody was known to what was decided before.
    let rosters = [people::roster(&mut reader).await?, Roster::default()];
    for (chain, _) in crate::store::ledger::chains(&mut reader).await? {
        let told = Retelling::begin(&mut reader, live, &chain, &rosters, &mut done).await?;
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
    dispatched(&mut reader, &sums, &mut done).await?;
    register(&mut reader, &sums.imported, &mut done).await?;
    for Finding { code, args } in verify_documents(&mut reader, live, &sums.papers).await? {
        done.find(code, args);
    }
    places(&mut reader, &mut done).await?;
    workloads(&mut reader, &mut done).await?;
    if let Some(last) = last_tick(store).await? {
        appraised(&mut reader, live, last.day_in(live.policy.bureau.zone), &mut done).await?;
    }
    Ok(done)
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
    skips: BTreeMap<String, Sum>,
    /// The newest evaluation of each firing.
    occurrences: BTreeMap<(TriggerId, String), Digest>,
    papers: DocumentLog,
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
    match entry.read() {
        Ok(Body::OrdersOpened(batch)) => {
            for order in &batch.orders {
                told.open(order.header.id.seq, order_log::opened_in(entry, &batch, order));
            }
        }
        Ok(Body::OrderOpened(opening)) => match order_log::of_entry(entry) {
            Some(past) => told.open(opening.order.header.id.seq, past),
            None => told.done.unreadable(entry),
        },
        Ok(Body::Imported { what, now, .. }) => {
            sums.imported.insert((what, chain.to_owned()), now);
        }
        Ok(Body::Skipped { trigger, on, candidates }) => {
            let sum = sums.skips.entry(chain.to_owned()).or_default();
            for skip in &candidates {
                sum.add(skip_digest(trigger.as_ref(), [&skip.subject, &skip.nominal, &skip.reason, &on]));
            }
        }
        Ok(Body::Occurrence { trigger, nominal, outcome, reason, opened }) => {
            let opened = opened.to_string();
            let digest = row_digest([&outcome, reason.as_deref().unwrap_or(""), &opened]);
            sums.occurrences.insert((trigger, nominal), digest);
        }
        Ok(Body::Document(body)) => sums.papers.hear(chain, body),
        Ok(_) => {}
        Err(ledger::NotABody) => told.done.unreadable(entry),
    }
}

fn row_digest<const N: usize>(parts: [&str; N]) -> Digest {
    Digest::of_parts("wubu-row", parts.iter().map(|part| part.as_bytes()))
}

fn skip_digest(trigger: TriggerId<&str>, [subject, nominal, reason, on]: [&String; 4]) -> Digest {
    row_digest([trigger.workflow, trigger.trigger, subject, nominal, reason, on])
}

/// Compares what was skipped, and which firings were evaluated, with what the ledger says.
async fn dispatched(reader: &mut ReadTx, sums: &LedgerSums, done: &mut VerifyReport) -> Answer<()> {
    let mut skipped: BTreeMap<String, Sum> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = skipped_candidates::list(reader, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.clone());
        for skip in &page {
            let on = skip.on_day.to_string();
            let digest =
                skip_digest(skip.trigger.as_ref(), [&skip.subject, &skip.nominal, &skip.reason, &on]);
            skipped.entry(skip.home.clone()).or_default().add(digest);
        }
    }
    let homes: BTreeSet<&String> = skipped.keys().chain(sums.skips.keys()).collect();
    for home in homes.into_iter().filter(|home| skipped.get(*home) != sums.skips.get(*home)) {
        done.find("V009", vec![("table", "skip".to_owned()), ("station", home.clone())]);
    }
    let found = occurrences::all(reader).await?;
    let found: BTreeMap<(TriggerId, String), Digest> = found
        .into_iter()
        .map(|row| {
            let opened = row.opened.to_string();
            let digest = row_digest([&row.outcome, row.reason.as_deref().unwrap_or(""), &opened]);
            ((row.trigger, row.nominal.to_string()), digest)
        })
        .collect();
    if found != sums.occurrences {
        done.find("V009", vec![("table", "occurrence".to_owned()), ("station", String::new())]);
    }
    // What is due is part of each appraisal; here only that nothing is due that was opened.
    for (home, subject) in due::opened(reader, PAGE).await? {
        done.find("V010", vec![("subject", subject), ("station", home)]);
    }
    Ok(())
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

async fn places(reader: &mut ReadTx, done: &mut VerifyReport) -> Answer<()> {
    let edited = [
        ("stations", bureau::edited::<StationRow>(reader).await?),
        ("grids", bureau::edited::<GridRecord>(reader).await?),
        ("officers", bureau::edited::<OfficerRecord>(reader).await?),
    ];
    for (table, rows) in edited {
        for row in rows {
            done.find("V005", vec![("table", table.to_owned()), ("row", row)]);
        }
    }
    Ok(())
}

/// Counts everybody's duties, which were compared with the orders, and compares what is kept of their number.
async fn workloads(reader: &mut ReadTx, done: &mut VerifyReport) -> Answer<()> {
    let kept = duties::workloads(reader).await?.into_iter().filter(|kept| kept.duties != 0);
    let kept: BTreeMap<String, i64> = kept.map(|kept| (kept.officer, kept.duties)).collect();
    if kept != duties::counted(reader).await? {
        done.find("V009", vec![("table", "workload".to_owned()), ("station", String::new())]);
    }
    Ok(())
}

/// Appraises everybody again as of the last pass and compares, except who waits for the next one.
async fn appraised(
    reader: &mut ReadTx,
    live: &ActiveRelease,
    day: Day,
    done: &mut VerifyReport,
) -> Answer<()> {
    let waiting = reappraisals::all(reader).await?;
    let mut after = None;
    loop {
        let filter = reading::SubjectRange::default();
        let found = reading::scan(reader, &live.policy, &filter, after.as_ref(), PAGE).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = Some(reading::SubjectKey { home: last.subject.home.clone(), id: last.subject.id.clone() });
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
async fn unlike(
    reader: &mut ReadTx,
    live: &ActiveRelease,
    found: Vec<AppraisedSubject>,
    day: Day,
) -> Answer<Vec<AppraisedSubject>> {
    let (subjects, answers) =
        appraise_now(reader, live, found.clone(), AppraisalDay { day, with_before: true }).await?;
    let said = |subject, answer| row(live, subject, answer, day).said;
    let asked = found.into_iter().zip(subjects.iter().zip(&answers));
    let unlike = asked.filter(|(found, (subject, answer))| {
        // What a rule had no time for, then or now, is no verdict to be compared.
        let was_stopped = |before: &AppraisalText| {
            before.undecided.as_ref().is_some_and(|cause| cause.starts_with(codes::RULE_TIME.id))
        };
        let is_stopped = answer.undecided.as_ref().is_some_and(RuleFault::is_stop);
        let before = found.before.as_ref();
        !is_stopped && before.is_none_or(|b| !was_stopped(b) && !says_same(b, &said(subject, answer)))
    });
    Ok(unlike.map(|(found, _)| found).collect())
}

fn without_later_orders(mut found: AppraisedSubject) -> AppraisedSubject {
    let decided_on = found.before.as_ref().map_or(Day::MIN, |before| before.decided_on);
    found.subject.history.orders.retain(|order| order.issued_on < decided_on);
    found
}

/// Compares what an appraisal says; the day it was made is not part of that.
fn says_same(stored: &AppraisalText, said: &AppraisalText) -> bool {
    stored.tier == said.tier
        && stored.score == said.score
        && stored.undecided == said.undecided
        && stored.next == said.next
}
