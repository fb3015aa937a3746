//! Why something is not so, and what would have to change: another tier, an earlier order, another officer.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::appraise::Basis;
use crate::engine::{self, ChoicePart, DecisionContext, Refusal, StaffChoice};
use crate::explain::{self, EarlierIssue, TracedSubject};
use crate::office::active_release::release_of;
use crate::office::appraisal::appraise::{AppraisalDay, appraise_now, find_subject};
use crate::office::audit::order_log::{self, LogEntry, LogEvent};
use crate::office::authority::on_day;
use crate::office::find_order::{find_order, no_such_order};
use crate::office::places::shown;
use crate::office::refusal_names::{no_such_officer, with_names};
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::policy::TierIx;
use crate::rules::{InputAlternative, WantedAnswer};
use crate::store::{people, progress};
use crate::time::{Day, Stamp};

/// What is asked about a subject besides why it has or has no order.
#[derive(Clone, Copy, Debug, Default)]
pub struct SubjectQuestion<'a> {
    pub id: &'a str,
    /// Why it does not have this tier.
    pub tier: Option<&'a str>,
    /// Why nothing was issued on this day or before it.
    pub before: Option<Day>,
}

/// What would have to be otherwise.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Alternatives {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierAlternative>,
    /// Inputs each of which would let the trigger's condition hold, where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Vec<InputChange>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<DateAlternative>,
}

/// What would give a tier.
#[derive(Clone, Debug, Serialize)]
pub struct TierAlternative {
    pub tier: String,
    /// Whether the subject has it.
    pub is_held: bool,
    /// Each alone is enough; none where two things at least would have to change.
    pub inputs: Vec<InputChange>,
}

/// An input of the rules with the values each of which would be enough.
#[derive(Clone, Debug, Serialize)]
pub struct InputChange {
    pub input: String,
    pub from: String,
    pub to: Vec<String>,
}

impl InputChange {
    fn of(InputAlternative { input, from, to }: InputAlternative) -> Self {
        Self { input, from: from.to_string(), to: to.iter().map(ToString::to_string).collect() }
    }
}

/// What would bring the issue date of the trigger that speaks to a day or before it.
#[derive(Clone, Debug, Serialize)]
pub struct DateAlternative {
    pub day: Day,
    /// Issue date of each tier that would do.
    pub tiers: BTreeMap<String, Day>,
    /// The latest last visit that would do.
    pub last_visit: Option<Day>,
}

/// Finds what would have to be otherwise with a subject on the day.
///
/// # Refusals
/// R003.
pub(crate) async fn alternatives(
    cx: ActContext<'_>,
    question: SubjectQuestion<'_>,
    is_held_by_condition: bool,
) -> Answer<Alternatives> {
    let cx = ActContext::new(cx.store, cx.live, Stamp::day_end(cx.today, cx.zone()));
    let on = cx.today;
    let as_of = AppraisalDay::of(cx.store, cx.live, on).await?;
    let mut reader = cx.store.read().await?;
    let found = find_subject(&mut reader, cx.live, question.id).await?;
    let (subjects, answers) = appraise_now(&mut reader, cx.live, vec![found], as_of).await?;
    let (subject, answer) = (&subjects[0], &answers[0]);
    let text = cx.live.of_station(&subject.station, on)?;
    let (policy, rules) = (&text.policy, &text.rules);
    let changes = |wanted| {
        let found = rules.alternatives(policy, subject, on, wanted);
        found.into_iter().map(InputChange::of).collect::<Vec<_>>()
    };
    let tier = question.tier.and_then(|id| policy.tier(id)).map(|(wanted, tier)| TierAlternative {
        tier: tier.id.clone(),
        is_held: answer.tier == Some(wanted),
        inputs: changes(WantedAnswer::Tier(wanted)),
    });
    let spoken = answer.foremost();
    let condition = spoken.filter(|_| is_held_by_condition).and_then(|at| condition_of(&text, at));
    let before = question.before.zip(spoken).map(|(day, of)| {
        let trace = rules.trace(policy, subject, on);
        let appraised = TracedSubject { subject, trace: &trace, appraisal: answer };
        let EarlierIssue { tiers, last_visit } =
            explain::earlier(Basis { policy, rules, day: on }, appraised, of, day);
        let id = |tier: TierIx| policy.tiers.order[tier.ix()].id.clone();
        DateAlternative {
            day,
            tiers: tiers.into_iter().map(|(tier, on)| (id(tier), on)).collect(),
            last_visit,
        }
    });
    Ok(Alternatives { tier, condition: condition.map(|at| changes(WantedAnswer::Condition(at))), before })
}

