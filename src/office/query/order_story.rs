//! What doors show: orders, subjects, one order's story. Reads only.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::engine::{self, ActiveStep, Confirmation, Delegate, Duty, OpenPause, StepStatus, TermRequest};
use crate::id::OrderId;
use crate::office::active_release::release_of;
use crate::office::audit::order_log;
use crate::office::find_order::{find_order, no_such_order};
use crate::office::people::names;
use crate::office::query::history::{self, ActionLine, HistoryLine};
use crate::office::query::orders::{OrderLine, lines};
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::policy::{Form, Policy, Step, StepKind, SubjectKind};
use crate::store::terms::Term;
use crate::store::{order_list, progress, terms};
use crate::time::Day;

/// One order with all that is recorded of it.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct OrderStory {
    #[serde(flatten)]
    pub line: OrderLine,
    pub history: Vec<HistoryLine>,
    pub terms: Vec<TermLine>,
    pub documents: Vec<crate::office::DocumentLine>,
    pub actions: Vec<ActionLine>,
    pub parent: Option<String>,
    pub sub_orders: Vec<String>,
    pub places: Vec<PlaceLine>,
    pub unconfirmed: Vec<UnconfirmedLine>,
    /// The order that opened it, and those that it opened.
    #[serde(skip)]
    pub related: Vec<RelatedOrder>,
    /// The day it is told on.
    #[serde(skip)]
    pub today: Day,
    /// What it is about.
    #[serde(skip)]
    pub subject_kind: SubjectKind,
    /// Names of officers, titles of steps and of what forms hold, each by id.
    #[serde(skip)]
    pub titles: OrderTitles,
}

/// An order that opened another one, or that another one opened.
#[derive(Clone, Debug)]
pub struct RelatedOrder {
    pub id: String,
    pub number: String,
    pub is_open: bool,
    /// Who has it in hand.
    pub assignees: Vec<String>,
}

impl RelatedOrder {
    fn of(order: &engine::Order) -> Self {
        let duties = order.state.places().iter().filter_map(ActiveStep::duty);
        let assignees: BTreeSet<&String> = duties.flat_map(|duty| &duty.assignees).collect();
        Self {
            id: order.cover.id.to_string(),
            number: order.cover.number.clone(),
            is_open: !order.state.places().is_empty(),
            assignees: assignees.into_iter().cloned().collect(),
        }
    }
}

/// What ids are called.
#[derive(Clone, Debug, Default)]
pub struct OrderTitles {
    /// What one run of the workflow is called.
    pub noun: String,
    /// Officers.
    pub people: BTreeMap<String, String>,
    pub workflows: BTreeMap<String, String>,
    /// Steps of the order's workflow.
    pub steps: BTreeMap<String, String>,
    /// What steps are completed with, by step and id, where it is called otherwise.
    pub actions: BTreeMap<(String, String), String>,
    /// Those of the steps that people do.
    pub duties: BTreeSet<String>,
    /// The forms of those steps that have one.
    pub forms: BTreeMap<String, Form>,
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
    /// Since when its term stands still, and why.
    pub paused: Option<OpenPauseLine>,
    pub assignees: Vec<String>,
    pub claimed_by: Option<String>,
    /// Who may act for an assignee.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delegates: Vec<Delegate>,
    /// Whose added signature is waited for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<String>,
    pub short: bool,
    pub cause: Option<String>,
}

/// An interruption of a term that is not over.
#[derive(Clone, Debug, Serialize)]
pub struct OpenPauseLine {
    pub from: Day,
    /// What a person wrote, or the name of the signal that did it.
    pub reason: String,
}

/// Somebody who has yet to confirm as himself what another did in his name, too.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct UnconfirmedLine {
    pub officer: String,
    pub step: String,
    pub visit: u32,
    pub what: &'static str,
    pub by: String,
    pub since: String,
    pub replaces: Option<String>,
    /// Why a change of a term is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<TermRequest>,
}

