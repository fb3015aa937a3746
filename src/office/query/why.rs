//! Explaining: what is stored of a decision, and the same question asked again.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::appraise::Basis;
use crate::dispatch::SkipReason;
use crate::explain::{self, DecisionReason, Explanation, place};
use crate::id::TriggerId;
use crate::office::active_release::release_of;
use crate::office::appraisal::appraise::{AppraisalDay, appraise_now, find_subject};
use crate::office::find_order::find_order;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::policy::Policy;
use crate::register::Subject;
use crate::rules::{DecidingLine, Val};
use crate::store::order_list::{self, StoredOrder};
use crate::store::reading::SubjectKey;
use crate::store::skipped_candidates;
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
}

/// Explains an order by the policy it was opened under and what was known on that day.
pub async fn why_order(cx: ActContext<'_>, id: &str) -> Answer<Why> {
    let zone = cx.zone();
    let mut reader = cx.store.read().await?;
    let order = find_order(cx, &mut reader, id).await?;
    let (header, origin) = (&order.header, &order.origin);
    let serving = release_of(&mut reader, cx.live, &origin.policy).await?;
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
    let told = explain::subject(by, &trace, &answers[0]);
    let inputs = trace.inputs.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    let told = Explanation { outcome: "opened".to_owned(), args: order_args(cx.live, &order), ..told };
    Ok(why(&serving.policy, told, inputs))
}

fn order_args(live: &ActiveRelease, order: &StoredOrder) -> Vec<(&'static str, String)> {
    let StoredOrder { header, origin, .. } = order;
    vec![
        ("order", header.id.to_string()),
        ("at", header.issued_at.rfc3339_in(live.policy.bureau.zone)),
        ("trigger", TriggerId { workflow: &header.workflow, trigger: &origin.trigger }.to_string()),
        ("tier", header.tier.clone().unwrap_or_default()),
        ("nominal", origin.nominal.clone()),
        ("due", header.due_on.to_string()),
        ("issue", header.scheduled_for.to_string()),
    ]
}

/// Explains what became of a subject on the day: an order, or the reason why there was none.
pub async fn why_subject(cx: ActContext<'_>, id: &str) -> Answer<Why> {
    // All of the day counts, whatever moment of it is asked about.
    let cx = ActContext::new(cx.store, cx.live, Stamp::day_end(cx.today, cx.zone()));
    let (zone, on) = (cx.zone(), cx.today);
    let as_of = AppraisalDay::of(cx.store, cx.live, on).await?;
    let mut reader = cx.store.read().await?;
    let found = find_subject(&mut reader, cx.live, id).await?;
    let key = SubjectKey { home: found.subject.home.clone(), id: id.to_owned() };
    let orders = order_list::of_subject(&mut reader, &key, cx.now, on).await?;
    let opened = orders.iter().rev().find(|order| order.header.issued_at.day_in(zone) == on);
    if let Some(order) = opened {
        let id = order.header.id.to_string();
        drop(reader);
        return why_order(cx, &id).await;
    }
    let skipped = skipped(&mut reader, cx.live, &found.subject, on).await?;
    let (subjects, answers) = appraise_now(&mut reader, cx.live, vec![found], as_of).await?;
    let trace = cx.live.rules.trace(cx.policy(), &subjects[0], on);
    let by = Basis { policy: cx.policy(), rules: &cx.live.rules, day: on };
    let mut told = explain::subject(by, &trace, &answers[0]);
    if told.outcome == "none-ordered"
        && let Some(order) = orders.iter().rev().find(|order| order.state == "open")
    {
        told.args = order_args(cx.live, order);
    }
    if told.outcome == "due" && skipped {
        "deferred".clone_into(&mut told.outcome);
        if let Some((_, trigger, _)) = cx.policy().recurring().next() {
            let value = Val::Text(cap(cx.policy()).into());
            told.because.push(DecidingLine { span: trigger.span, value });
        }
    }
    let inputs = trace.inputs.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    Ok(why(cx.policy(), told, inputs))
}

/// Returns whether a cap put the subject off on that day.
async fn skipped(
    reader: &mut crate::store::ReadTx,
    live: &ActiveRelease,
    subject: &Subject,
    on: Day,
) -> Answer<bool> {
    let Some((workflow, trigger, _)) = live.policy.recurring().next() else { return Ok(false) };
    let trigger = TriggerId { workflow: workflow.id.as_str(), trigger: trigger.id.as_str() };
    let recorded = skipped_candidates::of_subject(reader, trigger, &subject.home, &subject.id).await?;
    Ok(recorded.iter().any(|skip| skip.on_day == on && skip.reason == SkipReason::Cap.into_str()))
}

fn cap(policy: &Policy) -> String {
    let cap = policy.recurring().next().and_then(|(_, trigger, _)| trigger.at_most);
    cap.map(|cap| format!("at_most {}", cap.count)).unwrap_or_default()
}

fn why(policy: &Policy, told: Explanation, inputs: BTreeMap<String, String>) -> Why {
    Why {
        outcome: told.outcome,
        args: told.args,
        because: told.because.iter().map(|line| place(policy, line.span, line.value.to_string())).collect(),
        inputs,
        policy: policy.digest.to_string(),
        calendar: format!("{}@{}", policy.bureau.calendar, policy.calendar.revision.short()),
    }
}
