//! Explaining: what is stored of a decision, and the same question asked again.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::appraise::{Appraisal, Basis};
use crate::dispatch::SkipReason;
use crate::engine::{OrderHeader, TermKind};
use crate::explain::{self, DecisionReason, Explanation, TracedSubject, place};
use crate::id::TriggerId;
use crate::lang;
use crate::office::active_release::release_of;
use crate::office::appraisal::appraise::{AppraisalDay, appraise_now, find_subject};
use crate::office::find_order::{find_order, no_such_order};
use crate::office::places::{PlaceNames, shown};
use crate::office::query::effective::sayings;
use crate::office::query::history;
use crate::office::query::opened_by::{KeptOrder, OpenedBy, is_by_trigger};
use crate::office::query::overlay_name::OverlayName;
use crate::office::query::undecided::UndecidedReason;
use crate::office::query::why_not::{self, Alternatives, SubjectQuestion};
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::people::{AbleOfficers, Officer, OrderToStaff, RosterOnDay, has_pair};
use crate::policy::{Head, Policy, Role, Workflow};
use crate::register::Subject;
use crate::rules::{DecidingLine, Overruled, Trace, Val};
use crate::store::order_list::{self, StoredOrder};
use crate::store::reading::SubjectKey;
use crate::store::terms::{self, Term};
use crate::store::{ReadTx, people, progress, skipped_candidates};
use crate::time::{Day, Stamp};

/// Why an order was opened or was not.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// A stable word, such as `opened`, `not-due`, `held-when`.
    pub outcome: String,
    /// The words of its sentence.
    #[serde(skip)]
    pub args: Vec<(&'static str, String)>,
    /// The lines that decided.
    pub because: Vec<DecisionReason>,
    /// What the rules read.
    pub inputs: BTreeMap<String, String>,
    /// Digest of the policy.
    pub policy: String,
    /// Calendar with its revision.
    pub calendar: String,
    /// Why the rules have no answer, where they have none: the last one is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undecided: Option<UndecidedReason>,
    /// What the station's own text changes of what decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<OverlayReason>,
    /// Terms of the order that forms say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<TermReason>,
    /// Why a person wanted the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What would have to be otherwise, where that was asked or the trigger's condition does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Alternatives>,
    /// What opened the order, where no trigger did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<OpenedBy>,
}

/// A term of an order that a form says.
#[derive(Clone, Debug, Serialize)]
pub struct TermReason {
    /// Title of the step.
    pub step: String,
    /// The last day.
    pub end: Day,
    /// The field, such as `patrol.deadline`.
    pub source: String,
    /// What it is for, where the step has several: rows of the form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
}

/// Finds the terms of an order that forms say.
async fn terms_of_forms(
    reader: &mut ReadTx,
    policy: &Policy,
    header: &OrderHeader,
) -> Answer<Vec<TermReason>> {
    let workflow = policy.workflow(&header.workflow);
    let found = terms::of_order(reader, header.id.as_ref()).await?;
    let own = found.into_iter().filter(|term| matches!(term.row.kind, TermKind::Due | TermKind::Wait));
    let told = own.filter_map(|Term { row, .. }| {
        let (source, of) = (history::basis_says(&row, "from")?, history::term_is_for(&row));
        let title = workflow.and_then(|workflow| workflow.step(&row.step)).map(|step| step.title.clone());
        Some(TermReason { step: title.unwrap_or(row.step), end: row.end_on, source, of })
    });
    Ok(told.collect())
}

/// A line of a station's own text that has a part in a decision.
#[derive(Clone, Debug, Serialize)]
pub struct OverlayReason {
    /// Address made of ids, such as `tiers.甲.cycle`; `rules.tier` for a script.
    pub address: String,
    /// What it is about and says, in the bureau's language.
    #[serde(skip)]
    pub says: Option<String>,
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What the bureau's script answers, where the station's is stricter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bureau: Option<String>,
    /// The overlay, where it is one.
    #[serde(flatten)]
    pub overlay: Option<OverlayName>,
}

