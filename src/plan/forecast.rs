//! Foretelling which orders open over days on which nobody acts, where it is known beforehand what may be due.
//!
//! Of each day is chosen as a pass of the daemon does ([`dispatch::choose`]). Whoever shares a cap is looked at together;
//! nobody else has a part in it, so that all of them are foretold beside each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::difference::{Difference, VerdictChanges, WeekLoads};
use super::pair;
use super::{CourseOrder, RegisterCourse};
use crate::dispatch::{
    CandidateChoice, CandidatePlace, CapUse, ChoiceBasis, DueCandidate, StaffedPlaces, cap_holder,
    cap_period, choose,
};
use crate::people::{Roster, RosterOnDay};
use crate::policy::{Cap, Policy, Trigger, Workflow};
use crate::time::Day;

/// A subject that may become due.
#[derive(Clone, Debug)]
pub struct ForecastSubject {
    pub home: Arc<str>,
    pub id: String,
    pub station: Arc<str>,
    pub grid: Option<Arc<str>>,
    /// What it is without the change, and with it.
    pub spans: [Arc<[CandidateSpan]>; 2],
}

/// What a subject is from a day on, until the next span begins.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateSpan {
    pub from: Day,
    /// None where nothing is due or something holds it back.
    pub ready: Option<ReadyDates>,
}

/// The dates on which a subject is due, and what it is picked by.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadyDates {
    pub nominal: Day,
    pub issue_on: Day,
    pub due_on: Day,
    /// Id of its tier; empty where the trigger does not need one.
    pub tier: Arc<str>,
    pub score: Option<f64>,
}

/// A recurring trigger over the days ahead: its text, the people, and when it fires.
#[derive(Clone, Debug)]
pub struct ForecastTrigger<'a> {
    pub policy: &'a Policy,
    pub workflow: &'a Workflow,
    pub trigger: &'a Trigger,
    pub roster: &'a Roster,
    /// Days on which it fires, in order.
    pub firings: Vec<FiringDay>,
    /// The first day.
    pub from: Day,
    /// What the cap has counted by then in the period that holds it.
    pub used: CapUse,
}

/// A day on which a trigger fires.
#[derive(Clone, Debug)]
pub struct FiringDay {
    pub day: Day,
    /// Caps of stations with a text of their own.
    pub own_caps: BTreeMap<String, Cap>,
    /// Whether somebody may have come or gone since the firing before.
    pub is_other_staff: bool,
}

/// Which orders a change concerns, and what happens on the first day.
#[derive(Clone, Debug)]
pub struct Forecast {
    pub difference: Difference,
    /// Without the change, and with it.
    pub first: [FirstDay; 2],
}

/// The subjects whose orders are opened on the first day, by home and id, each with whom a cap counts it for.
pub type FirstDay = BTreeMap<(Arc<str>, String), Option<String>>;

/// An order that is foretold.
struct ForecastOrder {
    /// Place of its subject.
    subject: usize,
    opened_on: Day,
    dates: ReadyDates,
}

/// Foretells the orders of subjects in the order of home and id, without a change and with it, and all in which that
/// differs.
pub fn foretell(
    verdicts: VerdictChanges,
    subjects: &[ForecastSubject],
    triggers: [&ForecastTrigger<'_>; 2],
) -> Forecast {
    let (before, after) = rayon::join(|| triggers[0].orders(subjects, 0), || triggers[1].orders(subjects, 1));
    let key = |order: &ForecastOrder| (order.subject, order.dates.nominal, order.opened_on);
    let keys = |orders: &[ForecastOrder]| orders.iter().map(key).collect::<BTreeSet<_>>();
    let others = [keys(&after), keys(&before)];
    let (mut workload, mut first) = (WeekLoads::default(), [FirstDay::default(), FirstDay::default()]);
    let mut courses = [RegisterCourse::default(), RegisterCourse::default()];
    for (side, order) in before.iter().map(|order| (0, order)).chain(after.iter().map(|order| (1, order))) {
        let (subject, trigger) = (&subjects[order.subject], triggers[side]);
        workload.add(side, subject.officer(trigger.roster), order.opened_on);
        if order.opened_on == trigger.from {
            let key = (Arc::clone(&subject.home), subject.id.clone());
            first[side].insert(key, trigger.holder(subject).map(str::to_owned));
        }
        // What opens on the same day in both is neither here nor there.
        if !others[side].contains(&key(order)) {
            let seq = i64::try_from(courses[side].orders.len()).unwrap_or(i64::MAX);
            courses[side].orders.push(CourseOrder { seq, ..trigger.told(subject, order) });
        }
    }
    let [before, after] = &courses;
    Forecast { difference: verdicts.with_orders(pair::changes(before, after), workload), first }
}

impl ForecastSubject {
    /// The main officer of its grid.
    fn officer<'r>(&self, roster: &'r Roster) -> Option<&'r str> {
        roster.main_officer(self.grid.as_deref())
    }

    /// On which dates it is ready on a day; none where it is not, or they have not come.
    fn ready(&self, side: usize, day: Day) -> Option<&ReadyDates> {
        let span = self.spans[side].iter().rev().find(|span| span.from <= day)?;
        span.ready.as_ref().filter(|ready| ready.issue_on <= day)
    }
}

