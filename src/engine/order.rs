//! An order as the engine sees it: what it is, what was done on it, and where it stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::answer_end::AnswerEnd;
use crate::id::OrderId;
use crate::policy::SubjectKind;
use crate::terms::Pause;
use crate::time::{Day, Stamp};

pub use crate::rules::{ParentRecord, StepCompletion, StepRecord};

/// One order.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What it is; fixed at opening, but for the station and grid of a subject that moves.
    pub cover: OrderHeader,
    /// What was done on it.
    pub record: OrderRecord,
    pub state: OrderState,
}

/// What an order is: said when it is opened, and the same wherever the order is spoken of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderHeader {
    /// What it is called.
    pub id: OrderId,
    /// Number people see.
    pub number: String,
    /// Id of the workflow.
    pub workflow: String,
    /// What kind of thing it is for.
    pub subject_kind: SubjectKind,
    /// Id of what it is for.
    pub subject: String,
    /// Station that supervises the subject.
    pub station: String,
    /// The subject's grid.
    pub grid: Option<String>,
    /// Id of the tier frozen on it.
    pub tier: Option<String>,
    /// Issue date, the first day of its window.
    pub scheduled_for: Day,
    /// When it was opened.
    pub issued_at: Stamp,
    /// Last day of its window.
    pub due_on: Day,
}

/// How an order came to be; no event asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderOrigin {
    /// What stands for the trigger in its key.
    pub trigger: String,
    /// What stands for the nominal date in its key.
    pub nominal: String,
    /// Digest of the policy it is pinned to.
    pub policy: String,
    /// The grid's main officer, whom caps count.
    pub officer: Option<String>,
    /// Score frozen on it.
    pub score: Option<String>,
    /// What decided its tier.
    pub decision: Option<String>,
    /// Whether a date lies in an unpublished year.
    pub is_provisional: bool,
    /// Why a person wanted it; the order's record keeps it, and no column.
    pub reason: Option<String>,
}

/// What was done on an order so far.
///
/// # Shape
/// Stored as JSON, `{"steps":{"patrol":{"visits":1,"last":{…}}},"parent":null,"back":null}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrderRecord {
    /// By step: how often it was entered, and its newest completion.
    pub steps: BTreeMap<String, StepRecord>,
    /// The order that waits for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// The visit completed last, while it may still be recalled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Box<ActiveStep>>,
    /// What those have to confirm who are named in it, besides those who signed in another's place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmations: Vec<Confirmation>,
    /// Ids that steps had in texts the order went by before, and the ones they have now.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub renamed: BTreeMap<String, String>,
    /// Why a person wanted it, where it was opened by hand and somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl OrderRecord {
    /// Begins the record of an order that came to be so.
    pub fn begun(origin: &OrderOrigin) -> Self {
        Self { reason: origin.reason.clone(), ..Self::default() }
    }
}

/// What somebody is named in and has to confirm as himself.
///
/// # Source
/// Policy language, rule 35.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The step it is about.
    pub step: String,
    pub visit: u32,
    /// Who has to sign; nobody else can.
    pub officer: String,
    /// Who did it in both names.
    pub by: String,
    pub asked_at: Stamp,
    pub of: ConfirmedAct,
    /// Who was named first, where others took over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Stamp>,
    /// The work was sent back; nobody waits for it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_sent_back: bool,
}

impl Confirmation {
    /// Returns whose it is, and of which visit.
    pub fn burden(&self) -> Burden<'_> {
        Burden { officer: &self.officer, step: &self.step, visit: self.visit }
    }
}

/// What is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmedAct {
    /// The work of a step.
    Completion,
    /// An extension, which is in force when its approver has signed.
    Extension(TermExtension),
    /// An interruption, which is in force when its approver has signed, from the day it was asked for.
    Pause(OpenPause),
}

