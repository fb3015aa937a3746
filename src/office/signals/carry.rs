//! Signals from outside, carried to the open orders they reach.
//!
//! A signal is a row until every order it reaches has met it, and every order it opens is open; each order keeps that it has, so that
//! a pass cut off in the middle is gone on with and no order meets a signal twice.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::diag::nearest;
use crate::engine::signals as names;
use crate::engine::{Event, Refusal, RefusalCode, Signal};
use crate::id::OrderId;
use crate::lang;
use crate::office::active_release::ACTOR;
use crate::office::authority;
use crate::office::desk::act_executor::ActExecutor;
use crate::office::desk::request::ActRequest;
use crate::office::find_subject::no_such_subject;
use crate::office::opening::undated::open_called;
use crate::office::signal_notes::{CAME, GRIDS};
use crate::office::{ActContext, ActiveRelease, Answer, OfficeStop};
use crate::people::PowerRequest;
use crate::policy::{Policy, Power, SignalAct};
use crate::store::order_list::{self, StoredOrder};
use crate::store::reading::SubjectKey;
use crate::store::signals::{self, NewSignal, SignalTarget};
use crate::store::{Reads, Tx, duties, people, reading};
use crate::time::Day;

/// Signals read at a time, and orders of one transaction.
const BATCH: usize = 1_000;

/// A signal that somebody gave.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignalReport {
    pub name: String,
    /// What it is about.
    pub id: String,
    /// How many orders it opened or has a meaning for.
    pub orders: usize,
    /// Numbers of the orders it opened.
    pub opened: Vec<String>,
    /// Numbers of the open orders whose workflow hears it.
    pub reached: Vec<String>,
    /// Numbers of the open orders because of which no other was opened.
    pub already: Vec<String>,
    /// The status that the register goes on with, where the signal tells of another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<&'static str>,
}

/// A signal that somebody gives about a subject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignalWish<'a> {
    pub name: &'a str,
    /// Id of the subject.
    pub subject: &'a str,
    /// What comes with it.
    pub data: Option<&'a Value>,
    /// Who gives it.
    pub by: &'a str,
}

/// Notes a signal about a subject and carries it on.
///
/// # Refusals
/// R003 when there is no such subject; R180 when nothing listens to the name; somebody who lacks the power.
pub async fn signal(cx: ActContext<'_>, wish: SignalWish<'_>) -> Answer<SignalReport> {
    let SignalWish { name, subject, data, by } = wish;
    let mut tx = cx.store.begin().await?;
    let Some(known) = reading::of_ids(&mut tx, cx.policy(), [subject]).await?.pop() else {
        return Err(no_such_subject(&mut tx, subject).await);
    };
    let registered = known.subject.history.status(cx.today);
    let register = names::status_of(name).filter(|told| *told != registered).map(|_| registered.into_str());
    let roster = people::roster(&mut tx).await?;
    let wanted = PowerRequest::over(Power::Signal, Some(&known.subject.station));
    authority::allow(cx, &roster, by, PowerRequest { subject: Some(subject), ..wanted })?;
    refuse_unheard(cx.policy(), name)?;
    let body = with_giver(data, by).to_string();
    let (name, id) = (name.to_owned(), subject.to_owned());
    let key = SubjectKey { home: known.subject.home.clone(), id: id.clone() };
    let before = open_orders(cx, &mut tx, &key).await?;
    let new =
        NewSignal { name: name.clone(), about: SignalTarget::Subject, id: id.clone(), body, at: cx.now };
    if !signals::is_waiting(&mut tx, &new).await? {
        signals::add_many(&mut tx, &[new]).await?;
    }
    tx.commit().await?;
    carry(cx).await?;
    let after = open_orders(cx, &mut cx.store.read().await?, &key).await?;
    let is_new = |order: &&StoredOrder| !before.iter().any(|known| known.header.id == order.header.id);
    let opened = numbers(after.iter().filter(is_new));
    let reached = numbers(before.iter().filter(|order| is_heard(cx.policy(), order, &name)));
    let opens = |order: &&StoredOrder| {
        cx.policy().workflow(&order.header.workflow).is_some_and(|workflow| workflow.opens_on(&name))
    };
    let already = if opened.is_empty() { numbers(before.iter().filter(opens)) } else { Vec::new() };
    Ok(SignalReport { orders: opened.len() + reached.len(), name, id, opened, reached, already, register })
}

