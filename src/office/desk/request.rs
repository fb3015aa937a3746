//! What is to happen to one order, and what is answered.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::engine::{Act, Doing, Event};
use crate::id::OrderId;
use crate::ledger::composed;
use crate::office::UnsignedLine;
use crate::office::WrittenMoment;
use crate::office::desk::attachments::HandedFile;
use crate::time::Stamp;

/// What a person asks to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct ActWish {
    /// Home station and running number of the order.
    pub order: OrderId,
    pub act: Act,
    /// The sender's key: the same one again gets the first answer.
    pub key: Option<String>,
    /// The version the person had in view; another one is refused.
    pub version: Option<i64>,
    /// The files that came with it; they are kept once the act is allowed.
    pub files: Vec<HandedFile>,
}

/// What came of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActAnswer {
    /// Id of the order.
    pub id: String,
    pub number: String,
    /// The step it is at now; the last one, when it has ended.
    pub step: String,
    /// Title of that step.
    pub title: String,
    /// `open`, `done` or `cancelled`.
    pub state: String,
    /// Its version now.
    pub version: i64,
    /// Whether this is the first answer, given again.
    pub repeated: bool,
    /// The order had moved on: what was handed in is kept, and shown to whoever has it now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// What was confirmed by it, where somebody confirmed what another did in his name; told to people, and no part
    /// of the JSON.
    #[serde(skip)]
    pub confirmed: Vec<ConfirmedLine>,
    /// What comes to nothing until somebody else confirms it; told to people, as those below.
    #[serde(skip)]
    pub waits: Vec<AwaitedLine>,
    /// The step that was handed to fewer people than it takes.
    #[serde(skip)]
    pub short: Option<ShortLine>,
    /// The documents that were signed off with it, each with its number.
    #[serde(skip)]
    pub signed: Vec<String>,
    /// The documents of the order that wait to be signed off.
    #[serde(skip)]
    pub unsigned: Vec<UnsignedLine>,
    /// Who was told of what came too late, by name or by role.
    #[serde(skip)]
    pub told: Vec<String>,
}

/// A step with fewer people than it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortLine {
    /// Title of the step.
    pub title: String,
    pub needed: u32,
    /// Who has it, by name and id.
    pub people: Vec<String>,
}

/// One thing that waits to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitedLine {
    /// Id of the step it is about.
    pub step: String,
    /// Title of the step.
    pub title: String,
    /// `completion`, `extension` or `pause`.
    pub what: String,
    /// Ids of those who have to.
    pub officers: Vec<String>,
    /// The same with their names.
    pub people: Vec<String>,
}

/// One thing that was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmedLine {
    /// Title of the step it is about.
    pub step: String,
    /// `completion`, `extension` or `pause`.
    pub what: String,
    /// Who did or asked for it, with the name.
    pub by: String,
}

/// Something that is to happen to one order.
#[derive(Clone, Debug)]
pub(crate) struct ActRequest {
    pub(crate) order: OrderId,
    pub(crate) event: Event,
    pub(crate) actor: String,
    pub(crate) at: Stamp,
    /// Set when a person wrote the moment; else the order's last event may move it on.
    pub(crate) written: Option<WrittenMoment>,
    /// The version it was meant for.
    pub(crate) version: Option<i64>,
    /// The sender's key.
    pub(crate) key: Option<String>,
    /// Files that came with it.
    pub(crate) files: Vec<HandedFile>,
    /// The order is pinned to the active release first.
    pub(crate) is_repinned: bool,
    /// A person alone reads why it is refused; lists keep the ids.
    pub(crate) is_read: bool,
}

impl ActRequest {
    /// Returns whether somebody completes a duty.
    pub(crate) fn is_completion(&self) -> bool {
        matches!(&self.event, Event::Act(Act { doing: Doing::Complete { .. }, .. }))
    }

    /// Makes a matter that retries, to be given another event.
    pub(crate) fn of(order: OrderId, actor: &str, at: Stamp) -> Self {
        Self {
            order,
            event: Event::Retry,
            actor: actor.to_owned(),
            at,
            written: None,
            version: None,
            key: None,
            files: Vec::new(),
            is_repinned: false,
            is_read: false,
        }
    }

    /// Makes a matter of what a person asks.
    pub(crate) fn act(wish: ActWish, now: Stamp) -> Self {
        let ActWish { order, act, key, version, files } = wish;
        let matter = Self::of(order, &act.by, now);
        Self { event: Event::Act(composed_act(act)), version, key, files, ..matter }
    }
}

/// Writes all texts of an act as the ledger does, so that a replay reads what was decided on.
fn composed_act(act: Act) -> Act {
    let text = serde_json::to_string(&act).expect("keys of an act are texts");
    match composed(&text) {
        Cow::Borrowed(_) => act,
        Cow::Owned(text) => serde_json::from_str(&text).unwrap_or(act),
    }
}

/// Decides again where an order goes, by the rules in force now.
pub(crate) fn retry_matter(order: OrderId, by: &str, now: Stamp) -> ActRequest {
    ActRequest { event: Event::Retry, is_repinned: true, ..ActRequest::of(order, by, now) }
}
