//! The closed list of functions a script may call besides its own: one row says all of one.
//!
//! To add a function: its row in [`FUNCTIONS`]; what it computes, in a file of this folder; and,
//! when the analysis must know more of it than kinds, an [`OwnFunction`] with its arm in
//! `walk/call.rs`. A case under `tests/rules`, and a word in `docs/policy-language.md`.

use std::sync::Arc;

use rhai::Engine;

use super::{PolicyData, Registration, maths, operators, record, subject};
use crate::rules::kind::Kind::{self, Any, Day, Flag, Float, Integer, Map, Nothing, Number, Text};
use crate::rules::value::{Val, float};

use Analysis::{History, Own};
use Gives::{Item, Kind as Of, Same};
use Lowering::{AsNative, OfValues};
use Native::{Code, OfNumber};

const LIST: Kind = Kind::List(None);

/// A function of the language.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct LanguageFunction {
    pub(in crate::rules) name: &'static str,
    /// Numbers of arguments, the first counted: what it is called on.
    pub(in crate::rules) arity: &'static [usize],
    /// Kinds of the first argument.
    pub(in crate::rules) on: &'static [Kind],
    pub(in crate::rules) gives: Gives,
    pub(in crate::rules) takes: Takes,
    pub(in crate::rules) analysis: Analysis,
    native: Native,
    lowered: Lowering,
}

/// What a function answers with.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) enum Gives {
    Kind(&'static Kind),
    /// The same as its first argument.
    Same,
    /// An item of the list it is called on.
    Item,
}

/// What the arguments after the first are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Takes {
    /// Whatever; a function gets the item.
    Any,
    /// Of a text, a part of it.
    Part,
    /// Of a text, a part of it; of a list, something to compare its items with.
    PartOrItem,
    /// A function of the item that says yes or no.
    Condition,
    /// A column of the rows, and what stands in it.
    Cell,
    /// A function of what was found so far and the item.
    Fold,
    /// A function of two items.
    Order,
}

/// How a call is looked at before it runs.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) enum Analysis {
    /// By the kinds of its arguments.
    Kinds,
    /// By what it reads: a field, a table, a parameter. It says itself what it gives.
    Own(OwnFunction),
    /// As a question to the subject's history.
    History(HistoryQuestion),
}

#[derive(Clone, Copy, Debug)]
pub(in crate::rules) enum OwnFunction {
    DaysSince,
    DaysUntil,
    Has,
    Lookup,
    Param,
    Within,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::rules) enum HistoryQuestion {
    OverdueCount,
    Problems,
}

/// What the interpreter runs.
#[derive(Clone, Copy, Debug)]
enum Native {
    /// One of its packages has it.
    Packaged,
    /// The same for whole numbers and others.
    OfNumber(fn(f64) -> f64),
    Code(fn(&mut Registration<'_>)),
}

/// What the typed tree runs in place of the interpreter.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) enum Lowering {
    /// Nothing; the interpreter is asked.
    No,
    /// The same function of a number.
    AsNative,
    /// This, which gives none where it is not sure.
    OfValues(fn(&[Val]) -> Option<Val>),
}

impl Gives {
    /// Returns the kind of an answer, by what the function is called on.
    pub(in crate::rules) fn kind(self, first: &Kind, item: &Kind) -> Kind {
        match self {
            Self::Kind(kind) => kind.clone(),
            Self::Same => first.clone(),
            Self::Item => item.clone(),
        }
    }
}

impl LanguageFunction {
    pub(super) fn register(&self, engine: &mut Engine, data: &Arc<PolicyData>) {
        let mut at = Registration { engine, name: self.name, data };
        match self.native {
            Native::Packaged => {}
            Native::OfNumber(function) => drop(at.add(function).add(move |x: i64| function(float(x)))),
            Native::Code(register) => register(&mut at),
        }
    }

    pub(in crate::rules) const fn is_lowered(&self) -> bool {
        !matches!(self.lowered, Lowering::No)
    }

