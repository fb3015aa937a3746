//! What an order holds, as an expression sees it: fields behind names, which nothing can change.

use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, ImmutableString};
use serde_json::Value;

use super::convert::value;
use super::date::RuleDate;
use super::subject::LookupRow;
use super::{NativeRefusal, NativeResult, Registration, failed, operators, refuse};
use crate::diag::{Code, codes};
use crate::rules::value::Val;

/// Deepest nesting of a fact's value; a reader of its JSON gives up far below.
const FACT_NESTING: usize = 32;

/// A step, the order, a row of a form's table.
#[derive(Clone, Debug)]
pub(in crate::rules) struct FieldRecord(Arc<Vec<(String, Dynamic)>>);

impl FieldRecord {
    pub(in crate::rules) fn dynamic(fields: Vec<(String, Dynamic)>) -> Dynamic {
        Dynamic::from(Self(Arc::new(fields)))
    }

    fn field(&self, name: &str) -> NativeResult<Dynamic> {
        let Some((_, value)) = self.0.iter().find(|(known, _)| known == name) else {
            return failed(name);
        };
        match value.read_lock::<UnfitValue>() {
            Some(unfit) => refuse(unfit.0.code, unfit.0.args.clone()),
            None => Ok(value.clone()),
        }
    }
}

/// What a record holds in place of a value that does not fit: reading it is refused.
#[derive(Clone, Debug)]
pub(in crate::rules) struct UnfitValue(pub(in crate::rules) NativeRefusal);

impl UnfitValue {
    pub(in crate::rules) fn dynamic(code: Code, args: Vec<(&'static str, String)>) -> Dynamic {
        Dynamic::from(Self(NativeRefusal { code, args }))
    }

    /// Returns what is refused about a value, when it is such a place.
    pub(in crate::rules) fn of(dynamic: &Dynamic) -> Option<NativeRefusal> {
        dynamic.read_lock::<Self>().map(|unfit| unfit.0.clone())
    }
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_type::<FieldRecord>().register_type::<UnfitValue>();
    engine.register_indexer_get(|record: &mut FieldRecord, name: &str| record.field(name));
    // Without these and those of `to_string` the interpreter would write the names of its own types.
    engine.register_fn("to_debug", |_: &mut FieldRecord| unwritable());
    engine.register_fn("to_debug", |_: &mut LookupRow| unwritable());
}

pub(super) fn to_string(at: &mut Registration<'_>) {
    at.add(|_: &mut FieldRecord| unwritable()).add(|_: &mut LookupRow| unwritable());
    at.add(|date: &mut RuleDate| date.day.map_or_else(|| failed("to_string"), |day| Ok(day.to_string())));
}

/// Counts the rows in whose column a value stands; a row with nothing there does not count.
pub(super) fn count(at: &mut Registration<'_>) {
    at.add(|rows: &mut Array, column: ImmutableString, wanted: Dynamic| -> NativeResult<i64> {
        super::charge(rows.len() as u64);
        let mut found = 0;
        for row in rows.iter() {
            let Some(record) = row.read_lock::<FieldRecord>() else { return failed("count") };
            let cell = record.field(&column)?;
            if !cell.is_unit() && operators::is_equal(&cell, &wanted)? {
                found += 1;
            }
        }
        Ok(found)
    });
}

fn unwritable() -> NativeResult<String> {
    refuse(codes::RULE_TYPES, vec![("left", "#{…}".to_owned()), ("right", "\"…\"".to_owned())])
}

/// Writes a fact's value down.
pub(in crate::rules) fn written(dynamic: &Dynamic) -> Result<Value, Code> {
    write(dynamic, 0)
}

fn write(dynamic: &Dynamic, depth: usize) -> Result<Value, Code> {
    if depth > FACT_NESTING {
        return Err(codes::RULE_DATA_SIZE);
    }
    match value(dynamic) {
        Some(Val::Float(number)) if !number.is_finite() => return Err(codes::RULE_NOT_FINITE),
        Some(plain) => return Ok(plain.json()),
        None => {}
    }
    if let Some(list) = dynamic.read_lock::<Array>() {
        return list.iter().map(|item| write(item, depth + 1)).collect();
    }
    let fields = |fields: &mut dyn Iterator<Item = (&str, &Dynamic)>| -> Result<Value, Code> {
        let written = fields.map(|(name, item)| Ok((name.to_owned(), write(item, depth + 1)?)));
        written.collect::<Result<serde_json::Map<_, _>, Code>>().map(Value::Object)
    };
    if let Some(record) = dynamic.read_lock::<FieldRecord>() {
        return fields(&mut record.0.iter().map(|(name, item)| (name.as_str(), item)));
    }
    if let Some(map) = dynamic.read_lock::<rhai::Map>() {
        return fields(&mut map.iter().map(|(name, item)| (name.as_str(), item)));
    }
    if let Some(row) = dynamic.read_lock::<LookupRow>() {
        return Ok(row.written());
    }
    Err(UnfitValue::of(dynamic).map_or(codes::RULE_ANSWER_TYPE, |refused| refused.code))
}