/// One term of an order.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract of the command line")]
pub struct TermLine {
    pub id: String,
    pub kind: &'static str,
    pub level: u32,
    pub step: String,
    pub from: String,
    pub end: Day,
    pub fires_at: String,
    pub fired: Option<String>,
    /// The field of a form that says so, such as `patrol.deadline`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What one of several terms is for: rows of the form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
}

/// Tells one order's story.
pub async fn order_story(cx: ActContext<'_>, id: &str) -> Answer<OrderStory> {
    let ActContext { live, now, today, .. } = cx;
    let zone = cx.zone();
    let mut reader = cx.store.read().await?;
    let row = find_order(cx, &mut reader, id).await?;
    let (key, issued_at) = (row.header.id.clone(), row.header.issued_at);
    let no_such = || no_such_order(id);
    let order = progress::load_many(&mut reader, [&key]).await?.pop().ok_or_else(no_such)?.order;
    let pinned = release_of(&mut reader, live, &row.origin.policy).await?;
    let mut found = terms::of_order(&mut reader, key.as_ref()).await?;
    found.retain(|term| term.row.fired_at.is_none_or(|at| at <= now));
    let mut trail = order_log::of_order(&mut reader, key.as_ref(), issued_at, &found).await?;
    trail.retain(|past| past.at <= now);
    let history = history::lines(&pinned, &trail, &found)?;
    let since = |step: &str, visit: u32| {
        let is_meant = |place: &&ActiveStep| place.step == step && place.visit == visit;
        order.state.places().iter().find(is_meant).map(|place| place.entered_at)
    };
    let terms = found.into_iter().map(|Term { row, .. }| {
        let (level, of, source) =
            (row.rung().level, history::term_is_for(&row), history::basis_says(&row, "from"));
        TermLine {
            id: format!("{}/{}/{}/{}", row.step, row.visit, row.kind.into_str(), row.level),
            from: history::basis_says(&row, "anchor")
                .and_then(|day| day.get(..10).map(str::to_owned))
                .or_else(|| since(&row.step, row.visit).map(|at| at.day_in(zone).to_string()))
                .unwrap_or_else(|| issued_at.day_in(zone).to_string()),
            kind: row.kind.into_str(),
            level,
            step: row.step,
            end: row.end_on,
            fires_at: row.fires_at.rfc3339_in(zone),
            fired: row.fired_at.map(|at| at.rfc3339_in(zone)),
            source,
            of,
        }
    });
    let terms = terms.collect();
    let children = order_list::children(&mut reader, key.as_ref()).await?;
    let places = order.state.places().iter().map(|place| place_line(&pinned, &order, place)).collect();
    let unconfirmed = |asked| unconfirmed_line(&pinned.policy, &order, asked);
    let unconfirmed = order.unconfirmed().map(unconfirmed).collect();
    let actions = history::actions(&pinned, &order);
    let parent = order.record.parent.as_ref();
    let parent = parent.map(|parent| OrderId { home: key.home.clone(), seq: parent.seq });
    let related = progress::load_many(&mut reader, parent.iter().chain(&children)).await?;
    let related = related.iter().map(|loaded| RelatedOrder::of(&loaded.order)).collect();
    let sub_orders = children.iter().map(OrderId::to_string).collect();
    let documents = crate::office::documents::of_order(&mut reader, live, &row).await?;
    let line = lines(&mut reader, live, vec![row]).await?.pop().ok_or_else(no_such)?;
    let people = names(&mut reader).await?;
    let mut titles = OrderTitles { people, ..titles(&pinned.policy, &order.cover.workflow) };
    titles.also_call(&order.record.renamed);
    let subject_kind = order.cover.subject_kind;
    Ok(OrderStory {
        line,
        history,
        terms,
        documents,
        actions,
        parent: parent.map(|parent| parent.to_string()),
        sub_orders,
        places,
        unconfirmed,
        related,
        today,
        subject_kind,
        titles,
    })
}

