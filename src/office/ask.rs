//! What doors show: orders, subjects, one order's story. Reads only.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value as Json;

use super::appraise::appraise_now;
use super::release::release_of;
use super::tick::last_tick;
use super::{Live, Stop, story, trail};
use crate::appraise::{Appraisal, NextState};
use crate::engine::{self, Place, Refusal, RefusalCode, Standing};
use crate::policy::{Form, Policy, Step, StepKind};
use crate::register::{Subject, Value};
use crate::store::order_list::{self, Order};
use crate::store::reading::{self, Found};
use crate::store::{Reader, Store, officers, progress, stations, terms};
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

/// Which orders are listed; what is not given does not restrict.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the command line")]
pub struct OrderFilter {
    pub station: Option<String>,
    pub grid: Option<String>,
    pub officer: Option<String>,
    pub workflow: Option<String>,
    pub step: Option<String>,
    pub state: Option<String>,
    pub overdue: bool,
    pub limit: Option<u32>,
}

/// Lists orders issued up to `now`, in the order of issue.
pub async fn orders(
    store: &Store,
    live: &Live,
    filter: &OrderFilter,
    now: Stamp,
) -> Result<Vec<OrderLine>, Stop> {
    let mut reader = store.read().await?;
    let orders =
        order_list::list(&mut reader, &to_store_filter(filter), now, now.day_in(live.policy.bureau.zone))
            .await?;
    lines(&mut reader, live, orders).await
}

/// Puts a filter into the store's words.
pub(super) fn to_store_filter(filter: &OrderFilter) -> order_list::Filter {
    order_list::Filter {
        station: filter.station.clone(),
        grid: filter.grid.clone(),
        officer: filter.officer.clone(),
        workflow: filter.workflow.clone(),
        step: filter.step.clone(),
        state: filter.state.clone(),
        overdue: filter.overdue,
        subject: None,
        limit: filter.limit.map(i64::from),
    }
}

/// Returns an order's id as people and scripts write it: `<home>-<running number>`.
pub(super) fn order_id(home: &str, seq: i64) -> String {
    format!("{home}-{seq}")
}

/// Finds an order by its id or its number.
pub(super) async fn find_order(
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
pub(super) async fn lines(
    reader: &mut Reader,
    live: &Live,
    orders: Vec<Order>,
) -> Result<Vec<OrderLine>, Stop> {
    let stations: BTreeMap<String, String> =
        stations::list(reader).await?.into_iter().map(|row| (row.id, row.title)).collect();
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

/// One order with all that is recorded of it.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct OrderStory {
    #[serde(flatten)]
    pub line: OrderLine,
    pub history: Vec<HistoryLine>,
    pub terms: Vec<TermLine>,
    pub documents: Vec<super::DocumentLine>,
    pub actions: Vec<ActionLine>,
    pub parent: Option<String>,
    pub sub_orders: Vec<String>,
    pub places: Vec<PlaceLine>,
    /// The day it is told on.
    #[serde(skip)]
    pub today: Day,
    /// Names of officers, titles of steps and of what forms hold, each by id.
    #[serde(skip)]
    pub titles: Titles,
}

/// What ids are called.
#[derive(Clone, Debug, Default)]
pub struct Titles {
    /// Officers.
    pub people: BTreeMap<String, String>,
    /// Workflows.
    pub workflows: BTreeMap<String, String>,
    /// Steps of the order's workflow.
    pub steps: BTreeMap<String, String>,
    /// Those of the steps that people do.
    pub duties: BTreeSet<String>,
    /// The forms of those steps that have one.
    pub forms: BTreeMap<String, Form>,
}

/// Something that can be done with an order now.
#[derive(Clone, Debug, Serialize)]
pub struct ActionLine {
    /// As it is written on the command line.
    pub action: String,
    /// Roles or duties it is meant for.
    pub roles: Vec<String>,
    /// The form it needs.
    pub form: Option<String>,
    /// The step it is about.
    pub step: String,
}

/// One step an order stands at.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceLine {
    pub step: String,
    pub title: String,
    pub visit: u32,
    pub state: &'static str,
    pub since: String,
    pub until: Option<String>,
    pub due: Option<Day>,
    pub assignees: Vec<String>,
    pub claimed_by: Option<String>,
    pub short: bool,
    pub cause: Option<String>,
}

