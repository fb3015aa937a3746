//! What would have to be otherwise: the inputs that alone, with another value, would change an answer.
//!
//! Pure: the rules are asked again with one input exchanged, by the same evaluation that judges.

use std::collections::BTreeSet;

use crate::policy::{Policy, TierIx};
use crate::register::Subject;
use crate::time::Day;

use super::judge::{Executor, evaluate};
use super::kind::Kind;
use super::slot::{Slot, SubjectField};
use super::value::{Val, float};
use super::{Evaluation, Rules};

/// An input with the values it would have to have, each of which is enough.
///
/// # Shape
/// Of numbers the nearest below and above; of words all, in the order of the policy.
#[derive(Clone, Debug, PartialEq)]
pub struct InputAlternative {
    /// As in [`super::Trace::inputs`].
    pub input: String,
    /// What it is now.
    pub from: Val,
    pub to: Vec<Val>,
}

/// The answer that is wanted of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedAnswer {
    Tier(TierIx),
    /// That a condition holds, by its position in [`Rules::whens`].
    Condition(usize),
}

impl WantedAnswer {
    fn is(self, answer: &Evaluation) -> bool {
        match self {
            Self::Tier(wanted) => answer.tier.as_ref().is_ok_and(|tier| *tier == wanted),
            Self::Condition(at) => matches!(answer.when.get(at), Some(Ok(true))),
        }
    }
}

/// Up to which number of problems, or orders that ran late, is tried.
const COUNTS: i64 = 24;

/// Up to which power of two of a number is tried, besides the small ones.
const DOUBLINGS: u32 = 24;

impl Rules {
    /// Lists the inputs of a subject on a day which alone, with another value, would give an answer; none where two
    /// things at least would have to change, or where it is the answer already.
    pub fn alternatives(
        &self,
        policy: &Policy,
        subject: &Subject,
        day: Day,
        wanted: WantedAnswer,
    ) -> Vec<InputAlternative> {
        let values = self.compiled.slots.values(subject, day);
        let ask = |values: &[Val]| evaluate(self, policy, values, Executor::Fast);
        super::host::threads().install(|| {
            if wanted.is(&ask(&values)) {
                return Vec::new();
            }
            let each = self.compiled.slots.iter().enumerate().filter_map(|(at, slot)| {
                let from = values[at].clone();
                let mut tried = values.clone();
                let mut to: Vec<Val> = others(policy, slot, &from);
                to.retain(|value| {
                    tried[at] = value.clone();
                    wanted.is(&ask(&tried))
                });
                let to = nearest(&from, to);
                (!to.is_empty()).then(|| InputAlternative { input: slot.name(policy), from, to })
            });
            each.collect()
        })
    }
}

/// Lists the values an input could have instead.
fn others(policy: &Policy, slot: Slot, from: &Val) -> Vec<Val> {
    let flags = || [true, false].map(Val::Flag).to_vec();
    let all = match slot {
        Slot::Raw(field) => match field.kind(policy) {
            _ if matches!(field, SubjectField::Id | SubjectField::Name) => Vec::new(),
            Kind::Flag => flags(),
            Kind::Word(words) => words.iter().map(|word| Val::Text(word.as_str().into())).collect(),
            Kind::Text if field == SubjectField::Station || field == SubjectField::Home => Vec::new(),
            Kind::Text => keys(policy),
            Kind::Integer => numbers().map(Val::Integer).collect(),
            Kind::Float => numbers().map(|number| Val::Float(float(number))).collect(),
            _ => Vec::new(),
        },
        Slot::Within(..) | Slot::Days(..) => flags(),
        Slot::Problems(..) | Slot::OverdueCount(_) => (0..=COUNTS).map(Val::Integer).collect(),
        Slot::Has(_) | Slot::Tier => Vec::new(),
    };
    all.into_iter().filter(|value| value != from).collect()
}

/// Lists the keys of all tables, each once.
fn keys(policy: &Policy) -> Vec<Val> {
    let keys: BTreeSet<&String> = policy.tables.iter().flat_map(|table| table.rows.keys()).collect();
    keys.into_iter().map(|key| Val::Text(key.as_str().into())).collect()
}

/// Small numbers one by one, then by doubling and by tens.
fn numbers() -> impl Iterator<Item = i64> {
    let doubled = (0..DOUBLINGS).map(|power| 1_i64 << power);
    let tens = (1..10).flat_map(|digit| (0..7).map(move |power| digit * 10_i64.pow(power)));
    let all: BTreeSet<i64> = (0..=COUNTS).chain(doubled).chain(tens).collect();
    all.into_iter()
}

/// Of numbers the nearest below and above what it is now; all others.
fn nearest(from: &Val, to: Vec<Val>) -> Vec<Val> {
    let number = |value: &Val| match value {
        Val::Integer(number) => Some(float(*number)),
        Val::Float(number) => Some(*number),
        _ => None,
    };
    if to.first().is_none_or(|first| number(first).is_none()) {
        return to;
    }
    let now = number(from).unwrap_or_default();
    let below = to.iter().rfind(|value| number(value) < Some(now));
    let above = to.iter().find(|value| number(value) > Some(now));
    below.into_iter().chain(above).cloned().collect()
}
