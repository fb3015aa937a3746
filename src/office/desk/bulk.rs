//! The same act on many orders: counted first, then carried out in batches.

use serde::Serialize;

use crate::engine::{Act, Doing, Key, Recorded, Refusal, RefusalCode};
use crate::office::OrderFilter;
use crate::office::desk::clerk::Clerk;
use crate::office::desk::request::{Matter, retry_matter};
use crate::office::order_id::order_id;
use crate::office::{Live, Stop};
use crate::store::{Store, order_list, people};
use crate::time::Stamp;

/// What is done to all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAct {
    /// They are handed over.
    Reassign {
        /// To whom.
        to: Vec<String>,
        /// Why.
        reason: String,
    },
    /// They are ended.
    Cancel {
        /// Why.
        reason: String,
    },
    /// Where they go next is decided again, by the rules in force now.
    Retry,
}

/// What became of many.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Done {
    /// How many were meant.
    pub orders: u64,
    /// Whether they were only counted.
    pub preview: bool,
    /// How many it was done to.
    pub done: u64,
    /// Those it was not done to.
    pub refused: Vec<BulkRefusal>,
}

/// One order it was not done to.
#[derive(Clone, Debug, Serialize)]
pub struct BulkRefusal {
    /// Its id.
    pub id: String,
    /// Id of the reason's text.
    pub code: &'static str,
    /// The words the text names.
    #[serde(serialize_with = "crate::office::fault::as_map")]
    pub args: Vec<(&'static str, String)>,
}

/// Orders of one transaction.
const BATCH: usize = 1_000;

/// Does the same to all open orders a filter lets through; with `is_preview` only counts them.
///
/// # Refusals
/// R110 for somebody the bureau does not know; what single orders refuse is in the answer.
pub async fn bulk(
    store: &Store,
    live: &Live,
    (act, by): (&BulkAct, &str),
    filter: &OrderFilter,
    is_preview: bool,
    now: Stamp,
) -> Result<Done, Stop> {
    let filter = OrderFilter { state: Some("open".to_owned()), ..filter.clone() };
    let today = now.day_in(live.policy.bureau.zone);
    let mut reader = store.read().await?;
    let found = order_list::list(&mut reader, &filter, now, today).await?;
    drop(reader);
    let matters = found.into_iter().map(|order| matter((order.home, order.seq), act, by, now)).collect();
    carry_out(store, live, matters, is_preview).await
}

fn matter(order: Key, act: &BulkAct, by: &str, now: Stamp) -> Matter {
    let doing = match act {
        BulkAct::Reassign { to, reason } => Doing::Transfer { to: to.clone(), reason: reason.clone() },
        BulkAct::Cancel { reason } => Doing::Cancel { reason: reason.clone() },
        BulkAct::Retry => return retry_matter(order, by, now),
    };
    let act = Act { by: by.to_owned(), step: None, visit: None, doing };
    Matter { event: Recorded::Act(act), ..Matter::of(order, by, now) }
}

/// Carries out many matters, some to a transaction; what was committed before a fault stays.
pub(crate) async fn carry_out(
    store: &Store,
    live: &Live,
    matters: Vec<Matter>,
    is_preview: bool,
) -> Result<Done, Stop> {
    let mut done = Done { orders: matters.len() as u64, preview: is_preview, ..Done::default() };
    if is_preview || matters.is_empty() {
        return Ok(done);
    }
    let roster = people::roster(&mut store.read().await?).await?;
    let by = &matters[0].actor;
    if roster.is_kept() && !roster.officers.contains_key(by) {
        return Err(Refusal::new(RefusalCode::NoSuchOfficer).with("officer", by).into());
    }
    let mut clerk = Clerk::new(store, live);
    for batch in matters.chunks(BATCH) {
        for (answer, matter) in clerk.carry_out(batch).await.into_iter().zip(batch) {
            match answer {
                Ok(_) => done.done += 1,
                Err(Stop::Refused(refusal)) => done.refused.push(BulkRefusal {
                    id: order_id(&matter.order.0, matter.order.1),
                    code: refusal.id,
                    args: refusal.args,
                }),
                Err(stop) => return Err(stop),
            }
        }
    }
    Ok(done)
}
