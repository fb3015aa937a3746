//! Bad answers that are problems, whether or not somebody writes them down.
//!
//! # Source
//! Policy language, rule 30.

use serde_json::{Map, Value};

use super::asked::{FormSpec, ProblemTable};
use super::flaw::AnswerFlaw;
use crate::diag::codes;
use crate::lang::spellings::{ITEM, NOTE, Spelling};
use crate::policy::{FieldKind, Form, Item, ItemAnswers};

/// Returns a flaw for each bad answer to the checklist that no row of the table of problems stands for: one
/// that names the item by id or title; where the table has no column for items, any row does.
///
/// # Source
/// Policy language, rule 30.
pub fn unwritten(
    form: &Form,
    answers: &ItemAnswers,
    table: ProblemTable<'_>,
    found: &Value,
) -> Vec<AnswerFlaw> {
    let rows_of = |field: &str| found.get(field).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let Some(checklist) = form.checklist() else { return Vec::new() };
    let problems = rows_of(table.field);
    let column = column(form, table, ITEM);
    let is_written = |row: &Value| match column {
        Some(column) => {
            problems.iter().any(|problem| names(problem, column, [text(row, "id"), text(row, "title")]))
        }
        None => !problems.is_empty(),
    };
    let bad = rows_of(&checklist.id).iter().filter(|row| text(row, "result") == Some(&answers.bad));
    let title =
        form.fields.iter().find(|field| field.id == table.field).map_or(table.field, |field| &field.title);
    let flaw = |row: &Value| {
        let [id, item] = ["id", "title"].map(|key| text(row, key).unwrap_or_default());
        AnswerFlaw::new(codes::PROBLEM_UNWRITTEN, format!("{}.{id}", checklist.id), title)
            .with("item", item)
            .with("bad", answers.bad.as_str())
    };
    bad.filter(|row| !is_written(row)).map(flaw).collect()
}

/// The column of the table of problems that is called so.
fn column<'f>(form: &'f Form, table: ProblemTable<'_>, word: Spelling) -> Option<&'f str> {
    let field = form.fields.iter().find(|field| field.id == table.field)?;
    let FieldKind::Table(columns) = &field.kind else { return None };
    columns.iter().map(|column| column.id.as_str()).find(|id| word.is(id))
}

/// Returns whether a row of problems names one of these in a column.
fn names(row: &Value, column: &str, item: [Option<&str>; 2]) -> bool {
    text(row, column).is_some_and(|named| item.contains(&Some(named)))
}

/// Enters a problem for each bad answer to an item that says `if_bad`, of the level it says. A problem that
/// names the item and is as grave stands for it.
pub(super) fn enter(asked: &FormSpec<'_>, found: &mut Map<String, Value>) {
    let Some(table) = asked.problems else { return };
    let Some(list) = asked.form.checklist().and_then(|field| found.get(&field.id)?.as_array()) else {
        return;
    };
    let bad = list.iter().filter(|row| text(row, "result") == Some(&asked.answers.bad));
    let bad: Vec<(&Item, &str, Option<String>)> = bad
        .filter_map(|row| {
            let item = asked.items.iter().find(|item| Some(item.id.as_str()) == text(row, "id"))?;
            Some((item, item.if_bad.as_deref()?, text(row, "note").map(str::to_owned)))
        })
        .collect();
    let [item_column, note_column] = [ITEM, NOTE].map(|word| column(asked.form, table, word));
    let Some(Value::Array(problems)) = found.get_mut(table.field) else { return };
    for (item, level, note) in bad {
        let is_named = |row: &Value| {
            item_column.is_some_and(|column| names(row, column, [Some(&item.id), Some(&item.title)]))
        };
        if problems.iter().any(|row| is_named(row) && is_as_grave(table, text(row, table.level), level)) {
            continue;
        }
        let mut problem = Map::from_iter([(table.level.to_owned(), Value::from(level))]);
        problem.extend(item_column.map(|column| (column.to_owned(), Value::from(item.title.as_str()))));
        problem.extend(note_column.zip(note).map(|(column, note)| (column.to_owned(), Value::from(note))));
        problems.push(Value::Object(problem));
    }
}

fn is_as_grave(table: ProblemTable<'_>, level: Option<&str>, wanted: &str) -> bool {
    let place = |level: &str| table.levels.iter().position(|known| known == level);
    level.and_then(place).zip(place(wanted)).is_some_and(|(level, wanted)| level <= wanted)
}

fn text<'v>(row: &'v Value, key: &str) -> Option<&'v str> {
    row.get(key).and_then(Value::as_str)
}
