//! Values of the rules and what the interpreter holds, made of each other.

use rhai::Dynamic;

use super::date::RuleDate;
use crate::rules::value::Val;

pub(in crate::rules) fn to_dynamic(value: &Val) -> Dynamic {
    match value {
        Val::Missing => Dynamic::UNIT,
        Val::Flag(flag) => (*flag).into(),
        Val::Integer(number) => (*number).into(),
        Val::Float(number) => (*number).into(),
        Val::Text(text) => text.as_ref().into(),
        Val::Day(day) => Dynamic::from(RuleDate::loose(*day)),
    }
}

/// Shows what the interpreter holds as a script writes it; long things as their brackets.
pub(in crate::rules) fn shown(side: &Dynamic) -> String {
    match value(side) {
        Some(value) => word(&value),
        None if side.is_array() => "[…]".to_owned(),
        None if side.is_map() => "#{…}".to_owned(),
        None => "…".to_owned(),
    }
}

/// Shows a value as a script writes it.
pub(super) fn word(value: &Val) -> String {
    match value {
        Val::Missing => "()".to_owned(),
        Val::Flag(flag) => flag.to_string(),
        Val::Integer(number) => number.to_string(),
        Val::Float(number) => format!("{number:?}"),
        Val::Text(text) => format!("\"{text}\""),
        Val::Day(day) => day.to_string(),
    }
}

/// Returns the plain value behind what the interpreter holds.
pub(in crate::rules) fn value(dynamic: &Dynamic) -> Option<Val> {
    if dynamic.is_unit() {
        return Some(Val::Missing);
    }
    if let Some(date) = dynamic.read_lock::<RuleDate>() {
        return date.day.map(Val::Day);
    }
    if let Ok(text) = dynamic.as_immutable_string_ref() {
        return Some(Val::Text(text.as_str().into()));
    }
    let flag = dynamic.as_bool().map(Val::Flag);
    flag.or_else(|_| dynamic.as_int().map(Val::Integer)).or_else(|_| dynamic.as_float().map(Val::Float)).ok()
}