impl ConfirmedAct {
    /// Returns its name, which stands in records and JSON.
    pub const fn name(&self) -> &'static str {
        self.into_str()
    }

    /// Returns why it was asked for.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Completion => None,
            Self::Extension(TermExtension { reason, .. }) | Self::Pause(OpenPause { reason, .. }) => {
                Some(reason.clone())
            }
        }
    }
}

/// The order that opened this one, and where in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Its running number; the home is the same.
    pub seq: i64,
    /// The step that ran this order.
    pub step: String,
    pub visit: u32,
    /// How deep this order lies; 1 for the first.
    pub depth: usize,
    /// Whether the step waits for the end of this order.
    pub awaited: bool,
    /// What this order sees of it, as it stood when this order was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<ParentRecord>>,
}

/// Where an order stands; each variant holds exactly what exists in it.
/// Its names stand in tables and JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// It has not been opened.
    NotYet,
    /// It is at one place, or inside a `parallel` at several.
    Open(Vec<ActiveStep>),
    /// It ran to its end.
    Done { at: Stamp },
    /// It was ended before.
    Cancelled {
        at: Stamp,
        /// Why: the words of a person, or the name of a signal.
        reason: String,
    },
}

/// One visit of a step that is not over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActiveStep {
    /// Id of the step.
    pub step: String,
    /// Which visit of it, from 1.
    pub visit: u32,
    pub entered_at: Stamp,
    /// The step it was entered from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The `parallel` step it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// What is waited for.
    pub standing: StepStatus,
    /// Last day of the step; none when it has no term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// What forms said of its terms when it was entered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<AnswerEnd>,
    /// How its term was lengthened and interrupted.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
}

/// What a place waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// The `wait` of the step; the duty cannot be completed before it is over.
    Waiting {
        /// The first moment at which it can.
        until: Stamp,
        /// The duty that follows.
        duty: Duty,
    },
    /// Somebody.
    Duty(Duty),
    /// Orders of these workflows.
    Orders(Vec<String>),
    /// The parts of a `parallel` step.
    Parts,
    /// A mended rule: the step is done, but where it goes next could not be decided.
    Stuck {
        /// The code of what went wrong, and the place of the rule, such as `S104 workflows/a.yaml:12`.
        cause: String,
    },
    /// The order is at its end, but for those who have yet to confirm the work.
    Confirmation,
}

/// Who has a step in hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Officers who answer for it; empty when it is offered to a role.
    pub assignees: Vec<String>,
    /// Who took it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    /// Who may act for an assignee, who goes on answering for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delegates: Vec<Delegate>,
    /// Who must sign before it can be completed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<Signer>,
    /// Fewer people were found than are needed; the chief has it, with this flag.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_short: bool,
}

impl Duty {
    /// Returns whose added signature is waited for.
    pub fn awaited_signers(&self) -> Vec<String> {
        let awaited = self.signers.iter().filter(|signer| signer.signed_at.is_none());
        awaited.map(|signer| signer.officer.clone()).collect()
    }
}

/// Somebody who acts for an assignee on one duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegate {
    /// The assignee.
    pub from: String,
    /// Who acts.
    pub to: String,
}

/// Somebody whose signature was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    pub officer: String,
    pub asked_by: String,
    /// When it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Stamp>,
}

/// How the term of one visit was lengthened and interrupted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Extensions, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<TermExtension>,
    /// Interruptions that are over, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The interruption that is not over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<OpenPause>,
    /// A `wait` that was given up, and the document that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<WaitWaiver>,
}

impl Changes {
    /// Returns whether the term runs as the policy says.
    pub fn is_empty(&self) -> bool {
        let Self { extensions, pauses, paused, waived } = self;
        extensions.is_empty() && pauses.is_empty() && paused.is_none() && waived.is_none()
    }

    /// Returns how often the ladder began anew by an end that an extension gave.
    pub fn anew(&self) -> u32 {
        u32::try_from(self.extensions.iter().filter(|extended| extended.begins_anew).count())
            .unwrap_or(u32::MAX)
    }
}

