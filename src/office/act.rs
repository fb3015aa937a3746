//! What a person asks to be done to an order, and what is answered.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::clerk::{Clerk, Matter};
use super::{Live, Stop};
use crate::engine::{Act, Doing, Key, Recorded, Refusal, RefusalCode};
use crate::store::attachments::Attachment;
use crate::store::{Store, order_list};
use crate::time::Stamp;

/// What a person asks to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct ActWish {
    /// Home station and running number of the order.
    pub order: Key,
    /// What.
    pub act: Act,
    /// The sender's key: the same one again gets the first answer.
    pub key: Option<String>,
    /// The version the person had in view; another one is refused.
    pub version: Option<i64>,
    /// What the files are that came with it; their bytes are kept already.
    pub files: Vec<Attachment>,
}

/// What came of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActAnswer {
    /// Id of the order.
    pub id: String,
    /// Its number.
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
}

/// Words an act can be given besides the one who acts; which of them it needs depends on it.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the command line")]
pub struct ActWords {
    pub to: Vec<String>,
    pub reason: Option<String>,
    pub by: Option<String>,
    pub approver: Option<String>,
    pub document: Option<String>,
    pub note: Option<String>,
    pub form: Option<Value>,
    pub attached: Vec<String>,
}

/// A word an act needs and was not given; the name is that of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordMissing(pub &'static str);

/// The acts that every step understands, as they are written on the command line.
pub const ACTS: [&str; 15] = [
    "complete",
    "return",
    "claim",
    "transfer",
    "delegate",
    "add-signer",
    "sign",
    "recall",
    "nudge",
    "copy",
    "extend",
    "pause",
    "resume",
    "waive",
    "cancel",
];

/// Reads an act: one that every step understands, or an action of the step's own, such as 同意.
///
/// Where an act takes no form, the words may also stand in a form of that name: a file with
/// `{"reason": "…"}` says the same as `--reason`.
///
/// # Errors
/// [`WordMissing`] when the act needs a word that was not given.
pub fn read_act(action: &str, words: ActWords) -> Result<Doing, WordMissing> {
    let words = if ACTS[1..].contains(&action) { words.with_form() } else { words };
    let ActWords { to, reason, by, approver, document, note, form, attached } = words;
    let reason_or_empty = || reason.clone().unwrap_or_default();
    let one = |to: Vec<String>| to.into_iter().next().ok_or(WordMissing("to"));
    Ok(match action {
        "complete" => Doing::Complete { action: None, answer: form.map(Arc::new), attached },
        "return" => Doing::Return { reason: reason_or_empty() },
        "claim" => Doing::Claim,
        "transfer" if to.is_empty() => return Err(WordMissing("to")),
        "transfer" => Doing::Transfer { to, reason: reason_or_empty() },
        "delegate" => Doing::Delegate { to: one(to)?, reason: reason_or_empty() },
        "add-signer" => Doing::AddSigner { to: one(to)?, reason: reason_or_empty() },
        "sign" => Doing::Sign,
        "recall" => Doing::Recall { reason: reason_or_empty() },
        "nudge" => Doing::Nudge { note },
        "copy" => Doing::Copy { to: one(to)?, note },
        "extend" => Doing::Extend {
            by,
            reason: reason_or_empty(),
            approver: approver.ok_or(WordMissing("approver"))?,
            document,
        },
        "pause" => Doing::Pause {
            reason: reason.ok_or(WordMissing("reason"))?,
            document: document.ok_or(WordMissing("document"))?,
            approver: approver.ok_or(WordMissing("approver"))?,
        },
        "resume" => Doing::Resume,
        "waive" => Doing::Waive { document: document.ok_or(WordMissing("document"))? },
        "cancel" => Doing::Cancel { reason: reason_or_empty() },
        own => Doing::Complete { action: Some(own.to_owned()), answer: form.map(Arc::new), attached },
    })
}

