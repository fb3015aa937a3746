//! Signals that are noted in the transaction of what they tell of, to be carried to orders later.

use std::collections::BTreeMap;

use serde_json::json;

use crate::engine::signals as names;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::people::{self, Roster};
use crate::store::signals::{self, NewSignal, SignalTarget};
use crate::store::{SubjectChange, SubjectNews, Tx};
use crate::time::Stamp;

/// Notes signals for what an import changed; a status that begins later is heard of on its day.
pub(crate) async fn announce(cx: ActContext<'_>, tx: &mut Tx, news: &[SubjectNews]) -> Answer<()> {
    let signal = |SubjectNews { subject, what }: &SubjectNews| {
        let (name, body, at) = match what {
            SubjectChange::Place { station, grid } => {
                (names::MOVED, json!({"station": station, "grid": grid}), cx.now)
            }
            SubjectChange::Status(day, status) => {
                let name = names::of_status(*status);
                (name, json!({"on": day.to_string()}), Stamp::day_start(*day, cx.zone()).max(cx.now))
            }
        };
        let (name, id) = (name.to_owned(), subject.clone());
        NewSignal { name, about: SignalTarget::Subject, id, body: body.to_string(), at }
    };
    Ok(signals::add_many(tx, &news.iter().map(signal).collect::<Vec<_>>()).await?)
}

/// Notes that duties may have to move, of those with duties who are away, and of those who lost a post or
/// serve elsewhere; returns whether there are any.
///
/// # Source
/// Policy language, rule 16; scenario A8.
pub(crate) async fn people_changed(
    cx: ActContext<'_>,
    tx: &mut Tx,
    roster: &Roster,
    changed: Vec<String>,
) -> Answer<bool> {
    let mut absent = people::absent(roster, cx.today);
    absent.retain(|id| !changed.contains(id));
    let absent = absent.into_iter().map(|id| (names::OFFICER_AWAY, id));
    let all = changed.into_iter().map(|id| (names::OFFICER_CHANGED, id)).chain(absent);
    let signal = |(name, id): (&str, String)| {
        let (name, body) = (name.to_owned(), "{}".to_owned());
        NewSignal { name, about: SignalTarget::Officer, id, body, at: cx.now }
    };
    let all: Vec<NewSignal> = all.map(signal).collect();
    signals::add_many(tx, &all).await?;
    Ok(!all.is_empty())
}

/// Key under which a signal says of which grids somebody is an officer no longer.
pub(crate) const GRIDS: &str = "grids";

/// Notes that duties may have to move of those who are officers of a grid no longer.
pub(crate) async fn grids_changed(
    cx: ActContext<'_>,
    tx: &mut Tx,
    lost: BTreeMap<String, Vec<String>>,
) -> Answer<()> {
    let signal = |(id, grids): (String, Vec<String>)| NewSignal {
        name: names::OFFICER_CHANGED.to_owned(),
        about: SignalTarget::Officer,
        id,
        body: json!({GRIDS: grids}).to_string(),
        at: cx.now,
    };
    Ok(signals::add_many(tx, &lost.into_iter().map(signal).collect::<Vec<_>>()).await?)
}

/// Notes that the tiers of subjects changed, where a workflow has something to do then.
pub(crate) async fn tiers_changed(
    cx: ActContext<'_>,
    tx: &mut Tx,
    changed: &[(&str, Option<&str>)],
) -> Answer<()> {
    if !is_named(cx.live, names::TIER_CHANGED) {
        return Ok(());
    }
    let signal = |(subject, tier): &(&str, Option<&str>)| NewSignal {
        name: names::TIER_CHANGED.to_owned(),
        about: SignalTarget::Subject,
        id: (*subject).to_owned(),
        body: json!({"tier": tier}).to_string(),
        at: cx.now,
    };
    Ok(signals::add_many(tx, &changed.iter().map(signal).collect::<Vec<_>>()).await?)
}

/// Notes that the calendar changed, where a workflow has something to do then.
pub(crate) async fn calendar_changed(cx: ActContext<'_>, tx: &mut Tx) -> Answer<()> {
    if !is_named(cx.live, names::CALENDAR_CHANGED) {
        return Ok(());
    }
    let (name, id) = (names::CALENDAR_CHANGED.to_owned(), cx.policy().bureau.id.clone());
    let signal = NewSignal { name, about: SignalTarget::Bureau, id, body: "{}".to_owned(), at: cx.now };
    Ok(signals::add_many(tx, &[signal]).await?)
}

fn is_named(live: &ActiveRelease, name: &str) -> bool {
    live.policy.workflows.iter().any(|workflow| workflow.signals.iter().any(|signal| signal.on == name))
}
