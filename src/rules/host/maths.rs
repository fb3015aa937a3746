//! Mathematics from `libm`, so that a score is the same on every machine.

use rhai::Engine;

use super::{NativeResult, Registration, refuse};
use crate::diag::codes;
use crate::rules::value::{Val, float};

/// Registers the operators that `libm` means.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("**", libm::pow);
    engine.register_fn("**", |x: f64, y: i64| libm::pow(x, float(y)));
    engine.register_fn("**", |x: i64, y: f64| libm::pow(float(x), y));
    engine.register_fn("**", power);
    engine.register_fn("%", |x: f64, y: f64| libm::fmod(x, y));
}

pub(super) fn abs(at: &mut Registration<'_>) {
    at.add(libm::fabs).add(|x: i64| x.checked_abs().map_or_else(|| overflow("abs"), Ok));
}

pub(super) fn lowered_abs(args: &[Val]) -> Option<Val> {
    match args {
        [Val::Integer(number)] => number.checked_abs().map(Val::Integer),
        [Val::Float(number)] => Some(Val::Float(libm::fabs(*number))),
        _ => None,
    }
}

/// Of floats, and of mixed numbers, the interpreter alone says which one is meant.
pub(super) fn lowered_max(args: &[Val]) -> Option<Val> {
    if let [Val::Integer(one), Val::Integer(two)] = args { Some(Val::Integer(*one.max(two))) } else { None }
}

/// As [`lowered_max`].
pub(super) fn lowered_min(args: &[Val]) -> Option<Val> {
    if let [Val::Integer(one), Val::Integer(two)] = args { Some(Val::Integer(*one.min(two))) } else { None }
}

pub(super) fn log(at: &mut Registration<'_>) {
    at.add(|x: f64, base: f64| libm::log(x) / libm::log(base));
}

pub(super) fn parse_int(at: &mut Registration<'_>) {
    at.add(|text: &str| text.trim().parse::<i64>().or_else(|_| overflow(text)));
}

pub(super) fn parse_float(at: &mut Registration<'_>) {
    at.add(|text: &str| match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => overflow(text),
    });
}

pub(super) fn to_int(at: &mut Registration<'_>) {
    at.add(|x: i64| x).add(whole);
}

fn power(x: i64, y: i64) -> NativeResult<i64> {
    let raised = u32::try_from(y).ok().and_then(|y| x.checked_pow(y));
    raised.map_or_else(|| overflow("**"), Ok)
}

/// Cuts off the fraction.
fn whole(x: f64) -> NativeResult<i64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0; // 2^53, above which floats skip whole numbers.
    if x.is_nan() || x.abs() > LIMIT {
        return overflow("to_int");
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    Ok(libm::trunc(x) as i64)
}

fn overflow<T>(what: &str) -> NativeResult<T> {
    refuse(codes::RULE_ARITHMETIC, vec![("what", what.to_owned())])
}
