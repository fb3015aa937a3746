//! A plan as it is told and kept: counts, and the lists behind them where they are asked for.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::office::active_release::LapsedOverlay;
use crate::office::plan::live_through::RunningOrders;
use crate::office::plan::papers::PaperChange;
use crate::office::plan::rehearse::{PlanOutcome, ReasonPair};
use crate::office::release::date_move::DateMove;
use crate::office::release::migrate::MigratedOrders;
use crate::plan::{
    Breach, Gates, OfficerWeek, OrderMove, PlannedOrder, TierMove, UndecidedSubject, breaches,
};
use crate::policy::MeaningChange;
use crate::time::Day;

/// A number, or what is counted.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum CountOrList<T> {
    Count(u64),
    List(Vec<T>),
}

impl<T: Clone> CountOrList<T> {
    fn of(all: &[T], is_list: bool) -> Self {
        if is_list { Self::List(all.to_vec()) } else { Self::Count(all.len() as u64) }
    }

    /// Returns the number.
    pub fn count(&self) -> u64 {
        match self {
            Self::Count(count) => *count,
            Self::List(all) => all.len() as u64,
        }
    }
}

/// What a change would do, as it is told.
///
/// # Shape
/// As `docs/cli.md` has it: counts are integers, and arrays with `--list`.
#[derive(Clone, Debug, Serialize)]
pub struct PlanReport {
    /// Its number, once it is kept.
    pub id: Option<i64>,
    #[serde(flatten)]
    pub frame: PlanFrame,
    /// Whether anything would be otherwise.
    pub is_effective: bool,
    /// The first day on which an order is opened, or is not, that would not, or would.
    pub begins_on: Option<Day>,
    /// Subjects of the register.
    pub subjects: u64,
    pub tiers: TierChanges,
    pub orders: OrderReport,
    /// Weeks of officers that are busier or less busy, in the order of officer and week.
    pub workload: Vec<NamedWeek>,
    /// The orders of each week, whoever has them.
    pub weeks: Vec<WeekTotal>,
    /// The most orders that an officer is given in a week, without the change and with it.
    pub busiest: [u32; 2],
    /// Open orders that go over to the text, by workflow.
    pub migrated: Vec<MigratedOrders>,
    /// Open orders whose step or window ends on another day as soon as it is in force.
    pub terms: CountOrList<DateMove>,
    /// Open orders whose dates its calendar would move, were it imported as such.
    pub calendar: CountOrList<DateMove>,
    /// Papers that read otherwise.
    pub papers: Vec<PaperChange>,
    pub undecided: CountOrList<UndecidedSubject>,
    /// Why not, each cause once.
    pub causes: Vec<String>,
    /// Gates that are passed.
    pub gates: Vec<Breach>,
    pub examples: Vec<ReasonPair>,
}

/// What was tried, and when.
#[derive(Clone, Debug, Serialize)]
pub struct PlanFrame {
    /// Digest of the text that was tried.
    pub policy: String,
    /// The release it is held against.
    pub against: i64,
    /// Whether the text is written otherwise at all.
    pub is_reworded: bool,
    /// What the text says otherwise.
    pub changes: Vec<MeaningChange>,
    /// Overlays in force that do not hold with it; it was tried without them.
    pub overlays: Vec<LapsedOverlay>,
    /// Today.
    pub from: Day,
    /// The last day that was lived through.
    pub until: Day,
    /// How long it took.
    pub seconds: f64,
}

/// Subjects by the tiers they go from and to.
#[derive(Clone, Debug, Serialize)]
pub struct TierChanges {
    /// From, to, how many.
    pub moves: Vec<(Option<String>, Option<String>, u64)>,
    /// The ids behind each of them, where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<Vec<String>>>,
}

/// The orders in which the courses differ.
#[derive(Clone, Debug, Serialize)]
pub struct OrderReport {
    pub appear: CountOrList<PlannedOrder>,
    pub vanish: CountOrList<PlannedOrder>,
    #[serde(rename = "move")]
    pub moves: CountOrList<OrderMove>,
    /// The same orders, opened on another day.
    pub shifted: CountOrList<OrderMove>,
}

/// An officer's week, with the name of the officer.
#[derive(Clone, Debug, Serialize)]
pub struct NamedWeek {
    #[serde(flatten)]
    pub week: OfficerWeek,
    pub name: String,
}

