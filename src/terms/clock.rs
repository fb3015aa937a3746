//! Statutory clocks: a length by the day of the event, pauses, extensions, one roll at the end.

use chrono::TimeDelta;

use super::{ClockRefusal, End};
use crate::calendar::{Calendar, Length, LocalCalendar, Roll, Unit, add_days};
use crate::digest::Digest;
use crate::policy::{ClockRule, ClockVersion, ExtendBefore, Extension};
use crate::time::{Day, Stamp, Tz};

/// A pause as asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Pause {
    /// First day not counted.
    pub from: Day,
    /// Day from which counting goes on; it is counted.
    pub to: Day,
    /// Why; one of the clock's closed list.
    pub reason: String,
    /// The document that proves it.
    pub document: String,
}

/// An extension that was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The day it was granted; none counts as granted in time.
    pub on: Option<Day>,
}

/// What lengthens a clock after its event.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClockChanges<'a> {
    pub pauses: &'a [Pause],
    /// Its extensions.
    pub grants: &'a [Grant],
}

/// A stretch of days not counted; overlapping pauses make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First day not counted.
    pub from: Day,
    /// Day from which counting goes on.
    pub to: Day,
    /// By how much the clock is moved: working days in a working-day clock, else natural days.
    pub days: i64,
}

/// The extensions an answer takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionResult {
    /// How many were granted.
    pub times: u32,
    /// By how much in all.
    pub by: Length,
}

/// A clock's end with everything it was computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockAnswer {
    /// The event it starts from.
    pub anchor: Stamp,
    /// The length of the version that governs the event, without extensions.
    pub length: Length,
    /// Extensions taken in.
    pub extended: Option<ExtensionResult>,
    /// First day of events that the version governs.
    pub version: Day,
    /// The article it comes from.
    pub basis: String,
    /// What was not counted, in order.
    pub pauses: Vec<Stretch>,
    /// The end as counted.
    pub raw_end: End,
    /// The end after rolling.
    pub end: End,
    /// The internal warning date, rolled from the raw end; none when the clock has none.
    pub alarm: Option<Day>,
    /// Identity of the calendar it was counted with.
    pub calendar: Digest,
    /// It leans on a year whose calendar is not published.
    pub provisional: bool,
}

impl ClockAnswer {
    /// Returns the whole count in the clock's unit, extensions of the same unit included.
    pub fn count(&self) -> i64 {
        let by = self.extended.map(|extended| extended.by).filter(|by| by.unit == self.length.unit);
        i64::from(self.length.count) + by.map_or(0, |by| i64::from(by.count))
    }
}

/// Returns the end of a clock that starts with an event at `from`.
///
/// The start day (or hour) is not counted. An extension lengthens the count from the start; a
/// pause A..B moves it by B − A natural days, or in a working-day clock by the working days
/// from A to the day before B; the sum rolls once. Clocks in hours run through rest days.
///
/// # Errors
/// [`ClockRefusal`] when no version governs the event, or when a pause or an extension is not
/// lawful.
///
/// # Source
/// Policy language §5; scenarios A15–A19, A27, A28.
pub fn clock_end(
    rule: &ClockRule,
    from: Stamp,
    changes: ClockChanges<'_>,
    by: LocalCalendar<'_>,
) -> Result<ClockAnswer, ClockRefusal> {
    let ClockChanges { pauses, grants } = changes;
    let LocalCalendar { calendar, zone } = by;
    let start = from.day_in(zone);
    let version = version_on(rule, start)?;
    for pause in pauses {
        check_pause(rule, pause, start)?;
    }
    let run = ClockRun {
        from,
        start,
        length: version.length,
        roll: rule.roll,
        stretches: merge(pauses, version.length.unit, calendar),
        calendar,
        zone,
    };
    let extended = extend(rule, grants, &run)?;
    let count = run.count(extended.map(|extended| extended.by));
    if let Some(late) = run.stretches.get(count.pauses_taken) {
        return Err(ClockRefusal::PauseLate { from: late.from, end: count.end.day_in(zone) });
    }
    let alarm = match (rule.alarm, count.raw_end) {
        (Some(roll), End::Day(day)) => Some(calendar.roll(day, roll)),
        (None, _) | (Some(_), End::Moment(_)) => None,
    };
    let provisional = run.is_provisional(&count, alarm);
    Ok(ClockAnswer {
        anchor: from,
        length: version.length,
        extended,
        version: version.from,
        basis: version.basis.clone(),
        pauses: run.stretches,
        raw_end: count.raw_end,
        end: count.end,
        alarm,
        calendar: calendar.revision,
        provisional,
    })
}