    /// Computes it without the interpreter; none when that has to be asked.
    pub(in crate::rules) fn apply(&self, args: &[Val]) -> Option<Val> {
        match (self.lowered, self.native, args) {
            (Lowering::OfValues(function), _, args) => function(args),
            (Lowering::AsNative, Native::OfNumber(function), [Val::Integer(number)]) => {
                Some(Val::Float(function(float(*number))))
            }
            (Lowering::AsNative, Native::OfNumber(function), [Val::Float(number)]) => {
                Some(Val::Float(function(*number)))
            }
            (Lowering::AsNative | Lowering::No, ..) => None,
        }
    }
}

/// Makes the table: name, numbers of arguments, kinds it can be called on, answer; then what is
/// not as with most.
macro_rules! functions {
    ($($name:literal $arity:tt $on:tt $gives:expr $(, $column:ident: $value:expr)*;)+) => {
        /// Every function, by name.
        pub(super) static FUNCTIONS: &[LanguageFunction] = &[$(LanguageFunction {
            $($column: $value,)*
            ..LanguageFunction {
                name: $name,
                arity: &$arity,
                on: &$on,
                gives: $gives,
                takes: Takes::Any,
                analysis: Analysis::Kinds,
                native: Native::Packaged,
                lowered: Lowering::No,
            }
        }),+];
    };
}

functions! {
    "abs" [1] [Number] Same, native: Code(maths::abs), lowered: OfValues(maths::lowered_abs);
    "all" [2] [LIST] Of(&Flag), takes: Takes::Condition;
    "append" [2] [LIST, Text] Of(&Nothing);
    "ceiling" [1] [Number] Of(&Float), native: OfNumber(libm::ceil), lowered: AsNative;
    "chars" [1] [Text] Of(&LIST);
    "contains" [2] [LIST, Text, Map] Of(&Flag), takes: Takes::PartOrItem, native: Code(operators::contains);
    "count" [3] [LIST] Of(&Integer), takes: Takes::Cell, native: Code(record::count);
    "days_since" [1] [] Of(&Any), analysis: Own(OwnFunction::DaysSince), native: Code(subject::days_since);
    "days_until" [1] [] Of(&Any), analysis: Own(OwnFunction::DaysUntil), native: Code(subject::days_until);
    "dedup" [1] [LIST] Of(&Nothing);
    "div" [2] [Number] Of(&Integer), native: Code(operators::div);
    "drain" [2] [LIST, Map] Same, takes: Takes::Condition;
    "ends_with" [2] [Text] Of(&Flag), takes: Takes::Part;
    "exp" [1] [Number] Of(&Float), native: OfNumber(libm::exp);
    "extract" [2, 3] [LIST] Same;
    "filter" [2] [LIST] Same, takes: Takes::Condition;
    "find" [2] [LIST] Item, takes: Takes::Condition;
    "floor" [1] [Number] Of(&Float), native: OfNumber(libm::floor), lowered: AsNative;
    "has" [1] [] Of(&Any), analysis: Own(OwnFunction::Has), native: Code(subject::has);
    "index_of" [2] [LIST, Text] Of(&Integer), takes: Takes::PartOrItem;
    "is_empty" [1] [LIST, Text, Map] Of(&Flag);
    "keys" [1] [Map] Of(&LIST);
    "len" [1] [LIST, Text, Map] Of(&Integer);
    "ln" [1] [Number] Of(&Float), native: OfNumber(libm::log);
    "log" [2] [Number] Of(&Float), native: Code(maths::log);
    "log10" [1] [Number] Of(&Float), native: OfNumber(libm::log10);
    "lookup" [2] [] Of(&Any), analysis: Own(OwnFunction::Lookup), native: Code(subject::lookup);
    "map" [2] [LIST] Of(&LIST);
    "max" [2] [Number, Text] Of(&Any), lowered: OfValues(maths::lowered_max);
    "min" [2] [Number, Text] Of(&Any), lowered: OfValues(maths::lowered_min);
    "overdue_count" [2] [] Of(&Any),
        analysis: History(HistoryQuestion::OverdueCount), native: Code(subject::overdue_count);
    "pad" [3] [LIST, Text] Of(&Nothing);
    "param" [1] [] Of(&Any), analysis: Own(OwnFunction::Param), native: Code(subject::param);
    "parse_float" [1] [Text] Of(&Float), native: Code(maths::parse_float);
    "parse_int" [1] [Text] Of(&Integer), native: Code(maths::parse_int);
    "pop" [1] [LIST] Item;
    "problems" [3] [] Of(&Any), analysis: History(HistoryQuestion::Problems), native: Code(subject::problems);
    "push" [2] [LIST] Of(&Nothing);
    "range" [2, 3] [Number] Of(&LIST);
    "reduce" [2, 3] [LIST] Of(&Any), takes: Takes::Fold;
    "replace" [3] [Text] Of(&Nothing);
    "retain" [2] [LIST, Map] Same, takes: Takes::Condition;
    "reverse" [1] [LIST] Of(&Nothing);
    "round" [1] [Number] Of(&Float), native: OfNumber(libm::round), lowered: AsNative;
    "shift" [1] [LIST] Item;
    "some" [2] [LIST] Of(&Flag), takes: Takes::Condition;
    "sort" [1, 2] [LIST] Of(&Nothing), takes: Takes::Order;
    "split" [2] [Text] Of(&LIST), takes: Takes::Part;
    "sqrt" [1] [Number] Of(&Float), native: OfNumber(libm::sqrt), lowered: AsNative;
    "starts_with" [2] [Text] Of(&Flag), takes: Takes::Part;
    "sub_string" [2, 3] [Text] Of(&Text);
    "to_float" [1] [Number] Of(&Float), native: OfNumber(|x| x), lowered: AsNative;
    "to_int" [1] [Number] Of(&Integer), native: Code(maths::to_int);
    "to_lower" [1] [Text] Of(&Text);
    "to_string" [1] [LIST, Text, Map, Number, Flag, Day] Of(&Text), native: Code(record::to_string);
    "to_upper" [1] [Text] Of(&Text);
    "trim" [1] [Text] Of(&Nothing);
    "values" [1] [Map] Of(&LIST);
    "within" [2] [] Of(&Any), analysis: Own(OwnFunction::Within), native: Code(subject::within);
}

/// Returns the function of that name.
pub(in crate::rules) fn function(name: &str) -> Option<&'static LanguageFunction> {
    FUNCTIONS.iter().find(|known| known.name == name)
}

/// Returns the function of that name, when the analysis looks at it by kinds.
pub(in crate::rules) fn function_by_kinds(name: &str) -> Option<&'static LanguageFunction> {
    function(name).filter(|known| matches!(known.analysis, Analysis::Kinds))
}

/// Returns the names of the functions that the analysis looks at in one of some ways.
pub(in crate::rules) fn function_names<'a>(of: fn(Analysis) -> bool) -> impl Iterator<Item = &'a str> {
    FUNCTIONS.iter().filter(move |known| of(known.analysis)).map(|known| known.name)
}
