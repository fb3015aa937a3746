//! Many orders in memory: what one event does to one of them, and through it to others.
//!
//! An order that ends tells the one that waits for it; a step opens orders of other workflows. All
//! of that happens here, in memory, for as many acts as a transaction holds; the store then writes
//! the sum. An act that is refused leaves nothing behind, not even a number.

use std::collections::BTreeMap;
use std::ops::Range;

use super::complete::refuse_false_record;
use super::confirm::refuse_unconfirmed;
use super::event::{Act, Doing, Event, OrderEnd};
use super::order::{
    Order, OrderHeader, OrderOrigin, OrderRecord, OrderState, Parent, ParentRecord, StepRecord,
};
use super::outcome::{Child, Effect, Outcome};
use super::{ActResult, DecisionContext, Refusal, RefusalCode, answer_term, open, step, timing};
use crate::id::OrderId;
use crate::people::Roster;
use crate::policy::{ActionEffect, Policy, WorkflowIx};
use crate::register::Subject;
use crate::rules::Rules;
use crate::time::{Day, Stamp};

/// Gives orders that are opened here their running numbers and the numbers people see.
pub trait Numbering: Sync {
    /// Returns the number people see of an order that is opened on a day.
    fn number(&self, order: OrderId<&str>, on: Day) -> String;
}

/// What an order is pinned to.
#[derive(Clone, Copy, Debug)]
pub struct PinnedPolicy<'a> {
    pub policy: &'a Policy,
    pub rules: &'a Rules,
}

/// One order that was changed, and by what; in the order things happened.
#[derive(Clone, Debug)]
pub struct OrderChange {
    /// Which order.
    pub key: OrderId,
    /// Its version after.
    pub version: i64,
    pub before: Order,
    pub happened: ChangeCause,
    /// What that brought about.
    pub outcome: Outcome,
}

/// What changed an order.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeCause {
    /// It was opened here.
    Opened(Box<OrderOrigin>),
    /// An event.
    Event(Event),
}

/// An order in memory.
#[derive(Clone, Debug)]
pub struct HeldOrder<'a> {
    pub order: Order,
    pub version: i64,
    pub pinned: PinnedPolicy<'a>,
    /// Its subject, where its rules read it.
    pub subject: Option<&'a Subject>,
}

/// An order that is opened here.
struct NewOrder<'a> {
    cover: OrderHeader,
    origin: OrderOrigin,
    parent: Option<Parent>,
    subject: Option<&'a Subject>,
}

/// Orders in memory, with all that was done to them here.
pub struct UnitOfWork<'a> {
    live: PinnedPolicy<'a>,
    /// What orders of stations with a text of their own are pinned to.
    apart: BTreeMap<&'a str, PinnedPolicy<'a>>,
    roster: Roster,
    numbering: &'a dyn Numbering,
    orders: BTreeMap<OrderId, HeldOrder<'a>>,
    last_seq: BTreeMap<String, i64>,
    changes: Vec<OrderChange>,
}

/// What stands for the nominal date in the key of an order that another one opens: each visit of a step opens one, and
/// each of its further terms.
fn nominal_of(by: &Order, child: &Child) -> String {
    let visit = format!("{}.{}.{}", by.cover.id.seq, child.step, child.visit);
    if child.term == 0 { visit } else { format!("{visit}.{}", child.term) }
}

/// What an order of a workflow sees of the one that opens it: the steps that its text names, as they stand now.
///
/// # Source
/// Policy language, rule 28.
fn seen_of(pinned: PinnedPolicy<'_>, by: &Order, workflow: &str) -> Option<ParentRecord> {
    let PinnedPolicy { policy, rules } = pinned;
    let at = (0_u16..).map(WorkflowIx).zip(&policy.workflows).find(|(_, known)| known.id == workflow);
    let (at, known) = at?;
    let named = rules.reads_of_parent(at).map(|read| &read | &answer_term::of_parent(known));
    let is_named = |step: &String| named.as_ref().is_none_or(|named| named.contains(step));
    let steps = by.record.steps.iter().filter(|(step, _)| is_named(step));
    let steps: BTreeMap<String, StepRecord> =
        steps.map(|(step, record)| (step.clone(), record.clone())).collect();
    (!steps.is_empty()).then(|| ParentRecord { workflow: by.cover.workflow.clone(), steps })
}

