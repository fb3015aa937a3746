//! Open orders go over to the text that comes into force, where their workflow says so.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::engine::{ActiveStep, Event, HeldOrder, Migration, Refusal, RefusalCode, TermRow, UnitOfWork};
use crate::id::OrderId;
use crate::lang;
use crate::office::active_release::{EffectiveRelease, pins, release_of};
use crate::office::numbering::{Numbers, titles};
use crate::office::release::date_move::DateMove;
use crate::office::{ActContext, Answer};
use crate::policy::{OpenTerms, Running, StepMap, Workflow};
use crate::store::change_sets::{self, ChangeSet};
use crate::store::order_list::{self, ListedOrder, OrderFilter, StoredOrder};
use crate::store::progress::LoadedOrder;
use crate::store::{ReadTx, Store, Tx, people, progress, terms};
use crate::time::{Day, Stamp};

/// Orders taken at a time.
const PAGE: usize = 1_000;
/// Orders named of those that have no place.
const NAMED: usize = 5;

/// The open orders of a workflow that go over to another text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MigratedOrders {
    /// Id of the workflow.
    pub workflow: String,
    #[serde(skip)]
    pub title: String,
    pub orders: u64,
    /// The steps they are at, as they were called and are called now, and how many orders.
    pub steps: Vec<(String, String, u64)>,
    /// Orders whose step ends on another day.
    #[serde(skip)]
    pub dates: Vec<DateMove>,
}

/// Returns the homes in whose chains it is written that orders go over to a text; none where they keep theirs.
pub(crate) async fn homes(store: &Store, workflows: &[Workflow]) -> Answer<Vec<String>> {
    if !workflows.iter().any(|workflow| matches!(workflow.running, Running::Migrate(_))) {
        return Ok(Vec::new());
    }
    let heads = crate::store::ledger::kept_heads(&mut store.read().await?).await?;
    Ok(heads.into_keys().collect())
}

/// Lets the open orders of every workflow that says so go over to the release in force, in the transaction that puts
/// it there.
///
/// # Refusals
/// R230 where the text has no place for some of them; then none goes over, and the text does not come into force.
///
/// # Source
/// Policy language, rule 5.
pub(crate) async fn migrate_running(
    cx: ActContext<'_>,
    tx: &mut Tx,
    actor: &str,
) -> Answer<Vec<MigratedOrders>> {
    let mut all = Vec::new();
    for workflow in &cx.policy().workflows {
        let Running::Migrate(map) = &workflow.running else { continue };
        // Before its day the text before it serves.
        if workflow.effective > cx.today {
            continue;
        }
        let done = MigratedOrders {
            workflow: workflow.id.clone(),
            title: workflow.title.clone(),
            ..MigratedOrders::default()
        };
        let (unplaced, reasons) = (Vec::new(), Vec::new());
        let mut migration = WorkflowMigration { cx, workflow, map, actor, done, unplaced, reasons };
        migration.all(tx).await?;
        all.push(migration.finished()?);
    }
    all.retain(|done| done.orders > 0);
    Ok(all)
}

/// The orders of one workflow as they go over.
struct WorkflowMigration<'a> {
    cx: ActContext<'a>,
    workflow: &'a Workflow,
    map: &'a StepMap,
    actor: &'a str,
    done: MigratedOrders,
    /// Numbers of orders that the text has no place for.
    unplaced: Vec<String>,
    /// Why not, each reason once.
    reasons: Vec<Refusal>,
}

impl<'a> WorkflowMigration<'a> {
    async fn all(&mut self, tx: &mut Tx) -> Answer<()> {
        let ActContext { store, today, .. } = self.cx;
        let filter = OrderFilter {
            state: Some("open".to_owned()),
            workflow: Some(self.workflow.id.clone()),
            ..OrderFilter::default()
        };
        // Nobody else writes while the transaction lasts, so what others read is what there is.
        let (mut reader, mut beside) = (store.read().await?, store.read().await?);
        let titles = titles(&mut beside).await?;
        let numbers = Numbers::today(self.cx, tx, &titles, BTreeSet::new()).await?;
        let roster = people::roster(tx).await?;
        // What was opened since the day began, before the first pass of it, goes over with the others.
        let until = Stamp::day_end(today, self.cx.zone());
        let mut open = order_list::list(&mut reader, &filter, until, today);
        let mut before: BTreeMap<String, EffectiveRelease<'a>> = BTreeMap::new();
        loop {
            let page = open.next_rows(PAGE).await?;
            if page.is_empty() {
                return Ok(());
            }
            let rows: Vec<StoredOrder> = page.into_iter().map(|ListedOrder { order, .. }| order).collect();
            for digest in rows.iter().map(|row| &row.origin.policy) {
                if !before.contains_key(digest) {
                    let known = release_of(&mut beside, self.cx.live, digest).await?;
                    before.insert(digest.clone(), known);
                }
            }
            let own = self.cx.live.on(self.cx.today);
            let own = own.own(rows.iter().map(|row| row.header.station.as_str()))?;
            let docket = UnitOfWork::new(self.cx.live.pinned(), roster.clone(), &numbers);
            let docket = docket.with_stations(pins(&own));
            self.page(tx, docket, PageOfOrders { rows: &rows, before: &before, beside: &mut beside }).await?;
        }
    }

