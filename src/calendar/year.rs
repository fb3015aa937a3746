//! One civil year as a set of bits, one a day.

use chrono::{Datelike as _, Weekday};

use crate::time::Day;

/// What a calendar says of one civil year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Year {
    /// Bit `ordinal - 1` is set on working days.
    worked: [u64; WORDS],
    /// A notice for the year is known; a year that only holds days of its neighbour's notice is not.
    pub(super) is_published: bool,
    pub(super) notice: Option<String>,
    rest: Vec<Day>,
    work: Vec<Day>,
}

/// Words of 64 bits that hold 366 days.
const WORDS: usize = 6;

/// One civil year of a calendar, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearView {
    pub year: i32,
    /// Whether its days are known for certain.
    pub is_published: bool,
    /// The notice they come from.
    pub notice: Option<String>,
    /// How many working days it has.
    pub work_days: i64,
    /// Days off that the notices name, in order.
    pub rest: Vec<Day>,
    /// Make-up days, in order.
    pub work: Vec<Day>,
}

impl Year {
    /// Makes a year that works Monday to Friday.
    pub(super) fn plain(number: i32) -> Self {
        let mut worked = [0; WORDS];
        let first = Day::from_yo_opt(number, 1).map_or(Weekday::Mon, |day| day.weekday());
        for at in 0..days_in(number) {
            let weekday = (first.num_days_from_monday() + at) % 7;
            if weekday < 5 {
                set(&mut worked, at, true);
            }
        }
        Self { worked, is_published: false, notice: None, rest: Vec::new(), work: Vec::new() }
    }

    /// Marks a day off.
    pub(super) fn rest(&mut self, day: Day) {
        set(&mut self.worked, day.ordinal0(), false);
        insert(&mut self.rest, day);
    }

    /// Marks a make-up day.
    pub(super) fn work(&mut self, day: Day) {
        set(&mut self.worked, day.ordinal0(), true);
        insert(&mut self.work, day);
    }

    pub(super) fn is_work(&self, day: Day) -> bool {
        let (word, bit) = place(day.ordinal0());
        self.worked[word] & bit != 0
    }

    /// Counts working days with an ordinal (from 1) above `first`, up to `last`.
    pub(super) fn work_between(&self, first: u32, last: u32) -> i64 {
        self.work_up_to(last) - self.work_up_to(first)
    }

    fn work_up_to(&self, ordinal: u32) -> i64 {
        let (word, bit) = place(ordinal);
        let whole: u32 = self.worked.iter().take(word).map(|bits| bits.count_ones()).sum();
        let part = self.worked.get(word).map_or(0, |bits| (bits & (bit - 1)).count_ones());
        i64::from(whole + part)
    }

    /// Returns the bits as bytes, for the revision's digest.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.worked.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    pub(super) fn view(&self, number: i32, any_year: bool) -> YearView {
        YearView {
            year: number,
            is_published: any_year || self.is_published,
            notice: self.notice.clone(),
            work_days: self.work_up_to(days_in(number)),
            rest: self.rest.clone(),
            work: self.work.clone(),
        }
    }
}

/// Returns whether `day` is one of Monday to Friday.
pub(super) fn is_weekday(day: Day) -> bool {
    day.weekday().num_days_from_monday() < 5
}

pub(super) fn days_in(number: i32) -> u32 {
    if Day::from_ymd_opt(number, 2, 29).is_some() { 366 } else { 365 }
}

fn place(at: u32) -> (usize, u64) {
    ((at / 64) as usize, 1 << (at % 64))
}

fn set(worked: &mut [u64; WORDS], at: u32, on: bool) {
    let (word, bit) = place(at);
    if on {
        worked[word] |= bit;
    } else {
        worked[word] &= !bit;
    }
}

fn insert(days: &mut Vec<Day>, day: Day) {
    if let Err(at) = days.binary_search(&day) {
        days.insert(at, day);
    }
}
