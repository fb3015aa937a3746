//! What is known of a subject on a day, against answers counted day by day.

use proptest::prelude::*;
use wubu::calendar::{Length, Unit};
use wubu::policy::LevelIx;
use wubu::register::{History, Inspection, PastOrder, Status, is_within, within_changes_on};
use wubu::time::Day;

/// No period and no date below reaches further than this many days.
const HORIZON: u32 = 3_000;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn nth(days: i32) -> Day {
    Day::from_num_days_from_ce_opt(737_000 + days).expect("a day of our century")
}

fn period() -> impl Strategy<Value = Length> {
    let unit = prop_oneof![Just(Unit::Days), Just(Unit::Months), Just(Unit::Years)];
    (unit, 1..=36_i32).prop_map(|(unit, count)| match unit {
        Unit::Years => Length::new(count % 4 + 1, unit),
        Unit::Days | Unit::WorkDays | Unit::Hours | Unit::Months => Length::new(count, unit),
    })
}

fn inspection(on: Day, worst: u32) -> Inspection {
    Inspection { id: on.to_string(), on, kind: None, result: "合格".into(), problems: vec![worst, 0] }
}

fn order(issued_on: &str, due: &str) -> PastOrder {
    let (workflow, trigger) = ("five-step".to_owned(), "cycle".to_owned());
    let issued_on = day(issued_on);
    PastOrder {
        workflow,
        trigger,
        nominal: None,
        issued_on,
        from: issued_on,
        due: day(due),
        is_open: false,
        is_cancelled: false,
    }
}

#[test]
fn an_order_is_not_overdue_before_it_was_issued() {
    let late = PastOrder { from: day("2026-01-05"), ..order("2026-03-02", "2026-01-20") };
    let history = History { orders: vec![late], ..History::default() };
    let year = Length::new(12, Unit::Months);
    assert_eq!(history.overdue_count(day("2026-02-01"), year), 0);
    assert_eq!(history.overdue_count(day("2026-03-02"), year), 1);
}

#[test]
fn a_cancelled_order_is_never_overdue() {
    let cancelled = PastOrder { is_cancelled: true, ..order("2026-01-05", "2026-01-20") };
    let history = History { orders: vec![cancelled], ..History::default() };
    assert_eq!(history.overdue_count(day("2026-03-02"), Length::new(12, Unit::Months)), 0);
}

proptest! {
    #[test]
    fn the_next_change_is_the_first_day_that_answers_differently(at in 0..3_000_i32, gap in -40..1_300_i32, period in period()) {
        let (date, today) = (nth(at), nth(at + gap));
        let now = is_within(date, today, period);
        let oracle = today.iter_days().skip(1).take(HORIZON as usize).find(|later| is_within(date, *later, period) != now);
        prop_assert_eq!(within_changes_on(date, today, period), oracle);
    }

    #[test]
    fn a_window_counts_what_a_walk_over_its_days_counts(
        days in prop::collection::btree_map(0..900_i32, 0..4_u32, 0..12), today in 0..900_i32, period in period(),
    ) {
        let history = History {
            inspections: days.iter().map(|(on, worst)| inspection(nth(*on), *worst)).collect(),
            ..History::default()
        };
        let first = wubu::calendar::before(nth(today), period);
        let walked: u32 = first
            .iter_days()
            .take_while(|on| *on <= nth(today))
            .filter_map(|on| history.inspections.iter().find(|inspection| inspection.on == on))
            .map(|inspection| inspection.problems[0])
            .sum();
        prop_assert_eq!(history.problems(nth(today), period, LevelIx(0)), walked);
        let last = days.keys().rfind(|on| **on <= today).map(|on| nth(*on));
        prop_assert_eq!(history.last_patrol(nth(today)), last);
    }
}

#[test]
fn a_window_of_months_leaves_on_the_day_after_its_last() {
    let year = Length::new(12, Unit::Months);
    let found = day("2025-03-10");
    assert_eq!(within_changes_on(found, day("2025-06-01"), year), Some(day("2026-03-11")));
    assert!(is_within(found, day("2026-03-10"), year));
    assert!(!is_within(found, day("2026-03-11"), year));
    assert_eq!(within_changes_on(found, day("2026-03-11"), year), None);
    assert_eq!(within_changes_on(found, day("2025-03-01"), year), Some(found));
}

#[test]
fn what_carries_a_later_date_is_not_seen() {
    let history = History {
        statuses: vec![(day("2026-02-01"), Status::Suspended), (day("2026-05-01"), Status::Closed)],
        last_patrol_known: Some(day("2026-03-01")),
        inspections: vec![inspection(day("2025-12-01"), 1), inspection(day("2026-04-01"), 1)],
        orders: Vec::new(),
    };
    assert_eq!(history.status(day("2026-01-31")), Status::Active);
    assert_eq!(history.status(day("2026-02-01")), Status::Suspended);
    assert_eq!(history.status(day("2026-05-01")), Status::Closed);
    assert_eq!(history.last_patrol(day("2025-11-30")), None);
    assert_eq!(history.last_patrol(day("2026-02-28")), Some(day("2025-12-01")));
    assert_eq!(history.last_patrol(day("2026-03-31")), Some(day("2026-03-01")));
    assert_eq!(history.last_patrol(day("2026-04-01")), Some(day("2026-04-01")));
}

#[test]
fn nothing_is_overdue_on_its_due_day_nor_when_somebody_came() {
    let mut history = History { orders: vec![order("2026-01-05", "2026-01-20")], ..History::default() };
    let year = Length::new(12, Unit::Months);
    assert_eq!(history.overdue_count(day("2026-01-20"), year), 0);
    assert_eq!(history.overdue_count(day("2026-01-21"), year), 1);
    assert_eq!(history.overdue_count(day("2027-01-20"), year), 1);
    assert_eq!(history.overdue_count(day("2027-01-21"), year), 0);
    history.inspections.push(inspection(day("2026-01-20"), 0));
    assert_eq!(history.overdue_count(day("2026-01-21"), year), 0);
}
