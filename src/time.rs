//! Moments and days: the only words the house uses for time.
//!
//! A [`Day`] is a civil day without a zone; a [`Stamp`] is a moment in UTC with microseconds,
//! which is what both databases give back unchanged. Asking for the present moment is lawful
//! in [`SystemClock`] alone, and only doors and the daemon own one, put right by a server's
//! ([`AdjustedClock`]) where several programs share one; everything below takes `now: Stamp` as its
//! last argument.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta, TimeZone, Utc};
pub use chrono_tz::Tz;

/// A civil day, written `2026-03-13`.
pub type Day = chrono::NaiveDate;

/// A moment in UTC.
///
/// # Shape
/// Written with fixed width so that text order is time order: `2026-03-13T09:30:00.000000Z`.
///
/// # Units
/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(i64);

impl Stamp {
    /// Wraps a count of microseconds since the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns the count of microseconds since the Unix epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Returns the civil day on which this moment falls in `zone`.
    pub fn day_in(self, zone: Tz) -> Day {
        self.utc().with_timezone(&zone).date_naive()
    }

    /// Returns the wall-clock reading at this moment in `zone`.
    pub fn local_in(self, zone: Tz) -> NaiveDateTime {
        self.utc().with_timezone(&zone).naive_local()
    }

    /// Returns the moment of a wall-clock reading in `zone`.
    ///
    /// A reading that exists twice is taken at its first instant; one that does not exist is
    /// taken at the first instant after the gap.
    ///
    /// # Source
    /// Policy language, rule 10.
    pub fn from_local(local: NaiveDateTime, zone: Tz) -> Self {
        let mut probe = local;
        // A zone's gap is at most a day (Samoa skipped one); minutes are fine enough, because
        // no zone in the tz database moves by less since 1972.
        for _ in 0..=MINUTES_IN_LONGEST_GAP {
            if let Some(found) = zone.from_local_datetime(&probe).earliest() {
                return Self(found.with_timezone(&Utc).timestamp_micros());
            }
            let whole = probe.date().and_time(NaiveTime::MIN)
                + TimeDelta::minutes((probe - probe.date().and_time(NaiveTime::MIN)).num_minutes());
            probe = whole + TimeDelta::minutes(1);
        }
        Self(local.and_utc().timestamp_micros())
    }

    /// Returns the moment at which `day` begins in `zone`.
    pub fn day_start(day: Day, zone: Tz) -> Self {
        Self::from_local(day.and_time(NaiveTime::MIN), zone)
    }

    /// Returns the last second of `day` in `zone`, which is what a bare date on the command line means.
    pub fn day_end(day: Day, zone: Tz) -> Self {
        let next = day.succ_opt().unwrap_or(day);
        Self(Self::day_start(next, zone).0 - MICROS_PER_SECOND)
    }

    /// Returns this moment moved by `delta`.
    #[must_use]
    pub fn plus(self, delta: TimeDelta) -> Self {
        Self(self.0.saturating_add(delta.num_microseconds().unwrap_or(i64::MAX)))
    }

    /// Returns the moment as a chrono value.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Writes the moment as RFC 3339 with the offset of `zone` and whole seconds, as people and JSON see it.
    pub fn rfc3339_in(self, zone: Tz) -> String {
        self.utc().with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
    }

    /// Writes the moment as people do, `2026-03-13 09:30`, with seconds where they count.
    pub fn wall_in(self, zone: Tz) -> String {
        let local = self.local_in(zone);
        let form = if self.0 % MICROS_PER_MINUTE == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
        local.format(form).to_string()
    }

    /// Returns the first whole second that is not before it.
    #[must_use]
    pub const fn second_up(self) -> Self {
        Self(
            self.0.div_euclid(MICROS_PER_SECOND) * MICROS_PER_SECOND
                + if self.0 % MICROS_PER_SECOND == 0 { 0 } else { MICROS_PER_SECOND },
        )
    }
}

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_MINUTE: i64 = 60 * MICROS_PER_SECOND;
const MINUTES_IN_LONGEST_GAP: u32 = 1_500;

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl Stamp {
    /// Reads a moment that stands as [`fmt::Display`] writes it, within four digits of the year, and nothing else:
    /// what a table holds by the million.
    pub fn written(text: &str) -> Option<Self> {
        let bytes: &[u8; 27] = text.as_bytes().try_into().ok()?;
        let marks = [(10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (26, b'Z')];
        if marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
            return None;
        }
        let day = written_day(&text[..10])?;
        let number = |at| number(bytes, at);
        let at = day.and_hms_micro_opt(number(11..13)?, number(14..16)?, number(17..19)?, number(20..26)?)?;
        Some(Self(at.and_utc().timestamp_micros()))
    }
}