/// The latest version whose first day is not after the event.
fn version_on(rule: &ClockRule, event: Day) -> Result<&ClockVersion, ClockRefusal> {
    rule.versions
        .iter()
        .filter(|version| version.from <= event)
        .max_by_key(|version| version.from)
        .ok_or_else(|| ClockRefusal::NoVersion {
            clock: rule.title.clone(),
            from: event,
            first: rule.versions.iter().map(|version| version.from).min(),
        })
}

fn check_pause(rule: &ClockRule, pause: &Pause, start: Day) -> Result<(), ClockRefusal> {
    if rule.pauses.is_empty() {
        return Err(ClockRefusal::CannotPause { clock: rule.title.clone() });
    }
    let Some((_, document)) = rule.pauses.iter().find(|(reason, _)| *reason == pause.reason) else {
        return Err(ClockRefusal::PauseReason {
            clock: rule.title.clone(),
            reason: pause.reason.clone(),
            known: rule.pauses.iter().map(|(reason, _)| reason.clone()).collect(),
        });
    };
    if pause.document.trim().is_empty() {
        return Err(ClockRefusal::PauseDocument { reason: pause.reason.clone(), document: document.clone() });
    }
    if pause.to < pause.from {
        return Err(ClockRefusal::PauseBackwards { from: pause.from, to: pause.to });
    }
    if pause.from < start {
        return Err(ClockRefusal::PauseEarly { from: pause.from, start });
    }
    Ok(())
}

/// The union of the pauses, in order, each with what it moves the clock by.
fn merge(pauses: &[Pause], unit: Unit, calendar: &Calendar) -> Vec<Stretch> {
    let mut asked: Vec<(Day, Day)> = pauses.iter().map(|pause| (pause.from, pause.to)).collect();
    asked.sort_unstable();
    let mut union: Vec<(Day, Day)> = Vec::new();
    for (from, to) in asked {
        match union.last_mut() {
            Some((_, last)) if from <= *last => *last = to.max(*last),
            Some(_) | None => union.push((from, to)),
        }
    }
    union
        .into_iter()
        .map(|(from, to)| {
            let natural = (to - from).num_days();
            let days = match unit {
                Unit::WorkDays => calendar.work_days(add_days(from, -1), add_days(to, -1)),
                Unit::Days | Unit::Hours | Unit::Months | Unit::Years => natural,
            };
            Stretch { from, to, days }
        })
        .collect()
}

/// Checks each grant against the end as it stood when it was made.
fn extend(
    rule: &ClockRule,
    grants: &[Grant],
    run: &ClockRun<'_>,
) -> Result<Option<ExtensionResult>, ClockRefusal> {
    if grants.is_empty() {
        return Ok(None);
    }
    let clock = || rule.title.clone();
    let Some(extension) = &rule.extend else {
        return Err(ClockRefusal::CannotExtend { clock: clock() });
    };
    let times = u32::try_from(grants.len()).unwrap_or(u32::MAX);
    if times > extension.times {
        return Err(ClockRefusal::ExtendTimes { clock: clock(), times: extension.times });
    }
    let mut extended = None;
    for (times, grant) in (1..).zip(grants) {
        if let Some(on) = grant.on {
            let before = run.count(extended.map(|extended: ExtensionResult| extended.by));
            let limit = match extension.before {
                ExtendBefore::RawEnd => before.raw_end.day_in(run.zone),
                ExtendBefore::End => before.end.day_in(run.zone),
            };
            if on > limit {
                return Err(ClockRefusal::ExtendLate { on, limit });
            }
            if on < run.start {
                return Err(ClockRefusal::ExtendEarly { on, start: run.start });
            }
        }
        extended = Some(ExtensionResult { times, by: many(extension, times) });
    }
    Ok(extended)
}

