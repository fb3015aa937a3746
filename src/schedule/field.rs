//! One field of a schedule: `*`, `1,15`, `8-18/2`, `MON-FRI`.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use strum::IntoStaticStr;

use crate::diag::{Code, Diagnostic, Span, codes};

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

/// Something wrong in the text of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CronProblem {
    /// Where, in bytes of the schedule's text; on character boundaries.
    pub at: Range<usize>,
    pub kind: ScheduleProblemKind,
}

/// What is wrong in the text of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScheduleProblemKind {
    /// Neither five, six nor seven fields.
    Fields {
        /// How many there are.
        found: usize,
    },
    /// Not a value of this field.
    Value {
        field: CronField,
        /// What is written.
        text: String,
    },
    /// A number outside the field.
    Range {
        field: CronField,
        /// What is written.
        text: String,
    },
    /// The end of a range lies before its start.
    Backwards {
        field: CronField,
        /// What is written.
        text: String,
    },
    /// A step of zero, or one longer than its range.
    Step {
        field: CronField,
        /// The step as written.
        text: String,
    },
    /// `5/15`: programs differ on what it means.
    StepStart {
        field: CronField,
        /// What to write for "from there on".
        instead: String,
    },
    /// `L`, `W` or `#`.
    Special {
        /// What is written.
        text: String,
    },
    /// A character that looks like an ASCII one.
    FullWidth {
        /// The character.
        text: String,
        /// The ASCII one.
        instead: String,
    },
    /// Nothing between two commas.
    Empty { field: CronField },
    /// `@daily` and its kind.
    Nickname {
        /// What is written.
        text: String,
    },
    /// Longer than the limit.
    Long {
        /// How many bytes a schedule may have.
        most: usize,
    },
}

impl ScheduleProblemKind {
    /// Returns the code under which it is reported.
    pub const fn code(&self) -> Code {
        match self {
            Self::Fields { .. } => codes::CRON_FIELDS,
            Self::Value { .. } => codes::CRON_VALUE,
            Self::Range { .. } => codes::CRON_RANGE,
            Self::Backwards { .. } => codes::CRON_BACKWARDS,
            Self::Step { .. } => codes::CRON_STEP,
            Self::StepStart { .. } => codes::CRON_STEP_START,
            Self::Special { .. } => codes::CRON_SPECIAL,
            Self::FullWidth { .. } => codes::CRON_FULL_WIDTH,
            Self::Empty { .. } => codes::CRON_EMPTY,
            Self::Nickname { .. } => codes::CRON_NICKNAME,
            Self::Long { .. } => codes::CRON_LONG,
        }
    }

    /// Returns the words its text names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let bounded = |field: CronField, text: &str| {
            let (min, max) = field.bounds();
            vec![
                ("field", field.into_str().to_owned()),
                ("text", text.to_owned()),
                ("min", min.to_string()),
                ("max", max.to_string()),
            ]
        };
        match self {
            Self::Fields { found } => vec![("found", found.to_string())],
            Self::Value { field, text }
            | Self::Range { field, text }
            | Self::Backwards { field, text }
            | Self::Step { field, text } => bounded(*field, text),
            Self::StepStart { field, instead } => {
                vec![("field", field.into_str().to_owned()), ("instead", instead.clone())]
            }
            Self::Special { text } | Self::Nickname { text } => vec![("text", text.clone())],
            Self::FullWidth { text, instead } => {
                vec![("text", text.clone()), ("instead", instead.clone())]
            }
            Self::Empty { field } => vec![("field", field.into_str().to_owned())],
            Self::Long { most } => vec![("most", most.to_string())],
        }
    }
}

impl CronProblem {
    /// Makes the diagnostic, given where the schedule's text stands.
    pub fn diagnostic(&self, text: Span) -> Diagnostic {
        let start = Diagnostic::new(self.kind.code(), text.inner(self.at.start, self.at.end));
        self.kind.args().into_iter().fold(start, |made, (name, value)| made.with(name, value))
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
    fn split_at(self, byte: usize) -> (Self, Self) {
        let (left, right) = self.text.split_at(byte);
        // The separator, one ASCII byte, belongs to neither.
        (Self { text: left, at: self.at }, Self { text: &right[1..], at: self.at + byte + 1 })
    }

    fn split(self, separator: char) -> Option<(Self, Self)> {
        self.text.find(separator).map(|byte| self.split_at(byte))
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
    pub(super) fn problem(self, kind: ScheduleProblemKind) -> CronProblem {
        CronProblem { at: self.at..self.at + self.text.len(), kind }
    }
}

/// Reads one field.
pub(super) fn read(field: CronField, piece: Piece<'_>) -> Result<FieldRange, CronProblem> {
    if piece.text == "*" || (piece.text == "?" && field.is_day()) {
        let (min, max) = field.bounds();
        return Ok(FieldRange { values: span(min..=max, 1, field), is_open: true });
    }
    let mut values = BTreeSet::new();
    for item in piece.items() {
        if item.text.is_empty() {
            return Err(piece.problem(ScheduleProblemKind::Empty { field }));
        }
        values.extend(read_item(field, item)?);
    }
    Ok(FieldRange { values, is_open: false })
}

fn read_item(field: CronField, item: Piece<'_>) -> Result<BTreeSet<u32>, CronProblem> {
    let Some((range, step)) = item.split('/') else {
        return Ok(span(read_range(field, item)?, 1, field));
    };
    let wrong =
        || step.or(item).problem(ScheduleProblemKind::Step { field, text: step.or(item).text.to_owned() });
    let by: u32 = step.text.parse().map_err(|_| wrong())?;
    let bounds = read_range(field, range.or(item))?;
    if range.text != "*" && !range.text.contains('-') {
        let instead = format!("{}-{}/{by}", bounds.start(), last(field));
        return Err(item.problem(ScheduleProblemKind::StepStart { field, instead }));
    }
    // A step past the end of its range leaves one value: `*/90` minutes would mean "on the hour".
    if by == 0 || by > bounds.end() - bounds.start() {
        return Err(wrong());
    }
    Ok(span(bounds, by, field))
}

fn read_range(field: CronField, range: Piece<'_>) -> Result<RangeInclusive<u32>, CronProblem> {
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
        return Err(range.problem(ScheduleProblemKind::Backwards { field, text: range.text.to_owned() }));
    }
    Ok(from..=to)
}

fn read_value(field: CronField, piece: Piece<'_>) -> Result<u32, CronProblem> {
    let text = piece.text.to_owned();
    if let Some(at) = field.names().iter().position(|name| name.eq_ignore_ascii_case(piece.text)) {
        let at = u32::try_from(at).unwrap_or_default();
        return Ok(if field == CronField::Month { at + 1 } else { at });
    }
    if piece.text.is_empty() || !piece.text.bytes().all(|byte| byte.is_ascii_digit()) {
        let special = piece.text.contains('#')
            || (field.is_day() && piece.text.bytes().all(|b| b.is_ascii_digit() || b"LWlw".contains(&b)));
        let kind = if special {
            ScheduleProblemKind::Special { text }
        } else {
            ScheduleProblemKind::Value { field, text }
        };
        return Err(piece.problem(kind));
    }
    let (min, max) = field.bounds();
    match piece.text.parse::<u32>() {
        Ok(value) if (min..=max).contains(&value) => Ok(value),
        Ok(_) | Err(_) => Err(piece.problem(ScheduleProblemKind::Range { field, text })),
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
