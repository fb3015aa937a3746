//! The two numbers of a document, which are never mixed: the blank's and the official one.

use std::fmt;
use std::str::FromStr;

use crate::policy::{DOCUMENT_NUMBER, Policy, write_number};

/// What an official number counts within: one organ's documents of one prefix in one year.
///
/// # Source
/// Domain report §2.1: gapless per prefix, organ and year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    /// 字: of the kind.
    pub prefix: String,
    /// 机关代字: of the bureau.
    pub organ: String,
    /// Year of sign-off; 0 where numbers do not begin anew with the year.
    pub year: i32,
}

impl Series {
    /// Returns the number at a place of the series, written as the policy says.
    pub fn number(self, n: i64, policy: &Policy) -> OfficialNumber {
        let text = &policy.document_number.text;
        let shape = (text != DOCUMENT_NUMBER).then(|| text.clone());
        OfficialNumber { series: self, n, shape }
    }
}

/// An official number.
///
/// # Shape
/// `示市监责改〔2026〕7号`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfficialNumber {
    /// What it counts within.
    pub series: Series,
    /// Its place, from 1.
    pub n: i64,
    /// The text it is written by, kept with it; none for the commonest.
    pub shape: Option<String>,
}

impl fmt::Display for OfficialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Series { prefix, organ, year } = &self.series;
        let part = |name: &str| match name {
            "organ" => organ.clone(),
            "prefix" => prefix.clone(),
            "year" => year.to_string(),
            _ => self.n.to_string(),
        };
        f.write_str(&write_number(self.shape.as_deref().unwrap_or(DOCUMENT_NUMBER), part))
    }
}

/// The control number of a blank, given when it is issued.
///
/// # Shape
/// `pen.rectify-2026-000001`: gapless for a kind and a year, never used again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Control {
    /// Kind of document.
    pub kind: String,
    /// Year of issue.
    pub year: i32,
    /// Its place, from 1.
    pub n: i64,
}

/// Digits a control number is filled to.
const CONTROL_DIGITS: usize = 6;

impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{:0CONTROL_DIGITS$}", self.kind, self.year, self.n)
    }
}

/// A text that is not a control number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAControl;

impl FromStr for Control {
    type Err = NotAControl;

    fn from_str(text: &str) -> Result<Self, NotAControl> {
        let mut parts = text.rsplitn(3, '-');
        let (n, year, kind) = (parts.next(), parts.next(), parts.next());
        let n = n.and_then(|n| n.parse::<i64>().ok()).filter(|n| *n > 0).ok_or(NotAControl)?;
        let year = year.and_then(|year| year.parse().ok()).ok_or(NotAControl)?;
        let kind = kind.filter(|kind| !kind.is_empty()).ok_or(NotAControl)?;
        Ok(Self { kind: kind.to_owned(), year, n })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_as_the_law_writes_it() {
        let series = Series { prefix: "市监责改".to_owned(), organ: "示".to_owned(), year: 2026 };
        assert_eq!(
            OfficialNumber { series: series.clone(), n: 7, shape: None }.to_string(),
            "示市监责改〔2026〕7号"
        );
        let shape = Some("{prefix} {seq}/{year}".to_owned());
        assert_eq!(OfficialNumber { series, n: 7, shape }.to_string(), "市监责改 7/2026");
    }

    #[test]
    fn a_control_number_reads_back() {
        let control = Control { kind: "ext.a-b".to_owned(), year: 2026, n: 1 };
        assert_eq!(control.to_string(), "ext.a-b-2026-000001");
        assert_eq!(control.to_string().parse(), Ok(control));
        for text in ["", "pen.rectify", "pen.rectify-2026-0", "pen.rectify-x-1", "-2026-1"] {
            assert_eq!(text.parse::<Control>(), Err(NotAControl), "{text}");
        }
    }
}