/// Finds the lines of a station's own text that have a part in what was decided of a subject.
fn overlays(policy: &Policy, trace: &Trace, answer: &Appraisal) -> Vec<OverlayReason> {
    let tier = answer.tier.map(|tier| format!("tiers.{}.", policy.tiers.order[tier.ix()].id));
    let bears = |address: &str| {
        address.strip_prefix("tiers.").is_none()
            || tier.as_ref().is_some_and(|tier| address.starts_with(tier.as_str()))
    };
    let at = |span| place(policy, span, String::new());
    let mut says = if policy.changed.is_empty() { BTreeMap::new() } else { sayings(policy) };
    let lines = policy.changed.iter().filter(|line| bears(&line.address)).map(|line| OverlayReason {
        address: line.address.clone(),
        says: says.remove(&line.address),
        file: at(line.span).file,
        line: at(line.span).line,
        bureau: None,
        overlay: Some(OverlayName::of(&policy.overlays[line.overlay])),
    });
    let Overruled { tier, score } = trace.answer.overruled;
    let scripts = [
        ("rules.tier", tier.map(|tier| policy.tiers.order[tier.ix()].id.clone()), &trace.tier),
        ("rules.score", score.map(|score| score.to_string()), &trace.score),
    ];
    let scripts = scripts.into_iter().filter_map(|(address, bureau, lines)| {
        let (bureau, decided) = (bureau?, lines.last()?);
        let (address, DecisionReason { file, line, .. }) = (address.to_owned(), at(decided.span));
        Some(OverlayReason { address, says: None, file, line, bureau: Some(bureau), overlay: None })
    });
    lines.chain(scripts).collect()
}

/// Explains an order by the policy it was opened under and what was known on that day.
pub async fn why_order(cx: ActContext<'_>, id: &str) -> Answer<Why> {
    let zone = cx.zone();
    let mut reader = cx.store.read().await?;
    let order = find_order(cx, &mut reader, id).await?;
    let (header, origin) = (&order.header, &order.origin);
    let serving = release_of(&mut reader, cx.live, &origin.policy).await?;
    let opened = "opened".to_owned();
    let loaded = progress::load_many(&mut reader, [&header.id]).await?.pop();
    let record = loaded.ok_or_else(|| no_such_order(id))?.order.record;
    let kept = KeptOrder { policy: &serving.policy, order: &order, record: &record };
    let opened_by = kept.opened_by(&mut reader, cx).await?;
    let (terms, reason) = (terms_of_forms(&mut reader, &serving.policy, header).await?, record.reason);
    if opened_by.is_some() {
        // The rules of a cycle had no part in it.
        let told = Explanation { outcome: opened, args: order_args(cx.live, &order), because: Vec::new() };
        return Ok(Why { terms, reason, opened_by, ..why(&serving.policy, told, BTreeMap::new()) });
    }
    let mut found = find_subject(&mut reader, cx.live, &header.subject).await?;
    let issued_on = header.issued_at.day_in(zone);
    let is_same = |past: &crate::register::PastOrder| {
        past.workflow == header.workflow && past.trigger == origin.trigger
    };
    found.subject.history.orders.retain(|past| !(is_same(past) && past.issued_on >= issued_on));
    let as_of = AppraisalDay { day: issued_on, with_before: false };
    let (subjects, answers) = appraise_now(&mut reader, &serving, vec![found], as_of).await?;
    let trace = serving.rules.trace(&serving.policy, &subjects[0], issued_on);
    let by = Basis { policy: &serving.policy, rules: &serving.rules, day: issued_on };
    let meant = TriggerId { workflow: &header.workflow, trigger: &origin.trigger }.to_string();
    let of = answers[0].next.iter().position(|next| *next.of == *meant);
    let appraised = TracedSubject { subject: &subjects[0], trace: &trace, appraisal: &answers[0] };
    let told = explain::subject(by, appraised, of);
    let inputs = trace.inputs.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    let told = Explanation { outcome: opened, args: order_args(cx.live, &order), ..told };
    let overlays = overlays(&serving.policy, &trace, &answers[0]);
    Ok(Why { overlays, terms, reason, ..why(&serving.policy, told, inputs) })
}

