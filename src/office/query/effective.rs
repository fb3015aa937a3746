//! The text of a workflow as it is in force somewhere on a day, line by line, with who says so.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::Length;
use crate::diag::Span;
use crate::engine::{Refusal, RefusalCode};
use crate::explain::place;
use crate::lang;
use crate::office::active_release::as_of;
use crate::office::places::PlaceNames;
use crate::office::query::overlay_name::OverlayName;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::policy::{
    AnswerTerm, Cap, ChangedLine, DueRule, Every, Item, LengthRef, OverdueRow, Overlay, Policy, Step,
    StepKind, TellTarget, Tier, Workflow,
};
use crate::time::Day;

/// A workflow's text in force.
#[derive(Clone, Debug, Serialize)]
pub struct EffectiveText {
    pub workflow: String,
    pub title: String,
    /// Whose text; none for the bureau's.
    pub station: Option<String>,
    /// What people call the station.
    #[serde(skip)]
    pub station_title: Option<String>,
    pub on: Day,
    /// The release that was, is or will be in force that day; none for a folder that is not in force.
    pub release: Option<i64>,
    /// Digest of the effective text, which orders opened that day are pinned to.
    pub policy: String,
    pub lines: Vec<EffectiveLine>,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EffectiveLine {
    /// Address as an overlay writes it, such as `five-step.steps.review.due`.
    pub address: String,
    pub kind: ClauseKind,
    /// What it is about: the title of a step, a form, a tier or a trigger.
    pub of: String,
    /// What holds, in the bureau's language.
    pub value: String,
    /// What the bureau says, where the station has something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The overlay that changed it; of several that added to a list the last one.
    #[serde(flatten)]
    pub overlay: Option<OverlayName>,
    /// The others that added to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<LineOrigin>,
}

/// An overlay that added to a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineOrigin {
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    #[serde(flatten)]
    pub overlay: OverlayName,
}

/// What a line says. Its names stand in JSON and in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum ClauseKind {
    /// How many orders a trigger opens.
    Cap,
    /// How often a tier is visited.
    Cycle,
    /// Another length of a tier.
    Length,
    /// A checklist.
    Items,
    /// How long a step may take.
    Due,
    /// Who is told when it takes longer.
    Overdue,
    /// A number that rules read.
    Param,
    /// A script of the station's own, asked beside the bureau's.
    Script,
    /// How often a trigger opens orders.
    Every,
}

/// A line before it is known who says so.
struct Clause {
    address: String,
    kind: ClauseKind,
    of: String,
    value: String,
    span: Span,
}

/// What somebody wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffectiveWish<'a> {
    /// Id of the workflow.
    pub workflow: &'a str,
    /// Id or title of the station; none for the bureau's text.
    pub station: Option<&'a str>,
}

/// Returns what is in force on the context's day for a station, or for the bureau where none is named: of a day that
/// is over, what was in force then.
///
/// # Refusals
/// R002 when there is no such workflow, R087 no such station; R220 when the workflow was not in force that day.
pub async fn effective(cx: ActContext<'_>, wish: EffectiveWish<'_>) -> Answer<EffectiveText> {
    let EffectiveWish { workflow, station } = wish;
    named(cx.policy(), workflow)?;
    let places = PlaceNames::read(&mut cx.store.read().await?).await?;
    let station = station.map(|station| places.station_named(station)).transpose()?;
    let Some(release) = as_of(cx.store, cx.live, workflow, cx.now).await? else {
        let refusal = Refusal::new(RefusalCode::NotInForceThen).with("workflow", workflow);
        return Err(refusal.with("on", cx.today.to_string()).into());
    };
    let text = of_release(&release, workflow, station, cx.today)?;
    Ok(EffectiveText { station_title: text.station.as_deref().map(|id| places.station_shown(id)), ..text })
}

/// Returns what a folder would have in force on a day, without a database.
///
/// # Refusals
/// R002 when there is no such workflow; R087 when its file of stations has no such one.
pub fn effective_of_folder(
    folder: &ActiveRelease,
    wish: EffectiveWish<'_>,
    on: Day,
) -> Answer<EffectiveText> {
    let EffectiveWish { workflow, station } = wish;
    named(&folder.policy, workflow)?;
    let places = PlaceNames::of_folder(&folder.policy, &folder.places);
    let id_of = |station: &str| match &places {
        Some(places) => places.station_named(station),
        None => Ok(station.to_owned()),
    };
    let text = of_release(folder, workflow, station.map(id_of).transpose()?, on)?;
    let title = |id: &String| places.as_ref().map(|places| places.station_shown(id));
    Ok(EffectiveText { station_title: text.station.as_ref().and_then(title), ..text })
}

