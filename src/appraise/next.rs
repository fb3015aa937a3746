//! The next date of one recurring trigger for one subject, and what holds it back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::calendar::Length;
use crate::policy::{
    Anchor, AttributeIx, Every, Overlap, Policy, Recur, Since, SubjectKind, TierIx, Trigger, Workflow,
};
use crate::register::{Inspection, PastOrder, Status, Subject, Value};
use crate::rules::{Judgement, RuleFault, Rules};
use crate::terms::{self, PatrolDates};
use crate::time::Day;

use super::Previous;

/// When a subject is due next under one recurring trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct NextDate {
    /// The trigger, written `workflow/trigger`.
    pub of: Arc<str>,
    pub state: NextState,
    /// Why no order is opened for it now.
    pub held: Option<HoldReason>,
}

/// When a subject is due next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextState {
    /// On these dates.
    Due {
        dates: PatrolDates,
        /// Whether a decision or a suspension moved them (rule 8a). The mark stays as long as the key does.
        raised: bool,
    },
    /// On none.
    None(NoDate),
}

/// Why there is no next date. Its names stand in tables and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum NoDate {
    /// The subject is gone.
    Closed,
    /// No tier was ever decided, and the cycle is the tier's.
    NoTier,
    /// The cycle is the subject's own, and not known.
    NoCycle,
    /// Never patrolled, and no registration date; or the date counted from is not known.
    NoAnchor,
    /// An open order covers it.
    Ordered,
    /// The workflow is not about subjects.
    OtherKind,
}

/// Why no order is opened although there is a date. Its names stand in tables and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum HoldReason {
    /// The subject has suspended business; the cycle waits.
    Suspended,
    /// The trigger's condition could not be answered.
    Undecided,
    /// The trigger's condition does not hold.
    When,
    /// An open order of the workflow is in the way, and the trigger skips.
    Overlap,
    /// An open order of the workflow is in the way, and the trigger waits for its end.
    Queue,
}

/// A recurring trigger with what is looked up once for all subjects.
pub(super) struct Recurring<'a> {
    workflow: &'a Workflow,
    trigger: &'a Trigger,
    recur: &'a Recur,
    of: Arc<str>,
    /// Position of its condition in a judgement.
    when: Option<usize>,
    registered: Option<AttributeIx>,
}

impl Recurring<'_> {
    /// Returns why its condition has no answer.
    pub(super) fn fault<'j>(&self, judged: &'j Judgement) -> Option<&'j RuleFault> {
        judged.when.get(self.when?)?.as_ref().err()
    }
}

/// Id of the attribute that holds the registration date.
const REGISTERED: &str = "registered";

pub(super) fn triggers<'a>(policy: &'a Policy, rules: &Rules) -> Vec<Recurring<'a>> {
    let registered = policy.attribute(REGISTERED);
    let mut list = Vec::new();
    for (at, workflow) in (0_u16..).zip(&policy.workflows) {
        for (position, trigger) in workflow.start.iter().enumerate() {
            let Some(recur) = &trigger.recur else { continue };
            let key = (crate::policy::WorkflowIx(at), position);
            let when = rules.whens().iter().position(|known| *known == key);
            let of = format!("{}/{}", workflow.id, trigger.id).into();
            list.push(Recurring { workflow, trigger, recur, of, when, registered });
        }
    }
    list
}

/// One subject about whom is asked.
pub(super) struct AppraisalInput<'a> {
    pub(super) policy: &'a Policy,
    pub(super) subject: &'a Subject,
    pub(super) before: Option<&'a Previous>,
    pub(super) judged: &'a Judgement,
    pub(super) tier: Option<TierIx>,
    pub(super) day: Day,
}