/// The orders of a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WeekTotal {
    /// The Monday with which it begins.
    pub week: Day,
    pub before: u32,
    pub after: u32,
}

/// Causes that are told.
const CAUSES: usize = 5;

fn causes(undecided: &[UndecidedSubject]) -> Vec<String> {
    let all: BTreeSet<&String> = undecided.iter().map(|one| &one.cause).collect();
    all.into_iter().take(CAUSES).cloned().collect()
}

fn totals(all: &[OfficerWeek]) -> Vec<WeekTotal> {
    let mut weeks: BTreeMap<Day, [u32; 2]> = BTreeMap::new();
    for OfficerWeek { week, before, after, .. } in all {
        let total = weeks.entry(*week).or_default();
        *total = [total[0] + before, total[1] + after];
    }
    weeks.into_iter().map(|(week, [before, after])| WeekTotal { week, before, after }).collect()
}

/// How an experiment is told.
pub struct PlanTelling<'a> {
    pub gates: Gates,
    /// Whether what is counted is listed.
    pub is_list: bool,
    /// What officers are called, by id.
    pub names: &'a BTreeMap<String, String>,
}

impl PlanReport {
    /// Puts what an experiment came to into words and numbers.
    pub fn of(outcome: &PlanOutcome, frame: PlanFrame, telling: &PlanTelling<'_>) -> Self {
        let PlanTelling { gates, is_list, names } = *telling;
        let PlanOutcome { difference, examples, running, calendar, papers, is_foreseen: _ } = outcome;
        let RunningOrders { migrated, dates } = running;
        let is_otherwise =
            !(migrated.is_empty() && dates.is_empty() && calendar.is_empty() && papers.is_empty());
        let orders = &difference.orders;
        let moves = difference
            .tiers
            .iter()
            .map(|TierMove { from, to, subjects }| (from.clone(), to.clone(), subjects.len() as u64));
        let changed = difference.workload.iter().filter(|week| week.before != week.after);
        let named = |week: &OfficerWeek| NamedWeek {
            name: names.get(&week.officer).cloned().unwrap_or_default(),
            week: week.clone(),
        };
        let busiest =
            |count: fn(&OfficerWeek) -> u32| difference.workload.iter().map(count).max().unwrap_or(0);
        let subjects = difference.tiers.iter().map(|moved| moved.subjects.clone());
        Self {
            id: None,
            frame,
            is_effective: !difference.is_none() || is_otherwise,
            begins_on: difference.begins_on(),
            subjects: difference.subjects,
            tiers: TierChanges { moves: moves.collect(), subjects: is_list.then(|| subjects.collect()) },
            orders: OrderReport {
                appear: CountOrList::of(&orders.appear, is_list),
                vanish: CountOrList::of(&orders.vanish, is_list),
                moves: CountOrList::of(&orders.moves, is_list),
                shifted: CountOrList::of(&orders.shifted, is_list),
            },
            workload: changed.map(named).collect(),
            weeks: totals(&difference.workload),
            busiest: [busiest(|week| week.before), busiest(|week| week.after)],
            migrated: migrated.clone(),
            terms: CountOrList::of(dates, is_list),
            calendar: CountOrList::of(calendar, is_list),
            papers: papers.clone(),
            undecided: CountOrList::of(&difference.undecided, is_list),
            causes: causes(&difference.undecided),
            gates: breaches(gates, difference),
            examples: examples.clone(),
        }
    }

    /// Returns the report without the lists, as it is kept.
    #[must_use]
    pub fn in_numbers(&self) -> Self {
        let OrderReport { appear, vanish, moves, shifted } = &self.orders;
        Self {
            tiers: TierChanges { moves: self.tiers.moves.clone(), subjects: None },
            orders: OrderReport {
                appear: CountOrList::Count(appear.count()),
                vanish: CountOrList::Count(vanish.count()),
                moves: CountOrList::Count(moves.count()),
                shifted: CountOrList::Count(shifted.count()),
            },
            terms: CountOrList::Count(self.terms.count()),
            calendar: CountOrList::Count(self.calendar.count()),
            undecided: CountOrList::Count(self.undecided.count()),
            ..self.clone()
        }
    }
}
