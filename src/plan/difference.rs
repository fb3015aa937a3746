//! All in which two courses differ.

use std::collections::{BTreeMap, BTreeSet};

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
    let mut moves: BTreeMap<[Option<&str>; 2], Vec<String>> = BTreeMap::new();
    let mut undecided = Vec::new();
    let known: BTreeMap<(&str, &str), &SubjectVerdict> =
        before.verdicts.iter().map(|it| (key(it), it)).collect();
    for verdict in &after.verdicts {
        let was = known.get(&key(verdict));
        let from = was.and_then(|was| was.tier.as_deref());
        if from != verdict.tier.as_deref() {
            moves.entry([from, verdict.tier.as_deref()]).or_default().push(verdict.subject.clone());
        }
        if let Some(cause) = &verdict.undecided
            && was.is_none_or(|was| was.undecided.is_none())
        {
            undecided.push(UndecidedSubject { subject: verdict.subject.clone(), cause: cause.clone() });
        }
    }
    let tiers = moves.into_iter().map(|([from, to], subjects)| TierMove {
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        subjects,
    });
    Difference {
        subjects: after.verdicts.len() as u64,
        tiers: tiers.collect(),
        orders: pair::changes(before, after),
        workload: workload(before, after),
        undecided,
    }
}

fn key(verdict: &SubjectVerdict) -> (&str, &str) {
    (&verdict.home, &verdict.subject)
}

/// Counts orders by the officer they are counted for and the week in which they are opened.
fn workload(before: &RegisterCourse, after: &RegisterCourse) -> Vec<OfficerWeek> {
    let (before, after) = (weeks(before), weeks(after));
    let all: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let week = |key: &(&str, Day)| {
        let [before, after] = [&before, &after].map(|weeks| weeks.get(key).copied().unwrap_or_default());
        OfficerWeek { officer: key.0.to_owned(), week: key.1, before, after }
    };
    all.into_iter().map(week).collect()
}

fn weeks(course: &RegisterCourse) -> BTreeMap<(&str, Day), u32> {
    let mut weeks = BTreeMap::new();
    for order in &course.orders {
        let Some(officer) = order.officer.as_deref() else { continue };
        let monday =
            order.opened_on - TimeDelta::days(i64::from(order.opened_on.weekday().num_days_from_monday()));
        *weeks.entry((officer, monday)).or_default() += 1;
    }
    weeks
}