/// Reads a day that stands with four digits of the year, and nothing else: what a table holds by the million.
pub fn written_day(text: &str) -> Option<Day> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    if (bytes[4], bytes[7]) != (b'-', b'-') {
        return None;
    }
    let number = |at| number(bytes, at);
    Day::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)
}

fn number(bytes: &[u8], at: Range<usize>) -> Option<u32> {
    let digit = |sum: u32, byte: &u8| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'));
    bytes[at].iter().try_fold(0, digit)
}

/// A text that is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAStamp;

impl FromStr for Stamp {
    type Err = NotAStamp;

    fn from_str(text: &str) -> Result<Self, NotAStamp> {
        DateTime::parse_from_rfc3339(text).map(|at| Self(at.timestamp_micros())).map_err(|_| NotAStamp)
    }
}

impl serde::Serialize for Stamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Stamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|NotAStamp| serde::de::Error::custom("not an RFC 3339 moment"))
    }
}

/// The source of the present moment.
pub trait Clock: Send + Sync {
    /// Returns the present moment.
    fn now(&self) -> Stamp;

    /// Goes on from what a clock says that counts more than this one; one that is not put right goes on as it does.
    fn follow(&self, _said: Stamp) {}
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one lawful place that asks")]
    fn now(&self) -> Stamp {
        Stamp(Utc::now().timestamp_micros())
    }
}

/// The machine's clock put right by another one, such as that of the server which all daemons of a bureau share.
#[derive(Debug, Default)]
pub struct AdjustedClock {
    /// What is added to what the machine says.
    micros: AtomicI64,
}

impl Clock for AdjustedClock {
    fn now(&self) -> Stamp {
        Stamp(SystemClock.now().0.saturating_add(self.micros.load(Ordering::Relaxed)))
    }

    fn follow(&self, said: Stamp) {
        self.micros.store(said.0.saturating_sub(SystemClock.now().0), Ordering::Relaxed);
    }
}

/// A clock that stands still at one moment: `--at`, and tests.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub Stamp);

impl Clock for FixedClock {
    fn now(&self) -> Stamp {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_put_right_goes_on_from_there() {
        let (clock, ahead) = (AdjustedClock::default(), TimeDelta::days(400));
        let said = clock.now().plus(ahead);
        clock.follow(said);
        let now = clock.now();
        assert!(now >= said && now < said.plus(TimeDelta::hours(1)), "{said} {now}");
        FixedClock(said).follow(now);
        assert_eq!(FixedClock(said).now(), said);
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().expect("a test moment")
    }

    #[test]
    fn a_reading_in_the_spring_gap_is_the_first_instant_after_it() {
        let at = Stamp::from_local(local("2026-03-08T02:30:00"), Tz::America__Toronto);
        assert_eq!(at.to_string(), "2026-03-08T07:00:00.000000Z");
    }

    #[test]
    fn a_reading_in_the_autumn_fold_is_its_first_instant() {
        let at = Stamp::from_local(local("2026-11-01T01:30:00"), Tz::America__Toronto);
        assert_eq!(at.to_string(), "2026-11-01T05:30:00.000000Z");
    }

    #[test]
    fn a_bare_date_means_its_last_second() {
        let day = "2026-03-13".parse().expect("a day");
        let at = Stamp::day_end(day, Tz::Asia__Shanghai);
        assert_eq!(at.rfc3339_in(Tz::Asia__Shanghai), "2026-03-13T23:59:59+08:00");
    }

    #[test]
    fn what_people_read_of_a_moment_is_no_earlier_when_they_type_it() {
        let at = Stamp::from_local(local("2026-03-13T09:30:07"), Tz::Asia__Shanghai)
            .plus(TimeDelta::microseconds(5));
        assert_eq!(at.second_up().wall_in(Tz::Asia__Shanghai), "2026-03-13 09:30:08");
        let minute = Stamp::from_local(local("2026-03-13T09:30:00"), Tz::Asia__Shanghai);
        assert_eq!(minute.second_up().wall_in(Tz::Asia__Shanghai), "2026-03-13 09:30");
    }

    #[test]
    fn text_order_is_time_order() {
        let (early, late) = (Stamp::from_micros(1), Stamp::from_micros(1_000_000));
        assert!(early.to_string() < late.to_string());
        assert_eq!(late.to_string().parse(), Ok(late));
    }
}
