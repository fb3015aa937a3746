//! Tables that answer the rows of another one, such as a revisit the problems that were found.
//!
//! # Source
//! Policy language, `for_each` among the keys of a form.

use serde_json::Value;

use super::asked::FormSpec;
use super::flaw::AnswerFlaw;
use crate::diag::codes;
use crate::lang::spellings::NOTE;
use crate::policy::{Field, FieldKind, TableColumn};

/// Returns a flaw for each row that is answered by none, and for each that answers none. Two rows of one name
/// want two answers.
pub(super) fn unmatched(asked: &FormSpec<'_>, field: &Field, given: &Value) -> Vec<AnswerFlaw> {
    let (Some(source), FieldKind::Table(columns)) = (&field.for_each, &field.kind) else { return Vec::new() };
    let Some(TableColumn { id: column, .. }) = columns.first() else { return Vec::new() };
    let wanted = (asked.rows_of)(source);
    let known: Vec<&str> = wanted.iter().map(|row| name_of(row, column)).collect();
    let mut open = known.clone();
    let mut flaws = Vec::new();
    for (nth, row) in (1..).zip(given.as_array().into_iter().flatten()) {
        let named = name_of(row, column);
        let path = format!("{}.{nth}", field.id);
        if let Some(at) = open.iter().position(|open| *open == named) {
            open.remove(at);
        } else if known.contains(&named) {
            flaws.push(AnswerFlaw::new(codes::FIELD_TWICE, path, named));
        } else {
            let flaw = AnswerFlaw::new(codes::ROW_UNKNOWN, path, &field.title);
            flaws.push(flaw.near(named, known.iter().copied()));
        }
    }
    let unanswered = open.into_iter().map(|name| {
        let path = format!("{}.{name}", field.id);
        AnswerFlaw::new(codes::ROW_UNANSWERED, path, &field.title).with("row", name)
    });
    flaws.extend(unanswered);
    flaws
}

/// Returns what the rows are called that a table answers one by one; nothing for other fields.
pub fn rows_to_answer<'r>(field: &Field, rows: &'r [Value]) -> Vec<&'r str> {
    match (&field.for_each, &field.kind) {
        (Some(_), FieldKind::Table(columns)) => {
            let column = columns.first().map_or("", |column| &column.id);
            rows.iter().map(|row| name_of(row, column)).collect()
        }
        _ => Vec::new(),
    }
}

/// What a row is called: what stands under the column, else its note.
fn name_of<'r>(row: &'r Value, column: &str) -> &'r str {
    let mut columns = [column].into_iter().chain(NOTE.offered(NOTE.zh()));
    columns.find_map(|column| row.get(column)?.as_str()).unwrap_or_default()
}