/// What stands for the trigger in the key of an order that another one opened.
pub const BY_ORDER: &str = "order";

impl<'a> UnitOfWork<'a> {
    /// Makes an empty one. Orders opened here are pinned to `live`.
    pub fn new(live: PinnedPolicy<'a>, roster: Roster, numbering: &'a dyn Numbering) -> Self {
        Self {
            live,
            apart: BTreeMap::new(),
            roster,
            numbering,
            orders: BTreeMap::new(),
            last_seq: BTreeMap::new(),
            changes: Vec::new(),
        }
    }

    /// Says which stations have a text of their own today; orders opened for them are pinned to it.
    #[must_use]
    pub fn with_stations(self, apart: BTreeMap<&'a str, PinnedPolicy<'a>>) -> Self {
        Self { apart, ..self }
    }

    /// Returns what orders opened for a station are pinned to.
    fn text_of(&self, station: &str) -> PinnedPolicy<'a> {
        self.apart.get(station).copied().unwrap_or(self.live)
    }

    /// Takes an order in.
    pub fn load(&mut self, held: HeldOrder<'a>) {
        self.orders.insert(held.order.cover.id.clone(), held);
    }

    /// Says what the newest running number of a home is.
    pub fn numbered(&mut self, home: &str, last_seq: i64) {
        self.last_seq.insert(home.to_owned(), last_seq);
    }

    /// Returns an order and its version.
    pub fn get(&self, key: &OrderId) -> Option<(&Order, i64)> {
        self.orders.get(key).map(|held| (&held.order, held.version))
    }

    /// Returns the people, with the duties they have by now.
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Gives the people back, with the duties they have by now.
    pub fn into_roster(self) -> Roster {
        self.roster
    }

    /// Lets an event happen to one order and to all others it reaches.
    ///
    /// Returns the positions of what changed in [`UnitOfWork::changes`].
    ///
    /// # Refusals
    /// Those of [`step`]; then nothing has changed.
    pub fn apply(&mut self, key: &OrderId, event: &Event, now: Stamp) -> ActResult<Range<usize>> {
        let from = self.changes.len();
        self.all_or_nothing(now, |work| work.follow(key, event, now))?;
        Ok(from..self.changes.len())
    }

    /// Pins an order to another policy from here on, as an explicit act demands.
    pub fn repin(&mut self, key: &OrderId, pinned: PinnedPolicy<'a>) {
        if let Some(held) = self.orders.get_mut(key) {
            held.pinned = pinned;
        }
    }

    /// Pins an order to what is in force for its station, as an explicit act demands.
    pub fn repin_today(&mut self, key: &OrderId) {
        let station = self.orders.get(key).map(|held| held.order.cover.station.clone());
        if let Some(pinned) = station.map(|station| self.text_of(&station)) {
            self.repin(key, pinned);
        }
    }

    /// Returns what an order is pinned to.
    pub fn pinned(&self, key: &OrderId) -> Option<PinnedPolicy<'a>> {
        self.orders.get(key).map(|held| held.pinned)
    }

    /// Opens an order nobody waits for, and all it opens in turn.
    ///
    /// # Refusals
    /// Those of [`step`]; then nothing has changed.
    pub fn open(&mut self, cover: OrderHeader, origin: OrderOrigin, now: Stamp) -> ActResult<OrderId> {
        let new = NewOrder { cover, origin, parent: None, subject: None };
        self.all_or_nothing(now, |work| work.open_order(new, now))
    }

    /// Returns all that was done, in order.
    pub fn changes(&self) -> &[OrderChange] {
        &self.changes
    }

    /// Does something, and takes it all back when a part of it is refused.
    fn all_or_nothing<T>(&mut self, now: Stamp, act: impl FnOnce(&mut Self) -> ActResult<T>) -> ActResult<T> {
        let (changes, seqs) = (self.changes.len(), self.last_seq.clone());
        let done = act(self);
        if done.is_err() {
            self.roll_back(changes, now);
            self.last_seq = seqs;
        }
        done
    }

    fn roll_back(&mut self, changes: usize, now: Stamp) {
        while self.changes.len() > changes {
            let Some(change) = self.changes.pop() else { break };
            self.reload(&change.outcome.next, &change.before, now);
            match change.happened {
                ChangeCause::Opened(_) => {
                    self.orders.remove(&change.key);
                }
                ChangeCause::Event(_) => {
                    if let Some(held) = self.orders.get_mut(&change.key) {
                        held.order = change.before;
                        held.version = change.version - 1;
                    }
                }
            }
        }
    }

    fn follow(&mut self, key: &OrderId, event: &Event, now: Stamp) -> ActResult {
        let Some(held) = self.orders.get(key) else {
            return Err(Refusal::new(RefusalCode::NoSuchOrder).with("order", key.to_string()));
        };
        if let Event::Act(act) = event {
            self.refuse_unconfirmed_parent(held, act)?;
        }
        let ground = self.ground(held.pinned, held.subject);
        let before = held.order.clone();
        let outcome = step(&ground, &before, event, now)?;
        if outcome.history.is_empty() && outcome.next == before {
            return Ok(());
        }
        refuse_false_record(held.pinned.policy, &outcome, now)?;
        let version = held.version + 1;
        let (key, happened) = (key.clone(), ChangeCause::Event(event.clone()));
        self.settle(OrderChange { key, version, before, happened, outcome }, now)
    }

    /// Refuses to approve what came of work that has yet to be confirmed where it was done: on the order that opened
    /// this one.
    ///
    /// # Refusals
    /// R124.
    ///
    /// # Source
    /// Policy language, rule 35.
    fn refuse_unconfirmed_parent(&self, held: &HeldOrder<'_>, act: &Act) -> ActResult {
        let HeldOrder { order, pinned, .. } = held;
        let Some(parent) = &order.record.parent else { return Ok(()) };
        let Some(parent) = self.orders.get(&OrderId { home: order.cover.id.home.clone(), seq: parent.seq })
        else {
            return Ok(());
        };
        if !approves(pinned.policy, order, act) {
            return Ok(());
        }
        refuse_unconfirmed(parent.pinned.policy, &self.roster, &parent.order)
    }

    fn ground<'s>(&'s self, pinned: PinnedPolicy<'s>, subject: Option<&'s Subject>) -> DecisionContext<'s> {
        let PinnedPolicy { policy, rules } = pinned;
        DecisionContext { policy, rules, roster: &self.roster, subject, given: None }
    }

    /// Keeps what an event brought about, and carries on with what it reaches.
    fn settle(&mut self, change: OrderChange, now: Stamp) -> ActResult {
        let OrderChange { key, version, before, outcome, .. } = &change;
        self.reload(before, &outcome.next, now);
        if let Some(held) = self.orders.get_mut(key) {
            held.order = outcome.next.clone();
            held.version = *version;
        }
        let children: Vec<Child> = outcome
            .effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Open(child) => Some(child.clone()),
                Effect::Inspection { .. } | Effect::Document { .. } | Effect::Set { .. } => None,
            })
            .collect();
        let next = outcome.next.clone();
        let has_ended = matches!(next.state, OrderState::Done { .. } | OrderState::Cancelled { .. })
            && matches!(before.state, OrderState::Open(_) | OrderState::NotYet);
        self.changes.push(change);
        for child in children {
            self.open_child(&next, &child, now)?;
        }
        if has_ended && let Some(parent) = next.record.parent.as_ref().filter(|parent| parent.awaited) {
            let key = OrderId { home: next.cover.id.home.clone(), seq: parent.seq };
            if let Some(waiting) = self.orders.get(&key) {
                let ended = OrderEnd {
                    workflow: next.cover.workflow.clone(),
                    step: waiting.order.record.current(&parent.step).to_owned(),
                    visit: parent.visit,
                    is_cancelled: matches!(next.state, OrderState::Cancelled { .. }),
                };
                self.follow(&key, &Event::Ended(ended), now)?;
            }
        }
        Ok(())
    }

    fn open_child(&mut self, by: &Order, child: &Child, now: Stamp) -> ActResult {
        let pinned = self.text_of(&by.cover.station);
        let policy = pinned.policy;
        let today = now.day_in(policy.bureau.zone);
        let parent = Parent {
            seq: by.cover.id.seq,
            step: child.step.clone(),
            visit: child.visit,
            depth: by.record.parent.as_ref().map_or(0, |parent| parent.depth) + 1,
            awaited: child.awaited,
            record: seen_of(pinned, by, &child.workflow).map(Box::new),
        };
        let mut cover = OrderHeader {
            workflow: child.workflow.clone(),
            subject_kind: child.subject_kind,
            subject: child.subject.clone(),
            scheduled_for: today,
            issued_at: now,
            due_on: policy.calendar.add(today, super::WINDOW),
            number: String::new(),
            ..by.cover.clone()
        };
        let record = OrderRecord { parent: Some(parent), ..OrderRecord::default() };
        let workflow = policy.workflow(&child.workflow);
        let own = workflow.and_then(|workflow| timing::window_end(policy, workflow, &cover, &record));
        // What the law gives is not made longer by what the policy does.
        cover.due_on = own.into_iter().chain(child.due_on).min().unwrap_or(cover.due_on);
        let origin = OrderOrigin {
            trigger: BY_ORDER.to_owned(),
            nominal: nominal_of(by, child),
            policy: policy.digest.to_string(),
            ..OrderOrigin::default()
        };
        let subject = self.orders.get(&by.cover.id).and_then(|held| held.subject);
        self.open_order(NewOrder { cover, origin, parent: record.parent, subject }, now).map(|_| ())
    }

    fn open_order(&mut self, new: NewOrder<'a>, now: Stamp) -> ActResult<OrderId> {
        let NewOrder { mut cover, origin, parent, subject } = new;
        let pinned = self.text_of(&cover.station);
        let last = self.last_seq.entry(cover.id.home.clone()).or_insert(0);
        *last += 1;
        cover.id.seq = *last;
        let key = cover.id.clone();
        cover.number = self.numbering.number(key.as_ref(), now.day_in(pinned.policy.bureau.zone));
        let before = Order { cover, record: OrderRecord::begun(&origin), state: OrderState::NotYet };
        let ground = self.ground(pinned, subject);
        let outcome = open(&ground, &before, parent.as_ref(), now)?;
        self.orders.insert(key.clone(), HeldOrder { order: before.clone(), version: 0, pinned, subject });
        let happened = ChangeCause::Opened(Box::new(origin));
        self.settle(OrderChange { key: key.clone(), version: 1, before, happened, outcome }, now)?;
        Ok(key)
    }

    /// Keeps count of the duties people have, so that the next choice sees them.
    fn reload(&mut self, before: &Order, after: &Order, now: Stamp) {
        for (order, is_more) in [(before, false), (after, true)] {
            for burden in order.burdens() {
                if is_more {
                    self.roster.give(burden.officer, now);
                } else {
                    self.roster.take(burden.officer);
                }
            }
        }
    }
}

/// Returns whether an act completes a step of an order by an action that approves.
fn approves(policy: &Policy, order: &Order, act: &Act) -> bool {
    let (Doing::Complete { action: Some(chosen), .. }, Some(workflow)) =
        (&act.doing, policy.workflow(&order.cover.workflow))
    else {
        return false;
    };
    let mut steps = order.state.places().iter().filter_map(|place| workflow.step(&place.step));
    steps.any(|step| step.kind.action(chosen).is_some_and(|action| action.effect == ActionEffect::Approves))
}
