//! Calendars: shown, previewed, and imported with every date they move.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::calendar::Calendar;
use crate::engine::{self, Timing};
use crate::files;
use crate::id::OrderId;
use crate::ledger::{Body, TermMove};
use crate::office::active_release::{examine_texts_on, release_of};
use crate::office::release::activate::{NewRelease, switch};
use crate::office::release::date_move::DateMove;
use crate::office::signal_notes;
use crate::office::{ActContext, ActiveRelease, Answer, Fault, OfficeFault, OfficeStop};
use crate::plan::OrderCounts;
use crate::policy::{Policy, calendar_years, write_years};
use crate::store::order_list::{self, ListedOrder, StoredOrder};
use crate::store::{self, Store, Tx, orders, progress, terms};
use crate::terms as dates;
use crate::time::{Day, Stamp};

/// One year of a calendar, and what it moves.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarAnswer {
    pub year: i32,
    /// Whether it is published.
    pub published: bool,
    /// Working days in it.
    pub work_days: i64,
    /// Mondays to Fridays that are rest days.
    pub rest: Vec<Day>,
    /// Saturdays and Sundays that are working days.
    pub work: Vec<Day>,
    /// Open orders whose date moves.
    pub moves: Vec<DateMove>,
    /// The orders of the days ahead that would change, where it is only planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orders: Option<OrderCounts>,
    /// The proposal that waits for a second person; none where the calendar is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<i64>,
}

/// Shows a year of the policy's calendar.
pub fn calendar_year(policy: &Policy, year: i32) -> CalendarAnswer {
    let view = policy.calendar.year(year);
    CalendarAnswer {
        year,
        published: view.is_published,
        work_days: view.work_days,
        rest: view.rest,
        work: view.work,
        moves: Vec::new(),
        orders: None,
        proposed: None,
    }
}

/// The policy in force with other years in its calendar.
#[derive(Debug)]
pub struct ProposedCalendar {
    /// The policy as it would be.
    pub live: ActiveRelease,
    /// Newest year of the file.
    pub year: i32,
    /// The calendar's file in the folder, with those years.
    pub file: CalendarEdit,
    /// The calendar that is in force.
    before: Calendar,
}

/// A calendar's file as it is to stand in the folder.
#[derive(Clone, Debug)]
pub struct CalendarEdit {
    path: String,
    text: String,
}

impl CalendarEdit {
    /// Writes the calendar's file into the folder.
    ///
    /// # Errors
    /// [`Fault`] when the file cannot be written; the old one is whole then.
    pub fn write(&self, folder: &Path) -> Result<(), Fault> {
        let target = folder.join(&self.path);
        let aside = PathBuf::from(format!("{}.new", target.display()));
        let written = std::fs::write(&aside, &self.text).and_then(|()| std::fs::rename(&aside, &target));
        written.map_err(|error| OfficeFault::unwritable(target.display(), error).into())
    }
}

/// Lays the years of a calendar file over the calendar of the same id that is in force, and over the
/// folder's, so that the folder keeps its other edits and they stay proposals.
///
/// # Errors
/// [`OfficeStop`] when the folder or the file cannot be read or does not hold together.
pub fn propose_calendar(cx: ActContext<'_>, folder: &Path, file: &Path) -> Answer<ProposedCalendar> {
    let live = cx.live;
    let text =
        std::fs::read_to_string(file).map_err(|error| OfficeFault::unreadable(file.display(), error))?;
    let years = calendar_years(&file.display().to_string(), &text)
        .map_err(|(sources, problems)| OfficeStop::Problems(Box::new(sources), problems))?;
    let path = format!("calendars/{}.yaml", years.id);
    let known = live.policy.bureau.calendar.clone();
    let unknown = OfficeFault::NoSuchCalendar { calendar: years.id.clone(), known };
    let laid_over = |texts: &[(String, Vec<u8>)]| {
        let (_, bytes) = texts.iter().find(|(known, _)| *known == path)?;
        write_years(&String::from_utf8_lossy(bytes), &years)
    };
    let text = laid_over(&live.texts).ok_or_else(|| unknown.clone())?;
    let folders = laid_over(&files::read_folder(folder)?).ok_or(unknown)?;
    let mut texts = live.texts.clone();
    for (_, bytes) in texts.iter_mut().filter(|(known, _)| *known == path) {
        *bytes = text.clone().into_bytes();
    }
    let year = years.newest();
    let file = CalendarEdit { path, text: folders };
    let (proposed, before) =
        (examine_texts_on(texts, Vec::new(), Some(cx.today)).sound()?, live.policy.calendar.clone());
    Ok(ProposedCalendar { live: proposed, year, file, before })
}