/// Refuses a workflow that is not there.
fn named(policy: &Policy, workflow: &str) -> Result<(), Refusal> {
    if policy.workflow(workflow).is_some() {
        return Ok(());
    }
    let known = policy.workflows.iter().map(|workflow| lang::with_id(&workflow.title, &workflow.id));
    let refusal = Refusal::new(RefusalCode::NoSuchWorkflow).with("workflow", workflow);
    Err(refusal.with("known", lang::list(known)))
}

fn of_release(
    release: &ActiveRelease,
    workflow: &str,
    station: Option<String>,
    on: Day,
) -> Answer<EffectiveText> {
    let base = &release.policy;
    let text = release.of_station(station.as_deref().unwrap_or_default(), on)?;
    let of = |policy: &Policy| -> Vec<Clause> {
        policy.workflow(workflow).map(|own| clauses(policy, own)).unwrap_or_default()
    };
    let before: BTreeMap<String, String> =
        of(base).into_iter().map(|clause| (clause.address, clause.value)).collect();
    let origin = |(line, overlay): (&ChangedLine, &Overlay)| {
        let place = place(&text.policy, line.span, String::new());
        LineOrigin { file: place.file, line: place.line, overlay: OverlayName::of(overlay) }
    };
    let line = |Clause { address, kind, of, value, span }: Clause| {
        let mut others: Vec<LineOrigin> = text.policy.origins(&address).into_iter().map(origin).collect();
        let was = before.get(&address).filter(|was| **was != value).cloned();
        let (file, at, overlay) = if let Some(LineOrigin { file, line, overlay }) = others.pop() {
            (file, line, Some(overlay))
        } else {
            let place = place(&text.policy, span, String::new());
            (place.file, place.line, None)
        };
        EffectiveLine { address, kind, of, value, was, file, line: at, overlay, others }
    };
    Ok(EffectiveText {
        workflow: workflow.to_owned(),
        title: base.workflow(workflow).map(|own| own.title.clone()).unwrap_or_default(),
        station,
        station_title: None,
        on,
        release: (release.release > 0).then_some(release.release),
        policy: text.policy.digest.to_string(),
        lines: of(&text.policy).into_iter().chain(of_scripts(&text, workflow)).map(line).collect(),
    })
}

/// Lists what one text says that another says otherwise, of all workflows, with what that one says as `was`.
pub(crate) fn differing(before: &Policy, after: &Policy) -> Vec<EffectiveLine> {
    let was = values(before);
    let line = |Clause { address, kind, of, value, span }: Clause| {
        let was = was.get(&address).cloned();
        if was.as_ref() == Some(&value) {
            return None;
        }
        let place = place(after, after.origin(&address).map_or(span, |(line, _)| line.span), String::new());
        Some(EffectiveLine {
            address,
            kind,
            of,
            value,
            was,
            file: place.file,
            line: place.line,
            overlay: None,
            others: Vec::new(),
        })
    };
    let mut lines: Vec<EffectiveLine> = Vec::new();
    for workflow in &after.workflows {
        for line in clauses(after, workflow).into_iter().filter_map(line) {
            if !lines.iter().any(|known| known.address == line.address) {
                lines.push(line);
            }
        }
    }
    lines
}

/// Returns what every line of a text says, by address.
pub(crate) fn values(policy: &Policy) -> BTreeMap<String, String> {
    let all = policy.workflows.iter().flat_map(|workflow| clauses(policy, workflow));
    all.map(|clause| (clause.address, clause.value)).collect()
}

/// Returns what every line of a text is about and says, as people read it, by address.
pub(crate) fn sayings(policy: &Policy) -> BTreeMap<String, String> {
    let all = policy.workflows.iter().flat_map(|workflow| clauses(policy, workflow));
    let says = |of, value| policy.bureau.language.text("effective-says", &[("of", of), ("value", value)]);
    all.map(|clause| (clause.address, says(clause.of, clause.value))).collect()
}