fn order_args(live: &ActiveRelease, order: &StoredOrder) -> Vec<(&'static str, String)> {
    let StoredOrder { header, origin, .. } = order;
    vec![
        ("order", header.id.to_string()),
        ("number", header.number.clone()),
        ("at", header.issued_at.rfc3339_in(live.policy.bureau.zone)),
        ("trigger", TriggerId { workflow: &header.workflow, trigger: &origin.trigger }.to_string()),
        ("tier", header.tier.clone().unwrap_or_default()),
        ("nominal", origin.nominal.clone()),
        ("due", header.due_on.to_string()),
        ("issue", header.scheduled_for.to_string()),
    ]
}

/// Explains what became of a subject on the day, an order or the reason why there was none, and what would have to be
/// otherwise.
pub async fn why_subject(cx: ActContext<'_>, question: SubjectQuestion<'_>) -> Answer<Why> {
    let why = why_order_of(cx, question.id).await?;
    let is_held = why.outcome == "held-when";
    if !is_held && question.tier.is_none() && question.before.is_none() {
        return Ok(why);
    }
    let alternatives = why_not::alternatives(cx, question, is_held).await?;
    Ok(Why { alternatives: Some(alternatives), ..why })
}

async fn why_order_of(cx: ActContext<'_>, id: &str) -> Answer<Why> {
    // All of the day counts, whatever moment of it is asked about.
    let cx = ActContext::new(cx.store, cx.live, Stamp::day_end(cx.today, cx.zone()));
    let (zone, on) = (cx.zone(), cx.today);
    let as_of = AppraisalDay::of(cx.store, cx.live, on).await?;
    let mut reader = cx.store.read().await?;
    let found = find_subject(&mut reader, cx.live, id).await?;
    let key = SubjectKey { home: found.subject.home.clone(), id: id.to_owned() };
    let orders = order_list::of_subject(&mut reader, &key, cx.now, on).await?;
    // What people, other orders and signals opened that day says nothing of the cycle.
    let of_cycle = |order: &&StoredOrder| is_by_trigger(cx.policy(), order);
    let mut of_day = orders.iter().rev().filter(|order| order.header.issued_at.day_in(zone) == on);
    let opened = of_day.find(of_cycle);
    if let Some(order) = opened {
        let id = order.header.id.to_string();
        drop(reader);
        return why_order(cx, &id).await;
    }
    let (subjects, answers) = appraise_now(&mut reader, cx.live, vec![found], as_of).await?;
    let spoken = answers[0].foremost();
    let skipped = match spoken.and_then(|at| cx.policy().recurring().nth(at)) {
        None => false,
        Some((workflow, trigger, _)) => {
            let trigger = TriggerId { workflow: workflow.id.as_str(), trigger: trigger.id.as_str() };
            skipped(&mut reader, trigger, &subjects[0], on).await?
        }
    };
    let text = cx.live.of_station(&subjects[0].station, on)?;
    let trace = text.rules.trace(&text.policy, &subjects[0], on);
    let by = Basis { policy: &text.policy, rules: &text.rules, day: on };
    let appraised = TracedSubject { subject: &subjects[0], trace: &trace, appraisal: &answers[0] };
    let mut told = explain::subject(by, appraised, spoken);
    let spoken_workflow =
        spoken.and_then(|at| cx.policy().recurring().nth(at)).map(|(workflow, ..)| workflow);
    if told.outcome == "none-ordered" {
        let of_workflow =
            |order: &StoredOrder| spoken_workflow.is_some_and(|known| known.id == order.header.workflow);
        let open = orders.iter().rev().find(|order| order.state == "open" && of_workflow(order));
        told.args = open.map(|order| order_args(cx.live, order)).unwrap_or_default();
        told.args.push(("some", if open.is_some() { "yes" } else { "no" }.to_owned()));
    }
    if told.outcome == "due"
        && let Some(workflow) = spoken_workflow
        && let Some(args) = unstaffed(&mut reader, cx, &subjects[0], workflow).await?
    {
        "unstaffed".clone_into(&mut told.outcome);
        told.args.extend(args);
    }
    if told.outcome == "due" && skipped {
        "deferred".clone_into(&mut told.outcome);
        if let Some((_, trigger, _)) = spoken.and_then(|at| text.policy.recurring().nth(at)) {
            let cap = trigger.at_most.map(|cap| format!("at_most {}", cap.count)).unwrap_or_default();
            let value = Val::Text(cap.into());
            told.because.push(DecidingLine { span: trigger.span, value });
        }
    }
    let inputs = trace.inputs.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    let overlays = overlays(&text.policy, &trace, &answers[0]);
    let of_trigger = spoken.and_then(|at| why_not::condition_of(&text, at));
    let condition = of_trigger.and_then(|at| trace.answer.when.get(at)?.as_ref().err());
    let fault = answers[0].undecided.as_ref().or(condition);
    let undecided = fault.map(|fault| UndecidedReason::of(&text.policy, fault, &trace));
    Ok(Why { undecided, overlays, ..why(&text.policy, told, inputs) })
}

