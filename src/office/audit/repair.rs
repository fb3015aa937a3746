//! Derived tables worked out anew where they are not what the record tells; the record itself is never touched.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::digest::Digest;
use crate::ledger::Body;
use crate::office::active_release::last_tick;
use crate::office::audit::findings::VerifyReport;
use crate::office::audit::verify::{LookedThrough, look, verify};
use crate::office::audit::verify_appraisals::{self, DueTrouble};
use crate::office::audit::verify_orders::RetoldOrders;
use crate::office::authority;
use crate::office::{ActContext, Answer};
use crate::people::PowerRequest;
use crate::policy::Power;
use crate::store::due::{self, DueContent};
use crate::store::repair as tables;
use crate::store::{Tx, appraisals, decisions, ledger, people, reappraisals};

/// What was worked out anew, and what verifying finds afterwards.
#[derive(Clone, Debug, Serialize)]
pub struct RepairReport {
    /// Each table in which something was put right.
    pub repaired: Vec<RepairedTable>,
    #[serde(flatten)]
    pub verified: VerifyReport,
}

/// A table in which rows were put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepairedTable {
    pub table: &'static str,
    /// Rows that were written, taken away or put in.
    pub rows: u64,
}

/// Verifies, works derived tables out anew where they are not what the record tells, and verifies again.
///
/// Nothing is put right while a chain is broken: what it tells is not the record. Ground (the ledger, texts, the
/// register, files) is never touched, so what is wrong there is found again.
///
/// # Refusals
/// R154 where nobody is named and the register has people; whoever lacks the power.
pub async fn repair(cx: ActContext<'_>, by: Option<&str>) -> Answer<RepairReport> {
    let roster = people::roster(&mut cx.store.read().await?).await?;
    let wanted = PowerRequest::over(Power::Repair, None);
    let actor = authority::allow_operator(cx, &roster, by, wanted)?.to_owned();
    loop {
        let LookedThrough { done, retold, entries, due } = look(cx.store, cx.live, true).await?;
        if done.chain != "ok" {
            return Ok(RepairReport { repaired: Vec::new(), verified: done });
        }
        let mut tx = cx.store.begin_on([""]).await?;
        if tx.entries() != entries {
            // Somebody wrote meanwhile.
            continue;
        }
        let mut all = of_orders(cx, &mut tx, retold).await?;
        all.extend(of_appraisals(cx, &mut tx, &due).await?);
        let repaired: Vec<RepairedTable> = all
            .into_iter()
            .filter(|(_, rows)| *rows > 0)
            .map(|(table, rows)| RepairedTable { table, rows })
            .collect();
        if !repaired.is_empty() {
            let count = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
            let tables = repaired.iter().map(|table| (table.table.to_owned(), count(table.rows))).collect();
            ledger::append(&mut tx, "", &Body::Repaired { tables }, cx.author(&actor)).await?;
            tx.commit().await?;
        }
        return Ok(RepairReport { repaired, verified: verify(cx.store, cx.live).await? });
    }
}

/// Rows that were put right, by table.
type Repairs = Vec<(&'static str, u64)>;

async fn of_orders(cx: ActContext<'_>, tx: &mut Tx, retold: RetoldOrders) -> Answer<Repairs> {
    let RetoldOrders { unlike, duties, incidents, tallies, uncounted, .. } = retold;
    let orders = if unlike.is_empty() { 0 } else { tables::write_orders(tx, &unlike, cx.zone()).await? };
    let duties = tables::write_duties(tx, &duties).await?;
    let workloads = tables::count_duties(tx).await?;
    let incidents = tables::write_incidents(tx, &incidents).await?;
    let tallies = tables::write_tallies(tx, &tallies, &uncounted).await?;
    Ok(vec![
        ("orders", orders),
        ("duty", duties),
        ("workload", workloads),
        ("incident", incidents),
        ("tally", tallies),
    ])
}

/// Appraises everybody anew of the homes where something is not as it should be.
async fn of_appraisals(cx: ActContext<'_>, tx: &mut Tx, trouble: &DueTrouble) -> Answer<Repairs> {
    let Some(last) = last_tick(cx.store).await?.filter(|_| !trouble.homes.is_empty()) else {
        return Ok(Vec::new());
    };
    let (day, waiting) = (last.day_in(cx.zone()), reappraisals::all(tx).await?);
    let before = due_of(tx, &trouble.homes).await?;
    let (mut rewritten, mut after) = (0, None);
    let mut wanted: BTreeMap<String, BTreeSet<tables::DuePlaceKey>> = BTreeMap::new();
    while let Some(page) = verify_appraisals::anew(tx, cx.live, day, after.take()).await? {
        let of_page = page.told.into_iter().filter(|told| {
            let key = (told.row.home.clone(), told.row.subject.clone());
            trouble.homes.contains(&key.0) && !waiting.contains(&key)
        });
        let (mut rows, mut decided) = (Vec::new(), Vec::new());
        for told in of_page {
            rewritten += u64::from(told.is_unlike);
            let asked = wanted.entry(told.row.home.clone()).or_default();
            asked.extend(told.row.due.iter().map(tables::DuePlaceKey::of));
            decided.push(told.decision);
            rows.push(told.row);
        }
        let decided: Vec<(&str, &str)> =
            decided.iter().map(|decision| (decision.id.as_str(), decision.body.as_str())).collect();
        decisions::add_many(tx, &decided).await?;
        appraisals::save_many(tx, &rows).await?;
        after = Some(page.last);
    }
    for home in &trouble.homes {
        let wanted = wanted.remove(home).unwrap_or_default();
        tables::drop_other_due(tx, home, &wanted, &waiting).await?;
    }
    let due = due_of(tx, &trouble.homes).await?;
    Ok(vec![("appraisal", rewritten), ("due", before.symmetric_difference(&due).count() as u64)])
}

/// Returns what is due in some homes, each row by what it holds.
async fn due_of(tx: &mut Tx, homes: &BTreeSet<String>) -> Answer<BTreeSet<Digest>> {
    let rows = due::all(tx).rest().await?.into_iter();
    Ok(rows.filter(|row| homes.contains(&row.home)).map(|DueContent { content, .. }| content).collect())
}
