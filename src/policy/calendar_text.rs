//! Years of one calendar file written into another, keeping every comment of the one that stays.

use super::raw::{self, NodeKind, YamlNode};
use crate::diag::{Diagnostic, SourceMap, Span};

/// The years of a calendar file as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarYears {
    pub id: String,
    /// Each year with its text.
    pub years: Vec<(i32, String)>,
}

impl CalendarYears {
    pub fn newest(&self) -> i32 {
        self.years.iter().map(|(year, _)| *year).max().unwrap_or_default()
    }
}

/// A file that is no calendar, with what is wrong.
pub type NotACalendar = (SourceMap, Vec<Diagnostic>);

/// Reads the years of a calendar file.
///
/// # Errors
/// [`NotACalendar`] when the text is not YAML of that shape. Whether the days are right is
/// for loading the policy with them.
pub fn calendar_years(name: &str, text: &str) -> Result<CalendarYears, NotACalendar> {
    let mut sources = SourceMap::default();
    let file = sources.add(name, text);
    let mut problems = Vec::new();
    let node = raw::parse(file, text, &mut problems);
    let read = node.as_ref().and_then(|node| {
        <raw::CalendarFile as raw::Shape>::read(node, &mut problems)?;
        let id = node.at(&["calendar"])?.text()?.to_owned();
        let years = node.at(&["years"])?.pairs().iter().map(|(key, value)| {
            let year = key.text.parse().ok()?;
            Some((year, written(value)))
        });
        Some(CalendarYears { id, years: years.collect::<Option<_>>()? })
    });
    match read {
        Some(years) if problems.is_empty() => Ok(years),
        _ => Err((sources, problems)),
    }
}

/// Writes years into a calendar's text: a year that is there is replaced, another goes to its place.
///
/// Returns nothing when the text lists no years.
pub fn write_years(base: &str, over: &CalendarYears) -> Option<String> {
    let mut text = base.to_owned();
    for (year, written) in &over.years {
        text = write_year(&text, *year, written)?;
    }
    Some(text)
}

fn write_year(base: &str, year: i32, written: &str) -> Option<String> {
    let mut sources = SourceMap::default();
    let file = sources.add("base", base);
    let node = raw::parse(file, base, &mut Vec::new())?;
    let years = node.at(&["years"])?.pairs();
    let mut before = None;
    for (key, value) in years {
        let number: i32 = key.text.parse().ok()?;
        if number == year {
            let (start, end) = (line_start(base, key.span), line_end(base, last(value)));
            let indent = indent_of(base, key.span);
            return Some(format!("{}{indent}{year}: {written}\n{}", &base[..start], &base[end..]));
        }
        if number < year {
            before = Some(last(value));
        }
    }
    let (first, _) = years.first()?;
    let indent = indent_of(base, first.span);
    let at = before.map_or_else(|| line_start(base, first.span), |span| line_end(base, span));
    let gap = if base[..at].ends_with('\n') { "" } else { "\n" };
    Some(format!("{}{gap}{indent}{year}: {written}\n{}", &base[..at], &base[at..]))
}

/// Writes a node as flow text on one line.
fn written(node: &YamlNode) -> String {
    match &node.kind {
        NodeKind::Map(entries) => {
            let fields: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", key.text, written(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        NodeKind::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        NodeKind::Scalar(scalar) if scalar.plain && !scalar.text.contains([',', '[', ']', '{', '}']) => {
            scalar.text.clone()
        }
        NodeKind::Scalar(scalar) => format!("'{}'", scalar.text.replace('\'', "''")),
    }
}

/// Returns the place of the last thing written below a node.
fn last(node: &YamlNode) -> Span {
    let below = match &node.kind {
        NodeKind::Map(entries) => entries.last().map(|(key, value)| last(value).max(key.span)),
        NodeKind::List(items) => items.last().map(last),
        NodeKind::Scalar(_) => None,
    };
    below.map_or(node.span, |below| below.max(node.span))
}

fn line_end(text: &str, span: Span) -> usize {
    let from = span.end as usize;
    text[from..].find('\n').map_or(text.len(), |at| from + at + 1)
}

fn line_start(text: &str, span: Span) -> usize {
    text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1)
}

fn indent_of(text: &str, span: Span) -> &str {
    &text[line_start(text, span)..span.start as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str =
        "# 说明\ncalendar: cn\nyears:\n  2025: {rest: [2025-01-01], work: []}   # 旧\n  # 末尾\n";

    fn years(text: &str) -> CalendarYears {
        calendar_years("new.yaml", text).expect("a calendar")
    }

    #[test]
    fn a_new_year_goes_behind_the_last_and_comments_stay() {
        let over = years(
            "calendar: cn\nyears:\n  2026:\n    rest: [2026-01-01..2026-01-03]\n    work: [2026-01-04]\n",
        );
        let written = write_years(BASE, &over).expect("a text");
        let line = "  2026: {rest: [2026-01-01..2026-01-03], work: [2026-01-04]}\n";
        assert_eq!(written, BASE.replace("# 旧\n", &format!("# 旧\n{line}")));
    }

    #[test]
    fn a_known_year_is_replaced_in_its_place() {
        let over = years("calendar: cn\nyears: {2025: {rest: [2025-01-02], work: []}}\n");
        let written = write_years(BASE, &over).expect("a text");
        assert_eq!(written, BASE.replace("[2025-01-01], work: []}   # 旧", "[2025-01-02], work: []}"));
    }

    #[test]
    fn an_older_year_goes_before_the_first() {
        let over = years("calendar: cn\nyears: {2024: {rest: [], work: []}}\n");
        let written = write_years(BASE, &over).expect("a text");
        assert!(written.contains("years:\n  2024: {rest: [], work: []}\n  2025:"), "{written}");
    }
}
