//! Mathematics from `libm`, so that a score is the same on every machine.

use rhai::Engine;

use super::{Native, refuse};
use crate::diag::codes;
use crate::rules::value::float;

type OfOne = fn(f64) -> f64;

/// Functions of one float that `libm` gives bit for bit on every machine.
const OF_ONE: [(&str, OfOne); 9] = [
    ("sqrt", libm::sqrt),
    ("exp", libm::exp),
    ("ln", libm::log),
    ("log10", libm::log10),
    ("floor", libm::floor),
    ("ceiling", libm::ceil),
    ("round", libm::round),
    ("abs", libm::fabs),
    ("to_float", |x| x),
];

pub(super) fn register(engine: &mut Engine) {
    for (name, function) in OF_ONE {
        engine.register_fn(name, function);
        if name != "abs" {
            engine.register_fn(name, move |x: i64| function(float(x)));
        }
    }
    engine.register_fn("abs", |x: i64| x.checked_abs().map_or_else(|| overflow("abs"), Ok));
    engine.register_fn("log", |x: f64, base: f64| libm::log(x) / libm::log(base));
    engine.register_fn("to_int", |x: i64| x);
    engine.register_fn("to_int", whole);
    engine.register_fn("parse_int", |text: &str| {
        text.trim()
            .parse::<i64>()
            .map_or_else(|_| refuse(codes::RULE_ARITHMETIC, vec![("what", text.to_owned())]), Ok)
    });
    engine.register_fn("parse_float", |text: &str| match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => refuse(codes::RULE_ARITHMETIC, vec![("what", text.to_owned())]),
    });
    engine.register_fn("**", libm::pow);
    engine.register_fn("**", |x: f64, y: i64| libm::pow(x, float(y)));
    engine.register_fn("**", |x: i64, y: f64| libm::pow(float(x), y));
    engine.register_fn("**", power);
    engine.register_fn("%", |x: f64, y: f64| libm::fmod(x, y));
}

fn power(x: i64, y: i64) -> Native<i64> {
    let raised = u32::try_from(y).ok().and_then(|y| x.checked_pow(y));
    raised.map_or_else(|| overflow("**"), Ok)
}

/// Cuts off the fraction.
fn whole(x: f64) -> Native<i64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0; // 2^53, above which floats skip whole numbers.
    if x.is_nan() || x.abs() > LIMIT {
        return overflow("to_int");
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    Ok(libm::trunc(x) as i64)
}

fn overflow<T>(what: &str) -> Native<T> {
    refuse(codes::RULE_ARITHMETIC, vec![("what", what.to_owned())])
}
