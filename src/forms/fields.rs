//! One field: what is written, made canonical.

use chrono::{DateTime, NaiveDateTime};
use serde_json::{Map, Number, Value};
use unicode_normalization::UnicodeNormalization as _;

use super::answer::Asked;
use super::flaw::Flaw;
use super::items;
use crate::diag::codes;
use crate::policy::{Field, FieldKind};
use crate::time::{Day, Stamp, Tz};

/// Beyond this, a float does not tell neighbouring whole numbers apart.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// Longest piece of an answer that a message repeats.
const SHOWN_CHARS: usize = 40;

/// Readings of a local moment, as people write them.
const LOCAL: [&str; 4] = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];

/// Reads one field that is there; none when what is written is empty or wrong.
pub(super) fn read(asked: &Asked<'_>, field: &Field, given: &Value, flaws: &mut Vec<Flaw>) -> Option<Value> {
    let Field { id, title, kind, required: _, required_when: _, min: _ } = field;
    if is_empty(given) {
        return None;
    }
    let wrong = |code| Flaw::new(code, id.as_str(), title).with("word", shown(given));
    let found = match kind {
        FieldKind::Text => text(given).map(Value::from).ok_or_else(|| wrong(codes::TEXT_WANTED)),
        FieldKind::Number => number(given).ok_or_else(|| wrong(codes::NUMBER_WANTED)),
        FieldKind::Date => day(given).map(Value::from).ok_or_else(|| wrong(codes::DATE_WANTED)),
        FieldKind::DateTime => {
            moment(given, asked.zone).map(Value::from).ok_or_else(|| wrong(codes::MOMENT_WANTED))
        }
        FieldKind::Choice(of) => choice(id, title, of, given),
        FieldKind::Location => location(given).ok_or_else(|| wrong(codes::LOCATION_WANTED)),
        FieldKind::Signature => file(asked, id, title, given),
        FieldKind::Items => return Some(items::read(asked.items, id, title, Some(given), flaws)),
        FieldKind::Table(columns) => return table(id, title, columns, given, flaws),
        FieldKind::Photo => return photos(asked, id, title, given, flaws),
    };
    found.map_err(|flaw| flaws.push(flaw)).ok()
}

/// Whether nothing is written there.
pub(super) fn is_empty(given: &Value) -> bool {
    match given {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// What was written, as the text of a flaw shows it.
pub(super) fn shown(given: &Value) -> String {
    let text = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A text, in NFC and without blanks around it.
pub(super) fn text(given: &Value) -> Option<String> {
    given.as_str().map(|text| text.trim().nfc().collect())
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
    let text = given.as_str()?.trim();
    text.parse::<Day>().ok().map(|day| day.to_string())
}

/// A moment; one without an offset is read in the bureau's zone.
fn moment(given: &Value, zone: Tz) -> Option<String> {
    let text = given.as_str()?.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(Stamp::from_micros(at.timestamp_micros()).rfc3339_in(zone));
    }
    let local = LOCAL.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    Some(Stamp::from_local(local, zone).rfc3339_in(zone))
}

fn choice(path: &str, title: &str, of: &[String], given: &Value) -> Result<Value, Flaw> {
    let said = text(given).unwrap_or_else(|| shown(given));
    if of.contains(&said) {
        return Ok(Value::from(said));
    }
    Err(Flaw::new(codes::NOT_A_CHOICE, path, title).near(&said, of.iter().map(String::as_str)))
}

fn location(given: &Value) -> Option<Value> {
    let find = |keys: [&str; 2]| keys.iter().find_map(|key| given.get(key)).and_then(Value::as_f64);
    let (lat, lon) = (find(["lat", "纬度"])?, find(["lon", "经度"])?);
    let is_there = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    let known = given.as_object()?.keys().all(|key| ["lat", "lon", "纬度", "经度"].contains(&key.as_str()));
    let (lat, lon) = (number(&Value::from(lat))?, number(&Value::from(lon))?);
    (is_there && known)
        .then(|| Value::from(Map::from_iter([("lat".to_owned(), lat), ("lon".to_owned(), lon)])))
}

/// The reference of an attachment of this order.
fn file(asked: &Asked<'_>, path: &str, title: &str, given: &Value) -> Result<Value, Flaw> {
    let named = text(given).filter(|name| (asked.attached)(name));
    let wrong = || Flaw::new(codes::ATTACHMENT_UNKNOWN, path, title).with("word", shown(given));
    named.map(Value::from).ok_or_else(wrong)
}

fn photos(asked: &Asked<'_>, path: &str, title: &str, given: &Value, flaws: &mut Vec<Flaw>) -> Option<Value> {
    let Some(listed) = given.as_array() else {
        flaws.push(Flaw::new(codes::LIST_WANTED, path, title));
        return None;
    };
    let mut found: Vec<Value> = Vec::new();
    for (at, given) in listed.iter().enumerate() {
        let path = format!("{path}.{}", at + 1);
        match file(asked, &path, title, given) {
            Ok(file) if found.contains(&file) => flaws.push(Flaw::new(codes::FIELD_TWICE, path, title)),
            Ok(file) => found.push(file),
            Err(flaw) => flaws.push(flaw),
        }
    }
    Some(Value::Array(found))
}

fn table(
    path: &str,
    title: &str,
    columns: &[(String, String, Vec<String>)],
    given: &Value,
    flaws: &mut Vec<Flaw>,
) -> Option<Value> {
    let Some(rows) = given.as_array() else {
        flaws.push(Flaw::new(codes::LIST_WANTED, path, title));
        return None;
    };
    let row =
        |(at, row): (usize, &Value)| self::row(&format!("{path}.{}", at + 1), title, columns, row, flaws);
    Some(Value::Array(rows.iter().enumerate().filter_map(row).collect()))
}

/// Reads one row. A column with a list must be filled; free text may be left out.
fn row(
    path: &str,
    title: &str,
    columns: &[(String, String, Vec<String>)],
    given: &Value,
    flaws: &mut Vec<Flaw>,
) -> Option<Value> {
    let Some(cells) = given.as_object() else {
        flaws.push(Flaw::new(codes::LIST_WANTED, path, title));
        return None;
    };
    let is_known = |key: &str| columns.iter().any(|(id, title, _)| id == key || title == key);
    for key in cells.keys().filter(|key| !is_known(key)) {
        let known = columns.iter().flat_map(|(id, title, _)| [id.as_str(), title.as_str()]);
        flaws.push(Flaw::new(codes::FIELD_NOT_IN_FORM, format!("{path}.{key}"), title).near(key, known));
    }
    let mut row = Map::new();
    for (id, title, of) in columns {
        let path = format!("{path}.{id}");
        let mut said = cells.iter().filter(|(key, _)| *key == id || *key == title).map(|(_, cell)| cell);
        let cell = said.next().filter(|cell| !is_empty(cell));
        if said.next().is_some() {
            flaws.push(Flaw::new(codes::FIELD_TWICE, path, title));
            continue;
        }
        match cell {
            Some(cell) if of.is_empty() => {
                row.insert(id.clone(), text(cell).map_or_else(|| cell.clone(), Value::from));
            }
            Some(cell) => match choice(&path, title, of, cell) {
                Ok(cell) => drop(row.insert(id.clone(), cell)),
                Err(flaw) => flaws.push(flaw),
            },
            None if of.is_empty() => {}
            None => flaws.push(Flaw::new(codes::FIELD_WANTED, path, title)),
        }
    }
    Some(Value::Object(row))
}
