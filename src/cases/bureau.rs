//! A bureau in memory: the orders of one case, their terms, the people and the subject.

use std::collections::BTreeMap;

use super::CaseReach;
use super::events::{CaseEvents, CaseFiring};
use super::texts::CaseTexts;
use crate::engine::{
    ChangeCause, Effect, Event, HeldOrder, HistoryEvent, Numbering, Order, OrderChange, OrderHeader,
    OrderOrigin, OrderState, Refusal, RefusalCode, Signal, TermMoment, TermRow, TermRows, UnitOfWork,
};
use crate::id::OrderId;
use crate::people::{self, Roster};
use crate::policy::{NumberRule, Policy, SubjectKind, Word, write_number};
use crate::register::{Inspection, PastOrder, Subject, Value};
use crate::time::{Day, Stamp};

/// Terms that fire between two acts. Each fires once and orders are nested in bounds, so this is
/// reached only by a policy whose orders start each other without end.
const FIRED_MAX: usize = 10_000;

pub(super) struct CaseBureau<'a> {
    texts: &'a CaseTexts<'a>,
    /// The bureau's own text.
    policy: &'a Policy,
    subject: Subject,
    roster: Roster,
    orders: BTreeMap<OrderId, CaseOrder>,
    /// In the order they were opened.
    opened: Vec<OrderId>,
    last_seq: BTreeMap<String, i64>,
    /// The day up to which it is known whose leaves have begun and whose posts are over.
    looked: Option<Day>,
    pub(super) news: CaseEvents,
    pub(super) reached: CaseReach,
}

/// One order with what the store would keep of it.
pub(super) struct CaseOrder {
    pub(super) order: Order,
    version: i64,
    terms: TermRows,
    origin: OrderOrigin,
    /// The step it was at last.
    pub(super) shown: String,
}

/// Numbers orders without the titles of stations; a case begins with its year.
struct PlainNumbering<'a>(&'a NumberRule);

impl Numbering for PlainNumbering<'_> {
    fn number(&self, OrderId { home, seq }: OrderId<&str>, on: Day) -> String {
        write_number(&self.0.text, |part| match part {
            "station" | "home" => home.to_owned(),
            "year" => on.format("%Y").to_string(),
            _ => seq.to_string(),
        })
    }
}

impl<'a> CaseBureau<'a> {
    pub(super) fn new(texts: &'a CaseTexts<'a>, subject: Subject, roster: Roster) -> Self {
        Self {
            texts,
            policy: texts.base.policy,
            subject,
            roster,
            orders: BTreeMap::new(),
            opened: Vec::new(),
            last_seq: BTreeMap::new(),
            looked: None,
            news: CaseEvents::default(),
            reached: CaseReach::default(),
        }
    }

    pub(super) fn open(
        &mut self,
        cover: OrderHeader,
        origin: OrderOrigin,
        now: Stamp,
    ) -> Result<(), Refusal> {
        self.looked = Some(now.day_in(self.policy.bureau.zone));
        self.work(now, |docket| docket.open(cover, origin, now).map(|_| ()))
    }

    /// Lets an event happen; returns whether it changed anything.
    pub(super) fn apply(&mut self, key: &OrderId, event: &Event, now: Stamp) -> Result<bool, Refusal> {
        self.work(now, |docket| docket.apply(key, event, now).map(|changed| !changed.is_empty()))
    }

    /// Lets time pass: every term whose moment has come fires at it, and on the day on which a leave begins, a
    /// post is over or somebody is gone, duties move, as the daemon's ticks would.
    ///
    /// # Source
    /// Policy language, rules 16 and 19.
    pub(super) fn pass_until(&mut self, now: Stamp) {
        let zone = self.policy.bureau.zone;
        while let Some(day) = self.next_change_of_people().filter(|day| *day <= now.day_in(zone)) {
            let begins = Stamp::day_start(day, zone);
            self.fire_until(Stamp::from_micros(begins.micros() - 1));
            self.move_duties(day, begins);
        }
        self.fire_until(now);
    }

    fn fire_until(&mut self, now: Stamp) {
        for _ in 0..FIRED_MAX {
            let Some((key, row)) = self.next_term().filter(|(_, row)| row.fires_at <= now) else { return };
            self.fire(&key, row);
        }
    }

    /// The next day on which somebody is away or gone or holds a post no longer.
    fn next_change_of_people(&self) -> Option<Day> {
        let looked = self.looked?;
        let days = self.roster.officers.values().flat_map(|officer| {
            let over = officer.posts.iter().map(|post| post.until).chain([officer.left_on]).flatten();
            officer.leaves.iter().map(|leave| leave.from).chain(over.filter_map(|last| last.succ_opt()))
        });
        days.filter(|day| *day > looked).min()
    }

