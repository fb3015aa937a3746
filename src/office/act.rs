//! What a person asks to be done to an order, and what is answered.

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::clerk::{Clerk, Matter};
use super::{Live, Stop};
use crate::engine::{Act, Key, Recorded, Refusal, RefusalCode};
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