/// Lists what a workflow says that a station may ever change, in the order people read it.
fn clauses(policy: &Policy, workflow: &Workflow) -> Vec<Clause> {
    let mut all = Vec::new();
    let capped = workflow.start.iter().filter_map(|trigger| Some((trigger, trigger.at_most?)));
    all.extend(capped.map(|(trigger, cap)| Clause {
        address: format!("{}.start.{}.at_most", workflow.id, trigger.id),
        kind: ClauseKind::Cap,
        of: trigger.title.clone(),
        value: cap_text(policy, cap),
        span: trigger.span,
    }));
    let recurring = || workflow.start.iter().filter_map(|trigger| Some((trigger, trigger.recur.as_ref()?)));
    // Where all go by the cycle of their tier, that of each tier says it.
    let is_own = recurring().any(|(_, recur)| recur.every != Every::TierCycle);
    if is_own {
        all.extend(recurring().map(|(trigger, recur)| Clause {
            address: format!("{}.start.{}.every", workflow.id, trigger.id),
            kind: ClauseKind::Every,
            of: trigger.title.clone(),
            value: every(policy, recur.every),
            span: recur.every_span,
        }));
    }
    if recurring().next().is_some() {
        let cycle = if is_own { ClauseKind::Length } else { ClauseKind::Cycle };
        policy.tiers.order.iter().for_each(|tier| of_tier(policy, tier, cycle, &mut all));
        all.extend(policy.params.iter().map(|param| Clause {
            address: format!("params.{}", param.id),
            kind: ClauseKind::Param,
            of: param.says.clone().unwrap_or_else(|| param.id.clone()),
            value: match &param.unit {
                Some(unit) => format!("{} {unit}", param.value),
                None => param.value.to_string(),
            },
            span: param.span,
        }));
    }
    workflow.steps.iter().for_each(|step| of_step(policy, workflow, step, &mut all));
    all
}

/// Says whose cycle a trigger goes by.
fn every(policy: &Policy, every: Every) -> String {
    let language = policy.bureau.language;
    match every {
        Every::TierCycle => language.word("effective-tier-cycle"),
        Every::Length(length) => language.text("effective-fixed-cycle", &[("length", length.argument())]),
        Every::Attribute(at) => {
            language.text("effective-own-cycle", &[("attribute", &policy.attributes[at.ix()].title)])
        }
    }
}

/// Lists the functions of a station's own scripts, which are asked beside the bureau's as long as their file is there.
fn of_scripts(text: &ActiveRelease, workflow: &str) -> Vec<Clause> {
    let language = text.policy.bureau.language;
    let recurs = text.policy.recurring().any(|(known, ..)| known.id == workflow);
    let own = text.rules.of_station().filter(|_| recurs);
    let clause = |(name, span): (&'static str, Span)| Clause {
        address: format!("rules.{name}"),
        kind: ClauseKind::Script,
        of: language.word(&format!("effective-rules-{name}")),
        value: language.word("effective-stricter"),
        span,
    };
    own.map(clause).collect()
}

/// Lists what a tier says; `cycle` where every trigger goes by its cycle, else a length like its others.
fn of_tier(policy: &Policy, tier: &Tier, cycle: ClauseKind, all: &mut Vec<Clause>) {
    let of = &tier.title;
    let mut add = |what: &str, kind, value, span| {
        let address = format!("tiers.{}.{what}", tier.id);
        all.push(Clause { address, kind, of: of.clone(), value, span });
    };
    add("cycle", cycle, written(policy, tier.cycle), tier.cycle_span);
    let items =
        tier.items.iter().map(String::as_str).chain(tier.added.iter().map(|item| item.title.as_str()));
    add("items", ClauseKind::Items, policy.bureau.language.list(items), tier.span);
    for (name, length) in &tier.lengths {
        add(name, ClauseKind::Length, written(policy, *length), tier.span);
    }
}