/// Says of whom a station has too few for an order on a day, and who could help; none where there are enough.
async fn unstaffed(
    reader: &mut ReadTx,
    cx: ActContext<'_>,
    subject: &Subject,
    workflow: &Workflow,
) -> Answer<Option<Vec<(&'static str, String)>>> {
    let roster = people::roster(reader).await?;
    let on = RosterOnDay { policy: cx.policy(), roster: &roster, today: cx.today };
    let (station, grid) = (subject.station.as_str(), subject.grid.as_deref());
    let Err(no_pair) = has_pair(on, OrderToStaff { workflow, station, grid, subject: &subject.id }) else {
        return Ok(None);
    };
    let step = workflow.step(&no_pair.step).map_or(no_pair.step.clone(), |step| step.title.clone());
    let places = PlaceNames::read(reader).await?;
    let grid = grid.map(|grid| places.grid_shown(grid));
    let heads = cx.policy().roles.iter().filter(|role| matches!(role.head, Some(Head::Unit | Head::Deputy)));
    let heads: Vec<&Role> = heads.collect();
    let is_head = |officer: &&Officer| {
        let holds = |role: &&Role| officer.holds(&role.id, on.today) && officer.reaches(role, station);
        officer.serves(on.today) && heads.iter().any(holds)
    };
    let able = roster.officers.values().filter(is_head).map(|officer| shown(&officer.id, &officer.name));
    let mut args = vec![
        ("station", lang::list([Some(places.station_shown(station)), grid].into_iter().flatten())),
        ("step", step),
        ("needed", no_pair.shortfall.needed.to_string()),
        ("left", no_pair.shortfall.left.to_string()),
    ];
    args.extend(crate::diag::args(&[("able", &AbleOfficers::of(able))]));
    Ok(Some(args))
}

/// Returns whether a cap put the subject off on that day.
async fn skipped(reader: &mut ReadTx, trigger: TriggerId<&str>, subject: &Subject, on: Day) -> Answer<bool> {
    let recorded = skipped_candidates::of_subject(reader, trigger, &subject.home, &subject.id).await?;
    Ok(recorded.iter().any(|skip| skip.on_day == on && skip.reason == SkipReason::Cap.into_str()))
}

fn why(policy: &Policy, told: Explanation, inputs: BTreeMap<String, String>) -> Why {
    Why {
        outcome: told.outcome,
        args: told.args,
        because: told.because.iter().map(|line| place(policy, line.span, line.value.to_string())).collect(),
        inputs,
        policy: policy.digest.to_string(),
        calendar: format!("{}@{}", policy.bureau.calendar, policy.calendar.revision.short()),
        undecided: None,
        overlays: Vec::new(),
        terms: Vec::new(),
        reason: None,
        alternatives: None,
        opened_by: None,
    }
}