impl OrderTitles {
    /// Titles steps by the ids they had before, too, by which what happened then is told.
    fn also_call(&mut self, renamed: &BTreeMap<String, String>) {
        for (was, now) in renamed {
            if let Some(title) = self.steps.get(now).cloned() {
                self.steps.entry(was.clone()).or_insert(title);
            }
            if let Some(form) = self.forms.get(now).cloned() {
                self.forms.entry(was.clone()).or_insert(form);
            }
            if self.duties.contains(now) {
                self.duties.insert(was.clone());
            }
        }
    }
}

/// What workflows are called, and the steps of one of them with their forms.
fn titles(policy: &Policy, workflow: &str) -> OrderTitles {
    let steps = policy.workflow(workflow).into_iter().flat_map(|workflow| &workflow.steps);
    let form = |step: &Step| match &step.kind {
        StepKind::Duty { form: Some(id), .. } => policy.form(workflow, id).cloned(),
        _ => None,
    };
    OrderTitles {
        noun: policy.workflow(workflow).map(|workflow| workflow.noun.clone()).unwrap_or_default(),
        people: BTreeMap::new(),
        workflows: policy.workflows.iter().map(|known| (known.id.clone(), known.title.clone())).collect(),
        steps: steps.clone().map(|step| (step.id.clone(), step.title.clone())).collect(),
        actions: steps
            .clone()
            .flat_map(|step| step.kind.actions().iter().map(move |action| (step, action)))
            .filter_map(|(step, action)| Some(((step.id.clone(), action.id.clone()), action.title.clone()?)))
            .collect(),
        duties: steps
            .clone()
            .filter(|step| matches!(step.kind, StepKind::Duty { .. }))
            .map(|step| step.id.clone())
            .collect(),
        forms: steps.filter_map(|step| Some((step.id.clone(), form(step)?))).collect(),
    }
}

fn unconfirmed_line(policy: &Policy, order: &engine::Order, asked: &Confirmation) -> UnconfirmedLine {
    let Confirmation { step, visit, officer, by, asked_at, of, replaces, signed_at: _, is_sent_back: _ } =
        asked;
    UnconfirmedLine {
        officer: officer.clone(),
        step: step.clone(),
        visit: *visit,
        what: of.name(),
        by: by.clone(),
        since: asked_at.rfc3339_in(policy.bureau.zone),
        replaces: replaces.clone(),
        reason: of.reason(),
        asked: TermRequest::waiting(policy, order, asked),
    }
}

fn place_line(live: &ActiveRelease, order: &engine::Order, place: &ActiveStep) -> PlaceLine {
    let zone = live.policy.bureau.zone;
    let step = live.policy.workflow(&order.cover.workflow);
    let step = step.and_then(|workflow| workflow.step(&place.step));
    let (duty, paused) = (place.duty(), place.changes.paused.clone());
    let (state, until, cause) = match &place.standing {
        StepStatus::Waiting { until, .. } => ("waiting", Some(until.rfc3339_in(zone)), None),
        StepStatus::Duty(_) => ("duty", None, None),
        StepStatus::Orders(_) => ("orders", None, None),
        StepStatus::Parts => ("parts", None, None),
        StepStatus::Stuck { cause } => ("stuck", None, Some(cause.clone())),
        StepStatus::Confirmation => ("confirmation", None, None),
    };
    PlaceLine {
        step: place.step.clone(),
        title: step.map_or_else(|| place.step.clone(), |step| step.title.clone()),
        visit: place.visit,
        state,
        since: place.entered_at.rfc3339_in(zone),
        until,
        due: place.due,
        paused: paused.map(|OpenPause { from, reason, .. }| OpenPauseLine { from, reason }),
        assignees: duty.map(|duty| duty.assignees.clone()).unwrap_or_default(),
        claimed_by: duty.and_then(|duty| duty.claimed_by.clone()),
        delegates: duty.map(|duty| duty.delegates.clone()).unwrap_or_default(),
        signers: duty.map(Duty::awaited_signers).unwrap_or_default(),
        short: duty.is_some_and(|duty| duty.is_short),
        cause,
    }
}
