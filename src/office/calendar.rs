//! Calendars: shown, previewed, and imported with every date they move.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::ask::order_id;
use super::release::{activate, examine_texts, load_folder};
use super::{Fault, Live, Stop};
use crate::engine::{self, Opening};
use crate::ledger::{Body, TermMove};
use crate::policy::{Policy, calendar_years, lay_years};
use crate::store::order_list::{self, Order};
use crate::store::{self, Store, orders, terms};
use crate::terms as dates;
use crate::time::{Day, Stamp};

/// One year of a calendar, and what it moves.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarAnswer {
    /// The year.
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
    pub moves: Vec<Move>,
}

/// One order whose date moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    /// Id of the order.
    pub order: String,
    /// Last day of its window, or of its step, before.
    pub from: Day,
    /// The same, after.
    pub to: Day,
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
    }
}

/// A folder's policy with other years in its calendar.
#[derive(Debug)]
pub struct ProposedCalendar {
    /// The policy as it would be.
    pub live: Live,
    /// Newest year of the file.
    pub year: i32,
    path: String,
    text: String,
}

impl ProposedCalendar {
    /// Writes the calendar's file into the folder.
    ///
    /// # Errors
    /// [`Fault`] when the file cannot be written; the old one is whole then.
    pub fn write(&self, folder: &Path) -> Result<(), Fault> {
        let target = folder.join(&self.path);
        let aside = PathBuf::from(format!("{}.new", target.display()));
        let written = std::fs::write(&aside, &self.text).and_then(|()| std::fs::rename(&aside, &target));
        written.map_err(|error| Fault::new("F002").with("cause", format!("{}: {error}", target.display())))
    }
}

/// Lays the years of a calendar file over the folder's calendar of the same id.
///
/// # Errors
/// [`Stop`] when the folder or the file cannot be read or does not hold together.
pub fn propose_calendar(folder: &Path, file: &Path) -> Result<ProposedCalendar, Stop> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Fault::new("F003").with("cause", format!("{}: {error}", file.display())))?;
    let base = load_folder(folder)?;
    let years = calendar_years(&file.display().to_string(), &text)
        .map_err(|(sources, problems)| Stop::Problems(Box::new(sources), problems))?;
    let path = format!("calendars/{}.yaml", years.id);
    let unknown =
        || Fault::new("F004").with("calendar", &years.id).with("known", &base.policy.bureau.calendar);
    let mut texts = base.texts.clone();
    let (_, bytes) = texts.iter_mut().find(|(known, _)| *known == path).ok_or_else(unknown)?;
    let text = lay_years(&String::from_utf8_lossy(bytes), &years).ok_or_else(unknown)?;
    *bytes = text.clone().into_bytes();
    let examined = examine_texts(texts, base.places);
    match examined.live {
        Some(live) => Ok(ProposedCalendar { live, year: years.newest(), path, text }),
        None => Err(Stop::Problems(Box::new(examined.sources), examined.diagnostics)),
    }
}

/// Says which open dates an import would move; stores nothing.
pub async fn plan_calendar(
    store: &Store,
    proposed: &ProposedCalendar,
    now: Stamp,
) -> Result<CalendarAnswer, Stop> {
    let moves = moves(store, &proposed.live, now).await?;
    let moves = moves.iter().map(|moved| moved.told.clone()).collect();
    Ok(CalendarAnswer { moves, ..calendar_year(&proposed.live.policy, proposed.year) })
}

/// Makes the calendar part of a new release and moves open dates, each move recorded.
pub async fn import_calendar(
    store: &Store,
    proposed: ProposedCalendar,
    actor: &str,
    now: Stamp,
) -> Result<CalendarAnswer, Stop> {
    let year = proposed.year;
    let moves = moves(store, &proposed.live, now).await?;
    let active = activate(store, proposed.live, actor, now).await?;
    write_moves(store, &active, &moves, actor, now).await?;
    let told = moves.into_iter().map(|moved| moved.told).collect();
    Ok(CalendarAnswer { moves: told, ..calendar_year(&active.policy, year) })
}

/// An open order whose dates move.
struct Moved {
    told: Move,
    order: Order,
    due_on: Day,
    provisional: bool,
    step_due: Option<Day>,
    terms: Vec<engine::TermRow>,
}

