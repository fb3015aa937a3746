//! Orders in lists.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::engine::{Refusal, RefusalCode};
use crate::office::order_id::order_id;
use crate::office::{Live, OrderFilter, Stop};
use crate::store::bureau::{self, StationRecord};
use crate::store::order_list::{self, Order};
use crate::store::{Reader, Store, reading};
use crate::time::{Day, Stamp};

/// One order in a list.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct OrderLine {
    pub id: String,
    pub number: String,
    pub workflow: String,
    pub trigger: String,
    pub subject: String,
    pub name: String,
    pub station: String,
    pub station_title: String,
    pub grid: Option<String>,
    pub tier: Option<String>,
    pub score: Option<String>,
    pub step: String,
    pub step_title: String,
    pub state: String,
    pub assignees: Vec<String>,
    pub scheduled_for: String,
    pub issued_at: String,
    pub nominal: Option<String>,
    pub due: String,
    pub step_due: Option<Day>,
    pub overdue: bool,
    pub provisional: bool,
    pub policy: String,
}

/// Lists orders issued up to `now`, in the order of issue.
pub async fn orders(
    store: &Store,
    live: &Live,
    filter: &OrderFilter,
    now: Stamp,
) -> Result<Vec<OrderLine>, Stop> {
    let mut reader = store.read().await?;
    let orders = order_list::list(&mut reader, filter, now, now.day_in(live.policy.bureau.zone)).await?;
    lines(&mut reader, live, orders).await
}

/// Finds an order by its id or its number.
pub(crate) async fn find_order(
    reader: &mut Reader,
    live: &Live,
    id: &str,
    now: Stamp,
) -> Result<Order, Stop> {
    let today = now.day_in(live.policy.bureau.zone);
    let key = id.rsplit_once('-').and_then(|(home, seq)| Some((home, seq.parse::<i64>().ok()?)));
    if let Some((home, seq)) = key
        && let Some(order) = order_list::find(reader, home, seq, now, today).await?
    {
        return Ok(order);
    }
    let mut found = order_list::by_number(reader, id, now, today).await?;
    match (found.pop(), found.is_empty()) {
        (Some(order), true) => Ok(order),
        _ => Err(Refusal::new(RefusalCode::NoSuchOrder).with("order", id).into()),
    }
}

/// Puts orders into lines, with the names of their subjects and the people of their steps.
pub(crate) async fn lines(
    reader: &mut Reader,
    live: &Live,
    orders: Vec<Order>,
) -> Result<Vec<OrderLine>, Stop> {
    let stations: BTreeMap<String, String> =
        bureau::list(reader).await?.into_iter().map(|row: StationRecord| (row.id, row.title)).collect();
    let ids: Vec<(&str, &str)> = orders.iter().map(|o| (o.home.as_str(), o.subject.as_str())).collect();
    let names = reading::names(reader, &ids).await?;
    Ok(orders.into_iter().map(|order| line(live, &stations, &names, order)).collect())
}

fn line(
    live: &Live,
    stations: &BTreeMap<String, String>,
    names: &BTreeMap<String, String>,
    order: Order,
) -> OrderLine {
    let zone = live.policy.bureau.zone;
    let step = live
        .policy
        .workflow(&order.workflow)
        .and_then(|workflow| workflow.steps.iter().find(|step| step.id == order.step));
    OrderLine {
        id: order_id(&order.home, order.seq),
        name: names.get(&order.subject).cloned().unwrap_or_default(),
        step_title: step.map_or_else(|| order.step.clone(), |step| step.title.clone()),
        assignees: order.assignees,
        number: order.number,
        workflow: order.workflow,
        trigger: order.trigger,
        subject: order.subject,
        station_title: stations.get(&order.station).unwrap_or(&order.station).clone(),
        station: order.station,
        grid: order.grid,
        tier: order.tier,
        score: order.score,
        step: order.step,
        state: order.state,
        scheduled_for: order.scheduled_for,
        issued_at: order.issued_at.rfc3339_in(zone),
        nominal: Some(order.nominal).filter(|nominal| !nominal.is_empty()),
        due: order.due_on.to_string(),
        step_due: order.step_due,
        overdue: order.is_overdue,
        provisional: order.is_provisional,
        policy: order.policy,
    }
}
