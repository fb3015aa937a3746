//! The values rules see, and the one meaning of comparing and calculating with two.

use std::sync::Arc;

use strum::{EnumIter, EnumString, IntoStaticStr};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::time::Day;

/// A value as rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Val<T = Arc<str>, F = f64> {
    /// Nothing is known.
    Missing,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(F),
    /// Text.
    Text(T),
    /// A day.
    Day(Day),
}

/// A value with its text borrowed and its number as bits, so that it can be hashed and compared
/// bit by bit: what memos are keyed on.
pub(super) type ValKey<'a> = Val<&'a str, u64>;

impl<T, F: Copy> Val<T, F> {
    fn with<'a, U, G>(&'a self, text: impl Fn(&'a T) -> U, number: impl Fn(F) -> G) -> Val<U, G> {
        match self {
            Self::Missing => Val::Missing,
            Self::Flag(flag) => Val::Flag(*flag),
            Self::Integer(whole) => Val::Integer(*whole),
            Self::Float(other) => Val::Float(number(*other)),
            Self::Text(own) => Val::Text(text(own)),
            Self::Day(day) => Val::Day(*day),
        }
    }
}

impl ValKey<'_> {
    pub(super) fn value(&self) -> Val {
        self.with(|text| (*text).into(), f64::from_bits)
    }
}

impl std::fmt::Display for Val {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("–"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

impl Val {
    pub(super) fn key(&self) -> ValKey<'_> {
        self.with(|text| &**text, f64::to_bits)
    }

    /// Returns the value as it stands in a decision's JSON.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Missing => serde_json::Value::Null,
            Self::Flag(flag) => (*flag).into(),
            Self::Integer(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Text(text) => text.as_ref().into(),
            Self::Day(day) => day.to_string().into(),
        }
    }

    /// Reads [`Val::json`] back; `is_day` tells a day from a text.
    pub(super) fn of_json(json: &serde_json::Value, is_day: bool) -> Option<Self> {
        use serde_json::Value;
        Some(match json {
            Value::Null => Self::Missing,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(number) => {
                number.as_i64().map(Self::Integer).or_else(|| number.as_f64().map(Self::Float))?
            }
            Value::String(day) if is_day => Self::Day(day.parse().ok()?),
            Value::String(text) => Self::Text(text.as_str().into()),
            Value::Array(_) | Value::Object(_) => return None,
        })
    }
}

/// One of the six comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(const_into_str)]
pub(super) enum Comparison {
    #[strum(serialize = "<")]
    Less,
    #[strum(serialize = "<=")]
    LessOrEqual,
    #[strum(serialize = ">")]
    Greater,
    #[strum(serialize = ">=")]
    GreaterOrEqual,
    #[strum(serialize = "==")]
    Equal,
    #[strum(serialize = "!=")]
    NotEqual,
}

impl Comparison {
    /// Returns the comparison that says the same with the sides exchanged.
    pub(super) const fn flipped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal => Self::Equal,
            Self::NotEqual => Self::NotEqual,
        }
    }

    /// Returns whether it asks which of the two is more.
    pub(super) const fn is_ordering(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
        }
    }
}

/// Why two values cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incomparable {
    /// At least one of them is missing.
    Missing,
    /// They are of different types, or of one that has no order.
    Types,
}

/// Compares two values.
///
/// # Source
/// Policy language rules 12 and 13.
pub(super) fn compare(sign: Comparison, left: &Val, right: &Val) -> Result<bool, Incomparable> {
    match (left, right) {
        (Val::Missing, _) | (_, Val::Missing) => Err(Incomparable::Missing),
        (Val::Integer(l), Val::Integer(r)) => Ok(sign.holds(l.cmp(r))),
        (Val::Float(l), Val::Float(r)) => Ok(floats(sign, *l, *r)),
        (Val::Integer(l), Val::Float(r)) => Ok(floats(sign, float(*l), *r)),
        (Val::Float(l), Val::Integer(r)) => Ok(floats(sign, *l, float(*r))),
        (Val::Text(l), Val::Text(r)) => Ok(texts(sign, l, r)),
        (Val::Day(l), Val::Day(r)) => Ok(sign.holds(l.cmp(r))),
        (Val::Flag(l), Val::Flag(r)) if !sign.is_ordering() => Ok(sign.holds(l.cmp(r))),
        _ => Err(Incomparable::Types),
    }
}

/// Compares two texts, exactly after NFC.
pub(super) fn texts(sign: Comparison, left: &str, right: &str) -> bool {
    if is_nfc(left) && is_nfc(right) {
        return sign.holds(left.cmp(right));
    }
    sign.holds(left.nfc().cmp(right.nfc()))
}

/// Compares two floats, equal when they differ by no more than rounding does.
///
/// Rhai's own checked comparison: relative to the larger of the two, absolute beside a zero.
pub(super) fn floats(sign: Comparison, left: f64, right: f64) -> bool {
    let largest = if left * right == 0.0 { 1.0 } else { left.abs().max(right.abs()) };
    let equal = (left - right).abs() / largest <= f64::EPSILON;
    match sign {
        Comparison::Equal => equal,
        Comparison::NotEqual => !equal,
        Comparison::Less => !equal && left < right,
        Comparison::LessOrEqual => equal || left < right,
        Comparison::Greater => !equal && left > right,
        Comparison::GreaterOrEqual => equal || left > right,
    }
}

/// One of the six ways to calculate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
pub(super) enum Arithmetic {
    #[strum(serialize = "+")]
    Add,
    #[strum(serialize = "-")]
    Subtract,
    #[strum(serialize = "*")]
    Multiply,
    #[strum(serialize = "/")]
    Divide,
    #[strum(serialize = "%")]
    Remainder,
    #[strum(serialize = "**")]
    Power,
}

/// Calculates with two numbers; none when they are none, or the result is.
pub(super) fn calculate(sign: Arithmetic, left: &Val, right: &Val) -> Option<Val> {
    if let (Val::Integer(l), Val::Integer(r)) = (left, right)
        && sign != Arithmetic::Divide
    {
        let sum = match sign {
            Arithmetic::Add => l.checked_add(*r),
            Arithmetic::Subtract => l.checked_sub(*r),
            Arithmetic::Remainder => l.checked_rem(*r),
            Arithmetic::Power => u32::try_from(*r).ok().and_then(|r| l.checked_pow(r)),
            Arithmetic::Multiply | Arithmetic::Divide => l.checked_mul(*r),
        };
        return sum.map(Val::Integer);
    }
    let number = |value: &Val| match value {
        Val::Integer(number) => Some(float(*number)),
        Val::Float(number) => Some(*number),
        _ => None,
    };
    let (l, r) = (number(left)?, number(right)?);
    let value = match sign {
        Arithmetic::Add => l + r,
        Arithmetic::Subtract => l - r,
        Arithmetic::Multiply => l * r,
        Arithmetic::Divide if r == 0.0 => return None,
        Arithmetic::Divide => l / r,
        Arithmetic::Remainder => libm::fmod(l, r),
        Arithmetic::Power => libm::pow(l, r),
    };
    Some(Val::Float(value))
}

/// Returns a whole number as a float, as mixed arithmetic does.
#[expect(clippy::cast_precision_loss, reason = "what Rhai does with mixed numbers")]
pub(super) fn float(number: i64) -> f64 {
    number as f64
}
