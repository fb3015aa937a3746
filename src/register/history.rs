//! What happened to one subject, and what is known of it on a given day.

use crate::calendar::Length;
use crate::time::Day;

use super::{LevelIx, Status};

/// One inspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Id in its source.
    pub id: String,
    /// The day of the visit.
    pub on: Day,
    /// One of the policy's kinds; none where its source names none.
    pub kind: Option<String>,
    /// Result as written.
    pub result: String,
    /// Number of problems by level, worst first.
    pub problems: Vec<u32>,
}

/// What later decisions need of an order: its window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastOrder {
    /// Workflow and trigger that opened it.
    pub workflow: String,
    /// Trigger that opened it.
    pub trigger: String,
    /// The nominal due date of its key; none for orders that do not recur.
    pub nominal: Option<Day>,
    /// The day it was really issued, which is later than planned when a firing was caught up.
    pub issued_on: Day,
    /// First day of its window.
    pub from: Day,
    /// Last day of its window.
    pub due: Day,
    /// Whether it is still open.
    pub is_open: bool,
    /// Whether it was cancelled.
    pub is_cancelled: bool,
}

/// All that happened to one subject.
///
/// Every question names the day it is asked for: what carries a later date is not seen.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct History {
    /// Status changes, oldest first; before the first the subject was active.
    pub statuses: Vec<(Day, Status)>,
    /// A last patrol known from the register alone, without its inspection.
    pub last_patrol_known: Option<Day>,
    /// Inspections, oldest first.
    pub inspections: Vec<Inspection>,
    /// Orders, oldest first.
    pub orders: Vec<PastOrder>,
}

impl History {
    /// Returns the status on `day`.
    pub fn status(&self, day: Day) -> Status {
        self.statuses
            .iter()
            .rev()
            .find(|(from, _)| *from <= day)
            .map_or(Status::Active, |(_, status)| *status)
    }

    /// Returns the first day of the last absence that was over by `day`, and the day business began again: it had
    /// been suspended or closed, for whatever reason.
    pub fn last_absence(&self, day: Day) -> Option<(Day, Day)> {
        let known = self.statuses.partition_point(|(from, _)| *from <= day);
        let is_active = |status: Status| status == Status::Active;
        // What was dated back stands there twice.
        let stretches =
            self.statuses[..known].chunk_by(|(_, one), (_, next)| is_active(*one) == is_active(*next));
        let mut until = None;
        stretches.rev().filter_map(|stretch| stretch.first()).find_map(|(from, status)| {
            if is_active(*status) {
                until = Some(*from);
                return None;
            }
            until.map(|until| (*from, until))
        })
    }

    /// Returns the day of the last patrol known on `day`.
    pub fn last_patrol(&self, day: Day) -> Option<Day> {
        let inspected = self.inspections.iter().rev().map(|inspection| inspection.on).find(|on| *on <= day);
        inspected.max(self.last_patrol_known.filter(|on| *on <= day))
    }

    /// Counts problems of a level found in the `period` up to `day`, both ends included.
    pub fn problems(&self, day: Day, period: Length, level: LevelIx) -> u32 {
        let first = crate::calendar::before(day, period);
        self.inspections
            .iter()
            .filter(|inspection| (first..=day).contains(&inspection.on))
            .map(|inspection| inspection.problems.get(level.ix()).copied().unwrap_or(0))
            .sum()
    }

    /// Counts orders whose window ended in the `period` before `day` without an inspection in it. One that was
    /// cancelled asked nothing of anybody, and never counts.
    ///
    /// An order is overdue from the day after its due day; nothing is overdue on its due day. One
    /// that was issued only after `day` is not known yet, even if its window was over by then.
    pub fn overdue_count(&self, day: Day, period: Length) -> u32 {
        let overdue = self.orders.iter().filter(|order| {
            !order.is_cancelled
                && order.issued_on <= day
                && order.due < day
                && is_within(order.due, day, period)
                && !self.inspected(order.from, order.due)
        });
        u32::try_from(overdue.count()).unwrap_or(u32::MAX)
    }

    fn inspected(&self, from: Day, to: Day) -> bool {
        self.inspections.iter().any(|inspection| (from..=to).contains(&inspection.on))
    }
}

/// Returns whether `date` lies in the `period` that ends with `day`, both ends included.
///
/// # Source
/// Policy language §4: `within(date, "12 个月")`.
pub fn is_within(date: Day, day: Day, period: Length) -> bool {
    date <= day && date >= crate::calendar::before(day, period)
}

/// Returns the first day after `day` on which [`is_within`] answers differently by time alone.
pub fn within_changes_on(date: Day, day: Day, period: Length) -> Option<Day> {
    if date > day {
        return Some(date);
    }
    if !is_within(date, day, period) {
        return None;
    }
    // Months clamp, so the leaving day may be up to three days after date + period + 1.
    let mut leaves = crate::calendar::after(date, period).succ_opt()?;
    while is_within(date, leaves, period) {
        leaves = leaves.succ_opt()?;
    }
    Some(leaves)
}
