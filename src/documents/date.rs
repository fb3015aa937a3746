//! Dates as documents write them.

use chrono::Datelike as _;

use crate::lang::Lang;
use crate::lang::spellings::{DATE_MARKS, DIGITS, TEN};
use crate::time::Day;

/// Writes a day as papers of a language do: 2026年3月13日 or 2026-03-13.
pub fn written(day: Day, lang: Lang) -> String {
    match lang {
        Lang::Zh => marked([day.year().to_string(), day.month().to_string(), day.day().to_string()]),
        Lang::En => day.to_string(),
    }
}

/// Writes 二〇二六年三月十三日, as under a Chinese decision; another language has no such way.
pub fn spelt(day: Day, lang: Lang) -> String {
    match lang {
        Lang::Zh => {
            let year = day.year().to_string();
            let year = year.chars().filter_map(|c| c.to_digit(10)).map(digit).collect();
            marked([year, counted(day.month()), counted(day.day())])
        }
        Lang::En => written(day, lang),
    }
}

/// Puts behind year, month and day what stands there.
fn marked(parts: [String; 3]) -> String {
    let marked = parts.into_iter().zip(DATE_MARKS).map(|(part, marks)| format!("{part}{}", marks[0]));
    marked.collect()
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
            let both = [written(day, Lang::Zh), super::spelt(day, Lang::Zh)];
            assert_eq!(both, [plain, spelt]);
            assert_eq!([written(day, Lang::En), super::spelt(day, Lang::En)], [iso, iso]);
        }
    }
}
