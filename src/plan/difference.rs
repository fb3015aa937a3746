//! All in which two courses differ.

use std::collections::BTreeMap;

use chrono::{Datelike as _, TimeDelta};
use serde::Serialize;

use super::pair::{self, OrderChanges};
use super::{RegisterCourse, SubjectVerdict};
use crate::time::Day;

/// Subjects that go from one tier to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierMove {
    /// None for subjects that are new or were never decided.
    pub from: Option<String>,
    pub to: Option<String>,
    /// Their ids, in the order of home and id.
    pub subjects: Vec<String>,
}

/// A subject of which the rules say nothing once the change is in force, and said something before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndecidedSubject {
    pub subject: String,
    /// Code and place of the failure.
    pub cause: String,
}

/// How many orders one officer is given in one week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfficerWeek {
    pub officer: String,
    /// The Monday with which it begins.
    pub week: Day,
    pub before: u32,
    pub after: u32,
}

/// All in which the changed course differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Subjects in the changed course.
    pub subjects: u64,
    pub tiers: Vec<TierMove>,
    pub orders: OrderChanges,
    /// Every officer and week with orders, in the order of officer and week.
    pub workload: Vec<OfficerWeek>,
    pub undecided: Vec<UndecidedSubject>,
}

impl Difference {
    /// Returns how many subjects have another tier.
    pub fn moved(&self) -> u64 {
        self.tiers.iter().map(|moved| moved.subjects.len() as u64).sum()
    }

    /// Returns whether the courses are the same.
    pub fn is_none(&self) -> bool {
        let OrderChanges { appear, vanish, moves, shifted } = &self.orders;
        let orders = appear.len() + vanish.len() + moves.len() + shifted.len();
        let loads = self.workload.iter().all(|week| week.before == week.after);
        orders == 0 && self.tiers.is_empty() && self.undecided.is_empty() && loads
    }

    /// Returns the first day on which an order is opened that was not, or is not one that was.
    pub fn begins_on(&self) -> Option<Day> {
        let OrderChanges { appear, vanish, moves, shifted } = &self.orders;
        let single = appear.iter().chain(vanish).map(|order| order.opened_on);
        let pairs = moves.iter().chain(shifted).map(|pair| pair.from.opened_on.min(pair.to.opened_on));
        single.chain(pairs).min()
    }
}

/// Holds the changed course against the one as it is.
pub fn compare(before: &RegisterCourse, after: &RegisterCourse) -> Difference {
    let known: BTreeMap<(&str, &str), &SubjectVerdict> =
        before.verdicts.iter().map(|it| (key(it), it)).collect();
    let mut verdicts = VerdictChanges::default();
    for verdict in &after.verdicts {
        verdicts.add(known.get(&key(verdict)).copied(), verdict);
    }
    let mut workload = WeekLoads::default();
    for (side, course) in [before, after].into_iter().enumerate() {
        for order in &course.orders {
            workload.add(side, order.officer.as_deref(), order.opened_on);
        }
    }
    verdicts.with_orders(pair::changes(before, after), workload)
}

fn key(verdict: &SubjectVerdict) -> (&str, &str) {
    (&verdict.home, &verdict.subject)
}

/// What is said of subjects in both courses, counted one by one in the order of home and id.
#[derive(Clone, Debug, Default)]
pub struct VerdictChanges {
    subjects: u64,
    moves: BTreeMap<[Option<String>; 2], Vec<String>>,
    undecided: Vec<UndecidedSubject>,
}

impl VerdictChanges {
    /// Counts a subject.
    pub fn add(&mut self, before: Option<&SubjectVerdict>, after: &SubjectVerdict) {
        self.subjects += 1;
        let from = before.and_then(|before| before.tier.as_ref());
        if from != after.tier.as_ref() {
            let subjects = self.moves.entry([from.cloned(), after.tier.clone()]).or_default();
            subjects.push(after.subject.clone());
        }
        if let Some(cause) = &after.undecided
            && before.is_none_or(|before| before.undecided.is_none())
        {
            self.undecided.push(UndecidedSubject { subject: after.subject.clone(), cause: cause.clone() });
        }
    }

    /// Counts a subject of which both say the same.
    pub const fn add_same(&mut self) {
        self.subjects += 1;
    }

    /// Adds what was counted of the subjects that follow.
    pub fn append(&mut self, following: Self) {
        self.subjects += following.subjects;
        for (tiers, subjects) in following.moves {
            self.moves.entry(tiers).or_default().extend(subjects);
        }
        self.undecided.extend(following.undecided);
    }

    /// Says all in which the courses differ.
    pub(super) fn with_orders(self, orders: OrderChanges, workload: WeekLoads) -> Difference {
        let Self { subjects, moves, undecided } = self;
        let tiers = moves.into_iter().map(|([from, to], subjects)| TierMove { from, to, subjects });
        Difference { subjects, tiers: tiers.collect(), orders, workload: workload.weeks(), undecided }
    }
}

/// Orders counted by officer and Monday of the week in which they are opened, without the change and with it.
#[derive(Default)]
pub(super) struct WeekLoads(BTreeMap<(String, Day), [u32; 2]>);

impl WeekLoads {
    /// Counts an order of one course, 0 without the change.
    pub(super) fn add(&mut self, side: usize, officer: Option<&str>, opened_on: Day) {
        let Some(officer) = officer else { return };
        let monday = opened_on - TimeDelta::days(i64::from(opened_on.weekday().num_days_from_monday()));
        self.0.entry((officer.to_owned(), monday)).or_default()[side] += 1;
    }

    fn weeks(self) -> Vec<OfficerWeek> {
        let week = |((officer, week), [before, after]): ((String, Day), [u32; 2])| OfficerWeek {
            officer,
            week,
            before,
            after,
        };
        self.0.into_iter().map(week).collect()
    }
}
