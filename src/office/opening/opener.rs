//! One order that is being opened: what the engine says of it, in the store's words.

use crate::engine::{
    self, Cover, Docket, Effect, Event, Ground, Numbering as _, Outcome, Pinned, Place, State,
};
use crate::ledger::{OpenedCommon, OpenedOrder};
use crate::office::documents::{self, Wanted};
use crate::office::numbering::{Numbers, Titles, order_number};
use crate::office::{ActContext, Live, Stop};
use crate::people::Roster;
use crate::policy::{Step, StepKind, Workflow};
use crate::store::docket::Deed;
use crate::store::{self, Store, Tx, orders, people, progress, terms};
use crate::time::Stamp;

/// Decides the orders of one workflow as they are opened.
pub(crate) struct Opener<'a> {
    pub(crate) store: &'a Store,
    pub(crate) live: &'a Live,
    pub(crate) workflow: &'a Workflow,
    pub(crate) now: Stamp,
}

impl Opener<'_> {
    /// Decides one order that nothing but its first duty follows from; the people chosen for it have
    /// one duty more from here on.
    ///
    /// The order is not numbered yet: nothing that happens on entering a duty reads its number.
    pub(crate) fn open(
        &self,
        home: &str,
        order: OpenedOrder,
        roster: &mut Roster,
    ) -> Result<orders::Opening, Stop> {
        if !self.is_plain() {
            return Ok(orders::Opening { home: home.to_owned(), order, ..orders::Opening::default() });
        }
        let cover = self.cover(home, &order);
        let before = engine::Order { cover, record: engine::Record::default(), state: State::NotYet };
        let Live { policy, rules, .. } = self.live;
        let ground = Ground { policy, rules, roster, subject: None, given: &[] };
        let outcome = engine::step(&ground, &before, &Event::Open(None), self.now)?;
        let opening = to_store(home, order, outcome);
        for officer in &opening.assignees {
            roster.give(officer, self.now);
        }
        Ok(opening)
    }

    /// Writes orders that were decided, or decides those here that had to be numbered first.
    pub(crate) async fn write(
        &self,
        tx: &mut Tx,
        common: &OpenedCommon,
        batch: Vec<orders::Opening>,
        (titles, actor): (&Titles, &str),
    ) -> Result<orders::Opened, Stop> {
        if self.is_plain() {
            let year = self.now.day_in(self.live.policy.bureau.zone).format("%Y").to_string();
            let number = |home: &str, seq: i64| order_number(titles, home, &year, seq);
            // All begin at the same step, so what one of them makes all do.
            let made = batch.first().map(|opening| opening.documents.clone()).unwrap_or_default();
            let opened = orders::open_many(tx, common, batch, number, actor, self.now).await?;
            self.make_documents(tx, &made, &opened.new).await?;
            return Ok(opened);
        }
        let orders::Parted { new, known, last } = orders::part(tx, common, batch).await?;
        let numbers = Numbers { titles: titles.clone() };
        let roster = people::roster(tx).await?;
        let Live { policy, rules, .. } = self.live;
        let mut docket = Docket::new(Pinned { policy, rules }, roster, &numbers);
        for (home, seq) in &last {
            docket.numbered(home, *seq);
        }
        let mut opened = Vec::with_capacity(new.len());
        for orders::Opening { home, mut order, .. } in new {
            let said = engine::Opened {
                trigger: common.trigger.clone(),
                nominal: order.nominal.clone(),
                policy: common.policy.clone(),
                officer: order.officer.clone(),
                score: order.score.clone(),
                decision: order.decision.clone(),
                is_provisional: order.is_provisional,
            };
            let (_, seq) = docket.open(self.cover(&home, &order), said, self.now)?;
            order.seq = seq;
            order.number = numbers.number(&home, seq, self.now.day_in(policy.bureau.zone));
            opened.push((home, order));
        }
        let deed = Deed { changes: docket.changes(), actor, at: self.now, pinned_to: None };
        store::docket::save(tx, &[deed], policy.bureau.zone).await?;
        let changes: Vec<_> = docket.changes().iter().collect();
        documents::make_of_changes(self.cx(), tx, docket.roster(), &changes).await?;
        let known = known.into_iter().map(|opening| (opening.home, opening.order)).collect();
        Ok(orders::Opened { new: opened, known })
    }

    async fn make_documents(
        &self,
        tx: &mut Tx,
        made: &[orders::Document],
        opened: &[(String, OpenedOrder)],
    ) -> Result<(), Stop> {
        if made.is_empty() {
            return Ok(());
        }
        let covers: Vec<Cover> = opened.iter().map(|(home, order)| self.cover(home, order)).collect();
        let record = engine::Record::default();
        let wanted = covers.iter().flat_map(|cover| {
            made.iter().map(|made| Wanted {
                cover,
                record: &record,
                kind: &made.kind,
                step: &made.step,
                visit: made.visit,
                by: Vec::new(),
            })
        });
        documents::make_wanted(self.cx(), tx, &wanted.collect::<Vec<_>>()).await
    }

    fn cx(&self) -> ActContext<'_> {
        ActContext::new(self.store, self.live, self.now)
    }

    /// Returns whether opening an order means no more than that its first step is somebody's. What
    /// follows from any other may read the order's number, so such orders are decided as they are
    /// written.
    fn is_plain(&self) -> bool {
        let first = self.workflow.steps.first();
        first.is_none_or(|Step { kind, .. }| matches!(kind, StepKind::Duty { .. }))
    }

    pub(crate) fn cover(&self, home: &str, order: &OpenedOrder) -> Cover {
        Cover {
            home: home.to_owned(),
            seq: order.seq,
            number: order.number.clone(),
            workflow: self.workflow.id.clone(),
            subject_kind: self.workflow.subject_kind,
            subject: order.subject.clone(),
            station: order.station.clone(),
            grid: order.grid.clone(),
            tier: order.tier.clone(),
            scheduled_for: order.scheduled_for.parse().unwrap_or_default(),
            issued_at: self.now,
            due_on: order.due_on.parse().unwrap_or_default(),
        }
    }
}

/// Puts an outcome of opening into the store's words.
fn to_store(home: &str, order: OpenedOrder, outcome: Outcome) -> orders::Opening {
    let Outcome { next, left: _, terms, effects, outbox, choices, said: _ } = outcome;
    let place = next.first_place();
    let step_due = place.and_then(|place| place.due).map(|day| day.to_string());
    let assignees = place.and_then(Place::duty).map(|duty| duty.assignees.clone()).unwrap_or_default();
    let progress = progress::body_unless_fresh(&next);
    orders::Opening {
        home: home.to_owned(),
        order: OpenedOrder { step_due, ..order },
        progress,
        assignees,
        choices,
        terms: terms.into_iter().map(to_term).collect(),
        outbox,
        documents: effects.into_iter().filter_map(document).collect(),
    }
}

fn document(effect: Effect) -> Option<orders::Document> {
    match effect {
        Effect::Document { kind, step, visit, at } => Some(orders::Document { kind, step, visit, at }),
        Effect::Open(_) | Effect::Inspection { .. } | Effect::Set { .. } => None,
    }
}

/// Puts a term into the store's words.
pub(crate) fn to_term(term: engine::TermRow) -> terms::New {
    terms::New {
        kind: term.kind.into_str().to_owned(),
        level: i64::from(term.level),
        fires_at: term.fires_at,
        end_on: term.end_on.to_string(),
        basis: term.basis,
        fired_at: term.fired_at,
    }
}