impl ReadyDates {
    fn candidate(&self, of: &ForecastSubject) -> DueCandidate {
        DueCandidate {
            home: of.home.to_string(),
            subject: of.id.clone(),
            nominal: self.nominal,
            due_on: self.due_on,
            issue_on: self.issue_on,
            is_provisional: false,
            station: of.station.to_string(),
            grid: of.grid.as_deref().map(str::to_owned),
            tier: self.tier.to_string(),
            score: self.score,
            decision: String::new(),
            held: None,
        }
    }
}

impl ForecastTrigger<'_> {
    /// Whom its cap counts for a subject.
    fn holder<'s>(&'s self, of: &'s ForecastSubject) -> Option<&'s str> {
        let ForecastSubject { id, station, grid, .. } = of;
        let officer = of.officer(self.roster);
        let place = CandidatePlace { subject: id, station, grid: grid.as_deref(), officer };
        cap_holder(self.trigger.at_most?.per, place)
    }

    /// Foretells the orders of one course, in the order of subjects and days.
    fn orders(&self, subjects: &[ForecastSubject], side: usize) -> Vec<ForecastOrder> {
        // Whoever has no cap goes with those of the same place.
        let mut groups: HashMap<[Option<&str>; 2], Vec<usize>> = HashMap::new();
        for (at, subject) in subjects.iter().enumerate() {
            let holder = self.holder(subject);
            let place = subject.grid.as_deref().unwrap_or(&subject.station);
            groups.entry([holder, holder.is_none().then_some(place)]).or_default().push(at);
        }
        let groups: Vec<_> = groups.into_iter().map(|([holder, _], of)| (holder, of)).collect();
        let each = groups.into_par_iter().map(|(holder, of)| {
            let used = holder.and_then(|holder| Some((holder.to_owned(), *self.used.get(holder)?)));
            CapGroup { trigger: self, subjects, side, left: of, used: used.into_iter().collect() }.orders()
        });
        let mut orders: Vec<ForecastOrder> = each.flatten_iter().collect();
        orders.sort_by_key(|order| (order.subject, order.opened_on));
        orders
    }

    fn told(&self, subject: &ForecastSubject, order: &ForecastOrder) -> CourseOrder {
        CourseOrder {
            home: subject.home.to_string(),
            seq: 0,
            workflow: self.workflow.id.clone(),
            trigger: self.trigger.id.clone(),
            subject: subject.id.clone(),
            nominal: order.dates.nominal.to_string(),
            issue_on: order.dates.issue_on,
            opened_on: order.opened_on,
            due: order.dates.due_on,
            officer: subject.officer(self.roster).map(str::to_owned),
            is_child: false,
        }
    }
}

/// The subjects that share a cap, as the days go by.
struct CapGroup<'f> {
    trigger: &'f ForecastTrigger<'f>,
    subjects: &'f [ForecastSubject],
    side: usize,
    /// Those without an order so far.
    left: Vec<usize>,
    used: CapUse,
}

impl CapGroup<'_> {
    fn orders(mut self) -> Vec<ForecastOrder> {
        let ForecastTrigger { policy, workflow, trigger, roster, from, .. } = *self.trigger;
        let (mut orders, mut counted_on) = (Vec::new(), from);
        let mut staffed = StaffedPlaces::default();
        for FiringDay { day, own_caps, is_other_staff } in &self.trigger.firings {
            if *is_other_staff {
                staffed = StaffedPlaces::default();
            }
            if let Some(cap) = trigger.at_most {
                let period = |day: Day| cap_period(cap.period, day);
                if period(counted_on) != period(*day) {
                    self.used.clear();
                }
                counted_on = *day;
                let most = own_caps.values().map(|own| own.count).chain([cap.count]).max();
                if self.used.values().any(|used| Some(*used) >= most) {
                    continue;
                }
            }
            let left = self.left.iter().map(|at| &self.subjects[*at]);
            let ready = left.filter_map(|of| Some(of.ready(self.side, *day)?.candidate(of)));
            let mut candidates: Vec<DueCandidate> = ready.collect();
            if candidates.is_empty() {
                continue;
            }
            let on = RosterOnDay { policy, roster, today: *day };
            let by = ChoiceBasis { on, workflow, trigger, own_caps };
            let CandidateChoice { taken, .. } = choose(&mut candidates, by, &mut self.used, &mut staffed);
            let place = |of: &DueCandidate| {
                let key = (of.home.as_str(), of.subject.as_str());
                let of_left = |at: &usize| (&*self.subjects[*at].home, self.subjects[*at].id.as_str());
                Some(self.left[self.left.binary_search_by_key(&key, of_left).ok()?])
            };
            let taken: BTreeSet<usize> = taken.into_iter().filter_map(|at| place(&candidates[at])).collect();
            orders.extend(taken.iter().filter_map(|at| {
                let dates = self.subjects[*at].ready(self.side, *day)?.clone();
                Some(ForecastOrder { subject: *at, opened_on: *day, dates })
            }));
            self.left.retain(|at| !taken.contains(at));
        }
        orders
    }
}