impl ActWords {
    /// Takes what is not said otherwise from the form.
    fn with_form(mut self) -> Self {
        let Some(form) = self.form.take() else { return self };
        let text = |name: &str| form.get(name).and_then(Value::as_str).map(str::to_owned);
        self.reason = self.reason.or_else(|| text("reason"));
        self.by = self.by.or_else(|| text("by"));
        self.approver = self.approver.or_else(|| text("approver"));
        self.document = self.document.or_else(|| text("document"));
        self.note = self.note.or_else(|| text("note"));
        if self.to.is_empty() {
            let listed = form.get("to").and_then(Value::as_array);
            let listed = listed.map(|to| to.iter().filter_map(Value::as_str).map(str::to_owned).collect());
            self.to = listed.or_else(|| text("to").map(|to| vec![to])).unwrap_or_default();
        }
        self
    }
}

/// Finds an order by its id or its number.
///
/// # Refusals
/// There is none.
pub async fn order_key(store: &Store, live: &Live, id: &str, now: Stamp) -> Result<Key, Stop> {
    let parsed =
        id.rsplit_once('-').and_then(|(home, seq)| Some((home.to_owned(), seq.parse::<i64>().ok()?)));
    let today = now.day_in(live.policy.bureau.zone);
    let mut found = match parsed {
        Some(key) => return Ok(key),
        None => order_list::by_number(&mut store.read().await?, id, now, today).await?,
    };
    match (found.pop(), found.is_empty()) {
        (Some(order), true) => Ok((order.home, order.seq)),
        _ => Err(Refusal::new(RefusalCode::NoSuchOrder).with("order", id).into()),
    }
}

/// Carries out one act, alone in its transaction.
///
/// # Refusals
/// Those of the engine; R010 when the order has changed since it was looked at, R122 when the key
/// was used for another act. Nothing has changed then.
pub async fn act(store: &Store, live: &Live, wish: ActWish, now: Stamp) -> Result<ActAnswer, Stop> {
    let matter = Matter::act(wish, now);
    let mut answers = Clerk::new(store, live).carry_out(std::slice::from_ref(&matter)).await;
    answers.pop().expect("there is one answer for each matter")
}

/// Acts of one transaction, where many are handed over at once.
const BATCH: usize = 1_000;

/// Carries out many acts, a thousand to a transaction; the answers stand in the order of the acts.
///
/// # Refusals
/// Those of [`act`], each for its own act.
pub async fn act_many(
    store: &Store,
    live: &Live,
    wishes: Vec<ActWish>,
    now: Stamp,
) -> Vec<Result<ActAnswer, Stop>> {
    let mut clerk = Clerk::new(store, live);
    let matters: Vec<Matter> = wishes.into_iter().map(|wish| Matter::act(wish, now)).collect();
    let mut answers = Vec::with_capacity(matters.len());
    for batch in matters.chunks(BATCH) {
        answers.extend(clerk.carry_out(batch).await);
    }
    answers
}

impl Matter {
    /// Makes a matter of what a person asks.
    pub(super) fn act(wish: ActWish, now: Stamp) -> Self {
        let ActWish { order, act, key, version, files } = wish;
        let matter = Self::of(order, &act.by, now);
        Self { event: Recorded::Act(composed(act)), version, key, files, ..matter }
    }
}

/// Writes all texts of an act as the ledger does, so that a replay reads what was decided on.
fn composed(act: Act) -> Act {
    let text = serde_json::to_string(&act).expect("keys of an act are texts");
    if is_nfc(&text) {
        return act;
    }
    let text: String = text.nfc().collect();
    serde_json::from_str(&text).unwrap_or(act)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_takes_its_words_from_the_line_or_from_the_form() {
        let form = serde_json::json!({"reason": "出差", "to": ["li"]});
        let words = ActWords { form: Some(form), ..ActWords::default() };
        let wanted = Doing::Transfer { to: vec!["li".to_owned()], reason: "出差".to_owned() };
        assert_eq!(read_act("transfer", words), Ok(wanted));
        assert_eq!(read_act("delegate", ActWords::default()), Err(WordMissing("to")));
    }

    #[test]
    fn a_word_no_step_shares_is_the_steps_own_action() {
        let wanted =
            Doing::Complete { action: Some("同意".to_owned()), answer: None, attached: Vec::new() };
        assert_eq!(read_act("同意", ActWords::default()), Ok(wanted));
    }
}