/// Says which open dates an import would move; stores nothing.
pub async fn plan_calendar(store: &Store, proposed: &ProposedCalendar, now: Stamp) -> Answer<CalendarAnswer> {
    let moves = moves(ActContext::new(store, &proposed.live, now), &proposed.before).await?;
    let moves = moves.iter().map(|moved| moved.told.clone()).collect();
    Ok(CalendarAnswer { moves, ..calendar_year(&proposed.live.policy, proposed.year) })
}

/// Says which open dates the calendar of a text would move, were it imported; none where it is the one in force.
pub(crate) async fn calendar_moves(cx: ActContext<'_>, proposed: &ActiveRelease) -> Answer<Vec<DateMove>> {
    if cx.policy().calendar.revision == proposed.policy.calendar.revision {
        return Ok(Vec::new());
    }
    let moves = moves(ActContext::new(cx.store, proposed, cx.now), &cx.policy().calendar).await?;
    Ok(moves.into_iter().map(|moved| moved.told).collect())
}

/// Puts a policy with another calendar into force and moves open dates, each move recorded, all in one
/// transaction.
pub(crate) async fn put_calendar_in_force(
    store: &Store,
    new: NewRelease<'_>,
    now: Stamp,
) -> Answer<(ActiveRelease, Vec<DateMove>)> {
    let before = new.before.map_or(&new.proposed.policy.calendar, |before| &before.policy.calendar);
    let moves = moves(ActContext::new(store, &new.proposed, now), before).await?;
    let homes = moves.iter().map(|moved| moved.row.header.id.home.as_str());
    let mut tx = store.begin_on(homes.chain([""])).await?;
    let actor = new.hands.actor;
    let active = Box::pin(switch(store, &mut tx, new, now)).await?;
    write_moves(ActContext::new(store, &active, now), &mut tx, &moves, actor).await?;
    tx.commit().await?;
    Ok((active, moves.into_iter().map(|moved| moved.told).collect()))
}

/// An open order whose dates move.
struct MovedOrder {
    told: DateMove,
    row: StoredOrder,
    order: engine::Order,
    provisional: bool,
    timings: Vec<Timing>,
    moves: Vec<TermMove>,
}

/// Orders whose dates are computed at a time.
const PAGE: usize = 1_000;

/// A text with the days that are in force, and with those that are proposed.
struct TextOfTwoCalendars {
    before: Policy,
    proposed: Policy,
}

