//! The rows of an order's terms as they come out over all that happened, the way the store keeps them.

use std::collections::BTreeMap;

use super::order::OrderState;
use super::outcome::Outcome;
use super::term::{TermKind, TermMoment, TermRow};
use crate::time::Stamp;

/// The rows of one order's terms, those that fired too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermRows(BTreeMap<TermMoment, TermRow>);

impl TermRows {
    /// Takes in what an event brought about: terms of visits that were left are taken back unless
    /// they have fired, a level that has fired stays as it is, and nothing runs on after the end.
    pub fn take(&mut self, outcome: &Outcome) {
        for (step, visit) in &outcome.left {
            self.0.retain(|key, row| {
                let is_left = (&key.step, &key.visit) == (step, visit) && key.kind != TermKind::Window;
                row.fired_at.is_some() || !is_left
            });
        }
        for row in &outcome.terms {
            self.0.entry(row.moment()).or_insert_with(|| row.clone());
        }
        if matches!(outcome.next.state, OrderState::Done { .. } | OrderState::Cancelled { .. }) {
            self.0.retain(|_, row| row.fired_at.is_some());
        }
    }

    /// Notes that a row fired; one that was told already on entering does not fire.
    pub fn fire(&mut self, fired: &TermMoment, at: Stamp) -> bool {
        match self.0.get_mut(fired) {
            Some(row) if row.fired_at.is_some() => false,
            Some(row) => {
                row.fired_at = Some(at);
                true
            }
            None => true,
        }
    }

    /// Returns whether a row is there and has not fired.
    pub fn waits(&self, moment: &TermMoment) -> bool {
        self.0.get(moment).is_some_and(|row| row.fired_at.is_none())
    }

    /// Returns the row that fires next, in the order in which the store gives them out.
    pub fn next(&self) -> Option<&TermRow> {
        let waiting = self.0.values().filter(|row| row.fired_at.is_none());
        waiting.min_by_key(|row| (row.fires_at, &row.step, row.visit, row.kind.into_str(), row.level))
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes over all rows, by step, visit, kind and level.
    pub fn iter(&self) -> impl Iterator<Item = (&TermMoment, &TermRow)> {
        self.0.iter()
    }
}
