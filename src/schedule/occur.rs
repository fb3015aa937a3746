//! Occurrences of a trigger: nominal instants, on working days where the trigger says so.

use std::collections::BTreeSet;

use super::Cron;
use crate::calendar::{Calendar, Roll};
use crate::time::{Stamp, Tz};

/// A question is cut short at about so many occurrences. An answer at least this long may be
/// cut: its asker moves the watermark to the last one, and asks again; nothing is lost.
pub const OCCURRENCES_MAX: usize = 100_000;

/// More instants than one local day has, the autumn fold included.
const SECONDS_OF_A_DAY_MAX: usize = 100_000;

/// Returns the nominal instants in (`after`, `until`], ascending, each once.
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
    calendar: &Calendar,
    zone: Tz,
    after: Stamp,
    until: Stamp,
) -> Vec<Stamp> {
    if !workdays_only {
        return cron.after(after, zone).take_while(|at| *at <= until).take(OCCURRENCES_MAX).collect();
    }
    let mut found = BTreeSet::new();
    for raw in cron.after(before_rest_days(calendar, zone, after), zone).take_while(|at| *at <= until) {
        if found.len() > OCCURRENCES_MAX + SECONDS_OF_A_DAY_MAX {
            // Firings of rest days mix with those of the working day after them, so the cut is
            // made before the day in hand; at most one day's firings are put back.
            let cut = Stamp::day_start(raw.day_in(zone), zone);
            found.retain(|at| *at < cut);
            break;
        }
        let at = on_workday(calendar, zone, raw);
        if at > after && at <= until {
            found.insert(at);
        }
    }
    found.into_iter().collect()
}

/// The moment from which a firing may still move past `after`: the start of the rest days that
/// lead up to its day.
fn before_rest_days(calendar: &Calendar, zone: Tz, after: Stamp) -> Stamp {
    let today = after.day_in(zone);
    let worked = calendar.roll(today.pred_opt().unwrap_or(today), Roll::Backward);
    let first = worked.succ_opt().unwrap_or(worked);
    let start = Stamp::day_start(first, zone);
    // Firings at the start itself are wanted too, and `Cron::after` leaves out its argument.
    Stamp::from_micros(start.micros() - 1).min(after)
}

fn on_workday(calendar: &Calendar, zone: Tz, raw: Stamp) -> Stamp {
    let reading = raw.local_in(zone);
    let day = calendar.roll(reading.date(), Roll::Forward);
    if day == reading.date() { raw } else { Stamp::from_local(day.and_time(reading.time()), zone) }
}
