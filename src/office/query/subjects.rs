//! Subjects as doors show them, each appraised as of a moment.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::appraise::{Appraisal, NextDate, NextState};
use crate::office::appraisal::appraise::{AppraisalDay, appraise_now, find_subject};
use crate::office::appraisal::quarantine;
use crate::office::places::place_ids;
use crate::office::{ActContext, ActiveRelease, Answer, OfficeFault};
use crate::register::{Subject, Value};
use crate::store::ReadTx;
use crate::store::reading::{self, AppraisedSubject};
use crate::time::Day;

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
    /// The dates under other recurring triggers, where a policy has several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_dates: Vec<NextLine>,
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
const PAGE: i64 = 500;

/// Hands over subjects by station and id, each appraised as of `now`.
pub async fn subjects(
    cx: ActContext<'_>,
    filter: &SubjectFilter,
    mut each: impl FnMut(SubjectLine) -> Result<(), OfficeFault>,
) -> Answer<()> {
    let as_of = AppraisalDay::of(cx.store, cx.live, cx.today).await?;
    let mut left = filter.limit.map_or(usize::MAX, |limit| limit as usize);
    let mut reader = cx.store.read().await?;
    let (station, grid) = place_ids(&mut reader, filter.station.as_deref(), filter.grid.as_deref()).await?;
    let within = reading::SubjectRange { station, grid };
    let mut after = None;
    while left > 0 {
        let found = reading::scan(&mut reader, cx.policy(), &within, after.as_ref(), PAGE).await?;
        let Some(last) = found.last() else { break };
        after = Some(reading::SubjectKey { home: last.subject.home.clone(), id: last.subject.id.clone() });
        let page = appraised(&mut reader, cx.live, found, as_of).await?;
        let wanted = page.into_iter().filter(|line| filter.tier.is_none() || line.tier == filter.tier);
        for line in wanted.take(left) {
            left -= 1;
            each(line)?;
        }
    }
    Ok(())
}

/// Shows one subject, appraised as of `now`.
pub async fn subject(cx: ActContext<'_>, id: &str) -> Answer<SubjectLine> {
    let as_of = AppraisalDay::of(cx.store, cx.live, cx.today).await?;
    let mut reader = cx.store.read().await?;
    let found = find_subject(&mut reader, cx.live, id).await?;
    let line = appraised(&mut reader, cx.live, vec![found], as_of).await?.pop();
    Ok(line.expect("each subject that was found has its line"))
}

async fn appraised(
    reader: &mut ReadTx,
    live: &ActiveRelease,
    found: Vec<AppraisedSubject>,
    as_of: AppraisalDay,
) -> Answer<Vec<SubjectLine>> {
    let (subjects, answers) = appraise_now(reader, live, found, as_of).await?;
    let lines = subjects.iter().zip(&answers);
    Ok(lines.map(|(subject, answer)| subject_line(live, subject, answer, as_of.day)).collect())
}

fn subject_line(live: &ActiveRelease, subject: &Subject, answer: &Appraisal, day: Day) -> SubjectLine {
    let status = subject.history.status(day);
    let foremost = answer.foremost();
    let mut other_dates: Vec<(usize, NextLine)> =
        answer.next.iter().enumerate().filter_map(|(at, next)| Some((at, next_line(next)?))).collect();
    let next = other_dates.iter().position(|(at, _)| Some(*at) == foremost);
    let next = next.map(|at| other_dates.remove(at).1);
    let no_next = match foremost.map(|at| &answer.next[at].state) {
        Some(NextState::None(reason)) => Some(reason.into_str()),
        Some(NextState::Due { .. }) | None => None,
    };
    let attributes = live.policy.attributes.iter().zip(&subject.attributes);
    SubjectLine {
        id: subject.id.clone(),
        name: subject.name.clone(),
        home: subject.home.clone(),
        station: subject.station.clone(),
        grid: subject.grid.clone(),
        status: status.into_str(),
        active: status == crate::register::Status::Active,
        attributes: attributes.map(|(attribute, value)| (attribute.id.clone(), json(value))).collect(),
        tier: answer.tier.map(|tier| live.policy.tiers.order[tier.ix()].id.clone()),
        score: answer.score,
        undecided: answer.undecided.as_ref().map(|fault| quarantine::cause(&live.policy, fault)),
        last_patrol: subject.history.last_patrol(day),
        next,
        no_next,
        other_dates: other_dates.into_iter().map(|(_, line)| line).collect(),
    }
}

fn next_line(next: &NextDate) -> Option<NextLine> {
    let NextState::Due { dates, .. } = &next.state else { return None };
    Some(NextLine {
        trigger: next.of.to_string(),
        nominal: dates.nominal,
        due: dates.due,
        issue_on: dates.issue_on,
        provisional: dates.provisional,
        held: next.held.map(Into::into),
    })
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
