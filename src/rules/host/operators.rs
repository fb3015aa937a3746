//! Comparison, membership and division as the policy language means them.
//!
//! The language's own operators call `"85" > 80` false and `1 / 3` zero. An overload for any
//! pair of types stands behind the exact ones here, so every pair that is not listed is refused.

use rhai::{Array, Dynamic, Engine, ImmutableString, Map};

use super::subject::{Count, Dated};
use super::{Native, refuse};
use crate::diag::codes;
use crate::rules::value::{Comparison, Incomparable, Val, compare, float, floats, texts};

pub(super) fn register(engine: &mut Engine) {
    for (sign, name) in Comparison::ALL {
        engine.register_fn(name, move |l: i64, r: i64| decided(sign, &Val::Integer(l), &Val::Integer(r)));
        engine.register_fn(name, move |l: f64, r: f64| floats(sign, l, r));
        engine.register_fn(name, move |l: i64, r: f64| floats(sign, float(l), r));
        engine.register_fn(name, move |l: f64, r: i64| floats(sign, l, float(r)));
        engine.register_fn(name, move |l: ImmutableString, r: ImmutableString| texts(sign, &l, &r));
        engine.register_fn(name, move |l: Dynamic, r: Dynamic| any(sign, &l, &r));
    }
    engine.register_fn("contains", |list: &mut Array, item: Dynamic| -> Native<bool> {
        for known in list.iter() {
            if any(Comparison::Equal, known, &item)? {
                return Ok(true);
            }
        }
        Ok(false)
    });
    engine.register_fn("contains", |text: &mut ImmutableString, part: ImmutableString| {
        text.as_str().contains(part.as_str())
    });
    engine.register_fn("contains", |map: &mut Map, name: ImmutableString| map.contains_key(name.as_str()));
    engine.register_fn("contains", |whole: Dynamic, part: Dynamic| -> Native<bool> { clash(&whole, &part) });
    division(engine);
}

fn division(engine: &mut Engine) {
    for name in ["/", "/="] {
        let divides = name == "/";
        if divides {
            engine.register_fn("/", |l: i64, r: i64| over(float(l), float(r)));
            engine.register_fn("/", |l: i64, r: f64| over(float(l), r));
            engine.register_fn("/", |l: f64, r: i64| over(l, float(r)));
            engine.register_fn("/", over);
        } else {
            // A variable keeps the type it was made with; `x /= y` on whole numbers would round.
            engine.register_fn("/=", |l: &mut Dynamic, r: Dynamic| -> Native<()> {
                let (Some(left), Some(right)) = (number(l), number(&r)) else {
                    return clash(l, &r);
                };
                *l = over(left, right)?.into();
                Ok(())
            });
        }
    }
    engine.register_fn("div", |l: i64, r: i64| {
        l.checked_div(r)
            .map_or_else(|| refuse(codes::RULE_ARITHMETIC, vec![("what", format!("div({l}, {r})"))]), Ok)
    });
}

fn over(left: f64, right: f64) -> Native<f64> {
    if right == 0.0 {
        return refuse(codes::RULE_ARITHMETIC, vec![("what", format!("{left} / 0"))]);
    }
    Ok(left / right)
}

fn number(value: &Dynamic) -> Option<f64> {
    value.as_int().map(float).or_else(|_| value.as_float()).ok()
}

fn any(sign: Comparison, left: &Dynamic, right: &Dynamic) -> Native<bool> {
    if let (Some(count), Some(bound)) = (left.read_lock::<Count>(), number(right)) {
        return count.compare(sign, bound);
    }
    if let (Some(bound), Some(count)) = (number(left), right.read_lock::<Count>()) {
        return count.compare(sign.flipped(), bound);
    }
    match (value(left), value(right)) {
        (Some(l), Some(r)) => decided(sign, &l, &r),
        _ => clash(left, right),
    }
}

fn decided(sign: Comparison, left: &Val, right: &Val) -> Native<bool> {
    compare(sign, left, right).or_else(|why| match why {
        Incomparable::Missing => refuse(codes::RULE_MISSING, Vec::new()),
        Incomparable::Types => refuse(codes::RULE_TYPES, vec![("left", word(left)), ("right", word(right))]),
    })
}

fn clash<T>(left: &Dynamic, right: &Dynamic) -> Native<T> {
    if left.is_unit() || right.is_unit() {
        return refuse(codes::RULE_MISSING, Vec::new());
    }
    refuse(codes::RULE_TYPES, vec![("left", shown(left)), ("right", shown(right))])
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
fn word(value: &Val) -> String {
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
    if let Some(dated) = dynamic.read_lock::<Dated>() {
        return dated.day().map(Val::Day);
    }
    if let Ok(text) = dynamic.as_immutable_string_ref() {
        return Some(Val::Text(text.as_str().into()));
    }
    let flag = dynamic.as_bool().map(Val::Flag);
    flag.or_else(|_| dynamic.as_int().map(Val::Integer)).or_else(|_| dynamic.as_float().map(Val::Float)).ok()
}
