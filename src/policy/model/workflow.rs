//! Workflows, and what signals from outside do to their orders.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::{ExprIx, LengthRef, StationOpening, Step, StepIx, StepKind, Trigger};
use crate::diag::{FileId, Span};
use crate::time::Day;

#[derive(Clone, Debug)]
pub struct Workflow {
    /// Id, the stem of its file.
    pub id: String,
    pub title: String,
    /// What one run of it is called on screen.
    pub noun: String,
    /// What one run is about.
    pub subject_kind: SubjectKind,
    /// Orders opened from this day use this text.
    pub effective: Day,
    /// What happens to open orders when the text changes.
    pub running: Running,
    /// How long an order has that another one opens; none: the usual time.
    ///
    /// # Source
    /// Policy language, rule 28.
    pub window: Option<LengthRef>,
    /// Triggers that start orders.
    pub start: Vec<Trigger>,
    /// Named once, usable in every branch; in dependency order.
    pub facts: Vec<(String, ExprIx)>,
    /// Steps in the order of the file; the first is the entry.
    pub steps: Vec<Step>,
    /// Signals from outside.
    pub signals: Vec<SignalRule>,
    /// What stations may change here.
    pub openings: Vec<StationOpening>,
    /// The file it stands in.
    pub file: FileId,
}

impl Workflow {
    /// Returns the step of that id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Returns whether its orders open orders of another workflow.
    pub fn opens(&self, workflow: &str) -> bool {
        let by_step = |step: &Step| {
            let by_kind = match &step.kind {
                StepKind::SubOrder { run, .. } => run.iter().any(|id| id == workflow),
                StepKind::Automatic { start, .. } => start.as_deref() == Some(workflow),
                StepKind::Duty { .. } | StepKind::Parallel(_) | StepKind::End => false,
            };
            by_kind || step.overdue.iter().any(|row| row.start.as_deref() == Some(workflow))
        };
        let by_signal = |rule: &SignalRule| matches!(&rule.act, SignalAct::Start(id) if id == workflow);
        self.steps.iter().any(by_step) || self.signals.iter().any(by_signal)
    }

    /// Returns whether a signal opens orders of this workflow.
    pub fn opens_on(&self, signal: &str) -> bool {
        self.signals.iter().any(|known| known.on == signal && known.act == SignalAct::Open)
    }
}

/// What happens to open orders when a workflow's text changes (`running:`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Running {
    /// They finish under the text they began with.
    Keep,
    /// They go on under the new text as soon as it is in force.
    Migrate(StepMap),
}

/// How open orders go over to a text of their workflow.
///
/// # Source
/// Policy language, rule 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepMap {
    /// The id a step had before, and the one it has; steps that are not named keep theirs.
    pub renamed: BTreeMap<String, String>,
    pub terms: OpenTerms,
}

/// What becomes of the terms of open steps when their orders go over to another text. Its names stand in records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenTerms {
    /// They end when they were to end.
    Keep,
    /// They are computed again by the new text, from the moment the step was entered.
    Recount,
}

/// What one run of a workflow is about (`for:`). Its names stand in files, tables and JSON.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumString,
    IntoStaticStr,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// 监管对象
    Subject,
    /// 工商所
    Station,
    /// 片区
    Grid,
    /// 监管人员
    Officer,
    /// 分局
    Bureau,
}

/// A signal from outside that cancels, moves, holds or starts orders, or lays duties before the chief (`on:`).
#[derive(Clone, Debug)]
pub struct SignalRule {
    /// Its name, such as `subject.closed`.
    pub on: String,
    /// What it does.
    pub act: SignalAct,
    pub span: Span,
}

/// What a signal does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignalAct {
    /// Cancels the order.
    Cancel,
    /// Moves the order to a step.
    Go(StepIx),
    /// Starts an order of a workflow.
    Start(String),
    /// Duties that somebody leaves behind are the chief's to give.
    Chief,
    /// Opens an order of this workflow for the subject it is about.
    Open,
    /// Holds the order: its terms stand still and nothing is done until it is resumed.
    Hold,
    /// Resumes an order that was held.
    Resume,
}
