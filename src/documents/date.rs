//! Dates as documents write them.

use chrono::Datelike as _;

use crate::time::Day;

/// Digits of a year, as in 二〇二六.
const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
/// What stands after year, month and day.
const MARKS: [char; 3] = ['年', '月', '日'];
/// The sign for ten.
const TEN: char = '十';

/// Writes 2026年3月13日.
pub fn arabic(day: Day) -> String {
    let [year, month, of_month] = MARKS;
    format!("{}{year}{}{month}{}{of_month}", day.year(), day.month(), day.day())
}

/// Writes 二〇二六年三月十三日, as under a decision.
pub fn han(day: Day) -> String {
    let [year, month, of_month] = MARKS;
    let digits = day.year().to_string();
    let spelt: String = digits.chars().filter_map(|c| c.to_digit(10)).map(digit).collect();
    format!("{spelt}{year}{}{month}{}{of_month}", counted(day.month()), counted(day.day()))
}

fn digit(digit: u32) -> char {
    DIGITS[digit as usize % DIGITS.len()]
}

/// Writes a number below 100 as one counts.
fn counted(number: u32) -> String {
    let (tens, ones) = (number / 10, number % 10);
    let mut text = String::new();
    if tens > 1 {
        text.push(digit(tens));
    }
    if tens > 0 {
        text.push(TEN);
    }
    if ones > 0 {
        text.push(digit(ones));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_in_documents() {
        for (iso, plain, spelt) in [
            ("2026-03-13", "2026年3月13日", "二〇二六年三月十三日"),
            ("2026-10-20", "2026年10月20日", "二〇二六年十月二十日"),
            ("2031-12-31", "2031年12月31日", "二〇三一年十二月三十一日"),
            ("2040-01-01", "2040年1月1日", "二〇四〇年一月一日"),
        ] {
            let day: Day = iso.parse().expect("a day");
            assert_eq!((arabic(day), han(day)), (plain.to_owned(), spelt.to_owned()));
        }
    }
}
