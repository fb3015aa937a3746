//! One field: what is written, made canonical.

use serde_json::{Map, Number, Value};

use super::asked::FormSpec;
use super::flaw::{AnswerFlaw, FieldPlace};
use super::items;
use super::written::{is_empty, shown, text};
use crate::calendar::Length;
use crate::diag::codes;
use crate::lang::dates;
use crate::lang::spellings::{LAT, LON, Spelling};
use crate::policy::{ColumnKind, Field, FieldKind, TableColumn};
use crate::time::Tz;

/// Beyond this, a float does not tell neighbouring whole numbers apart.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// Reads one field that is there; none when what is written is empty or wrong.
pub(super) fn read(
    asked: &FormSpec<'_>,
    field: &Field,
    given: &Value,
    flaws: &mut Vec<AnswerFlaw>,
) -> Option<Value> {
    let Field { id, title, kind, for_each: _, required: _, required_when: _, min: _ } = field;
    if is_empty(given) {
        return None;
    }
    let at = FieldPlace { path: id, title };
    let wrong = |code| AnswerFlaw::new(code, id.as_str(), title).with("word", shown(given));
    let found = match kind {
        FieldKind::Text => text(given).map(Value::from).ok_or_else(|| wrong(codes::TEXT_WANTED)),
        FieldKind::Number => number(given).ok_or_else(|| wrong(codes::NUMBER_WANTED)),
        FieldKind::Date => day(given).map(Value::from).ok_or_else(|| wrong(codes::DATE_WANTED)),
        FieldKind::DateTime => {
            moment(given, asked.zone).map(Value::from).ok_or_else(|| wrong(codes::MOMENT_WANTED))
        }
        FieldKind::Length => length(asked, given).map(Value::from).ok_or_else(|| wrong(codes::LENGTH_WANTED)),
        FieldKind::Choice(of) => choice(at, of, given),
        FieldKind::Location => location(given).ok_or_else(|| wrong(codes::LOCATION_WANTED)),
        FieldKind::Signature => file(asked, at, given),
        FieldKind::Items => return Some(items::read(asked, at, Some(given), flaws)),
        FieldKind::Table(columns) => return table(asked, at, columns, given, flaws),
        FieldKind::Photo => return photos(asked, at, given, flaws),
    };
    found.map_err(|flaw| flaws.push(flaw)).ok()
}

/// A number; one that is whole is written so.
fn number(given: &Value) -> Option<Value> {
    let Value::Number(number) = given else { return None };
    if let Some(whole) = number.as_i64() {
        return Some(Value::from(whole));
    }
    let value = number.as_f64()?;
    if value.fract() == 0.0 && value.abs() < WHOLE_MAX {
        return format!("{value:.0}").parse::<i64>().ok().map(Value::from);
    }
    Number::from_f64(value).map(Value::Number)
}

fn day(given: &Value) -> Option<String> {
    dates::day(given.as_str()?).map(|day| day.to_string())
}

/// A length of time, as the bureau writes one; none that is not positive.
fn length(asked: &FormSpec<'_>, given: &Value) -> Option<String> {
    let length: Length = given.as_str()?.parse().ok()?;
    (length.count > 0).then(|| length.written(asked.language))
}

/// Reads a moment as a person types it; one without an offset is read in the bureau's zone.
pub fn moment(given: &Value, zone: Tz) -> Option<String> {
    dates::moment(given.as_str()?, zone).map(|at| at.rfc3339_in(zone))
}

fn choice(at: FieldPlace<'_>, of: &[String], given: &Value) -> Result<Value, AnswerFlaw> {
    let said = text(given).unwrap_or_else(|| shown(given));
    if of.contains(&said) {
        return Ok(Value::from(said));
    }
    Err(at.flaw(codes::NOT_A_CHOICE).near(&said, of.iter().map(String::as_str)))
}

fn location(given: &Value) -> Option<Value> {
    let given = given.as_object()?;
    let find = |word: Spelling| given.iter().find(|(key, _)| word.is(key)).and_then(|(_, at)| at.as_f64());
    let (lat, lon) = (find(LAT)?, find(LON)?);
    let is_there = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    let known = given.keys().all(|key| LAT.is(key) || LON.is(key));
    let (lat, lon) = (number(&Value::from(lat))?, number(&Value::from(lon))?);
    (is_there && known)
        .then(|| Value::from(Map::from_iter([("lat".to_owned(), lat), ("lon".to_owned(), lon)])))
}