/// Lists the open orders of a subject.
async fn open_orders(
    cx: ActContext<'_>,
    at: &mut impl Reads,
    subject: &SubjectKey,
) -> Answer<Vec<StoredOrder>> {
    let orders = order_list::of_subject(at, subject, cx.now, cx.today).await?;
    Ok(orders.into_iter().filter(|order| order.state == "open").collect())
}

fn numbers<'o>(orders: impl Iterator<Item = &'o StoredOrder>) -> Vec<String> {
    orders.map(|order| order.header.number.clone()).collect()
}

/// Returns whether a signal about its subject means something to an open order.
fn is_heard(policy: &Policy, order: &StoredOrder, name: &str) -> bool {
    // Whoever has it and where it belongs changes, whatever the workflow says.
    if [names::MOVED, names::OFFICER_CHANGED].contains(&name) {
        return true;
    }
    let workflow = policy.workflow(&order.header.workflow);
    let heard = workflow.into_iter().flat_map(|workflow| &workflow.signals).filter(|rule| rule.on == name);
    heard.into_iter().any(|rule| !matches!(rule.act, SignalAct::Open | SignalAct::Chief))
}

/// Refuses a signal about a subject that no workflow hears and that says nothing by itself.
fn refuse_unheard(policy: &Policy, name: &str) -> Result<(), Refusal> {
    let heard = policy.workflows.iter().flat_map(|workflow| &workflow.signals).map(|rule| rule.on.as_str());
    let known: BTreeSet<&str> = heard.chain(names::OF_SUBJECTS).collect();
    if known.contains(name) {
        return Ok(());
    }
    let nearest = nearest(name, known.iter().copied());
    Err(Refusal::new(RefusalCode::NoSuchSignal)
        .with("name", name)
        .with("near", if nearest.is_some() { "yes" } else { "no" })
        .with("nearest", nearest.unwrap_or_default())
        .with("known", lang::list(known)))
}

/// Puts who gave a signal beside what comes with it.
fn with_giver(data: Option<&Value>, by: &str) -> Value {
    let mut body = match data {
        Some(Value::Object(said)) => said.clone(),
        Some(said) => serde_json::Map::from_iter([("data".to_owned(), said.clone())]),
        None => serde_json::Map::new(),
    };
    body.insert(GIVER.to_owned(), by.into());
    Value::Object(body)
}

/// Key under which a signal says who gave it.
const GIVER: &str = "given_by";

/// Carries all signals that came up to `now`; returns how many orders they changed or opened.
///
/// # Errors
/// [`OfficeStop`] when the database refuses; the next pass goes on from there.
pub(crate) async fn carry(cx: ActContext<'_>) -> Answer<u64> {
    let mut clerk = ActExecutor::new(cx.store, cx.live);
    let mut reached = 0;
    loop {
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let waiting = signals::waiting(&mut cx.store.read().await?, cx.now, limit).await?;
        if waiting.is_empty() {
            return Ok(reached);
        }
        let waiting = apart(cx.live, waiting);
        let matters = matters(cx, &waiting).await?;
        for batch in matters.chunks(BATCH) {
            for answer in clerk.carry_out(batch).await {
                match answer {
                    Ok(answer) if !answer.repeated => reached += 1,
                    // What an order cannot follow is no reason to withhold the signal from others.
                    Ok(_) | Err(OfficeStop::Refused(_)) => {}
                    Err(stop) => return Err(stop),
                }
            }
        }
        reached += open(cx, &waiting).await?;
        let mut tx: Tx = cx.store.begin().await?;
        signals::handled(&mut tx, waiting.iter().map(|(number, _)| *number), cx.now).await?;
        tx.commit().await?;
    }
}

/// Keeps the signals before the first about a subject for whom one of them opens orders: what is opened,
/// the next signal must reach.
fn apart(live: &ActiveRelease, mut waiting: Vec<(i64, NewSignal)>) -> Vec<(i64, NewSignal)> {
    let mut called = BTreeSet::new();
    let opens = |name: &str| live.policy.workflows.iter().any(|workflow| workflow.opens_on(name));
    let is_apart = |(_, signal): &(i64, NewSignal)| {
        signal.about != SignalTarget::Subject
            || !called.contains(&signal.id) && (!opens(&signal.name) || called.insert(signal.id.clone()))
    };
    let count = waiting.iter().map(is_apart).take_while(|is_apart| *is_apart).count();
    waiting.truncate(count);
    waiting
}