/// Computes every open order's dates with both calendars and keeps those that differ.
async fn moves(store: &Store, after: &Live, now: Stamp) -> Result<Vec<Moved>, Stop> {
    let today = now.day_in(after.policy.bureau.zone);
    let filter = order_list::Filter { state: Some("open".to_owned()), ..order_list::Filter::default() };
    let open = order_list::list(&mut store.read().await?, &filter, now, today).await?;
    Ok(open.into_iter().filter_map(|order| moved(&after.policy, order)).collect())
}

/// Recomputes one order's window and the term of its step from the moment it entered it.
fn moved(policy: &Policy, order: Order) -> Option<Moved> {
    let workflow = policy.workflow(&order.workflow)?;
    let recur = workflow.start.iter().find(|trigger| trigger.id == order.trigger)?.recur.as_ref();
    let nominal = order.nominal.parse::<Day>().ok();
    let (due_on, provisional) = match (recur, nominal) {
        // A raised due date counts from its decision, not from the nominal day, and stays.
        (Some(recur), Some(nominal)) if !is_raised(&order) => {
            let dates = dates::from_nominal(nominal, recur, &policy.calendar);
            (dates.due, dates.provisional)
        }
        _ => (order.due_on, order.is_provisional),
    };
    let opening = Opening {
        workflow: &order.workflow,
        station: &order.station,
        grid: order.grid.as_deref(),
        tier: order.tier.as_deref(),
        due_on,
    };
    let entered =
        engine::recompute(policy, &order.step, u32::try_from(order.visit).ok()?, &opening, order.issued_at)?;
    let is_same =
        due_on == order.due_on && entered.due == order.step_due && provisional == order.is_provisional;
    if is_same {
        return None;
    }
    let told = if due_on == order.due_on {
        Move { order: order_id(&order.home, order.seq), from: order.step_due?, to: entered.due? }
    } else {
        Move { order: order_id(&order.home, order.seq), from: order.due_on, to: due_on }
    };
    Some(Moved { told, due_on, provisional, step_due: entered.due, terms: entered.terms, order })
}

/// A raised window begins after its nominal day could have been issued and ends after it.
fn is_raised(order: &Order) -> bool {
    order
        .nominal
        .parse::<Day>()
        .is_ok_and(|nominal| order.due_on > nominal + chrono::TimeDelta::days(MOST_ROLL))
}

/// Longest a due date is rolled off a rest day: the longest holiday block with its weekends.
const MOST_ROLL: i64 = 12;

async fn write_moves(
    store: &Store,
    live: &Live,
    moves: &[Moved],
    actor: &str,
    now: Stamp,
) -> Result<(), Stop> {
    let mut by_home: BTreeMap<&str, Vec<TermMove>> = BTreeMap::new();
    let mut tx = store.begin().await?;
    for moved in moves {
        let order = &moved.order;
        orders::move_dates(&mut tx, order, moved.due_on, moved.provisional, moved.step_due).await?;
        let ends: Vec<terms::New> = moved.terms.iter().cloned().map(super::dispatch::to_term).collect();
        terms::move_many(&mut tx, (&order.home, order.seq), (&order.step, order.visit), &ends).await?;
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let dates = [
            ("window", order.due_on.to_string(), moved.due_on.to_string()),
            ("step", day(order.step_due), day(moved.step_due)),
            ("provisional", order.is_provisional.to_string(), moved.provisional.to_string()),
        ];
        let changed = dates.into_iter().filter(|(_, from, to)| from != to);
        by_home.entry(&order.home).or_default().extend(changed.map(|(what, from, to)| TermMove {
            order: moved.told.order.clone(),
            what: what.to_owned(),
            from,
            to,
        }));
    }
    let calendar = &live.policy.calendar;
    let bodies: Vec<(&str, Body)> = by_home
        .into_iter()
        .map(|(home, moves)| {
            let (id, revision) = (live.policy.bureau.calendar.clone(), calendar.revision.to_string());
            (home, Body::CalendarMoved { calendar: id, revision, moves })
        })
        .collect();
    let bodies: Vec<(&str, &Body)> = bodies.iter().map(|(home, body)| (*home, body)).collect();
    store::ledger::append_many(&mut tx, actor, &bodies, now).await?;
    tx.commit().await?;
    Ok(())
}
