//! What a person asks to be done to an order, and what is answered.

use crate::id::{NotAnOrderId, OrderId};
use crate::office::active_release::release_of;
use crate::office::desk::act_executor::ActExecutor;
use crate::office::desk::request::{ActAnswer, ActRequest, ActWish};
use crate::office::find_order::{order_id, order_numbered};
use crate::office::{ActContext, Answer};
use crate::policy::Action;
use crate::store::progress;

/// Finds an order by its id or its number.
///
/// # Refusals
/// There is none.
pub async fn order_key(cx: ActContext<'_>, id: &str) -> Answer<OrderId> {
    match order_id(id) {
        Ok(key) => Ok(key),
        Err(NotAnOrderId) => Ok(order_numbered(cx, &mut cx.store.read().await?, id).await?.header.id),
    }
}

/// Returns the id of the step of an order that a person names, by its id or by its title, whole or in part where one
/// step alone has it; what is no step is given back as it is.
pub async fn step_named(cx: ActContext<'_>, order: &OrderId, typed: &str) -> Answer<String> {
    let mut reader = cx.store.read().await?;
    let loaded = progress::load_many(&mut reader, [order]).await?.pop();
    let Some(loaded) = loaded else { return Ok(typed.to_owned()) };
    let pinned = release_of(&mut reader, cx.live, &loaded.policy).await?;
    let Some(workflow) = pinned.policy.workflow(&loaded.order.cover.workflow) else {
        return Ok(typed.to_owned());
    };
    let (steps, name) = (&workflow.steps, typed.trim());
    let exact = steps.iter().find(|step| step.id == name || step.title == name);
    let mut partly = steps.iter().filter(|step| !name.is_empty() && step.title.contains(name));
    let found = exact.or_else(|| partly.next().filter(|_| partly.next().is_none()));
    Ok(found.map_or_else(|| typed.to_owned(), |step| step.id.clone()))
}

/// Returns the action of its own that a step offers under a name, by its id or its title: of the step named,
/// or of those where the order is.
pub async fn action_named(
    cx: ActContext<'_>,
    order: &OrderId,
    step: Option<&str>,
    typed: &str,
) -> Answer<Option<Action>> {
    let mut reader = cx.store.read().await?;
    let Some(loaded) = progress::load_many(&mut reader, [order]).await?.pop() else { return Ok(None) };
    let pinned = release_of(&mut reader, cx.live, &loaded.policy).await?;
    let Some(workflow) = pinned.policy.workflow(&loaded.order.cover.workflow) else { return Ok(None) };
    let places = loaded.order.state.places().iter().map(|place| place.step.as_str());
    let steps = places.filter(|open| step.is_none_or(|step| step == *open)).chain(step);
    let actions = steps.filter_map(|step| workflow.step(step)).flat_map(|step| step.kind.actions());
    let actions: Vec<&Action> = actions.collect();
    let typed = typed.trim();
    let titled = |action: &&&Action| {
        action.title.as_ref().is_some_and(|title| title.to_lowercase() == typed.to_lowercase())
    };
    let found = actions.iter().find(|action| action.id == typed).or_else(|| actions.iter().find(titled));
    Ok(found.map(|action| (*action).clone()))
}

/// Carries out one act, alone in its transaction.
///
/// # Refusals
/// Those of the engine; R010 when the order has changed since it was looked at, R122 when the key
/// was used for another act. Nothing has changed then.
pub async fn act(cx: ActContext<'_>, wish: ActWish) -> Answer<ActAnswer> {
    let matter = ActRequest { written: cx.written, is_read: true, ..ActRequest::act(wish, cx.now) };
    let mut answers = ActExecutor::new(cx.store, cx.live).carry_out(std::slice::from_ref(&matter)).await;
    answers.pop().expect("there is one answer for each matter")
}

/// Acts of one transaction, where many are handed over at once.
const BATCH: usize = 1_000;

/// Carries out many acts, a thousand to a transaction; the answers stand in the order of the acts.
///
/// # Refusals
/// Those of [`act`], each for its own act.
pub async fn act_many(cx: ActContext<'_>, wishes: Vec<ActWish>) -> Vec<Answer<ActAnswer>> {
    let mut clerk = ActExecutor::new(cx.store, cx.live);
    let asked = |wish| ActRequest { written: cx.written, ..ActRequest::act(wish, cx.now) };
    let matters: Vec<ActRequest> = wishes.into_iter().map(asked).collect();
    let mut answers = Vec::with_capacity(matters.len());
    for batch in matters.chunks(BATCH) {
        answers.extend(clerk.carry_out(batch).await);
    }
    answers
}
