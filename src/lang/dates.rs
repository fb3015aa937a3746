//! Days and moments as people write them, in files, forms and commands alike.
//!
//! # Shape
//! Days `2026-02-03`, `2026/2/3`, `2026.2.3`, `20260203`, `2026年2月3日`. A moment is a day with a time of day behind
//! it, after a blank or a `T`, or close to the last mark: `2026/2/3 9:30`, `2026年2月3日9时30分`. Full-width letters,
//! digits and marks count as their half-width fellows.

use std::borrow::Cow;

use chrono::{DateTime, NaiveTime};

use super::spellings::{DATE_MARKS, TIME_MARKS};
use crate::time::{Day, Stamp, Tz};

/// Year, month and day as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayDigits<'a> {
    pub year: &'a str,
    pub month: &'a str,
    pub day: &'a str,
}

impl DayDigits<'_> {
    /// Returns the day, none where the calendar has no such day; the year must be written in full.
    pub fn day(self) -> Option<Day> {
        let Self { year, month, day } = self;
        let number = |digits: &str| digits.parse::<u32>().ok();
        (year.len() == 4).then_some(())?;
        Day::from_ymd_opt(year.parse().ok()?, number(month)?, number(day)?)
    }
}

/// Turns full-width letters, digits and marks into half-width ones.
pub fn half_width(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let narrow = |letter: char| match letter {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        other => other,
    };
    if text.chars().all(|letter| narrow(letter) == letter) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow).collect())
}

/// Reads a day; a time of day behind it is not kept.
pub fn day(text: &str) -> Option<Day> {
    digits(without_time(half_width(text.trim()).trim()))?.day()
}

/// Reads a day with a time of day; one without an offset is read in `zone`.
pub fn moment(text: &str, zone: Tz) -> Option<Stamp> {
    let text = half_width(text.trim());
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(Stamp::from_micros(at.timestamp_micros()));
    }
    let (written, time) = split(text)?;
    let local = digits(written)?.day()?.and_time(time_of_day(time)?);
    Some(Stamp::from_local(local, zone))
}

/// Takes a time of day off the end.
pub fn without_time(text: &str) -> &str {
    match split(text) {
        Some((date, time)) if time_of_day(time).is_some() => date,
        _ => text,
    }
}

/// Cuts a text into its day and what stands behind.
fn split(text: &str) -> Option<(&str, &str)> {
    if let Some((date, time)) = text.split_once([' ', 'T']) {
        return Some((date, time.trim()));
    }
    let [.., behind_day] = DATE_MARKS;
    let (at, mark) = text.char_indices().find(|(_, letter)| behind_day.contains(letter))?;
    let (date, time) = text.split_at(at + mark.len_utf8());
    (!time.is_empty()).then_some((date, time))
}

/// Readings of a time of day, besides those with marks for hours and minutes.
const TIMES: [&str; 3] = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"];

/// Reads a time of day; none when it is none.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let plain = || TIMES.iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok());
    let marked = || {
        let [behind_hour, behind_minute] = TIME_MARKS;
        let (hour, rest) = text.split_once(behind_hour)?;
        let minute = rest.strip_suffix(behind_minute).unwrap_or(rest);
        let number = |digits: &str| is_short(digits).then(|| digits.parse::<u32>().ok()).flatten();
        NaiveTime::from_hms_opt(number(hour)?, if minute.is_empty() { 0 } else { number(minute)? }, 0)
    };
    plain().or_else(marked)
}

/// Cuts a day into year, month and day; none when it has none of the accepted forms.
pub fn digits(date: &str) -> Option<DayDigits<'_>> {
    let [behind_year, behind_month, behind_day] = DATE_MARKS;
    let found = if date.len() == 8 && all_digits(date) {
        DayDigits { year: &date[..4], month: &date[4..6], day: &date[6..] }
    } else if let Some((year, rest)) = date.split_once(behind_year) {
        let (month, day) = rest.split_once(behind_month)?;
        DayDigits { year, month, day: day.strip_suffix(behind_day)? }
    } else {
        let mark = date.chars().find(|letter| "-/.".contains(*letter))?;
        let mut parts = date.split(mark);
        let found = DayDigits { year: parts.next()?, month: parts.next()?, day: parts.next()? };
        if parts.next().is_some() {
            return None;
        }
        found
    };
    let DayDigits { year, month, day } = found;
    let is_year = all_digits(year) && (year.len() == 4 || year.len() == 2);
    (is_year && is_short(month) && is_short(day)).then_some(found)
}

fn is_short(digits: &str) -> bool {
    all_digits(digits) && digits.len() <= 2
}

/// Returns whether a text is digits and nothing else.
pub fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_one_day_in_many_ways() {
        let wanted = Day::from_ymd_opt(2026, 1, 5);
        for text in ["2026-01-05", "2026-1-5", "2026/1/5", "2026.01.05", "20260105", " ２０２６／１／５ "]
        {
            assert_eq!(day(text), wanted, "{text}");
        }
        for text in
            ["26/1/5", "2026-13-01", "2026-02-30", "1/5", "2026-1-5-7", "2026年1月5日下午", "46027", ""]
        {
            assert_eq!(day(text), None, "{text}");
        }
        for text in ["2026年1月5日", "2026年1月5号", "2026年1月5日 9:30", "2026-01-05T09:30"] {
            assert_eq!(day(text), wanted, "{text}");
        }
    }

    #[test]
    fn people_write_one_moment_in_many_ways() {
        let zone = Tz::Asia__Shanghai;
        let wanted = "2026-03-03T09:30:00+08:00".parse::<Stamp>().ok();
        for text in [
            "2026-03-03T09:30",
            "2026-03-03 09:30:00",
            "2026/3/3 9:30",
            "2026.3.3  9:30",
            "２０２６/３/３　９：３０",
            "2026年3月3日 9:30",
            "2026年3月3日9:30",
            "2026年3月3日9时30分",
            "2026年3月3日 9点30分",
            "2026-03-03T01:30:00Z",
        ] {
            assert_eq!(moment(text, zone), wanted, "{text}");
        }
        assert_eq!(moment("2026年3月3日9时", zone), "2026-03-03T09:00:00+08:00".parse::<Stamp>().ok());
        for text in ["2026-03-03", "9:30", "2026-03-03 25:00", "2026-03-03 9", "2026年3月3日9时300分"] {
            assert_eq!(moment(text, zone), None, "{text}");
        }
    }
}
