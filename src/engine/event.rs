//! What can happen to an order.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumDiscriminants, EnumIter, IntoStaticStr};

use super::term::{TermMoment, TermRow};
use crate::policy::OpenTerms;

/// What can happen to an order that is open; the ledger keeps it as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A person acts on it.
    Act(Act),
    /// An order it waits for came to an end.
    Ended(OrderEnd),
    /// A signal reached it from outside.
    Signal(Signal),
    /// A moment of one of its terms has come.
    Fired(TermMoment),
    /// Where it goes next is to be decided again, after a rule was mended.
    Retry,
    /// Another text serves it from here on.
    Migrated(Migration),
}

/// What a person does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Who; the id of an officer.
    pub by: String,
    /// The step meant; needed only where the order is at several places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Which visit of it the person had in view; an older one makes a late submission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<u32>,
    /// What is said of it, where it is no act that has a reason or a note of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub doing: Doing,
}

/// The acts there are.
///
/// # Source
/// Policy language, rules 16 to 18; `order act` of the command line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EnumDiscriminants)]
#[serde(rename_all = "snake_case")]
#[strum_discriminants(name(ActKind), derive(PartialOrd, Ord, Hash, EnumIter, IntoStaticStr))]
#[strum_discriminants(strum(serialize_all = "kebab-case", const_into_str))]
#[strum_discriminants(
    doc = "What a person does, without its particulars. Its names stand on the command line."
)]
pub enum Doing {
    /// 签收: takes on a duty that is offered.
    Claim,
    /// 办结: completes the duty.
    Complete {
        /// The action chosen, where the step offers some.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        action: Option<String>,
        /// The form as filled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<Arc<Value>>,
        /// References of the files that are attached to the order and may be named in the form.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attached: Vec<String>,
    },
    /// 退回: goes back to the step before, to its people.
    Return { reason: String },
    /// 撤回: takes back one's own completion while nobody has gone on.
    Recall { reason: String },
    /// 转办: others answer for it from now on.
    Transfer {
        /// Who; all who answer for it together, where it needs several.
        to: Vec<String>,
        reason: String,
    },
    /// 委派: somebody acts for the assignee, who goes on answering.
    Delegate { to: String, reason: String },
    /// 加签: a signature is asked for before completion.
    AddSigner { to: String, reason: String },
    /// 签署: gives the signature that was asked for.
    Sign,
    /// 催办: reminds who has it in hand.
    Nudge {
        /// What is said.
        note: Option<String>,
    },
    /// 抄送: lets somebody know.
    Copy {
        to: String,
        /// What is said.
        note: Option<String>,
    },
    /// 延期: lengthens the term.
    Extend {
        /// By how much, as written; a statutory clock says itself how much.
        by: Option<String>,
        reason: String,
        /// Who approved it.
        approver: String,
        /// The document that proves it.
        document: Option<String>,
        /// The ladder is gone up again by the new end, which must lie ahead; not so in records of earlier programs.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        begins_anew: bool,
    },
    /// 中止计时: interrupts the term.
    Pause {
        /// Why; one of the clock's closed list.
        reason: String,
        /// The document that proves it.
        document: String,
        /// Who approved it.
        approver: String,
    },
    /// 恢复计时: ends the interruption; this day counts again.
    Resume,
    /// 放弃等待: the party gave up in writing what the step waits for.
    Waive {
        /// The writing.
        document: String,
    },
    /// 撤销: ends the order.
    Cancel { reason: String },
}

/// The end of an order that was waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEnd {
    pub workflow: String,
    /// The step that waited.
    pub step: String,
    pub visit: u32,
    /// Whether it was cancelled before its end.
    pub is_cancelled: bool,
}

/// A signal from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// One that the workflow names under `signals`, such as `subject.closed`.
    Named(String),
    /// The subject moved.
    Moved {
        /// Station that supervises it now.
        station: String,
        /// Its grid now.
        grid: Option<String>,
    },
    /// People went on leave, left, came, hold other posts or keep apart: whoever may have a duty no longer gives it to
    /// others.
    Staff {
        /// Whose posts, station or grid changed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        changed: Vec<String>,
        /// Grids of which they are officers no longer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        grids: Vec<String>,
        /// Who holds a post that he did not hold before: what nobody has, or chiefs in a shortage, is theirs.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        came: Vec<String>,
    },
    /// As `Staff`, in records of earlier programs: an officer's duties went to others.
    Handed {
        officer: String,
        /// Who takes over; none: somebody is chosen.
        to: Option<String>,
    },
}

/// How one order goes over to the text by which it is judged from here on.
///
/// # Source
/// Policy language, rule 5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Migration {
    /// Number of the release whose text it is.
    pub release: i64,
    /// Ids that steps had, and the ones they have now; others keep theirs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub renamed: BTreeMap<String, String>,
    pub terms: OpenTerms,
    /// The rows of its open visits whose terms are set anew or go by another name, as they are before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<TermRow>,
}

impl Migration {
    /// Returns what a step is called from here on.
    pub fn name<'s>(&'s self, step: &'s str) -> &'s str {
        self.renamed.get(step).map_or(step, String::as_str)
    }
}