/// One extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermExtension {
    /// The day it was granted.
    pub on: Day,
    /// By how much, as written (`5 工作日`); none when the statutory clock says how much.
    pub by: Option<String>,
    pub reason: String,
    /// Who approved it.
    pub approver: String,
    /// The document that proves it.
    pub document: Option<String>,
    /// The ladder is gone up again by the new end; not so where an earlier program wrote it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begins_anew: bool,
}

/// An interruption that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPause {
    /// First day not counted.
    pub from: Day,
    pub reason: String,
    /// The document that proves it.
    pub document: String,
    /// Who approved it.
    pub approver: String,
}

impl OpenPause {
    /// Returns the interruption by a signal: no person approved it, and no document proves it.
    pub(super) fn held(from: Day, signal: &str) -> Self {
        Self { from, reason: signal.to_owned(), document: String::new(), approver: String::new() }
    }

    /// Says whether a signal made it.
    pub fn is_held(&self) -> bool {
        self.approver.is_empty()
    }

    /// Returns it as it is when it ends on a day.
    pub(super) fn until(&self, to: Day) -> Pause {
        Pause { from: self.from, to, reason: self.reason.clone(), document: self.document.clone() }
    }
}

/// A wait that the party gave up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitWaiver {
    pub on: Day,
    /// The party's writing.
    pub document: String,
}

/// Something that somebody has to do on an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Burden<'a> {
    pub officer: &'a str,
    pub step: &'a str,
    pub visit: u32,
}

impl OrderState {
    /// Returns the places of an open order; none otherwise.
    pub fn places(&self) -> &[ActiveStep] {
        match self {
            Self::Open(places) => places,
            Self::NotYet | Self::Done { .. } | Self::Cancelled { .. } => &[],
        }
    }

    /// Returns it with those who share a duty in the order of their ids.
    #[must_use]
    pub fn by_id(&self) -> Self {
        let mut state = self.clone();
        if let Self::Open(places) = &mut state {
            places.iter_mut().filter_map(ActiveStep::duty_mut).for_each(|duty| duty.assignees.sort());
        }
        state
    }
}

impl Order {
    /// Returns the place that stands for the order where one is shown: the first that is a person's,
    /// else the first.
    pub fn first_place(&self) -> Option<&ActiveStep> {
        let places = self.state.places();
        places.iter().find(|place| place.duty().is_some()).or(places.first())
    }

    /// Lists who has something to do on the order, once for each visit of a step: its people, whose signature was
    /// asked for, and who has to confirm something.
    pub fn burdens(&self) -> Vec<Burden<'_>> {
        let mut all = Vec::new();
        for place in self.state.places() {
            let Some(duty) = place.duty() else { continue };
            let signers = duty.signers.iter().filter(|signer| signer.signed_at.is_none());
            let people = duty.assignees.iter().chain(signers.map(|signer| &signer.officer));
            all.extend(people.map(|officer| Burden { officer, step: &place.step, visit: place.visit }));
        }
        all.extend(self.unconfirmed().map(Confirmation::burden));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns the newest completion of a step.
    pub fn passed(&self, step: &str) -> Option<&StepCompletion> {
        self.record.steps.get(step)?.last.as_ref()
    }
}

impl ActiveStep {
    /// Returns who has it in hand, or will have when the wait is over.
    pub const fn duty(&self) -> Option<&Duty> {
        match &self.standing {
            StepStatus::Waiting { duty, .. } | StepStatus::Duty(duty) => Some(duty),
            StepStatus::Orders(_)
            | StepStatus::Parts
            | StepStatus::Stuck { .. }
            | StepStatus::Confirmation => None,
        }
    }

    pub(super) const fn duty_mut(&mut self) -> Option<&mut Duty> {
        match &mut self.standing {
            StepStatus::Waiting { duty, .. } | StepStatus::Duty(duty) => Some(duty),
            StepStatus::Orders(_)
            | StepStatus::Parts
            | StepStatus::Stuck { .. }
            | StepStatus::Confirmation => None,
        }
    }
}