    async fn page<'p>(
        &mut self,
        tx: &mut Tx,
        mut docket: UnitOfWork<'p>,
        page: PageOfOrders<'p, '_>,
    ) -> Answer<()> {
        let PageOfOrders { rows, before, beside } = page;
        let keys: Vec<&OrderId> = rows.iter().map(|row| &row.header.id).collect();
        let mut rows_of = self.term_rows(beside, rows, before).await?;
        let mut changed = Vec::new();
        for LoadedOrder { order, version, policy, .. } in progress::load_many(tx, keys).await? {
            let Some(was) = before.get(&policy) else { continue };
            let (key, number) = (order.cover.id.clone(), order.cover.number.clone());
            let from = order.first_place().map(StepDay::of);
            docket.load(HeldOrder { order, version, pinned: was.pinned(), subject: None });
            docket.repin_today(&key);
            let now_pinned = docket.pinned(&key).map(|pinned| pinned.policy.digest.to_string());
            if now_pinned.as_ref() == Some(&policy) {
                continue;
            }
            let migration = Migration {
                release: self.cx.live.release,
                renamed: self.renamed(was),
                terms: self.map.terms,
                rows: rows_of.remove(&key).unwrap_or_default(),
            };
            match docket.apply(&key, &Event::Migrated(migration), self.cx.now) {
                Err(refusal) => {
                    self.unplaced.push(number);
                    if !self.reasons.contains(&refusal) {
                        self.reasons.push(refusal);
                    }
                }
                Ok(range) => {
                    let to = docket.get(&key).and_then(|(order, _)| order.first_place()).map(StepDay::of);
                    self.count(&key, from, to);
                    changed.push((range, now_pinned));
                }
            }
        }
        let deeds = changed.iter().map(|(range, pinned_to)| ChangeSet {
            changes: &docket.changes()[range.clone()],
            actor: self.actor,
            at: self.cx.now,
            pinned_to: pinned_to.as_deref(),
            answered: None,
        });
        let deeds: Vec<ChangeSet<'_>> = deeds.collect();
        if self.unplaced.is_empty() && !deeds.is_empty() {
            change_sets::save(tx, &deeds, self.cx.zone()).await?;
        }
        Ok(())
    }

    /// Returns what the steps of a text are called by the one in force: an order that went by this map before has the
    /// names of it.
    fn renamed(&self, was: &EffectiveRelease<'_>) -> BTreeMap<String, String> {
        match was.policy.workflow(&self.workflow.id).map(|workflow| &workflow.running) {
            Some(Running::Migrate(map)) if map.renamed == self.map.renamed => BTreeMap::new(),
            _ => self.map.renamed.clone(),
        }
    }

    /// Reads the terms of orders whose terms are set anew or whose steps get other names.
    async fn term_rows(
        &self,
        reader: &mut ReadTx,
        rows: &[StoredOrder],
        before: &BTreeMap<String, EffectiveRelease<'_>>,
    ) -> Answer<BTreeMap<OrderId, Vec<TermRow>>> {
        let is_touched = |row: &&StoredOrder| {
            let renamed = || before.get(&row.origin.policy).is_some_and(|was| !self.renamed(was).is_empty());
            self.map.terms == OpenTerms::Recount || renamed()
        };
        let touched: Vec<&OrderId> = rows.iter().filter(is_touched).map(|row| &row.header.id).collect();
        let mut all: BTreeMap<OrderId, Vec<TermRow>> = BTreeMap::new();
        if touched.is_empty() {
            return Ok(all);
        }
        for terms::Term { order, row } in terms::of_each(reader, &touched).await? {
            all.entry(order).or_default().push(row);
        }
        Ok(all)
    }

    /// Counts an order by where it was and is.
    fn count(&mut self, key: &OrderId, from: Option<StepDay>, to: Option<StepDay>) {
        let Some((was, now)) = from.zip(to) else { return };
        self.done.orders += 1;
        match self.done.steps.iter_mut().find(|(from, to, _)| (from, to) == (&was.step, &now.step)) {
            Some((.., count)) => *count += 1,
            None => self.done.steps.push((was.step, now.step, 1)),
        }
        if let Some((from, to)) = was.due.zip(now.due).filter(|(from, to)| from != to) {
            self.done.dates.push(DateMove { order: key.to_string(), from, to });
        }
    }

    fn finished(self) -> Answer<MigratedOrders> {
        if self.unplaced.is_empty() {
            return Ok(self.done);
        }
        let refusal = Refusal::new(RefusalCode::NotMigrated).with("workflow", &self.workflow.title);
        let refusal = refusal.with("count", self.unplaced.len().to_string());
        let refusal = refusal.with("orders", lang::list(self.unplaced.iter().take(NAMED)));
        Err(refusal.because(self.reasons).into())
    }
}

/// The step an order is at, and its last day.
struct StepDay {
    step: String,
    due: Option<Day>,
}

impl StepDay {
    fn of(place: &ActiveStep) -> Self {
        Self { step: place.step.clone(), due: place.due }
    }
}

/// Some of the orders, with what they went by before.
struct PageOfOrders<'p, 'r> {
    rows: &'p [StoredOrder],
    /// By digest.
    before: &'p BTreeMap<String, EffectiveRelease<'p>>,
    beside: &'r mut ReadTx,
}
