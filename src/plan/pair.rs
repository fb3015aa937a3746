//! Orders by key: which only one course opens, and which of those belong together.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CourseOrder, RegisterCourse};
use crate::time::Day;

/// What makes an order the same in both courses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderKey {
    pub home: String,
    pub subject: String,
    pub workflow: String,
    pub trigger: String,
    /// The nominal date; of an order that another one opened, what that one's key says and what opened it.
    pub nominal: String,
}

/// An order that only one course opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedOrder {
    pub workflow: String,
    pub trigger: String,
    pub subject: String,
    pub nominal: String,
    pub issue_on: Day,
    /// The day it is opened, later than `issue_on` where a cap holds it back.
    pub opened_on: Day,
    pub due: Day,
}

/// One order in place of another of the same subject and trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderMove {
    pub from: PlannedOrder,
    pub to: PlannedOrder,
}

/// The orders in which two courses differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderChanges {
    /// Only the changed course opens them.
    pub appear: Vec<PlannedOrder>,
    /// Only the course as it is opens them.
    pub vanish: Vec<PlannedOrder>,
    /// Pairs of both, of one subject and trigger.
    pub moves: Vec<OrderMove>,
    /// Orders of both that are opened on another day.
    pub shifted: Vec<OrderMove>,
}

/// How many orders change, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OrderCounts {
    pub appear: u64,
    pub vanish: u64,
    #[serde(rename = "move")]
    pub moves: u64,
    pub shifted: u64,
}

impl OrderChanges {
    /// Counts them.
    pub fn counts(&self) -> OrderCounts {
        let Self { appear, vanish, moves, shifted } = self;
        OrderCounts {
            appear: appear.len() as u64,
            vanish: vanish.len() as u64,
            moves: moves.len() as u64,
            shifted: shifted.len() as u64,
        }
    }
}

impl PlannedOrder {
    fn of(key: &OrderKey, order: &CourseOrder) -> Self {
        let OrderKey { subject, workflow, trigger, nominal, home: _ } = key.clone();
        let CourseOrder { issue_on, opened_on, due, .. } = *order;
        Self { workflow, trigger, subject, nominal, issue_on, opened_on, due }
    }
}

/// Names the orders of a course by their keys.
pub(super) fn by_key(course: &RegisterCourse) -> BTreeMap<OrderKey, &CourseOrder> {
    let mut keys: BTreeMap<(&str, i64), String> = BTreeMap::new();
    let mut named = BTreeMap::new();
    // An order comes before those that it opens.
    for order in &course.orders {
        let CourseOrder { home, seq, workflow, trigger, subject, nominal, .. } = order;
        let opener = nominal.split_once('.').filter(|_| order.is_child);
        let opener =
            opener.and_then(|(by, rest)| Some((keys.get(&(home.as_str(), by.parse().ok()?))?, rest)));
        // What was open before has its number in both courses.
        let nominal = opener.map_or_else(|| nominal.clone(), |(by, rest)| format!("{by}/{rest}"));
        keys.insert((home, *seq), format!("{workflow}/{trigger} {nominal}"));
        let key = OrderKey {
            home: home.clone(),
            subject: subject.clone(),
            workflow: workflow.clone(),
            trigger: trigger.clone(),
            nominal,
        };
        named.insert(key, order);
    }
    named
}

/// Parts the orders in which two courses differ.
pub(super) fn changes(before: &RegisterCourse, after: &RegisterCourse) -> OrderChanges {
    let (before, after) = (by_key(before), by_key(after));
    let mut changes = OrderChanges::default();
    for (key, from) in &before {
        if let Some(to) = after.get(key).filter(|to| to.opened_on != from.opened_on) {
            let (from, to) = (PlannedOrder::of(key, from), PlannedOrder::of(key, to));
            changes.shifted.push(OrderMove { from, to });
        }
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(key));
    let new = after.iter().filter(|(key, _)| !before.contains_key(key));
    let (mut gone, mut new) = (gone.peekable(), new.peekable());
    // Both stand in the order of their keys, so those of one subject and trigger come together.
    let of = |key: &OrderKey| {
        let OrderKey { home, subject, workflow, trigger, nominal: _ } = key.clone();
        [home, subject, workflow, trigger]
    };
    loop {
        let (from, to) = (gone.peek().map(|(key, _)| of(key)), new.peek().map(|(key, _)| of(key)));
        match (from, to) {
            (None, None) => return changes,
            (Some(from), Some(to)) if from == to => {
                if let (Some((old, from)), Some((key, to))) = (gone.next(), new.next()) {
                    let (from, to) = (PlannedOrder::of(old, from), PlannedOrder::of(key, to));
                    changes.moves.push(OrderMove { from, to });
                }
            }
            (from, to) if to.is_none() || from.is_some() && from < to => {
                changes.vanish.extend(gone.next().map(|(key, order)| PlannedOrder::of(key, order)));
            }
            _ => changes.appear.extend(new.next().map(|(key, order)| PlannedOrder::of(key, order))),
        }
    }
}