impl AppraisalInput<'_> {
    pub(super) fn next(&self, trigger: &Recurring<'_>) -> NextDate {
        let state = match self.dates(trigger) {
            Ok(dates) => self.raised(trigger, dates),
            Err(why) => NextState::None(why),
        };
        let held = match state {
            NextState::Due { .. } => self.held(trigger),
            NextState::None(_) => None,
        };
        NextDate { of: Arc::clone(&trigger.of), state, held }
    }

    /// Returns the dates of the first key that no order has yet.
    fn dates(&self, trigger: &Recurring<'_>) -> Result<PatrolDates, NoDate> {
        if trigger.workflow.subject_kind != SubjectKind::Subject {
            return Err(NoDate::OtherKind);
        }
        if self.subject.history.status(self.day) == Status::Closed {
            return Err(NoDate::Closed);
        }
        let every = self.every(trigger)?;
        let calendar = &self.policy.calendar;
        let follow = |from: Day| terms::patrol_dates(from, trigger.recur, every, calendar);
        let mut dates = self.computed(trigger, every)?;
        // INVARIANT: every round passes an order's nominal day, so it ends after as many rounds.
        for _ in 0..=self.subject.history.orders.len() {
            match self.orders(trigger).find(|order| order.nominal == Some(dates.nominal)) {
                None => return Ok(dates),
                Some(order) if order.is_open => return Err(NoDate::Ordered),
                Some(_) => dates = follow(dates.nominal),
            }
        }
        Ok(dates)
    }

    /// Counts from the last patrol, or from an order that ended without one, or from registration.
    fn computed(&self, trigger: &Recurring<'_>, every: Length) -> Result<PatrolDates, NoDate> {
        let (recur, calendar) = (trigger.recur, &self.policy.calendar);
        let since = match &recur.since {
            Since::LastPatrol => self.subject.history.last_patrol(self.day),
            Since::Last(kinds) => self.last(kinds),
            Since::Attribute(at) => day_of(self.subject.attribute(*at)),
        };
        let lapsed = self.orders(trigger).filter(|order| !order.is_open && !self.visited(recur, order));
        let lapsed = lapsed.filter_map(|order| order.nominal).max();
        let lapsed = lapsed.filter(|nominal| since.is_none_or(|since| *nominal > since));
        if let Some(from) = lapsed.or(since) {
            let met_late = since.filter(|_| lapsed.is_none()).and_then(|on| self.met_late(trigger, on));
            let mut dates = terms::patrol_dates(met_late.unwrap_or(from), recur, every, calendar);
            // INVARIANT: each round goes forward by a cycle, which is a day at least.
            while dates.nominal <= from {
                dates = terms::patrol_dates(dates.nominal, recur, every, calendar);
            }
            return Ok(dates);
        }
        let registered = trigger.registered.map(|at| self.subject.attribute(at)).and_then(day_of);
        match (&recur.since, registered) {
            (Since::LastPatrol | Since::Last(_), Some(day)) => {
                Ok(terms::first_dates(day, recur, every, calendar))
            }
            _ => Err(NoDate::NoAnchor),
        }
    }

    /// Returns the fixed day that the last visit met late: the days after it go on from there, since a day late
    /// would else skip the next one.
    ///
    /// # Source
    /// Policy language §2, `anchor: {fixed: 31}`.
    fn met_late(&self, trigger: &Recurring<'_>, visited_on: Day) -> Option<Day> {
        let recur = trigger.recur;
        if recur.anchor == Anchor::Rolling {
            return None;
        }
        let met = |order: &&PastOrder| {
            let mut visits = self.visits(recur).filter(|visit| visit.on >= order.from).map(|visit| visit.on);
            order.nominal.is_some_and(|nominal| nominal < visited_on)
                && visits.by_ref().min() == Some(visited_on)
        };
        self.orders(trigger).filter(met).filter_map(|order| order.nominal).max()
    }

    fn every(&self, trigger: &Recurring<'_>) -> Result<Length, NoDate> {
        match trigger.recur.every {
            Every::Length(length) => Ok(length),
            Every::TierCycle => {
                self.tier.map(|tier| self.policy.tiers.order[tier.ix()].cycle).ok_or(NoDate::NoTier)
            }
            Every::Attribute(at) => {
                let kind = &self.policy.attributes[at.ix()].kind;
                kind.length(self.subject.attribute(at)).ok_or(NoDate::NoCycle)
            }
        }
    }

    /// Returns the subject's orders of this trigger known on the day.
    fn orders(&self, trigger: &Recurring<'_>) -> impl Iterator<Item = &PastOrder> {
        let (workflow, trigger) = (trigger.workflow.id.clone(), trigger.trigger.id.clone());
        let orders = self.subject.history.orders.iter();
        orders.filter(move |order| {
            order.issued_on <= self.day && order.workflow == workflow && order.trigger == trigger
        })
    }

    /// Returns the day of the last inspection of some kinds; a patrol known from the register alone names
    /// none.
    fn last(&self, kinds: &[String]) -> Option<Day> {
        let history = &self.subject.history;
        let known = history.last_patrol_known.filter(|_| self.policy.is_of_kind(kinds, None));
        let visits = history.inspections.iter().filter(|visit| self.counts(kinds, visit));
        visits.map(|visit| visit.on).chain(known).filter(|on| *on <= self.day).max()
    }

    fn counts(&self, kinds: &[String], visit: &Inspection) -> bool {
        self.policy.is_of_kind(kinds, visit.kind.as_deref())
    }

    /// Returns whether there was an inspection that counts since an order's window began.
    fn visited(&self, recur: &Recur, order: &PastOrder) -> bool {
        self.visits(recur).any(|visit| visit.on >= order.from)
    }

    /// Returns the inspections that count for a trigger, known on the day.
    fn visits(&self, recur: &Recur) -> impl Iterator<Item = &Inspection> {
        let counts = |visit: &&Inspection| match &recur.since {
            Since::Last(kinds) => self.counts(kinds, visit),
            Since::LastPatrol | Since::Attribute(_) => true,
        };
        self.subject.history.inspections.iter().filter(|visit| visit.on <= self.day).filter(counts)
    }

    /// Gives the dates the new start that rule 8a asks for when a decision, or a suspension that is
    /// over, put them into the past.
    fn raised(&self, trigger: &Recurring<'_>, dates: PatrolDates) -> NextState {
        let plain = NextState::Due { dates, raised: false };
        let Some(before) = self.before else { return plain };
        let known = before.next.iter().find(|next| next.of == trigger.of);
        let was = known.map(|next| next.state);
        let was_due = match was {
            Some(NextState::Due { dates: old, raised: true })
                if old.nominal == dates.nominal && !self.waited(old.due) =>
            {
                return NextState::Due { dates: old, raised: true };
            }
            Some(NextState::Due { dates: old, .. }) => Some(old.due),
            Some(NextState::None(_)) | None => None,
        };
        // Of a cycle of the subject's own only the dates are known from before.
        let has_own = matches!(trigger.recur.every, Every::Attribute(_));
        let is_moved =
            |was: NextState| matches!(was, NextState::Due { dates: old, .. } if old.nominal > dates.nominal);
        let decided = before.is_other_policy
            || (before.tier.is_some() && before.tier != self.tier)
            || (has_own && was.is_some_and(is_moved));
        let was_in_time =
            |due: Day| due >= self.day || (self.waited(due) && self.is_back_since(before, known));
        if dates.due < self.day && (decided || self.waited(dates.due)) && was_due.is_none_or(was_in_time) {
            let dates = terms::raised(dates, trigger.recur, self.day, &self.policy.calendar);
            return NextState::Due { dates, raised: true };
        }
        plain
    }

    /// Returns whether nobody could be visited on a due day, because business was suspended or closed then and
    /// has begun again since. What was overdue before stays overdue.
    ///
    /// # Source
    /// Policy language, rule 8a; scenario A7.
    fn waited(&self, due: Day) -> bool {
        let history = &self.subject.history;
        history.status(self.day) == Status::Active
            && history.last_absence(self.day).is_some_and(|(from, until)| (from..until).contains(&due))
    }

    /// Returns whether business began again after it was last decided when the subject is due: whoever was looked at
    /// since is overdue by a day that was not waited out.
    fn is_back_since(&self, before: &Previous, known: Option<&NextDate>) -> bool {
        let is_news = |decided_on: Day| {
            self.subject.history.last_absence(self.day).is_some_and(|(_, until)| decided_on < until)
        };
        known.is_some_and(|next| next.held == Some(HoldReason::Suspended))
            || before.decided_on.is_none_or(is_news)
    }

    fn held(&self, trigger: &Recurring<'_>) -> Option<HoldReason> {
        if self.subject.history.status(self.day) == Status::Suspended {
            return Some(HoldReason::Suspended);
        }
        match trigger.when.and_then(|at| self.judged.when.get(at)) {
            Some(Err(_)) => return Some(HoldReason::Undecided),
            Some(Ok(false)) => return Some(HoldReason::When),
            Some(Ok(true)) | None => {}
        }
        let is_open = |order: &&PastOrder| {
            order.is_open && order.issued_on <= self.day && order.workflow == trigger.workflow.id
        };
        let mut open = self.subject.history.orders.iter().filter(is_open);
        match trigger.trigger.overlap {
            Overlap::Skip => open.next().map(|_| HoldReason::Overlap),
            Overlap::SkipUntilVisited => {
                open.find(|order| !self.visited(trigger.recur, order)).map(|_| HoldReason::Overlap)
            }
            Overlap::Queue => open.next().map(|_| HoldReason::Queue),
            Overlap::Allow => None,
        }
    }
}

fn day_of(value: &Value) -> Option<Day> {
    match value {
        Value::Day(day) => Some(*day),
        _ => None,
    }
}
