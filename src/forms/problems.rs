//! Bad answers that are problems, whether or not somebody writes them down.
//!
//! # Source
//! Policy language, rule 30.

use serde_json::{Map, Value};

use super::asked::{FormSpec, ProblemTable};
use crate::lang::spellings::{ITEM, NOTE, Spelling};
use crate::policy::{FieldKind, Item};

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
    let columns = asked.form.fields.iter().find(|field| field.id == table.field).map(|field| &field.kind);
    let Some(FieldKind::Table(columns)) = columns else { return };
    let column = |word: Spelling| columns.iter().map(|(id, ..)| id).find(|id| word.is(id));
    let (item_column, note_column) = (column(ITEM), column(NOTE));
    let Some(Value::Array(problems)) = found.get_mut(table.field) else { return };
    for (item, level, note) in bad {
        let names = |row: &Value| {
            let named = item_column.and_then(|column| text(row, column));
            named.is_some_and(|named| named == item.id || named == item.title)
        };
        if problems.iter().any(|row| names(row) && is_as_grave(table, text(row, table.level), level)) {
            continue;
        }
        let mut problem = Map::from_iter([(table.level.to_owned(), Value::from(level))]);
        problem.extend(item_column.map(|column| (column.clone(), Value::from(item.title.as_str()))));
        problem.extend(note_column.zip(note).map(|(column, note)| (column.clone(), Value::from(note))));
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