    fn move_duties(&mut self, day: Day, now: Stamp) {
        let ended = people::ended(&self.roster, self.looked, day);
        self.looked = Some(day);
        let away = people::absent(&self.roster, day).into_iter().filter(|id| !ended.contains(id));
        let away: Vec<(String, bool)> = away.map(|id| (id, false)).collect();
        for (id, is_ended) in ended.iter().map(|id| (id.clone(), true)).chain(away) {
            let changed = is_ended.then(|| id.clone()).into_iter().collect();
            let event = Event::Signal(Signal::Staff { changed, grids: Vec::new(), came: Vec::new() });
            for key in self.with_duty_of(&id) {
                // Where nobody could take over, it stays.
                match self.apply(&key, &event, now) {
                    Ok(_) | Err(_) => {}
                }
            }
        }
    }

    /// Lists the open orders on which somebody has something to do.
    fn with_duty_of(&self, id: &str) -> Vec<OrderId> {
        let has = |order: &Order| order.burdens().iter().any(|burden| burden.officer == id);
        self.open_orders().filter(|(_, order)| has(order)).map(|(key, _)| key.clone()).collect()
    }

    fn next_term(&self) -> Option<(OrderId, TermRow)> {
        let next = self.orders.iter().filter_map(|(key, lived)| Some((key, lived.terms.next()?)));
        next.min_by_key(|(key, row)| (row.fires_at, *key)).map(|(key, row)| (key.clone(), row.clone()))
    }

    fn fire(&mut self, key: &OrderId, row: TermRow) {
        let (at, fired): (Stamp, TermMoment) = (row.fires_at, row.moment());
        let Some(lived) = self.orders.get_mut(key) else { return };
        lived.terms.fire(&fired, at);
        let workflow = lived.order.cover.workflow.clone();
        // A moment that cannot bring about what it should has passed all the same.
        if self.apply(key, &Event::Fired(fired), at).is_ok_and(|changed| changed) {
            self.news.fired.push(CaseFiring { workflow, row, at });
        }
    }