fn of_step(policy: &Policy, workflow: &Workflow, step: &Step, all: &mut Vec<Clause>) {
    let prefix = format!("{}.steps.{}", workflow.id, step.id);
    let of = step.title.clone();
    if let StepKind::Duty { form: Some(id), .. } = &step.kind
        && let Some(form) = policy.form(&workflow.id, id)
    {
        let items = form.items.iter().map(|Item { title, .. }| title.as_str());
        let of_tier = policy.bureau.language.word("effective-of-tier");
        let of_tier = form.items_from_tier.then_some(of_tier.as_str());
        let value = policy.bureau.language.list(of_tier.into_iter().chain(items));
        let address = format!("{}.forms.{id}.items", workflow.id);
        let is_listed = value.is_empty() || all.iter().any(|clause| clause.address == address);
        if !is_listed {
            let of = form.title.clone();
            all.push(Clause { address, kind: ClauseKind::Items, of, value, span: form.span });
        }
    }
    if !step.due.is_empty() {
        let terms = step.due.iter().map(|due| due_text(policy, due));
        let (address, value) = (format!("{prefix}.due"), terms.collect::<Vec<_>>().join("; "));
        all.push(Clause { address, kind: ClauseKind::Due, of: of.clone(), value, span: step.span });
    }
    if !step.overdue.is_empty() {
        let rows = step.overdue.iter().map(|row| rung_text(policy, row));
        let value = rows.collect::<Vec<_>>().join("; ");
        all.push(Clause {
            address: format!("{prefix}.overdue"),
            kind: ClauseKind::Overdue,
            of,
            value,
            span: step.span,
        });
    }
}

/// Writes how many orders a trigger opens, for whom and in what time.
fn cap_text(policy: &Policy, cap: Cap) -> String {
    let Cap { count, per, period } = cap;
    let (per, period): (&str, &str) = (per.into(), period.into());
    let args = [("count", count.to_string()), ("per", per.to_owned()), ("period", period.to_owned())];
    policy.bureau.language.text("effective-cap-value", &args)
}

/// Writes one level of a ladder: when, who is told, and what is started.
fn rung_text(policy: &Policy, row: &OverdueRow) -> String {
    let language = policy.bureau.language;
    let told = row.tell.iter().map(|target| match target {
        TellTarget::Assignees => lang::spellings::ASSIGNEES.of(language),
        TellTarget::Role(role) => policy.role(*role).shown(language),
    });
    let start = row.start.as_deref().map(|id| policy.workflow(id).map_or(id, |started| &started.title));
    let count = row.after.count;
    let when = match count.signum() {
        -1 => "before",
        0 => "at",
        _ => "after",
    };
    let after = written(policy, Length { count: count.abs(), ..row.after });
    let args = [
        ("level", row.level.to_string()),
        ("when", when.to_owned()),
        ("after", after),
        ("told", if row.tell.is_empty() { "none".to_owned() } else { language.list(told) }),
        ("start", start.unwrap_or("none").to_owned()),
    ];
    language.text("effective-rung", &args)
}

fn written(policy: &Policy, length: Length) -> String {
    length.written(policy.bureau.language)
}

/// Writes a limit; one that hangs on the tier with what each tier gives.
fn due_text(policy: &Policy, due: &DueRule) -> String {
    match due {
        DueRule::After(LengthRef::Fixed(length)) => written(policy, *length),
        DueRule::After(LengthRef::Tier(name)) => {
            let of_tier = policy.tiers.order.iter().filter_map(|tier| {
                let length = if name == "cycle" { tier.cycle } else { *tier.lengths.get(name)? };
                Some(format!("{} {}", tier.id, written(policy, length)))
            });
            policy.bureau.language.list(of_tier.collect::<Vec<_>>())
        }
        DueRule::After(LengthRef::Answer(term)) => answer_text(policy, term),
        DueRule::WindowEnd => policy.bureau.language.word("effective-window"),
        DueRule::Sooner { of, than } => {
            let own = than.iter().map(|length| written(policy, *length)).collect::<Vec<_>>();
            let args = [("bureau", due_text(policy, of)), ("station", policy.bureau.language.list(own))];
            policy.bureau.language.text("effective-sooner", &args)
        }
    }
}

/// Writes a limit that a form says: which field, what its choices mean, and what applies where nothing is filled in.
fn answer_text(policy: &Policy, term: &AnswerTerm) -> String {
    let AnswerTerm { source, choices, otherwise, span: _ } = term;
    let language = policy.bureau.language;
    let each = choices.iter().map(|known| format!("{} {}", known.choice, written(policy, known.length)));
    let otherwise = otherwise.as_ref().map(|rule| due_text(policy, rule)).unwrap_or_default();
    let args = [
        ("source", source.to_string()),
        ("certain", if otherwise.is_empty() { "yes" } else { "no" }.to_owned()),
        ("otherwise", otherwise),
        ("terms", language.list(each)),
    ];
    language.text(if choices.is_empty() { "effective-answer" } else { "effective-by-answer" }, &args)
}