/// Opens what workflows open on these signals; returns how many orders.
async fn open(cx: ActContext<'_>, waiting: &[(i64, NewSignal)]) -> Answer<u64> {
    let mut by_name: BTreeMap<&str, BTreeMap<&str, Day>> = BTreeMap::new();
    for (_, signal) in waiting.iter().filter(|(_, signal)| signal.about == SignalTarget::Subject) {
        let on = word(signal, "on").and_then(|text| text.parse().ok());
        let on = on.unwrap_or_else(|| signal.at.day_in(cx.zone()));
        by_name.entry(&signal.name).or_default().insert(&signal.id, on);
    }
    open_called(cx, &by_name).await
}

/// What the keys begin with under which orders keep that a signal met them.
pub(crate) const SIGNAL_KEY: &str = "signal/";

/// Finds the open orders that signals reach, in the order the signals came.
async fn matters(cx: ActContext<'_>, waiting: &[(i64, NewSignal)]) -> Answer<Vec<ActRequest>> {
    let of = |about: SignalTarget| {
        let meant = waiting.iter().filter(move |(_, signal)| signal.about == about);
        meant.map(|(_, signal)| signal.id.as_str()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let mut reader = cx.store.read().await?;
    let mut by_subject: BTreeMap<String, Vec<OrderId>> = BTreeMap::new();
    for (subject, order) in signals::open_of_subjects(&mut reader, &of(SignalTarget::Subject)).await? {
        by_subject.entry(subject).or_default().push(order);
    }
    let mut by_officer: BTreeMap<String, BTreeSet<OrderId>> = BTreeMap::new();
    for duty in duties::of_officers(&mut reader, &of(SignalTarget::Officer)).await? {
        by_officer.entry(duty.officer).or_default().insert(duty.order);
    }
    let mut matters = Vec::new();
    for (number, signal) in waiting {
        let orders: Vec<OrderId> = match signal.about {
            SignalTarget::Subject => by_subject.get(&signal.id).cloned().unwrap_or_default(),
            SignalTarget::Officer => by_officer.get(&signal.id).into_iter().flatten().cloned().collect(),
            SignalTarget::Bureau if signal.name == names::OFFICER_CAME => {
                signals::unassigned(&mut reader).await?
            }
            SignalTarget::Bureau => {
                let named = cx.policy().workflows.iter();
                let named = named.filter(|workflow| workflow.signals.iter().any(|on| on.on == signal.name));
                let named: Vec<&str> = named.map(|workflow| workflow.id.as_str()).collect();
                signals::open_of_workflows(&mut reader, &named).await?
            }
        };
        let event = Event::Signal(event(signal));
        let giver = word(signal, GIVER).unwrap_or_else(|| ACTOR.to_owned());
        matters.extend(orders.into_iter().map(|order| ActRequest {
            event: event.clone(),
            key: Some(format!("{SIGNAL_KEY}{number}")),
            ..ActRequest::of(order, &giver, cx.now)
        }));
    }
    Ok(matters)
}

/// Returns what a signal means to an order.
fn event(signal: &NewSignal) -> Signal {
    let text = |name: &str| word(signal, name);
    match (signal.about, signal.name.as_str(), text("station")) {
        (SignalTarget::Subject, names::MOVED, Some(station)) => Signal::Moved { station, grid: text("grid") },
        (SignalTarget::Officer, names::OFFICER_CHANGED, _) => staff(vec![signal.id.clone()], signal),
        (SignalTarget::Officer, ..)
        | (SignalTarget::Subject, names::OFFICER_CHANGED, _)
        | (SignalTarget::Bureau, names::OFFICER_CAME, _) => staff(Vec::new(), signal),
        (SignalTarget::Subject | SignalTarget::Bureau, name, _) => Signal::Named(name.to_owned()),
    }
}

/// Says that people changed, with what came with a signal.
fn staff(changed: Vec<String>, signal: &NewSignal) -> Signal {
    Signal::Staff { changed, grids: texts(signal, GRIDS), came: texts(signal, CAME) }
}

/// Returns a list of texts of what came with a signal.
fn texts(signal: &NewSignal, name: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(&signal.body).unwrap_or_default();
    let all = body.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns a text of what came with a signal.
fn word(signal: &NewSignal, name: &str) -> Option<String> {
    let body: Value = serde_json::from_str(&signal.body).ok()?;
    body.get(name)?.as_str().map(str::to_owned)
}