/// One event of an order.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct HistoryLine {
    pub seq: i64,
    pub at: String,
    pub actor: String,
    pub event: String,
    pub step: Option<String>,
    pub data: Json,
}

/// One term of an order.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct TermLine {
    pub id: String,
    pub kind: String,
    pub level: i64,
    pub step: String,
    pub from: String,
    pub end: String,
    pub fires_at: String,
    pub fired: Option<String>,
}

/// Tells one order's story.
pub async fn order_story(store: &Store, live: &Live, id: &str, now: Stamp) -> Result<OrderStory, Stop> {
    let zone = live.policy.bureau.zone;
    let mut reader = store.read().await?;
    let row = find_order(&mut reader, live, id, now).await?;
    let key = (row.home.clone(), row.seq);
    let no_such = || Refusal::new(RefusalCode::NoSuchOrder).with("order", id);
    let loaded = progress::load_many(&mut reader, [&key]).await?.pop().ok_or_else(no_such)?;
    let order = loaded.order;
    let pinned = release_of(&mut reader, live, &row.policy).await?;
    let mut found = terms::of_order(&mut reader, &key.0, key.1).await?;
    found.retain(|term| term.term.fired_at.is_none_or(|at| at <= now));
    let mut trail = trail::of_order(&mut reader, (&key.0, key.1), row.issued_at, &found).await?;
    trail.retain(|past| past.at <= now);
    let history = story::lines(&pinned, &trail)?;
    let since = |step: &str, visit: i64| {
        let is_meant = |place: &&Place| place.step == step && i64::from(place.visit) == visit;
        order.state.places().iter().find(is_meant).map(|place| place.entered_at)
    };
    let terms = found.into_iter().map(|term| TermLine {
        id: format!("{}/{}/{}/{}", term.step, term.visit, term.term.kind, term.term.level),
        from: term_from(&term.term.basis)
            .or_else(|| since(&term.step, term.visit).map(|at| at.day_in(zone).to_string()))
            .unwrap_or_else(|| row.issued_at.day_in(zone).to_string()),
        kind: term.term.kind,
        level: term.term.level,
        step: term.step,
        end: term.term.end_on,
        fires_at: term.term.fires_at.rfc3339_in(zone),
        fired: term.term.fired_at.map(|at| at.rfc3339_in(zone)),
    });
    let terms = terms.collect();
    let children = order_list::children(&mut reader, &key.0, key.1).await?;
    let places = order.state.places().iter().map(|place| place_line(&pinned, &order, place)).collect();
    let actions = story::actions(&pinned, &order);
    let parent = order.record.parent.as_ref().map(|parent| order_id(&key.0, parent.seq));
    let sub_orders = children.into_iter().map(|seq| order_id(&key.0, seq)).collect();
    let documents = super::documents::of_order(&mut reader, live, &row).await?;
    let line = lines(&mut reader, live, vec![row]).await?.pop().ok_or_else(no_such)?;
    let today = now.day_in(zone);
    let people = officers::list(&mut reader).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let titles = Titles { people, ..titles(&pinned.policy, &order.cover.workflow) };
    Ok(OrderStory { line, history, terms, documents, actions, parent, sub_orders, places, today, titles })
}

/// What workflows are called, and the steps of one of them with their forms.
fn titles(policy: &Policy, workflow: &str) -> Titles {
    let steps = policy.workflow(workflow).into_iter().flat_map(|workflow| &workflow.steps);
    let form = |step: &Step| match &step.kind {
        StepKind::Duty { form: Some(id), .. } => policy.form(workflow, id).cloned(),
        _ => None,
    };
    Titles {
        people: BTreeMap::new(),
        workflows: policy.workflows.iter().map(|known| (known.id.clone(), known.title.clone())).collect(),
        steps: steps.clone().map(|step| (step.id.clone(), step.title.clone())).collect(),
        duties: steps
            .clone()
            .filter(|step| matches!(step.kind, StepKind::Duty { .. }))
            .map(|step| step.id.clone())
            .collect(),
        forms: steps.filter_map(|step| Some((step.id.clone(), form(step)?))).collect(),
    }
}