/// Returns the position of a recurring trigger's condition among those that the rules answer.
pub(super) fn condition_of(text: &ActiveRelease, recurring: usize) -> Option<usize> {
    let (known, trigger, _) = text.policy.recurring().nth(recurring)?;
    text.rules.whens().iter().position(|(at, position)| {
        let workflow = &text.policy.workflows[at.ix()];
        known.id == workflow.id && trigger.id == workflow.start[*position].id
    })
}

/// Where somebody stood when the people of one visit of a step were chosen.
#[derive(Clone, Debug, Serialize)]
pub struct StaffingLine {
    /// Title of the step.
    pub step: String,
    pub visit: u32,
    /// When.
    pub at: String,
    pub place: StaffingPlace,
    /// The id of the reason's text, where somebody could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who was chosen, with names.
    pub chosen: Vec<String>,
}

/// Where somebody stood when people were chosen. Its names stand in JSON and in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum StaffingPlace {
    /// Chosen.
    Chosen,
    /// Could have been, but others came first.
    Behind,
    /// Could not.
    Excluded,
    /// Nobody the step could mean.
    NotMeant,
}

/// Why somebody has or has not an order.
#[derive(Clone, Debug, Serialize)]
pub struct OfficerStanding {
    /// With the name.
    pub officer: String,
    /// Each time people were chosen, in order.
    pub choices: Vec<StaffingLine>,
    /// What stands against giving it to them today, where something does and the order is open.
    #[serde(skip)]
    pub against: Option<Refusal>,
    /// Whether it could be given to them today; none where nobody has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_take: Option<bool>,
}

/// Finds why an officer has an order, or has not, from what stands in the record, and whether it could be theirs today.
///
/// # Refusals
/// R004; R110.
pub async fn officer_standing(cx: ActContext<'_>, id: &str, officer: &str) -> Answer<OfficerStanding> {
    let mut reader = cx.store.read().await?;
    let row = find_order(cx, &mut reader, id).await?;
    let (key, issued_at) = (row.header.id.clone(), row.header.issued_at);
    let pinned = release_of(&mut reader, cx.live, &row.origin.policy).await?;
    let order = progress::load_many(&mut reader, [&key]).await?.pop().ok_or_else(|| no_such_order(id))?.order;
    let trail = order_log::of_order(&mut reader, key.as_ref(), issued_at, &[]).await?;
    let roster = people::roster(&mut reader).await?;
    let on = on_day(cx, &roster);
    let known = roster.officers.get(officer).ok_or_else(|| no_such_officer(on, officer))?;
    let name =
        |id: &String| roster.officers.get(id).map_or_else(|| id.clone(), |officer| shown(id, &officer.name));
    let workflow = pinned.policy.workflow(&row.header.workflow);
    let title = |step: &str| {
        let found = workflow.and_then(|workflow| workflow.step(step)).map(|step| step.title.clone());
        found.unwrap_or_else(|| step.to_owned())
    };
    let before = trail.iter().filter(|past| past.at <= cx.now);
    let choices = before.flat_map(|past| choices(past).iter().map(move |choice| (past.at, choice)));
    let lines = choices.filter(|(_, choice)| choice.part == ChoicePart::Duty).map(|(at, choice)| {
        let (place, reason) = standing(choice, officer);
        let chosen = choice.officers.iter().map(name).collect();
        let at = at.rfc3339_in(cx.zone());
        StaffingLine { step: title(&choice.step), visit: choice.visit, at, place, reason, chosen }
    });
    let choices = lines.collect();
    let is_in_hand = order.state.places().iter().any(|place| place.duty().is_some());
    let policy = &pinned.policy;
    let ground =
        DecisionContext { policy, rules: &pinned.rules, roster: &roster, subject: None, given: None };
    let given = is_in_hand.then(|| engine::may_be_given(&ground, &order, officer, cx.now));
    Ok(OfficerStanding {
        officer: shown(&known.id, &known.name),
        choices,
        may_take: given.as_ref().map(Result::is_ok),
        against: given.and_then(Result::err).map(|refusal| with_names(on, refusal)),
    })
}

/// The choices of people that an entry holds.
fn choices(past: &LogEntry) -> &[StaffChoice] {
    match &past.what {
        LogEvent::Opened(opening) => &opening.given,
        LogEvent::Event { given, .. } => given,
        LogEvent::Moved { .. } | LogEvent::Late { .. } => &[],
    }
}

fn standing(choice: &StaffChoice, officer: &str) -> (StaffingPlace, Option<String>) {
    let is_meant = |id: &String| id == officer;
    let excluded = choice.excluded.iter().find(|(id, _)| is_meant(id));
    if choice.officers.iter().any(is_meant) {
        (StaffingPlace::Chosen, None)
    } else if let Some((_, reason)) = excluded {
        (StaffingPlace::Excluded, Some(reason.clone()))
    } else if choice.candidates.iter().any(|id| id == officer) {
        (StaffingPlace::Behind, None)
    } else {
        (StaffingPlace::NotMeant, None)
    }
}
