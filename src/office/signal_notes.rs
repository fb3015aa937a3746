//! Signals that are noted in the transaction of what they tell of, to be carried to orders later.

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

/// What is new about people.
#[derive(Clone, Debug, Default)]
pub(crate) struct PeopleNews {
    /// Those with duties who lost a post or serve elsewhere.
    pub(crate) changed: Vec<String>,
    /// Who holds a post that he did not hold before.
    pub(crate) came: Vec<String>,
    /// Whether somebody else is there again, too.
    pub(crate) is_back: bool,
}

/// Notes that duties may have to move: of those with duties who are away, and of those who lost a post or serve
/// elsewhere; what nobody has, and what chiefs have in a shortage, to those who came. Returns whether there are any.
///
/// # Source
/// Policy language, rule 16; scenario A8.
pub(crate) async fn people_changed(
    cx: ActContext<'_>,
    tx: &mut Tx,
    roster: &Roster,
    news: PeopleNews,
) -> Answer<bool> {
    let PeopleNews { changed, came, is_back } = news;
    let mut absent = people::absent(roster, cx.today);
    absent.retain(|id| !changed.contains(id));
    let absent = absent.into_iter().map(|id| (names::OFFICER_AWAY, id));
    let all = changed.into_iter().map(|id| (names::OFFICER_CHANGED, id)).chain(absent);
    let signal = |(name, id): (&str, String)| {
        let (name, body) = (name.to_owned(), "{}".to_owned());
        NewSignal { name, about: SignalTarget::Officer, id, body, at: cx.now }
    };
    let mut all: Vec<NewSignal> = all.map(signal).collect();
    // What comes to somebody can wait for the next pass; what somebody may no longer have cannot.
    let may_move = !all.is_empty();
    if is_back || !came.is_empty() {
        all.extend(came_signals(cx, roster, &came));
    }
    signals::add_many(tx, &all).await?;
    Ok(may_move)
}

/// Tells the orders that nobody has, and the heads who may stand in, that somebody came.
fn came_signals(cx: ActContext<'_>, roster: &Roster, came: &[String]) -> Vec<NewSignal> {
    let signal = |about: SignalTarget, id: String| NewSignal {
        name: names::OFFICER_CAME.to_owned(),
        about,
        id,
        body: json!({CAME: came}).to_string(),
        at: cx.now,
    };
    let heads = people::heads_over(cx.policy(), roster, came, cx.today).into_iter();
    let bureau = signal(SignalTarget::Bureau, cx.policy().bureau.id.clone());
    heads.map(|id| signal(SignalTarget::Officer, id)).chain([bureau]).collect()
}

/// Key under which a signal says who came.
pub(crate) const CAME: &str = "came";

/// Notes that duties may have to move of somebody who keeps away from a subject from now on.
pub(crate) async fn recused(cx: ActContext<'_>, tx: &mut Tx, subject: &str) -> Answer<()> {
    let (name, id, body) = (names::OFFICER_CHANGED.to_owned(), subject.to_owned(), "{}".to_owned());
    let signal = NewSignal { name, about: SignalTarget::Subject, id, body, at: cx.now };
    Ok(signals::add_many(tx, &[signal]).await?)
}

/// Key under which a signal says of which grids somebody is an officer no longer.
pub(crate) const GRIDS: &str = "grids";

/// Notes that duties may have to move of those who are officers of a grid no longer, and to those who are now.
pub(crate) async fn grids_changed(
    cx: ActContext<'_>,
    tx: &mut Tx,
    before: &Roster,
    after: &Roster,
) -> Answer<()> {
    let (lost, came) = (people::without_grid(before, after), people::new_of_grids(before, after));
    let signal = |(id, grids): (String, Vec<String>)| NewSignal {
        name: names::OFFICER_CHANGED.to_owned(),
        about: SignalTarget::Officer,
        id,
        body: json!({GRIDS: grids}).to_string(),
        at: cx.now,
    };
    let mut all: Vec<NewSignal> = lost.into_iter().map(signal).collect();
    if !came.is_empty() {
        all.extend(came_signals(cx, after, &came));
    }
    Ok(signals::add_many(tx, &all).await?)
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
