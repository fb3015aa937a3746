//! What a person asks to be done to an order, and what is answered.

use crate::engine::{Key, Refusal, RefusalCode};
use crate::office::desk::clerk::Clerk;
use crate::office::desk::request::{ActAnswer, ActWish, Matter};
use crate::office::{Live, Stop};
use crate::store::{Store, order_list};
use crate::time::Stamp;

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
