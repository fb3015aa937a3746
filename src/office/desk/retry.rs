//! Orders that stand still because a rule failed: shown by cause, and resumed when it is mended.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::id::OrderId;
use crate::office::desk::bulk::{self, BulkAct, BulkReport};
use crate::office::{ActContext, ActiveRelease, Answer, Intent};
use crate::store::incidents::{self, Incident};
use crate::store::{Store, progress};

/// What failed, and the orders it stopped.
#[derive(Clone, Debug, Serialize)]
pub struct IncidentLine {
    /// The code of what went wrong, and the place of the rule.
    pub cause: String,
    /// How many orders.
    pub count: u64,
    /// Since when the oldest stands still.
    pub since: String,
    /// The first of them.
    pub orders: Vec<StuckOrder>,
}

/// One order that stands still.
#[derive(Clone, Debug, Serialize)]
pub struct StuckOrder {
    pub id: String,
    /// The step that is done.
    pub step: String,
    /// What the step is called.
    #[serde(skip)]
    pub step_title: String,
    pub since: String,
    /// What the rule was asked about: who did the step, what was chosen and how the form was filled.
    pub inputs: Value,
}

/// Orders shown of one cause; the rest are counted.
const SHOWN_MAX: usize = 20;

/// Lists what failed and what stands still for it.
pub async fn incidents(store: &Store, live: &ActiveRelease) -> Answer<Vec<IncidentLine>> {
    let zone = live.policy.bureau.zone;
    let mut reader = store.read().await?;
    let mut by_cause: BTreeMap<String, Vec<Incident>> = BTreeMap::new();
    for incident in incidents::list(&mut reader).await? {
        by_cause.entry(incident.cause.clone()).or_default().push(incident);
    }
    let shown = by_cause.values().flat_map(|all| all.iter().take(SHOWN_MAX)).map(|incident| &incident.order);
    let loaded = progress::load_many(&mut reader, shown).await?;
    let loaded: BTreeMap<OrderId, _> =
        loaded.into_iter().map(|loaded| (loaded.key(), loaded.order)).collect();
    let line = |(cause, all): (String, Vec<Incident>)| {
        let stuck = |incident: &Incident| {
            let order = loaded.get(&incident.order);
            let step =
                order.and_then(|order| live.policy.workflow(&order.cover.workflow)?.step(&incident.step));
            let passed = order.and_then(|order| order.passed(&incident.step));
            let inputs = passed.map(
                |passed| json!({"done_by": passed.done_by, "action": passed.action, "answer": passed.answer}),
            );
            StuckOrder {
                id: incident.order.to_string(),
                step: incident.step.clone(),
                step_title: step.map_or_else(|| incident.step.clone(), |step| step.title.clone()),
                since: incident.since.rfc3339_in(zone),
                inputs: inputs.unwrap_or(Value::Null),
            }
        };
        let since = all.iter().map(|incident| incident.since).min();
        IncidentLine {
            count: all.len() as u64,
            since: since.map(|since| since.rfc3339_in(zone)).unwrap_or_default(),
            orders: all.iter().take(SHOWN_MAX).map(stuck).collect(),
            cause,
        }
    };
    Ok(by_cause.into_iter().map(line).collect())
}

/// Pins the orders that stand still for a cause to the active release, and lets each go on.
///
/// A cause may be given by how it begins, such as the code alone; without one, all are meant.
///
/// # Refusals
/// R110 for somebody the bureau does not know.
pub async fn retry(cx: ActContext<'_>, cause: Option<&str>, intent: Intent<'_>) -> Answer<BulkReport> {
    let all = incidents::list(&mut cx.store.read().await?).await?;
    let is_meant = |incident: &Incident| cause.is_none_or(|cause| incident.cause.starts_with(cause));
    let mut keys: Vec<OrderId> = all.into_iter().filter(is_meant).map(|incident| incident.order).collect();
    keys.sort_unstable();
    keys.dedup();
    bulk::carry_out(cx, keys, &BulkAct::Retry, intent).await
}