    /// Puts all orders into a docket, as a clerk does for one act, and keeps what came of it.
    fn work<T>(
        &mut self,
        now: Stamp,
        deed: impl FnOnce(&mut UnitOfWork<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let subject = self.subject();
        let texts = self.texts;
        let numbering = PlainNumbering(&self.policy.order_number);
        let docket = UnitOfWork::new(texts.base, std::mem::take(&mut self.roster), &numbering);
        let mut docket = docket.with_stations(texts.apart(now.day_in(self.policy.bureau.zone)));
        for lived in self.orders.values() {
            let is_about = lived.order.cover.subject_kind == SubjectKind::Subject;
            let (order, version) = (lived.order.clone(), lived.version);
            let pinned = texts.of_digest(&lived.origin.policy);
            docket.load(HeldOrder { order, version, pinned, subject: is_about.then_some(&subject) });
        }
        for (home, seq) in &self.last_seq {
            docket.numbered(home, *seq);
        }
        let answer = deed(&mut docket);
        let changes = docket.changes().to_vec();
        self.roster = docket.into_roster();
        for change in changes {
            self.take(change);
        }
        answer
    }

    fn take(&mut self, change: OrderChange) {
        self.news.take(&change, self.policy.bureau.language);
        self.reach(&change);
        self.effects(&change);
        let OrderChange { key, version, before, happened, outcome } = change;
        let shown = outcome.shown(&before).map(|(step, _)| step.to_owned());
        if let ChangeCause::Opened(origin) = happened {
            self.opened.push(key.clone());
            let last = self.last_seq.entry(key.home.clone()).or_default();
            *last = key.seq.max(*last);
            let (terms, order) = (TermRows::default(), before);
            let lived = CaseOrder { order, version, terms, origin: *origin, shown: String::new() };
            self.orders.insert(key.clone(), lived);
        }
        let Some(lived) = self.orders.get_mut(&key) else { return };
        lived.version = version;
        lived.terms.take(&outcome);
        lived.order = outcome.next;
        if let Some(shown) = shown {
            lived.shown = shown;
        }
    }

    /// Notes which steps and rows were reached.
    fn reach(&mut self, change: &OrderChange) {
        let workflow = &change.outcome.next.cover.workflow;
        let steps = change.outcome.next.record.steps.keys();
        self.reached.steps.extend(steps.map(|step| (workflow.clone(), step.clone())));
        self.reached.rows.extend(change.outcome.history.iter().filter_map(|entry| match entry.event {
            HistoryEvent::Went { row, .. } => Some((workflow.clone(), entry.step.clone()?, row)),
            _ => None,
        }));
    }

    /// Does to the subject what the store would.
    fn effects(&mut self, change: &OrderChange) {
        if change.outcome.next.cover.subject_kind != SubjectKind::Subject {
            return;
        }
        for effect in &change.outcome.effects {
            match effect {
                Effect::Inspection { on, kind, problems } => {
                    let count = |level: &String| {
                        let found = problems.iter().find(|(known, _)| known == level);
                        found.and_then(|(_, count)| u32::try_from(*count).ok()).unwrap_or(0)
                    };
                    let inspection = Inspection {
                        id: format!("{}.{}", change.key, change.version),
                        on: *on,
                        kind: kind.clone(),
                        result: String::new(),
                        problems: self.policy.levels.iter().map(count).collect(),
                    };
                    self.subject.history.inspections.push(inspection);
                    self.subject.history.inspections.sort_by_key(|inspection| inspection.on);
                }
                Effect::Set { attribute, value } => {
                    if let Some(at) = self.policy.attribute(attribute) {
                        let kind = &self.policy.attributes[at.ix()].kind;
                        self.subject.attributes[at.ix()] = Value::of(kind, Some(value));
                    }
                }
                Effect::Open(_) | Effect::Document { .. } => {}
            }
        }
    }

    /// Returns the subject as the register would give it now, with the orders of this case.
    pub(super) fn subject(&self) -> Subject {
        let mut subject = self.subject.clone();
        let zone = self.policy.bureau.zone;
        let is_about = |lived: &&CaseOrder| lived.order.cover.subject_kind == SubjectKind::Subject;
        let past = self.orders.values().filter(is_about).map(|CaseOrder { order, origin, .. }| PastOrder {
            workflow: order.cover.workflow.clone(),
            trigger: origin.trigger.clone(),
            nominal: origin.nominal.parse().ok(),
            issued_on: order.cover.issued_at.day_in(zone),
            from: order.cover.scheduled_for,
            due: order.cover.due_on,
            is_open: matches!(order.state, OrderState::Open(_)),
            is_cancelled: matches!(order.state, OrderState::Cancelled { .. }),
        });
        subject.history.orders.extend(past);
        subject.history.orders.sort_by_key(|order| (order.issued_on, order.due));
        subject
    }

    /// Changes what the register says of the subject.
    pub(super) fn change_subject(&mut self, change: impl FnOnce(&mut Subject)) {
        change(&mut self.subject);
    }

    pub(super) const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Notes that an officer's last day of service is over.
    pub(super) fn officer_left(&mut self, officer: &str, on: Day) {
        if let Some(officer) = self.roster.officers.get_mut(officer) {
            officer.left_on = Some(officer.left_on.map_or(on, |left| left.min(on)));
        }
    }

    pub(super) fn get(&self, key: &OrderId) -> Option<&CaseOrder> {
        self.orders.get(key)
    }

    /// Finds the newest order of a workflow, or the `number`-th that was opened of it.
    pub(super) fn find(&self, workflow: &str, number: Option<u32>) -> Option<&OrderId> {
        let mut known = self.opened.iter().filter(|key| self.orders[*key].order.cover.workflow == workflow);
        match number {
            None => known.next_back(),
            Some(number) => known.nth((number as usize).checked_sub(1)?),
        }
    }

    /// Returns the order that the case is about.
    pub(super) fn first(&self) -> Option<&OrderId> {
        self.opened.first()
    }

    /// Finds the order that an act is about.
    ///
    /// # Refusals
    /// R004 when none of that workflow was opened yet.
    pub(super) fn key_of(&self, order: Option<&Word>) -> Result<OrderId, Refusal> {
        let found = match order {
            None => self.first(),
            Some(named) => named.parted().and_then(|(workflow, number)| self.find(workflow, number)),
        };
        let missing = || {
            let order = order.map_or_else(String::new, |named| named.value.clone());
            Refusal::new(RefusalCode::NoSuchOrder).with("order", order)
        };
        found.cloned().ok_or_else(missing)
    }

    /// Returns the open orders, by key.
    pub(super) fn open_orders(&self) -> impl Iterator<Item = (&OrderId, &Order)> {
        let orders = self.orders.iter().map(|(key, lived)| (key, &lived.order));
        orders.filter(|(_, order)| matches!(order.state, OrderState::Open(_)))
    }
}
