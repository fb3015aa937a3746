//! Which lines decided: the same evaluation again, with a note at every fork.

use crate::diag::Span;
use crate::policy::Policy;
use crate::register::Subject;
use crate::time::Day;

use super::entry::EntryPoint;
use super::judge::{Executor, evaluate};
use super::slot::Slot;
use super::tree::{DecidingLine, TreeRun};
use super::value::Val;
use super::{Entries, Evaluation, Overruled, Rules};

/// Why a subject is judged as it is.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Conditions and answers on the way to the tier, in the order passed; the last one decided.
    pub tier: Vec<DecidingLine>,
    /// The same for the score.
    pub score: Vec<DecidingLine>,
    /// The same for each trigger's condition, in the order of [`Rules::whens`].
    pub when: Vec<Vec<DecidingLine>>,
    /// Inputs by name, sorted.
    pub inputs: Vec<(String, Val)>,
    /// The answer itself.
    pub answer: Evaluation,
}

impl Rules {
    /// Returns which lines decide of a subject on a day, and from which inputs.
    pub fn trace(&self, policy: &Policy, subject: &Subject, day: Day) -> Trace {
        let mut values = self.compiled.slots.values(subject, day);
        let answer = super::host::threads().install(|| evaluate(self, policy, &values, Executor::Fast));
        let read = self.compiled.slots.iter().zip(&values).filter(|(slot, _)| *slot != Slot::Tier);
        let mut inputs: Vec<(String, Val)> =
            read.map(|(slot, value)| (slot.name(policy), value.clone())).collect();
        inputs.sort_by(|one, two| one.0.cmp(&two.0));
        let tier_id = answer.tier.as_ref().ok().map(|tier| policy.tiers.order[tier.ix()].id.as_str());
        if let (Some(at), Some(id)) = (self.compiled.slots.find(Slot::Tier), tier_id) {
            values[at] = Val::Text(id.into());
        }
        let tier_value = tier_id.map_or(Val::Missing, |id| Val::Text(id.into()));
        let score_value = answer.score.as_ref().map_or(Val::Missing, |score| Val::Float(*score));
        let flags =
            answer.when.iter().map(|when| when.as_ref().map_or(Val::Missing, |flag| Val::Flag(*flag)));
        let when = self.compiled.conditions.iter().zip(flags);
        let of = |entry: &Option<EntryPoint>, value| {
            entry.as_ref().map(|entry| lines(policy, entry, &values, value)).unwrap_or_default()
        };
        let Overruled { tier, score } = answer.overruled;
        let (by_tier, by_score) = (self.decided_by(tier.is_some()), self.decided_by(score.is_some()));
        Trace {
            tier: of(&by_tier.tier, tier_value),
            score: of(&by_score.score, score_value),
            when: when.map(|(entry, value)| lines(policy, entry, &values, value)).collect(),
            inputs,
            answer,
        }
    }

    /// Returns the scripts that gave an answer: the station's own where it is the stricter one.
    fn decided_by(&self, is_overruled: bool) -> &Entries {
        if is_overruled { &self.compiled.station } else { &self.compiled.bureau }
    }

    /// Returns where a trace can point: every fork, and every answer, for coverage.
    pub fn places(&self) -> Vec<Span> {
        let Entries { tier, score } = &self.compiled.bureau;
        let entries = tier.iter().chain(score).chain(&self.compiled.conditions);
        let mut places = Vec::new();
        for entry in entries {
            match &entry.tree {
                Some(tree) => tree.forks(&mut places),
                None => places.push(entry.place()),
            }
        }
        places.sort();
        places.dedup();
        places
    }
}

/// Returns the lines of one entry. What only the interpreter can run is told as one line.
fn lines(policy: &Policy, entry: &EntryPoint, values: &[Val], value: Val) -> Vec<DecidingLine> {
    if let Some(tree) = &entry.tree {
        let mut run = TreeRun::new(policy, values, entry.locals);
        run.trace = Some(Vec::new());
        if run.answer(tree).is_some() {
            return run.trace.unwrap_or_default();
        }
    }
    vec![DecidingLine { span: entry.place(), value }]
}