/// The day a term was counted from, as its basis says.
fn term_from(basis: &str) -> Option<String> {
    let basis: Json = serde_json::from_str(basis).ok()?;
    basis.get("anchor")?.as_str()?.get(..10).map(str::to_owned)
}

fn place_line(live: &Live, order: &engine::Order, place: &Place) -> PlaceLine {
    let zone = live.policy.bureau.zone;
    let step = live.policy.workflow(&order.cover.workflow);
    let step = step.and_then(|workflow| workflow.steps.iter().find(|step| step.id == place.step));
    let duty = place.duty();
    let (state, until, cause) = match &place.standing {
        Standing::Waiting { until, .. } => ("waiting", Some(until.rfc3339_in(zone)), None),
        Standing::Duty(_) => ("duty", None, None),
        Standing::Orders(_) => ("orders", None, None),
        Standing::Parts => ("parts", None, None),
        Standing::Stuck { cause } => ("stuck", None, Some(cause.clone())),
    };
    PlaceLine {
        step: place.step.clone(),
        title: step.map_or_else(|| place.step.clone(), |step| step.title.clone()),
        visit: place.visit,
        state,
        since: place.entered_at.rfc3339_in(zone),
        until,
        due: place.due,
        assignees: duty.map(|duty| duty.assignees.clone()).unwrap_or_default(),
        claimed_by: duty.and_then(|duty| duty.claimed_by.clone()),
        short: duty.is_some_and(|duty| duty.is_short),
        cause,
    }
}

/// One subject with its tier, score and next dates.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct SubjectLine {
    pub id: String,
    pub name: String,
    pub home: String,
    pub station: String,
    pub grid: Option<String>,
    pub status: &'static str,
    pub active: bool,
    pub attributes: BTreeMap<String, Json>,
    pub tier: Option<String>,
    pub score: Option<f64>,
    pub undecided: Option<String>,
    pub last_patrol: Option<Day>,
    pub next: Option<NextLine>,
    pub no_next: Option<&'static str>,
}

/// When a subject is next due.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct NextLine {
    pub trigger: String,
    pub nominal: Day,
    pub due: Day,
    pub issue_on: Day,
    pub provisional: bool,
    pub held: Option<&'static str>,
}

/// Which subjects are listed.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the command line")]
pub struct SubjectFilter {
    pub station: Option<String>,
    pub grid: Option<String>,
    pub tier: Option<String>,
    pub limit: Option<u32>,
}

/// Subjects read and appraised at a time.
const PAGE: i64 = 5_000;

/// Lists subjects by station and id, each appraised as of `now`.
pub async fn subjects(
    store: &Store,
    live: &Live,
    filter: &SubjectFilter,
    now: Stamp,
) -> Result<Vec<SubjectLine>, Stop> {
    let day = now.day_in(live.policy.bureau.zone);
    let with_before = knows_before(store, live, day).await?;
    let within = reading::Filter { station: filter.station.clone(), grid: filter.grid.clone() };
    let limit = filter.limit.map_or(usize::MAX, |limit| limit as usize);
    let mut reader = store.read().await?;
    let (mut lines, mut after) = (Vec::new(), None);
    while lines.len() < limit {
        let found = reading::scan(&mut reader, &live.policy, &within, after.as_ref(), PAGE).await?;
        let Some(last) = found.last() else { break };
        after = Some(reading::Key { home: last.subject.home.clone(), id: last.subject.id.clone() });
        let page = appraised(&mut reader, live, found, day, with_before).await?;
        lines.extend(page.into_iter().filter(|line| filter.tier.is_none() || line.tier == filter.tier));
    }
    lines.truncate(limit);
    Ok(lines)
}

/// Shows one subject, appraised as of `now`.
pub async fn subject(store: &Store, live: &Live, id: &str, now: Stamp) -> Result<SubjectLine, Stop> {
    let day = now.day_in(live.policy.bureau.zone);
    let with_before = knows_before(store, live, day).await?;
    let mut reader = store.read().await?;
    let found = find_subject(&mut reader, live, id).await?;
    let line = appraised(&mut reader, live, vec![found], day, with_before).await?.pop();
    line.ok_or_else(|| Refusal::new(RefusalCode::NoSuchSubject).with("subject", id).into())
}