/// The reference of an attachment of this order.
fn file(asked: &FormSpec<'_>, at: FieldPlace<'_>, given: &Value) -> Result<Value, AnswerFlaw> {
    let named = text(given).filter(|name| (asked.attached)(name));
    let wrong = || at.flaw(codes::ATTACHMENT_UNKNOWN).with("word", shown(given));
    named.map(Value::from).ok_or_else(wrong)
}

fn photos(
    asked: &FormSpec<'_>,
    at: FieldPlace<'_>,
    given: &Value,
    flaws: &mut Vec<AnswerFlaw>,
) -> Option<Value> {
    let Some(listed) = given.as_array() else {
        flaws.push(at.flaw(codes::LIST_WANTED));
        return None;
    };
    let mut found: Vec<Value> = Vec::new();
    for (nth, given) in (1..).zip(listed) {
        let at = FieldPlace { path: &format!("{}.{nth}", at.path), title: at.title };
        match file(asked, at, given) {
            Ok(file) if found.contains(&file) => flaws.push(at.flaw(codes::FIELD_TWICE)),
            Ok(file) => found.push(file),
            Err(flaw) => flaws.push(flaw),
        }
    }
    Some(Value::Array(found))
}

fn table(
    asked: &FormSpec<'_>,
    at: FieldPlace<'_>,
    columns: &[TableColumn],
    given: &Value,
    flaws: &mut Vec<AnswerFlaw>,
) -> Option<Value> {
    let Some(rows) = given.as_array() else {
        flaws.push(at.flaw(codes::LIST_WANTED));
        return None;
    };
    let rows = (1..).zip(rows).filter_map(|(nth, given)| {
        let at = FieldPlace { path: &format!("{}.{nth}", at.path), title: at.title };
        let Some(cells) = given.as_object() else {
            flaws.push(at.flaw(codes::LIST_WANTED));
            return None;
        };
        flaws.extend(strange(at, columns, cells));
        let cells = columns.iter().filter_map(|column| {
            let place = FieldPlace { path: &format!("{}.{}", at.path, column.id), title: &column.title };
            let read = cell(asked, place, column, cells).map_err(|flaw| flaws.push(flaw)).ok()?;
            Some((column.id.clone(), read?))
        });
        Some(Value::Object(cells.collect()))
    });
    Some(Value::Array(rows.collect()))
}

/// Names the keys of a row that the table has no column for.
fn strange(at: FieldPlace<'_>, columns: &[TableColumn], cells: &Map<String, Value>) -> Vec<AnswerFlaw> {
    let known: Vec<&str> =
        columns.iter().flat_map(|column| [column.id.as_str(), column.title.as_str()]).collect();
    let strange = cells.keys().filter(|key| !known.contains(&key.as_str()));
    let flaw = |key: &String| {
        let path = format!("{}.{key}", at.path);
        AnswerFlaw::new(codes::FIELD_NOT_IN_FORM, path, at.title).near(key, known.iter().copied())
    };
    strange.map(flaw).collect()
}

/// Reads one cell; none where it is left out and may be. A column with a list must be filled.
fn cell(
    asked: &FormSpec<'_>,
    at: FieldPlace<'_>,
    column: &TableColumn,
    cells: &Map<String, Value>,
) -> Result<Option<Value>, AnswerFlaw> {
    let TableColumn { id, title, kind } = column;
    let mut said = cells.iter().filter(|(key, _)| *key == id || *key == title).map(|(_, cell)| cell);
    let given = said.next().filter(|cell| !is_empty(cell));
    if said.next().is_some() {
        return Err(at.flaw(codes::FIELD_TWICE));
    }
    let Some(given) = given else {
        return if kind.choices().is_empty() { Ok(None) } else { Err(at.flaw(codes::FIELD_WANTED)) };
    };
    let wrong = |code| at.flaw(code).with("word", shown(given));
    let read = match kind {
        ColumnKind::Any => text(given).map_or_else(|| given.clone(), Value::from),
        ColumnKind::Choice(of) => choice(at, of, given)?,
        ColumnKind::Date => day(given).ok_or_else(|| wrong(codes::DATE_WANTED))?.into(),
        ColumnKind::Length => length(asked, given).ok_or_else(|| wrong(codes::LENGTH_WANTED))?.into(),
    };
    Ok(Some(read))
}