fn many(extension: &Extension, times: u32) -> Length {
    let times = i32::try_from(times).unwrap_or(i32::MAX);
    Length::new(extension.by.count.saturating_mul(times), extension.by.unit)
}

/// One clock as it is counted.
struct ClockRun<'a> {
    from: Stamp,
    start: Day,
    length: Length,
    roll: Roll,
    stretches: Vec<Stretch>,
    calendar: &'a Calendar,
    zone: Tz,
}

/// What a count comes to.
struct Count {
    raw_end: End,
    end: End,
    /// How many of the stretches begin while the clock still runs.
    pauses_taken: usize,
}

impl ClockRun<'_> {
    /// Counts the length, what extends it, and every pause that begins before it is over.
    fn count(&self, by: Option<Length>) -> Count {
        let mut paused = 0;
        let mut count = self.count_paused(by, paused);
        for stretch in &self.stretches {
            if stretch.from > count.end.day_in(self.zone).max(count.raw_end.day_in(self.zone)) {
                break;
            }
            paused += stretch.days;
            count = Count { pauses_taken: count.pauses_taken + 1, ..self.count_paused(by, paused) };
        }
        count
    }

    fn count_paused(&self, by: Option<Length>, paused: i64) -> Count {
        if self.length.unit == Unit::Hours {
            let hours = |length: Length| match length.unit {
                Unit::Hours => TimeDelta::hours(i64::from(length.count)),
                Unit::WorkDays | Unit::Days | Unit::Months | Unit::Years => {
                    let day = self.calendar.add(self.start, length);
                    day - self.start
                }
            };
            let total = hours(self.length) + by.map_or(TimeDelta::zero(), hours) + TimeDelta::days(paused);
            let end = End::Moment(self.from.plus(total));
            return Count { raw_end: end, end, pauses_taken: 0 };
        }
        let counted = match by {
            None => self.calendar.add(self.start, self.length),
            // One sum from the start: 2 months and 1 month from 31 December are 3 months, to 31 March.
            Some(by) if by.unit == self.length.unit => {
                let count = self.length.count.saturating_add(by.count);
                self.calendar.add(self.start, Length::new(count, by.unit))
            }
            Some(by) => self.calendar.add(self.calendar.add(self.start, self.length), by),
        };
        let raw = match self.length.unit {
            Unit::WorkDays => self.calendar.add_work_days(counted, paused),
            Unit::Days | Unit::Hours | Unit::Months | Unit::Years => add_days(counted, paused),
        };
        let end = self.calendar.roll(raw, self.roll);
        Count { raw_end: End::Day(raw), end: End::Day(end), pauses_taken: 0 }
    }

    /// Whether the answer leans on a year that is not published. Natural days lean on the
    /// calendar only where they roll; hours never do.
    fn is_provisional(&self, count: &Count, alarm: Option<Day>) -> bool {
        let (raw_end, end) = match (count.raw_end, count.end) {
            (End::Day(raw_end), End::Day(end)) => (raw_end, end),
            (End::Moment(_), _) | (_, End::Moment(_)) => return false,
        };
        match self.length.unit {
            Unit::WorkDays => !self.calendar.is_published_through(self.start, end.max(raw_end)),
            Unit::Days | Unit::Hours | Unit::Months | Unit::Years => {
                let rolls = self.roll != Roll::None || alarm.is_some();
                rolls
                    && ![Some(raw_end), Some(end), alarm]
                        .iter()
                        .flatten()
                        .all(|day| self.calendar.is_published(*day))
            }
        }
    }
}
