//! The same act on many orders: counted first, then carried out in batches.

use serde::Serialize;

use crate::engine::{Act, Doing};
use crate::id::OrderId;
use crate::office::OrderFilter;
use crate::office::authority;
use crate::office::desk::act_executor::ActExecutor;
use crate::office::desk::request::{ActRequest, ActWish, retry_matter};
use crate::office::places::at_places;
use crate::office::{ActContext, Answer, Intent, OfficeStop};
use crate::store::{order_list, people};
use crate::time::Stamp;

/// What is done to all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAct {
    /// They are handed over.
    Reassign { to: Vec<String>, reason: String },
    /// They are ended.
    Cancel { reason: String },
    /// Where they go next is decided again, by the rules in force now.
    Retry,
}

/// What became of many.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BulkReport {
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
    pub id: String,
    /// Id of the reason's text.
    pub code: &'static str,
    /// The words the text names.
    #[serde(serialize_with = "crate::office::fault::as_map")]
    pub args: Vec<(&'static str, String)>,
}

/// Orders of one transaction.
const BATCH: usize = 1_000;

/// Does the same to all open orders a filter lets through, or only counts them.
///
/// # Refusals
/// R110, R021 and R022 for somebody the bureau does not know or who is not there; what single orders refuse is in the answer.
pub async fn bulk(
    cx: ActContext<'_>,
    act: &BulkAct,
    filter: &OrderFilter,
    intent: Intent<'_>,
) -> Answer<BulkReport> {
    let mut reader = cx.store.read().await?;
    let filter = OrderFilter { state: Some("open".to_owned()), ..at_places(&mut reader, filter).await? };
    let mut found = order_list::list(&mut reader, &filter, cx.now, cx.today);
    let mut orders = Vec::new();
    loop {
        let some = found.next_rows(BATCH).await?;
        if some.is_empty() {
            break;
        }
        orders.extend(some.into_iter().map(|listed| listed.order.header.id));
    }
    drop(found);
    drop(reader);
    carry_out(cx, orders, act, intent).await
}

fn matter(order: OrderId, act: &BulkAct, by: &str, now: Stamp) -> ActRequest {
    let doing = match act {
        BulkAct::Reassign { to, reason } => Doing::Transfer { to: to.clone(), reason: reason.clone() },
        BulkAct::Cancel { reason } => Doing::Cancel { reason: reason.clone() },
        BulkAct::Retry => return retry_matter(order, by, now),
    };
    let act = Act { by: by.to_owned(), step: None, visit: None, note: None, doing };
    ActRequest::act(ActWish { order, act, key: None, version: None, files: Vec::new() }, now)
}

/// Does the same to many orders, some to a transaction; what was committed before a fault stays.
pub(crate) async fn carry_out(
    cx: ActContext<'_>,
    orders: Vec<OrderId>,
    act: &BulkAct,
    intent: Intent<'_>,
) -> Answer<BulkReport> {
    let mut done = BulkReport { orders: orders.len() as u64, ..BulkReport::default() };
    let Intent::Done(by) = intent else { return Ok(BulkReport { preview: true, ..done }) };
    let roster = people::roster(&mut cx.store.read().await?).await?;
    authority::allow_person(authority::on_day(cx, &roster), by)?;
    let asked = |order| ActRequest { written: cx.written, ..matter(order, act, by, cx.now) };
    let matters: Vec<ActRequest> = orders.into_iter().map(asked).collect();
    let mut clerk = ActExecutor::new(cx.store, cx.live);
    for batch in matters.chunks(BATCH) {
        for (answer, matter) in clerk.carry_out(batch).await.into_iter().zip(batch) {
            match answer {
                Ok(_) => done.done += 1,
                Err(OfficeStop::Refused(refusal)) => done.refused.push(BulkRefusal {
                    id: matter.order.to_string(),
                    code: refusal.id,
                    args: refusal.args,
                }),
                Err(stop) => return Err(stop),
            }
        }
    }
    Ok(done)
}
