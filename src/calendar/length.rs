//! Lengths of time as policy files write them: a count and a unit, never a bare `d`.

use std::ops::RangeInclusive;
use std::str::FromStr;

use strum::IntoStaticStr;

use crate::lang::spellings::{self, Spelling};
use crate::lang::{self, Lang};

/// The unit of a [`Length`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 工作日, `workdays`.
    WorkDays,
    /// 自然日, `days`.
    Days,
    /// 小时, `hours`; they run through rest days.
    Hours,
    /// 个月, `months`; clamped to the month's end.
    Months,
    /// 年, `years`; clamped to the month's end.
    Years,
}

impl Unit {
    /// Every unit, in the order people list them.
    pub const ALL: [Self; 5] = [Self::WorkDays, Self::Days, Self::Hours, Self::Months, Self::Years];

    /// Returns the ways it is written.
    pub const fn spelling(self) -> Spelling {
        match self {
            Self::WorkDays => spellings::WORKDAYS,
            Self::Days => spellings::DAYS,
            Self::Hours => spellings::HOURS,
            Self::Months => spellings::MONTHS,
            Self::Years => spellings::YEARS,
        }
    }
}

/// A length of time.
///
/// # Shape
/// Written `15 工作日` or `15 workdays`; negative only where the policy language allows it
/// (`after: -5 工作日`).
///
/// # Source
/// Policy language §5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Length {
    pub count: i32,
    pub unit: Unit,
}

impl Length {
    pub const fn new(count: i32, unit: Unit) -> Self {
        Self { count, unit }
    }

    /// Returns whether it never ends before `other` does, both begun at one moment. What only the calendar could
    /// say, as of days and workdays that are near each other, counts as no.
    pub fn is_never_shorter(self, other: Self) -> bool {
        match (self.months(), other.months()) {
            _ if self.unit == other.unit => self.count >= other.count,
            (Some(own), Some(other)) => own >= other,
            _ => self.days().start() >= other.days().end(),
        }
    }

    const fn months(self) -> Option<i64> {
        match self.unit {
            Unit::Months => Some(self.count as i64),
            Unit::Years => Some(self.count as i64 * 12),
            Unit::WorkDays | Unit::Days | Unit::Hours => None,
        }
    }

    /// Returns between how many calendar days it takes.
    const fn days(self) -> RangeInclusive<i64> {
        let count = self.count as i64;
        let (least, most) = match self.unit {
            // A day ends at midnight, hours end where they are over.
            Unit::Hours => (count / 24 - 1, (count + 23) / 24),
            Unit::Days => (count, count),
            Unit::WorkDays => (count, count * 7 / 5 + REST_DAYS * (count / WORKDAYS_BETWEEN_RESTS + 1)),
            Unit::Months => (count * 28, count * 31),
            Unit::Years => (count * 365, count * 366),
        };
        RangeInclusive::new(least, most)
    }

    /// Writes it in a language, as a file of the policy may write it.
    pub fn written(self, lang: Lang) -> String {
        let unit = self.unit.spelling().of(lang);
        let unit = if self.count.abs() == 1 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
        format!("{} {unit}", self.count)
    }

    /// Writes it as an argument of a text, in whose language it comes out.
    pub fn argument(self) -> String {
        let units = if self.count.abs() == 1 { lang::SINGLE_UNITS } else { lang::UNITS };
        format!("{} {}", self.count, units[self.unit as usize])
    }
}

/// The longest rest in one piece, weekends included: the nine days of the Spring Festival, and one to spare.
const REST_DAYS: i64 = 10;
/// About as many workdays lie between two such rests.
const WORKDAYS_BETWEEN_RESTS: i64 = 60;

/// Largest count a length may have; a century of days, so no sum leaves the calendar.
pub const COUNT_MAX: i32 = 36_600;

/// Why a text is not a length. Its names stand in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(const_into_str)]
pub enum NotALength {
    /// There is no whole number in front.
    #[strum(serialize = "count")]
    NoCount,
    /// There is no unit, or one that is not in the list.
    #[strum(serialize = "unit")]
    NoUnit,
    /// The count is beyond [`COUNT_MAX`].
    #[strum(serialize = "long")]
    TooLong,
}

impl FromStr for Length {
    type Err = NotALength;

    fn from_str(text: &str) -> Result<Self, NotALength> {
        let text = text.trim();
        let digits_end = text
            .char_indices()
            .find(|(at, c)| !(c.is_ascii_digit() || (*at == 0 && *c == '-')))
            .map_or(text.len(), |(at, _)| at);
        let (count, unit) = text.split_at(digits_end);
        if count.is_empty() || count == "-" {
            return Err(NotALength::NoCount);
        }
        let count: i32 = count.parse().map_err(|_| NotALength::TooLong)?;
        if count.abs() > COUNT_MAX {
            return Err(NotALength::TooLong);
        }
        let unit = unit.trim();
        let is_meant = |spelling: Spelling| {
            let Spelling { plain, chinese } = spelling;
            plain == unit || plain.strip_suffix('s') == Some(unit) || chinese.contains(&unit)
        };
        let found = Unit::ALL.into_iter().find(|known| is_meant(known.spelling()));
        found.map(|unit| Self::new(count, unit)).ok_or(NotALength::NoUnit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_read_and_a_bare_d_does_not() {
        assert_eq!("15 工作日".parse(), Ok(Length::new(15, Unit::WorkDays)));
        assert_eq!("-5 工作日".parse(), Ok(Length::new(-5, Unit::WorkDays)));
        assert_eq!("1 year".parse(), Ok(Length::new(1, Unit::Years)));
        assert_eq!("12个月".parse(), Ok(Length::new(12, Unit::Months)));
        assert_eq!("3d".parse::<Length>(), Err(NotALength::NoUnit));
        assert_eq!("工作日".parse::<Length>(), Err(NotALength::NoCount));
    }
}
