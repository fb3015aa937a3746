//! The inputs prepared for one evaluation. A read that the analysis did not foresee has no input to
//! answer from and is refused, so equal inputs give equal answers by construction.

use std::sync::Arc;

use super::{NativeResult, PolicyData, failed, refuse};
use crate::diag::codes;
use crate::rules::slot::{Slot, Slots};
use crate::rules::value::Val;

/// Prepared inputs of one evaluation.
#[derive(Debug)]
pub(in crate::rules) struct PreparedInputs {
    pub(in crate::rules) slots: Arc<Slots>,
    pub(in crate::rules) data: Arc<PolicyData>,
    pub(in crate::rules) values: Vec<Val>,
}

impl PreparedInputs {
    pub(super) fn get(&self, slot: Slot) -> Option<&Val> {
        self.slots.find(slot).and_then(|at| self.values.get(at))
    }

    pub(super) fn need(&self, slot: Slot) -> NativeResult<&Val> {
        self.get(slot).map_or_else(|| failed(format!("{slot:?}")), Ok)
    }

    /// Returns an input that is yes or no; asking it of a missing date is a fault.
    pub(super) fn truth(&self, slot: Slot) -> NativeResult<bool> {
        match self.need(slot)? {
            Val::Flag(flag) => Ok(*flag),
            _ => refuse(codes::RULE_MISSING, Vec::new()),
        }
    }
}
