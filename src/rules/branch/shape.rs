//! Values of an answer, shaped as its form declares them and the analysis promised.
//!
//! A value that does not fit is held as unfit and refused when an expression reaches it, so that
//! one that does not reach it still answers.

use std::fmt;

use rhai::{Array, Dynamic};
use serde_json::{Map, Value};

use crate::diag::codes;
use crate::limits;
use crate::policy::{ColumnKind, FieldKind, TableColumn};
use crate::rules::host::{FieldRecord, RuleDate, UnfitValue};
use crate::rules::kind::{CHECKLIST_ITEM, Kind};
use crate::time::{Day, Stamp, Tz};

/// Longest text shown of a value that does not fit.
const SHOWN_CHARS: usize = 40;

/// Where a value stands in the record, as people name it.
#[derive(Clone, Copy)]
pub(super) struct FieldAddress<'a> {
    pub(super) step: Option<&'a str>,
    pub(super) field: &'a str,
}

impl fmt::Display for FieldAddress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(step) = self.step {
            write!(f, "{step}.")?;
        }
        f.write_str(self.field)
    }
}

/// How days are read and counted.
#[derive(Clone, Copy)]
pub(super) struct DayContext {
    pub(super) zone: Tz,
    /// The day of asking; a form has none.
    pub(super) today: Option<Day>,
}

impl DayContext {
    pub(super) fn day(self, day: Day) -> Dynamic {
        Dynamic::from(self.today.map_or_else(|| RuleDate::loose(day), |today| RuleDate::known(day, today)))
    }

    /// Shapes one value of an answer.
    pub(super) fn field(self, at: FieldAddress<'_>, kind: &FieldKind, value: Option<&Value>) -> Dynamic {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return match kind {
                FieldKind::Items | FieldKind::Table(_) | FieldKind::Photo => Array::new().into(),
                FieldKind::Text
                | FieldKind::Number
                | FieldKind::Date
                | FieldKind::DateTime
                | FieldKind::Length
                | FieldKind::Choice(_)
                | FieldKind::Location
                | FieldKind::Signature => Dynamic::UNIT,
            };
        };
        self.fitting(at, kind, value).unwrap_or_else(|| unfit(at, value, Kind::of_answer(kind).word()))
    }

    /// Shapes a value that is there; none when it does not fit.
    fn fitting(self, at: FieldAddress<'_>, kind: &FieldKind, value: &Value) -> Option<Dynamic> {
        let text = |value: Option<&Value>| self.field(at, &FieldKind::Text, value);
        match kind {
            FieldKind::Text | FieldKind::Length | FieldKind::Signature | FieldKind::Choice(_) => {
                value.as_str().map(of_text)
            }
            FieldKind::Number => value.as_number().and_then(of_number),
            FieldKind::Date | FieldKind::DateTime => {
                day_of(self.zone, value.as_str()?).map(|day| self.day(day))
            }
            FieldKind::Items => table(value.as_array()?, |row| {
                CHECKLIST_ITEM.iter().map(|name| ((*name).to_owned(), text(row.get(*name)))).collect()
            }),
            FieldKind::Table(columns) => table(value.as_array()?, |row| {
                let cell = |column: &TableColumn| match (&column.kind, row.get(&column.id)) {
                    (ColumnKind::Any, value) => loose(value),
                    (ColumnKind::Choice(_) | ColumnKind::Length, value) => text(value),
                    (ColumnKind::Date, value) => self.field(at, &FieldKind::Date, value),
                };
                columns.iter().map(|column| (column.id.clone(), cell(column))).collect()
            }),
            FieldKind::Photo => value.as_array().map(|_| loose(Some(value))),
            FieldKind::Location => {
                let place = value.as_object()?;
                let number = |name: &str| self.field(at, &FieldKind::Number, place.get(name));
                let fields = ["lat", "lon"].map(|name| (name.to_owned(), number(name)));
                Some(FieldRecord::dynamic(fields.into()))
            }
        }
    }
}

/// Shapes rows; none unless each is an object.
fn table(rows: &[Value], shape: impl Fn(&Map<String, Value>) -> Vec<(String, Dynamic)>) -> Option<Dynamic> {
    if rows.len() > limits::SCRIPT_ARRAY_ITEMS {
        return Some(too_large());
    }
    let shaped = rows.iter().map(|row| Some(FieldRecord::dynamic(shape(row.as_object()?))));
    shaped.collect::<Option<Array>>().map(Dynamic::from)
}

/// Shapes a value of which nothing is declared.
fn loose(value: Option<&Value>) -> Dynamic {
    match value {
        None | Some(Value::Null) => Dynamic::UNIT,
        Some(Value::Bool(flag)) => (*flag).into(),
        Some(Value::Number(number)) => of_number(number).unwrap_or(Dynamic::UNIT),
        Some(Value::String(text)) => of_text(text),
        Some(Value::Array(list)) if list.len() > limits::SCRIPT_ARRAY_ITEMS => too_large(),
        Some(Value::Array(list)) => list.iter().map(|item| loose(Some(item))).collect::<Array>().into(),
        Some(Value::Object(fields)) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), loose(Some(value))));
            FieldRecord::dynamic(fields.collect())
        }
    }
}

fn of_text(text: &str) -> Dynamic {
    if text.len() > limits::SCRIPT_STRING_BYTES {
        return too_large();
    }
    text.into()
}

fn of_number(number: &serde_json::Number) -> Option<Dynamic> {
    number.as_i64().map(Dynamic::from).or_else(|| number.as_f64().map(Dynamic::from))
}

/// Reads a day, or the local day of a moment; a time of day without a zone is local already.
fn day_of(zone: Tz, text: &str) -> Option<Day> {
    if let Ok(moment) = text.parse::<Stamp>() {
        return Some(moment.day_in(zone));
    }
    let (day, time) = text.split_at_checked(10)?;
    let is_local = time.is_empty() || time.starts_with(['T', ' ']);
    day.parse().ok().filter(|_| is_local)
}

fn too_large() -> Dynamic {
    UnfitValue::dynamic(codes::RULE_DATA_SIZE, Vec::new())
}

fn unfit(at: FieldAddress<'_>, value: &Value, wanted: &'static str) -> Dynamic {
    let mut found = value.to_string();
    if let Some((cut, _)) = found.char_indices().nth(SHOWN_CHARS) {
        found.truncate(cut);
        found.push('…');
    }
    let args = vec![("field", at.to_string()), ("found", found), ("wanted", wanted.to_owned())];
    UnfitValue::dynamic(codes::RULE_RECORD, args)
}