/// Finds a subject by its id.
pub(super) async fn find_subject(reader: &mut Reader, live: &Live, id: &str) -> Result<Found, Stop> {
    let found = reading::find(reader, &live.policy, id).await?;
    found.ok_or_else(|| Refusal::new(RefusalCode::NoSuchSubject).with("subject", id).into())
}

/// Returns whether stored appraisals are of the past of `day`; what a later pass decided is not
/// known on an earlier day.
pub(super) async fn knows_before(store: &Store, live: &Live, day: Day) -> Result<bool, Stop> {
    let last = last_tick(store).await?;
    Ok(last.is_some_and(|last| last.day_in(live.policy.bureau.zone) <= day))
}

async fn appraised(
    reader: &mut Reader,
    live: &Live,
    found: Vec<Found>,
    day: Day,
    with_before: bool,
) -> Result<Vec<SubjectLine>, Stop> {
    let (subjects, answers) = appraise_now(reader, live, found, day, with_before).await?;
    let lines = subjects.iter().zip(&answers);
    Ok(lines.map(|(subject, answer)| subject_line(live, subject, answer, day)).collect())
}

fn subject_line(live: &Live, subject: &Subject, answer: &Appraisal, day: Day) -> SubjectLine {
    let status = subject.history.status(day);
    let first = live.policy.recurring().zip(&answer.next).next();
    let (next, no_next) = match first {
        None => (None, None),
        Some(((workflow, trigger, _), next)) => match &next.state {
            NextState::Due { dates, .. } => {
                let line = NextLine {
                    trigger: format!("{}/{}", workflow.id, trigger.id),
                    nominal: dates.nominal,
                    due: dates.due,
                    issue_on: dates.issue_on,
                    provisional: dates.provisional,
                    held: next.held.map(crate::appraise::Held::name),
                };
                (Some(line), None)
            }
            NextState::None(reason) => (None, Some(reason.name())),
        },
    };
    let attributes = live.policy.attributes.iter().zip(&subject.attributes);
    SubjectLine {
        id: subject.id.clone(),
        name: subject.name.clone(),
        home: subject.home.clone(),
        station: subject.station.clone(),
        grid: subject.grid.clone(),
        status: status.name(),
        active: status == crate::register::Status::Active,
        attributes: attributes.map(|(attribute, value)| (attribute.id.clone(), json(value))).collect(),
        tier: answer.tier.map(|tier| live.policy.tiers.order[tier.ix()].id.clone()),
        score: answer.score,
        undecided: answer.undecided.as_ref().map(|fault| super::quarantine::cause(&live.policy, fault)),
        last_patrol: subject.history.last_patrol(day),
        next,
        no_next,
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Text(text) | Value::Decimal(text) => Json::from(text.as_ref()),
        Value::Integer(number) => Json::from(*number),
        Value::Flag(flag) => Json::from(*flag),
        Value::Day(day) => Json::from(day.to_string()),
    }
}

/// Looks at the database file: what it is, how large, whether it is sound.
///
/// With a release in force, also whether its rules are in quarantine.
pub async fn examine_database(
    store: &Store,
    live: Option<&Live>,
) -> Result<BTreeMap<&'static str, String>, Stop> {
    let damage = store.damage().await?;
    let mut reader = store.read().await?;
    let quarantine = match live {
        Some(live) => super::quarantine::of(&mut reader, &live.policy).await?,
        None => None,
    };
    let quarantine = quarantine.map(|found| format!("{} ({})", found.cause, found.subjects));
    let size = std::fs::metadata(store.path()).map_or(0, |metadata| metadata.len());
    Ok(BTreeMap::from([
        ("quarantine", quarantine.unwrap_or_else(|| "-".to_owned())),
        ("file", store.path().display().to_string()),
        ("bytes", size.to_string()),
        ("integrity", if damage.is_empty() { "ok".to_owned() } else { damage.join("; ") }),
        ("subjects", crate::store::subjects::count(&mut reader).await?.to_string()),
        ("orders", order_list::count(&mut reader).await?.to_string()),
        ("waiting", crate::store::marks::count(&mut reader).await?.to_string()),
    ]))
}
