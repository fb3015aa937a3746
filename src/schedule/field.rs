//! One field of a schedule: `*`, `1,15`, `8-18/2`, `MON-FRI`.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use strum::IntoStaticStr;

use crate::diag::{Code, TextFlaw, codes};

/// One field of a schedule. Its names stand in ids of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum CronField {
    /// 0–59.
    Second,
    /// 0–59.
    Minute,
    /// 0–23.
    Hour,
    /// 1–31.
    #[strum(serialize = "day")]
    DayOfMonth,
    /// 1–12, or JAN–DEC.
    Month,
    /// 0–7 with both ends Sunday, or SUN–SAT.
    #[strum(serialize = "weekday")]
    DayOfWeek,
    /// 1970–2100.
    Year,
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const SUNDAY_AS_END: u32 = 7;

impl CronField {
    /// Returns the smallest and the largest number that may be written.
    pub const fn bounds(self) -> (u32, u32) {
        match self {
            Self::Second | Self::Minute => (0, 59),
            Self::Hour => (0, 23),
            Self::DayOfMonth => (1, 31),
            Self::Month => (1, 12),
            Self::DayOfWeek => (0, SUNDAY_AS_END),
            // What the cron crate can walk.
            Self::Year => (1970, 2100),
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Month => &MONTHS,
            Self::DayOfWeek => &WEEKDAYS,
            Self::Second | Self::Minute | Self::Hour | Self::DayOfMonth | Self::Year => &[],
        }
    }

    /// Only the day fields may be left open with `?`.
    const fn is_day(self) -> bool {
        matches!(self, Self::DayOfMonth | Self::DayOfWeek)
    }
}

/// What one field allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldRange {
    /// The numbers, in our numbering with Sunday as 0 only.
    pub(super) values: BTreeSet<u32>,
    /// Written as a bare `*` or `?`.
    pub(super) is_open: bool,
}

/// A piece of the schedule's text with the byte it starts at.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Piece<'a> {
    fn split(self, separator: char) -> Option<(Self, Self)> {
        let (left, right) = self.text.split_once(separator)?;
        // The separator, one ASCII byte, belongs to neither.
        Some((Self { text: left, at: self.at }, Self { text: right, at: self.at + left.len() + 1 }))
    }

    /// Splits a list; every item keeps its place.
    fn items(self) -> impl Iterator<Item = Self> + 'a {
        self.text.split(',').map(move |text| {
            let offset = text.as_ptr() as usize - self.text.as_ptr() as usize;
            Self { text, at: self.at + offset }
        })
    }

    /// The piece itself, or `whole` where nothing is written: an empty place cannot be marked.
    fn or(self, whole: Self) -> Self {
        if self.text.is_empty() { whole } else { self }
    }

    /// A problem that covers the whole piece.
    pub(super) fn problem(self, code: Code) -> TextFlaw {
        TextFlaw::new(code, self.at..self.at + self.text.len())
    }

    /// A problem of what is written in a field, told with the field's bounds.
    fn problem_in(self, field: CronField, code: Code) -> TextFlaw {
        let (min, max) = field.bounds();
        let problem = self.problem(code).with("field", field.into_str()).with("text", self.text);
        problem.with("min", min.to_string()).with("max", max.to_string())
    }
}

pub(super) fn read(field: CronField, piece: Piece<'_>) -> Result<FieldRange, TextFlaw> {
    if piece.text == "*" || (piece.text == "?" && field.is_day()) {
        let (min, max) = field.bounds();
        return Ok(FieldRange { values: span(min..=max, 1, field), is_open: true });
    }
    let mut values = BTreeSet::new();
    for item in piece.items() {
        if item.text.is_empty() {
            return Err(piece.problem(codes::CRON_EMPTY).with("field", field.into_str()));
        }
        values.extend(read_item(field, item)?);
    }
    Ok(FieldRange { values, is_open: false })
}

fn read_item(field: CronField, item: Piece<'_>) -> Result<BTreeSet<u32>, TextFlaw> {
    let Some((range, step)) = item.split('/') else {
        return Ok(span(read_range(field, item)?, 1, field));
    };
    let wrong = || step.or(item).problem_in(field, codes::CRON_STEP);
    let by: u32 = step.text.parse().map_err(|_| wrong())?;
    let bounds = read_range(field, range.or(item))?;
    if range.text != "*" && !range.text.contains('-') {
        let instead = format!("{}-{}/{by}", bounds.start(), last(field));
        let problem = item.problem(codes::CRON_STEP_START).with("field", field.into_str());
        return Err(problem.with("instead", instead));
    }
    // A step past the end of its range leaves one value: `*/90` minutes would mean "on the hour".
    if by == 0 || by > bounds.end() - bounds.start() {
        return Err(wrong());
    }
    Ok(span(bounds, by, field))
}

fn read_range(field: CronField, range: Piece<'_>) -> Result<RangeInclusive<u32>, TextFlaw> {
    if range.text == "*" {
        return Ok(field.bounds().0..=last(field));
    }
    let Some((start, end)) = range.split('-') else {
        let value = read_value(field, range)?;
        return Ok(value..=value);
    };
    let from = read_value(field, start.or(range))?;
    let mut to = read_value(field, end.or(range))?;
    if field == CronField::DayOfWeek && to == 0 && end.text.eq_ignore_ascii_case(WEEKDAYS[0]) {
        to = SUNDAY_AS_END;
    }
    if from > to {
        return Err(range.problem_in(field, codes::CRON_BACKWARDS));
    }
    Ok(from..=to)
}

fn read_value(field: CronField, piece: Piece<'_>) -> Result<u32, TextFlaw> {
    if let Some(at) = field.names().iter().position(|name| name.eq_ignore_ascii_case(piece.text)) {
        let at = u32::try_from(at).unwrap_or_default();
        return Ok(if field == CronField::Month { at + 1 } else { at });
    }
    if piece.text.is_empty() || !piece.text.bytes().all(|byte| byte.is_ascii_digit()) {
        let special = piece.text.contains('#')
            || (field.is_day() && piece.text.bytes().all(|b| b.is_ascii_digit() || b"LWlw".contains(&b)));
        return Err(if special {
            piece.problem(codes::CRON_SPECIAL).with("text", piece.text)
        } else {
            piece.problem_in(field, codes::CRON_VALUE)
        });
    }
    let (min, max) = field.bounds();
    match piece.text.parse::<u32>() {
        Ok(value) if (min..=max).contains(&value) => Ok(value),
        Ok(_) | Err(_) => Err(piece.problem_in(field, codes::CRON_RANGE)),
    }
}

/// The end of `*`; Sunday is counted once.
fn last(field: CronField) -> u32 {
    let (_, max) = field.bounds();
    if field == CronField::DayOfWeek { max - 1 } else { max }
}

fn span(range: RangeInclusive<u32>, step: u32, field: CronField) -> BTreeSet<u32> {
    let fold = |value| if field == CronField::DayOfWeek { value % SUNDAY_AS_END } else { value };
    range.step_by(step as usize).map(fold).collect()
}
