//! Comparison, membership and division as the policy language means them.
//!
//! The language's own operators call `"85" > 80` false and `1 / 3` zero. An overload for any
//! pair of types stands behind the exact ones here, so every pair that is not listed is refused.

use rhai::{Array, Dynamic, Engine, ImmutableString, Map};
use strum::IntoEnumIterator as _;

use super::convert::{shown, value, word};
use super::date::DayCount;
use super::{NativeResult, Registration, refuse};
use crate::diag::codes;
use crate::rules::value::{Comparison, Incomparable, Val, compare, float, floats, texts};

pub(super) fn register(engine: &mut Engine) {
    for sign in Comparison::iter() {
        let name = sign.into_str();
        engine.register_fn(name, move |l: i64, r: i64| decided(sign, &Val::Integer(l), &Val::Integer(r)));
        engine.register_fn(name, move |l: f64, r: f64| floats(sign, l, r));
        engine.register_fn(name, move |l: i64, r: f64| floats(sign, float(l), r));
        engine.register_fn(name, move |l: f64, r: i64| floats(sign, l, float(r)));
        engine.register_fn(name, move |l: ImmutableString, r: ImmutableString| texts(sign, &l, &r));
        engine.register_fn(name, move |l: Dynamic, r: Dynamic| any(sign, &l, &r));
    }
    division(engine);
}

pub(super) fn contains(at: &mut Registration<'_>) {
    at.add(|list: &mut Array, item: Dynamic| -> NativeResult<bool> {
        // Each comparison is an operation, or one search in a loop would be a thousand for free.
        super::charge(list.len() as u64);
        for known in list.iter() {
            if any(Comparison::Equal, known, &item)? {
                return Ok(true);
            }
        }
        Ok(false)
    });
    at.add(|text: &mut ImmutableString, part: ImmutableString| text.as_str().contains(part.as_str()));
    at.add(|map: &mut Map, key: ImmutableString| map.contains_key(key.as_str()));
    at.add(|whole: Dynamic, part: Dynamic| -> NativeResult<bool> { clash(&whole, &part) });
}

fn division(engine: &mut Engine) {
    engine.register_fn("/", |l: i64, r: i64| over(float(l), float(r)));
    engine.register_fn("/", |l: i64, r: f64| over(float(l), r));
    engine.register_fn("/", |l: f64, r: i64| over(l, float(r)));
    engine.register_fn("/", over);
    // A variable keeps the type it was made with; `x /= y` on whole numbers would round.
    engine.register_fn("/=", |l: &mut Dynamic, r: Dynamic| -> NativeResult<()> {
        let (Some(left), Some(right)) = (number(l), number(&r)) else {
            return clash(l, &r);
        };
        *l = over(left, right)?.into();
        Ok(())
    });
}

pub(super) fn div(at: &mut Registration<'_>) {
    at.add(|l: i64, r: i64| {
        l.checked_div(r)
            .map_or_else(|| refuse(codes::RULE_ARITHMETIC, vec![("what", format!("div({l}, {r})"))]), Ok)
    });
}

fn over(left: f64, right: f64) -> NativeResult<f64> {
    if right == 0.0 {
        return refuse(codes::RULE_ARITHMETIC, vec![("what", format!("{left} / 0"))]);
    }
    Ok(left / right)
}

fn number(value: &Dynamic) -> Option<f64> {
    value.as_int().map(float).or_else(|_| value.as_float()).ok()
}

/// Returns whether two values are the same, which have to be of one type.
pub(super) fn is_equal(left: &Dynamic, right: &Dynamic) -> NativeResult<bool> {
    any(Comparison::Equal, left, right)
}

fn any(sign: Comparison, left: &Dynamic, right: &Dynamic) -> NativeResult<bool> {
    if let (Some(count), Some(bound)) = (left.read_lock::<DayCount>(), number(right)) {
        return count.compare(sign, bound);
    }
    if let (Some(bound), Some(count)) = (number(left), right.read_lock::<DayCount>()) {
        return count.compare(sign.flipped(), bound);
    }
    match (value(left), value(right)) {
        (Some(l), Some(r)) => decided(sign, &l, &r),
        _ => clash(left, right),
    }
}

fn decided(sign: Comparison, left: &Val, right: &Val) -> NativeResult<bool> {
    compare(sign, left, right).or_else(|why| match why {
        Incomparable::Missing => refuse(codes::RULE_MISSING, Vec::new()),
        Incomparable::Types => refuse(codes::RULE_TYPES, vec![("left", word(left)), ("right", word(right))]),
    })
}

fn clash<T>(left: &Dynamic, right: &Dynamic) -> NativeResult<T> {
    if left.is_unit() || right.is_unit() {
        return refuse(codes::RULE_MISSING, Vec::new());
    }
    refuse(codes::RULE_TYPES, vec![("left", shown(left)), ("right", shown(right))])
}
