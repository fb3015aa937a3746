//! Occurrences of a trigger: nominal instants, on working days where the trigger says so.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use super::Cron;
use super::cron_text::LAST_SECOND;
use crate::calendar::{Calendar, LocalCalendar, Roll};
use crate::time::Stamp;

/// A question is cut short at about so many occurrences. An answer at least this long may be
/// cut: its asker moves the watermark to the last one, and asks again; nothing is lost.
pub const OCCURRENCES_MAX: usize = 100_000;

/// More instants than one local day has, the autumn fold included.
const SECONDS_OF_A_DAY_MAX: usize = 100_000;

/// A stretch of time, without its beginning and with its end.
#[derive(Clone, Copy, Debug)]
pub struct Interval {
    /// The moment before it.
    pub after: Stamp,
    /// Its last moment.
    pub until: Stamp,
}

/// Returns the nominal instants of an interval, ascending, each once.
///
/// With `workdays_only` a firing on a rest day moves to the next working day at the same
/// wall-clock reading; firings that land on one instant are one occurrence. An answer shorter
/// than [`OCCURRENCES_MAX`] is complete.
///
/// # Source
/// Policy language, rule 6.
pub fn occurrences(
    cron: &Cron,
    workdays_only: bool,
    by: LocalCalendar<'_>,
    interval: Interval,
) -> Vec<Stamp> {
    let LocalCalendar { calendar, zone } = by;
    let Interval { after, until } = interval;
    if !workdays_only {
        return cron.after(after, zone).take_while(|at| *at <= until).take(OCCURRENCES_MAX).collect();
    }
    let mut found = BTreeSet::new();
    let readings = cron.readings_after(before_rest_days(calendar, after.local_in(zone)));
    // Moved as a reading, before any zone has its say: the 02:30 of a Sunday on which clocks go
    // forward is the 02:30 of Monday, not the 03:00 that Sunday would have had.
    for reading in readings.take_while(|reading| Stamp::from_local(*reading, zone) <= until) {
        if found.len() > OCCURRENCES_MAX + SECONDS_OF_A_DAY_MAX {
            // Firings of rest days mix with those of the working day after them, so the cut is
            // made before the day in hand; at most one day's firings are put back.
            let cut = Stamp::day_start(reading.date(), zone);
            found.retain(|at| *at < cut);
            break;
        }
        let day = calendar.roll(reading.date(), Roll::Forward);
        let at = Stamp::from_local(day.and_time(reading.time()), zone);
        if at > after && at <= until {
            found.insert(at);
        }
    }
    found.into_iter().collect()
}

/// The reading from which a firing may still move past `after`: the end of the last working day
/// before its day, so that the rest days since, its own day included, are looked at again.
fn before_rest_days(calendar: &Calendar, after: NaiveDateTime) -> NaiveDateTime {
    let yesterday = after.date().pred_opt().unwrap_or(after.date());
    calendar.roll(yesterday, Roll::Backward).and_time(LAST_SECOND)
}
