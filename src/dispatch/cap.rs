//! Caps: how many orders one officer, grid or station gets in a local calendar period.

use std::collections::BTreeMap;

use chrono::{Datelike, TimeDelta};

use super::DueCandidate;
use crate::policy::{Cap, CapPer, CapPeriod};
use crate::time::Day;

/// How many orders each holder has in the period so far.
pub type CapUse = BTreeMap<String, u32>;

/// What a cap lets through.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CapShare {
    /// Positions in the list that become orders, in its order.
    pub taken: Vec<usize>,
    /// Positions that stay due.
    pub deferred: Vec<usize>,
}

/// Shares out a cap over candidates, each with its position, in their order of picking; a station's may be lower than
/// the bureau's.
///
/// A candidate whose holder is not known (a grid without a main officer) is not counted: the
/// cap protects people, and nobody is there to protect.
///
/// # Source
/// Policy language, rule 8: a candidate over a cap stays due; a cap counts an order once.
pub fn share<'c>(
    candidates: impl IntoIterator<Item = (usize, &'c DueCandidate)>,
    cap: impl Fn(&'c DueCandidate) -> Option<Cap>,
    used: &mut CapUse,
    holder: impl Fn(&'c DueCandidate) -> Option<&'c str>,
) -> CapShare {
    let mut capped = CapShare::default();
    for (at, candidate) in candidates {
        let has_room = match (cap(candidate), holder(candidate)) {
            (Some(cap), Some(holder)) => take(used, holder, cap.count),
            (None, _) | (_, None) => true,
        };
        if has_room {
            capped.taken.push(at);
        } else {
            capped.deferred.push(at);
        }
    }
    capped
}

fn take(used: &mut CapUse, holder: &str, count: u32) -> bool {
    if let Some(used) = used.get_mut(holder) {
        let has_room = *used < count;
        *used += u32::from(has_room);
        return has_room;
    }
    used.insert(holder.to_owned(), u32::from(count > 0));
    count > 0
}

/// Where a candidate is, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct CandidatePlace<'c> {
    pub subject: &'c str,
    pub station: &'c str,
    pub grid: Option<&'c str>,
    /// The grid's main officer.
    pub officer: Option<&'c str>,
}

/// Returns whom the cap counts for a candidate.
pub const fn cap_holder(per: CapPer, place: CandidatePlace<'_>) -> Option<&str> {
    match per {
        CapPer::Officer => place.officer,
        CapPer::Grid => place.grid,
        CapPer::Station => Some(place.station),
        CapPer::Subject => Some(place.subject),
    }
}

/// Returns the first and the last day of the local calendar period that holds `day`.
pub fn cap_period(period: CapPeriod, day: Day) -> (Day, Day) {
    let first_of = |year: i32, month: u32| Day::from_ymd_opt(year, month, 1).unwrap_or(day);
    match period {
        CapPeriod::Day => (day, day),
        CapPeriod::Week => {
            let monday = day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()));
            (monday, monday + TimeDelta::days(6))
        }
        CapPeriod::Month => {
            let first = first_of(day.year(), day.month());
            let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(day);
            (first, next.pred_opt().unwrap_or(day))
        }
        CapPeriod::Year => (first_of(day.year(), 1), Day::from_ymd_opt(day.year(), 12, 31).unwrap_or(day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(subject: &str) -> DueCandidate {
        let day = Day::from_ymd_opt(2026, 3, 13).expect("a day");
        DueCandidate {
            home: "s1".into(),
            subject: subject.into(),
            nominal: day,
            due_on: day,
            issue_on: day,
            is_provisional: false,
            station: "s1".into(),
            grid: Some("g1".into()),
            tier: "甲".into(),
            score: Some(80.0),
            decision: String::new(),
            held: None,
        }
    }

    #[test]
    fn a_cap_takes_the_first_and_defers_the_rest() {
        let list = ["a", "b", "c"].map(candidate);
        let cap = Cap { count: 3, per: CapPer::Officer, period: CapPeriod::Month };
        let mut used = CapUse::from([("p1".to_owned(), 1)]);
        let capped = share(list.iter().enumerate(), |_| Some(cap), &mut used, |_| Some("p1"));
        assert_eq!(capped, CapShare { taken: vec![0, 1], deferred: vec![2] });
        assert_eq!(used["p1"], 3);
    }

    #[test]
    fn nobody_is_capped_where_nobody_is_named() {
        let list = ["a", "b"].map(candidate);
        let cap = Cap { count: 1, per: CapPer::Officer, period: CapPeriod::Month };
        let capped = share(list.iter().enumerate(), |_| Some(cap), &mut CapUse::new(), |_| None);
        assert_eq!(capped.taken, [0, 1]);
    }

    #[test]
    fn periods_are_local_calendar_periods() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        assert_eq!(cap_period(CapPeriod::Month, day("2024-02-10")), (day("2024-02-01"), day("2024-02-29")));
        assert_eq!(cap_period(CapPeriod::Week, day("2026-03-15")), (day("2026-03-09"), day("2026-03-15")));
    }
}
