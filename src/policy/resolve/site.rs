//! What the parts of one workflow are built for.

use super::super::model::{StepIx, SubjectKind, WorkflowIx};
use super::super::raw::Id;
use super::Resolver;
use crate::diag::codes::UNKNOWN_STEP;
use crate::time::Day;

/// One workflow, as its parts see it.
pub(super) struct WorkflowSite {
    pub(super) ix: WorkflowIx,
    pub(super) stem: String,
    pub(super) subject_kind: SubjectKind,
    pub(super) effective: Day,
    pub(super) steps: Vec<StepSite>,
}

/// A step by its name, and whether somebody does it.
pub(super) struct StepSite {
    pub(super) name: String,
    pub(super) is_duty: bool,
}

impl WorkflowSite {
    /// Returns the index of a step named in the same workflow.
    pub(super) fn step(&self, resolver: &mut Resolver<'_>, id: &Id) -> Option<StepIx> {
        let names = || self.steps.iter().map(|step| step.name.as_str());
        let at = names().position(|name| name == id.text());
        if at.is_none() {
            resolver.out.push(id.none_of(UNKNOWN_STEP, names()));
        }
        at.map(|at| StepIx(u16::try_from(at).unwrap_or(u16::MAX)))
    }
}