/// Computes every open order's dates with the calendar in force and with the one that is proposed, and
/// keeps those that differ.
async fn moves(cx: ActContext<'_>, before: &Calendar) -> Answer<Vec<MovedOrder>> {
    let filter =
        order_list::OrderFilter { state: Some("open".to_owned()), ..order_list::OrderFilter::default() };
    let (mut reader, mut beside) = (cx.store.read().await?, cx.store.read().await?);
    let mut open = order_list::list(&mut reader, &filter, cx.now, cx.today);
    let mut policies: BTreeMap<String, TextOfTwoCalendars> = BTreeMap::new();
    let mut all = Vec::new();
    loop {
        let page = open.next_rows(PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        let keys = page.iter().map(|listed| &listed.order.header.id);
        let loaded = progress::load_many(&mut beside, keys).await?;
        let mut loaded: BTreeMap<OrderId, engine::Order> =
            loaded.into_iter().map(|loaded| (loaded.key(), loaded.order)).collect();
        for ListedOrder { order: row, .. } in &page {
            let Some(order) = loaded.remove(&row.header.id) else { continue };
            let digest = &row.origin.policy;
            if !policies.contains_key(digest) {
                // Its own text with the new days.
                let own = release_of(&mut beside, cx.live, digest).await?.policy.clone();
                let proposed = Policy { calendar: cx.policy().calendar.clone(), ..own.clone() };
                let before = Policy { calendar: before.clone(), ..own };
                policies.insert(digest.clone(), TextOfTwoCalendars { before, proposed });
            }
            all.extend(moved(&policies[digest], row, order));
        }
    }
}

/// Recomputes one order's window and the terms of its places from the moments it entered them.
fn moved(text: &TextOfTwoCalendars, row: &StoredOrder, mut order: engine::Order) -> Option<MovedOrder> {
    let policy = &text.proposed;
    let (header, origin) = (&row.header, &row.origin);
    let workflow = policy.workflow(&header.workflow)?;
    let recur = workflow.start.iter().find(|trigger| trigger.id == origin.trigger);
    let recur = recur.and_then(|trigger| trigger.recur.as_ref());
    let (due_on, provisional) = match (recur, origin.nominal.parse::<Day>().ok()) {
        // A raised due date counts from its decision, not from the nominal day, and stays.
        (Some(recur), Some(nominal)) if !is_raised(row) => {
            let dates = dates::from_nominal(nominal, recur, &policy.calendar);
            (dates.due, dates.provisional)
        }
        _ => (header.due_on, origin.is_provisional),
    };
    let id = header.id.to_string();
    let mut moves = Vec::new();
    let mut moved = |what: &str, from: String, to: String| {
        if from != to {
            moves.push(TermMove { order: id.clone(), what: what.to_owned(), from, to });
        }
    };
    moved("window", header.due_on.to_string(), due_on.to_string());
    moved("provisional", origin.is_provisional.to_string(), provisional.to_string());
    let several = TimingsBefore::of(&text.before, &order);
    order.cover.due_on = due_on;
    let timings = engine::recompute(policy, &order);
    let (mut from, mut to) = (header.due_on, due_on);
    for timing in &timings {
        let before = order.retime(timing);
        let Some((due, until)) = before else { continue };
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let at = format!("{}/{}", timing.step, timing.visit);
        moved(&format!("step/{at}"), day(due), day(timing.due));
        let stamp = |at: Option<Stamp>| at.map(|at| at.to_string()).unwrap_or_default();
        moved(&format!("wait/{at}"), stamp(until), stamp(timing.until.filter(|_| until.is_some())));
        if from == to
            && let (Some(due), Some(new)) = (due, timing.due)
        {
            (from, to) = (due, new);
        }
        for (term, old, new) in several.moved(timing) {
            moved(&format!("term/{at}/{term}"), old.to_string(), new.to_string());
            if from == to {
                (from, to) = (old, new);
            }
        }
    }
    if moves.is_empty() {
        return None;
    }
    let told = DateMove { order: id, from, to };
    Some(MovedOrder { told, row: row.clone(), order, provisional, timings, moves })
}

/// The ends of the terms of steps that have several, as they are before a calendar is laid on.
struct TimingsBefore(Vec<Timing>);

impl TimingsBefore {
    fn of(policy: &Policy, order: &engine::Order) -> Self {
        let has_several = |timing: &Timing| !timing.ends.is_empty();
        Self(engine::recompute(policy, order).into_iter().filter(has_several).collect())
    }

    /// Returns which terms of a visit move, from when to when.
    fn moved<'t>(&'t self, timing: &'t Timing) -> impl Iterator<Item = (usize, Day, Day)> + 't {
        let is_same = |old: &&Timing| old.step == timing.step && old.visit == timing.visit;
        let old = self.0.iter().find(is_same).into_iter().flat_map(|old| &old.ends);
        let pairs = old.zip(&timing.ends).enumerate();
        pairs.map(|(term, (old, new))| (term, old.end_on, new.end_on)).filter(|(_, old, new)| old != new)
    }
}

/// A raised window begins after its nominal day could have been issued and ends after it.
fn is_raised(order: &StoredOrder) -> bool {
    let nominal = order.origin.nominal.parse::<Day>();
    nominal.is_ok_and(|nominal| order.header.due_on > nominal + chrono::TimeDelta::days(MOST_ROLL))
}

/// Longest a due date is rolled off a rest day: the longest holiday block with its weekends.
const MOST_ROLL: i64 = 12;

async fn write_moves(cx: ActContext<'_>, tx: &mut Tx, moves: &[MovedOrder], actor: &str) -> Answer<()> {
    let mut by_home: BTreeMap<&str, Vec<TermMove>> = BTreeMap::new();
    for moved in moves {
        orders::move_dates(tx, &moved.row, &moved.order, moved.provisional).await?;
        let order = moved.row.header.id.as_ref();
        for timing in &moved.timings {
            terms::move_many(tx, order, &timing.rows).await?;
        }
        if let Some(window) = engine::window(cx.policy(), &moved.order) {
            terms::move_many(tx, order, &[window]).await?;
        }
        by_home.entry(order.home).or_default().extend(moved.moves.iter().cloned());
    }
    let (id, revision) = (&cx.policy().bureau.calendar, cx.policy().calendar.revision.to_string());
    let body = |(home, moves)| {
        (home, Body::CalendarMoved { calendar: id.clone(), revision: revision.clone(), moves })
    };
    store::ledger::append_many(tx, by_home.into_iter().map(body), cx.author(actor)).await?;
    signal_notes::calendar_changed(cx, tx).await?;
    Ok(())
}
