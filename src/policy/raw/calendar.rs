//! `calendars/*.yaml`.

use super::leaf::{Id, day, words};
use super::map::{TextMap, shapes};
use super::shape::{MapOr, Shape, expected};
use super::{NodeKind, YamlNode};
use crate::diag::Diagnostic;
use crate::diag::codes::{CALENDAR_BACKWARDS, CALENDAR_RANGE, NOT_A_DAY};
use crate::time::Day;

shapes! {
    CalendarFile {
        calendar: Id,
        years: Years,
    }
    YearShape {
        notice: Option<String>,
        rest: Vec<DayRange>,
        work: Vec<DayRange>,
    }
}

/// `years:`, either one entry for each or `any`.
pub(in crate::policy) type Years = MapOr<TextMap<YearShape>, AnyYear>;

/// The word for every year.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct AnyYear;

words! { AnyYear: "any" => AnyYear; }

/// `2026-01-01` or `2026-01-01..2026-01-03`, both ends included.
#[derive(Clone, Debug)]
pub(in crate::policy) struct DayRange {
    pub(in crate::policy) first: Day,
    pub(in crate::policy) last: Day,
    pub(in crate::policy) span: crate::diag::Span,
}

/// Longest run of days one entry may name: more than any holiday, less than a typo in the year.
const RANGE_DAYS_MAX: i64 = 62;

impl Shape for DayRange {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let NodeKind::Scalar(scalar) = &node.kind else {
            out.push(expected(node, "text"));
            return None;
        };
        let (first, last) = scalar.text.split_once("..").unwrap_or((&scalar.text, &scalar.text));
        let (Some(first), Some(last)) = (day(first.trim()), day(last.trim())) else {
            out.push(Diagnostic::new(NOT_A_DAY, node.span).with("word", &scalar.text));
            return None;
        };
        if last < first {
            out.push(Diagnostic::new(CALENDAR_BACKWARDS, node.span).with("text", &scalar.text));
            return None;
        }
        if (last - first).num_days() > RANGE_DAYS_MAX {
            out.push(
                Diagnostic::new(CALENDAR_RANGE, node.span)
                    .with("first", first.to_string())
                    .with("last", last.to_string())
                    .with("limit", RANGE_DAYS_MAX.to_string()),
            );
            return None;
        }
        Some(Self { first, last, span: node.span })
    }
}
