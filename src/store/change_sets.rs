//! The sum of a docket: all that a group of acts did to its orders, written in some statements.
//!
//! A group may change one order several times and open others; what stands in the tables
//! afterwards is the last of it, while the ledger gets an entry for each change. The statements
//! are as many for one act as for a thousand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::{ChangeCause, Effect, Event, Order, OrderChange, OrderOrigin, OrderState, TermRow};
use crate::id::{OrderId, TriggerId};
use crate::ledger::{Body, OpenedCommon, OpenedOrder, SingleOpening, TableSums};
use crate::policy::SubjectKind;
use crate::time::{Day, Stamp, Tz};

use super::checksums::{self, SummedTable};
use super::orders::{self, OwnColumns, SharedColumns, StandColumns};
use super::outbox::OutboxKey;
use super::sql::{Bulk, bulk, statements};
use super::{
    Result, StoreFault, Tx, duties, incidents, inspections, ledger, outbox, progress, reappraisals, subjects,
    terms,
};

/// What one act, one signal or one moment did: in whose name and when.
#[derive(Clone, Copy, Debug)]
pub struct ChangeSet<'a> {
    /// What changed, in the order it happened.
    pub changes: &'a [OrderChange],
    /// Who did it.
    pub actor: &'a str,
    pub at: Stamp,
    /// Digest of the policy that the first order changed is pinned to from here on, where that changed.
    pub pinned_to: Option<&'a str>,
    /// What the row holds that keeps the answer, where a sender gave a key.
    pub answered: Option<&'a str>,
}

const UPDATE: Bulk = bulk!("docket.update":
    with ("home, seq, before, version, station, grid, state, step, visit, step_due, assignees, ended_on, reason")
    "UPDATE orders SET version = new.version, station = new.station, grid = new.grid, state = new.state, \
     step = new.step, visit = new.visit, step_due = new.step_due, assignees = new.assignees, \
     ended_on = new.ended_on, reason = COALESCE(new.reason, orders.reason) \
     FROM new WHERE orders.home = new.home AND orders.seq = new.seq AND orders.version = new.before");
const REPIN: Bulk = bulk!("docket.repin":
    with ("home, seq, policy")
    "UPDATE orders SET policy = new.policy FROM new WHERE orders.home = new.home AND orders.seq = new.seq");

statements!(; UPDATE, REPIN);

/// One order that a docket changed: as it was, and as it is.
struct Net<'a> {
    key: &'a OrderId,
    before: &'a Order,
    after: &'a Order,
    version_before: i64,
    version: i64,
    opened: Option<&'a OrderOrigin>,
    /// The step at which it is shown, and the visit.
    shown: Option<(&'a str, u32)>,
    at: Stamp,
}

/// Writes all that happened, in the order it happened.
///
/// # Errors
/// [`StoreFault::Stale`] when an order is not at the version it was loaded at; [`StoreFault`] when the
/// database refuses. The transaction must then be dropped.
pub async fn save(tx: &mut Tx, deeds: &[ChangeSet<'_>], zone: Tz) -> Result<()> {
    let nets = nets(deeds);
    write_orders(tx, &nets, zone).await?;
    write_pins(tx, deeds).await?;
    write_progress(tx, &nets).await?;
    write_terms(tx, deeds, &nets).await?;
    write_duties(tx, &nets).await?;
    write_incidents(tx, &nets).await?;
    write_outbox(tx, deeds).await?;
    let touched = write_effects(tx, deeds).await?;
    write_marks(tx, &nets).await?;
    record(tx, deeds, &touched).await
}

fn nets<'a>(deeds: &[ChangeSet<'a>]) -> Vec<Net<'a>> {
    let mut nets: BTreeMap<&OrderId, Net<'a>> = BTreeMap::new();
    for deed in deeds {
        for change in deed.changes {
            let net = nets.entry(&change.key).or_insert_with(|| Net {
                key: &change.key,
                before: &change.before,
                after: &change.outcome.next,
                version_before: change.version - 1,
                version: change.version,
                opened: match &change.happened {
                    ChangeCause::Opened(opened) => Some(opened),
                    ChangeCause::Event(_) => None,
                },
                shown: None,
                at: deed.at,
            });
            net.after = &change.outcome.next;
            net.version = change.version;
            net.at = deed.at;
            net.shown = change.outcome.shown(&change.before).or(net.shown);
        }
    }
    nets.into_values().collect()
}

impl Net<'_> {
    fn has_ended(&self) -> bool {
        matches!(self.after.state, OrderState::Done { .. } | OrderState::Cancelled { .. })
    }

    /// Returns where the order stands, as its line in `orders` says it.
    fn stand(&self, zone: Tz) -> StandColumns<'_> {
        let (step, visit) = self.shown.unwrap_or(("", 1));
        let (ended, reason) = match &self.after.state {
            OrderState::NotYet | OrderState::Open(_) => (None, None),
            OrderState::Done { at } => (Some(*at), None),
            OrderState::Cancelled { at, reason } => (Some(*at), Some(reason.as_str())),
        };
        StandColumns {
            state: self.after.state.into_str(),
            step,
            visit: i64::from(visit),
            ended_on: ended.map(|at| at.day_in(zone)),
            reason,
            version: self.version,
        }
    }

    fn step_due(&self) -> Option<Day> {
        self.after.first_place().and_then(|place| place.due)
    }

    /// Returns who has one of its steps in hand, each once.
    fn holders(&self) -> Vec<&str> {
        let duties = self.after.state.places().iter().filter_map(|place| place.duty());
        let holders: BTreeSet<&str> = duties.flat_map(|duty| &duty.assignees).map(String::as_str).collect();
        holders.into_iter().collect()
    }
}

async fn write_orders(tx: &mut Tx, nets: &[Net<'_>], zone: Tz) -> Result<()> {
    let known = nets.iter().filter(|net| net.opened.is_none()).map(|net| {
        let (stand, header) = (net.stand(zone), &net.after.cover);
        let place = (stand.state, stand.step, stand.visit, net.step_due(), net.holders());
        let moved = (net.key, net.version_before, stand.version, &header.station, &header.grid);
        (moved, place, stand.ended_on, stand.reason)
    });
    let known: Vec<_> = known.collect();
    if tx.write_rows(&UPDATE, &known).await? < known.len() as u64 {
        return Err(StoreFault::Stale);
    }
    let mut alike: BTreeMap<SharedColumns<'_>, Vec<OwnColumns<'_>>> = BTreeMap::new();
    for net in nets {
        let (Some(origin), header) = (net.opened, &net.after.cover) else { continue };
        let shared = SharedColumns {
            trigger: TriggerId { workflow: &header.workflow, trigger: &origin.trigger },
            subject_kind: header.subject_kind,
            issued_at: header.issued_at,
            policy: &origin.policy,
            stand: net.stand(zone),
        };
        let line = OwnColumns { header, origin, step_due: net.step_due(), assignees: net.holders() };
        alike.entry(shared).or_default().push(line);
    }
    for (shared, lines) in alike {
        let count = lines.len() as u64;
        if orders::insert(tx, shared, lines).await? < count {
            return Err(StoreFault::Stale);
        }
    }
    Ok(())
}

async fn write_pins(tx: &mut Tx, deeds: &[ChangeSet<'_>]) -> Result<()> {
    let pinned = deeds.iter().filter_map(|deed| Some((&deed.changes.first()?.key, deed.pinned_to?)));
    let pinned: Vec<(&OrderId, &str)> = pinned.collect();
    tx.write_rows(&REPIN, &pinned).await.map(drop)
}

async fn write_progress(tx: &mut Tx, nets: &[Net<'_>]) -> Result<()> {
    let body = |net: &Net<'_>| match net.opened {
        Some(_) => progress::body_unless_fresh(net.after),
        // A reminder changes nothing of where an order stands.
        None if net.before.record == net.after.record && net.before.state == net.after.state => None,
        None => Some(progress::body(net.after)),
    };
    let bodies: Vec<(&OrderId, String)> = nets.iter().filter_map(|net| Some((net.key, body(net)?))).collect();
    progress::save_many(tx, &bodies).await
}

/// Terms as they come out over all changes: those of visits that were left are taken back, unless
/// they have fired.
async fn write_terms(tx: &mut Tx, deeds: &[ChangeSet<'_>], nets: &[Net<'_>]) -> Result<()> {
    let mut left: BTreeSet<(&OrderId, &str, u32)> = BTreeSet::new();
    let mut added: BTreeMap<(&OrderId, &str, u32), Vec<&TermRow>> = BTreeMap::new();
    for change in deeds.iter().flat_map(|deed| deed.changes) {
        for (step, visit) in &change.outcome.left {
            left.insert((&change.key, step, *visit));
            if let Some(rows) = added.get_mut(&(&change.key, step.as_str(), *visit)) {
                rows.retain(|row| row.fired_at.is_some() || row.kind == crate::engine::TermKind::Window);
            }
        }
        for row in &change.outcome.terms {
            let rows = added.entry((&change.key, &row.step, row.visit)).or_default();
            if rows.iter().all(|known| (known.kind, known.level) != (row.kind, row.level)) {
                rows.push(row);
            }
        }
    }
    let ended: BTreeSet<&OrderId> = nets.iter().filter(|net| net.has_ended()).map(|net| net.key).collect();
    let ended_before: Vec<&OrderId> =
        nets.iter().filter(|net| net.has_ended() && net.opened.is_none()).map(|net| net.key).collect();
    left.retain(|(key, ..)| !ended.contains(key));
    terms::take_back_all(tx, &ended_before).await?;
    terms::take_back(tx, &left.into_iter().collect::<Vec<_>>()).await?;
    let rows: Vec<(&OrderId, &TermRow)> = added
        .into_iter()
        .flat_map(|((key, ..), rows)| rows.into_iter().map(move |row| (key, row)))
        .filter(|(key, row)| row.fired_at.is_some() || !ended.contains(key))
        .collect();
    terms::add_each(tx, &rows).await
}

async fn write_duties(tx: &mut Tx, nets: &[Net<'_>]) -> Result<()> {
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for net in nets {
        let before: BTreeSet<duties::DutyRow> = duties::of_order(net.before).into_iter().collect();
        let after: BTreeSet<duties::DutyRow> = duties::of_order(net.after).into_iter().collect();
        gone.extend(before.difference(&after).cloned());
        new.extend(after.difference(&before).cloned().map(|duty| (duty, net.at)));
    }
    duties::exchange(tx, &gone, &new).await
}

/// Orders that stand still from here on, and those that go on again.
async fn write_incidents(tx: &mut Tx, nets: &[Net<'_>]) -> Result<()> {
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for net in nets {
        let (before, after) =
            (incidents::of_order(net.key, net.before), incidents::of_order(net.key, net.after));
        gone.extend(before.iter().filter(|incident| !after.contains(incident)).cloned());
        new.extend(after.into_iter().filter(|incident| !before.contains(incident)));
    }
    incidents::remove_many(tx, &gone).await?;
    incidents::add_many(tx, &new).await
}

async fn write_outbox(tx: &mut Tx, deeds: &[ChangeSet<'_>]) -> Result<()> {
    let (epoch, mut rows) = (tx.epoch().number, Vec::new());
    for (deed, change) in deeds.iter().flat_map(|deed| deed.changes.iter().map(move |change| (deed, change)))
    {
        for (ordinal, message) in (0_i64..).zip(&change.outcome.outbox) {
            let order = change.key.clone();
            rows.push((OutboxKey { order, version: change.version, ordinal, epoch }, message, deed.at));
        }
    }
    outbox::add_each(tx, &rows).await
}

/// Tables of the register that were changed, by home.
type TouchedTables = BTreeMap<(&'static str, String), (i64, String)>;

/// Writes inspections that were made and attributes that were set; both mark their subjects.
async fn write_effects(tx: &mut Tx, deeds: &[ChangeSet<'_>]) -> Result<TouchedTables> {
    let (mut made, mut set) = (Vec::new(), Vec::new());
    for change in deeds.iter().flat_map(|deed| deed.changes) {
        let cover = &change.outcome.next.cover;
        for effect in &change.outcome.effects {
            match effect {
                Effect::Inspection { on, kind, problems } => made.push(inspections::InspectionRecord {
                    id: format!("{}.{}", change.key, change.version),
                    subject: cover.subject.clone(),
                    on: *on,
                    kind: kind.clone(),
                    result: String::new(),
                    problems: counted(problems),
                }),
                Effect::Set { attribute, value } if cover.subject_kind == SubjectKind::Subject => {
                    set.push(subjects::Set {
                        home: cover.id.home.clone(),
                        subject: cover.subject.clone(),
                        attribute: attribute.clone(),
                        value: value.clone(),
                    });
                }
                Effect::Set { .. } | Effect::Open(_) | Effect::Document { .. } => {}
            }
        }
    }
    let mut touched = TouchedTables::new();
    if !made.is_empty() {
        let done = inspections::upsert_many(tx, &made).await?;
        say_sums(tx, SummedTable::Inspection, done.homes.into_keys(), &mut touched).await?;
    }
    if !set.is_empty() {
        let homes = subjects::set_many(tx, &set).await?;
        say_sums(tx, SummedTable::Subject, homes.into_iter(), &mut touched).await?;
    }
    Ok(touched)
}

/// Levels with problems, sorted by level as inspections are stored.
fn counted(problems: &[(String, i64)]) -> Vec<(String, u32)> {
    let some = problems.iter().filter(|(_, count)| *count > 0);
    let mut out: Vec<(String, u32)> =
        some.map(|(level, count)| (level.clone(), u32::try_from(*count).unwrap_or(u32::MAX))).collect();
    out.sort_unstable();
    out
}

async fn say_sums(
    tx: &mut Tx,
    table: SummedTable,
    homes: impl Iterator<Item = String>,
    touched: &mut TouchedTables,
) -> Result<()> {
    let homes: BTreeSet<String> = homes.collect();
    for (home, sum) in checksums::of(tx, table, homes.iter().map(String::as_str)).await? {
        touched.insert((table.name(), home), (sum.rows, sum.digests.to_string()));
    }
    Ok(())
}

/// Marks the subjects of orders that were opened or ended: what they are due next may change.
async fn write_marks(tx: &mut Tx, nets: &[Net<'_>]) -> Result<()> {
    let reaches = |net: &&Net<'_>| {
        net.after.cover.subject_kind == SubjectKind::Subject && (net.opened.is_some() || net.has_ended())
    };
    let keys: BTreeSet<(&str, &str)> = nets
        .iter()
        .filter(reaches)
        .map(|net| (net.after.cover.id.home.as_str(), net.after.cover.subject.as_str()))
        .collect();
    let keys: Vec<(Arc<str>, &str)> = keys.into_iter().map(|(home, id)| (Arc::from(home), id)).collect();
    reappraisals::add_many(tx, &keys).await.map(|_| ())
}

/// Appends one entry for each change but moments of terms. What a table holds now is said by the last entry of its home.
async fn record(tx: &mut Tx, deeds: &[ChangeSet<'_>], touched: &TouchedTables) -> Result<()> {
    let changes: Vec<(&ChangeSet<'_>, &OrderChange)> =
        deeds.iter().flat_map(|deed| deed.changes.iter().map(move |change| (deed, change))).collect();
    // Moments come by the thousand, and whoever lets them fire records them in one entry.
    let is_moment = |change: &OrderChange| matches!(change.happened, ChangeCause::Event(Event::Fired(_)));
    let changes: Vec<(&ChangeSet<'_>, &OrderChange)> =
        changes.into_iter().filter(|(_, change)| !is_moment(change)).collect();
    let last: BTreeMap<&str, usize> = changes
        .iter()
        .enumerate()
        .filter(|(_, (_, change))| matches!(change.happened, ChangeCause::Event(_)))
        .map(|(at, (_, change))| (change.key.home.as_str(), at))
        .collect();
    let bodies: Vec<Body> = changes
        .iter()
        .enumerate()
        .map(|(at, (deed, change))| {
            let home = change.key.home.as_str();
            let is_last = last.get(home) == Some(&at);
            let now = touched.iter().filter(|((_, of), _)| is_last && of == home);
            let now = now.map(|((table, _), (rows, sum))| ((*table).to_owned(), *rows, sum.clone()));
            let is_first = deed.changes.first().is_some_and(|first| std::ptr::eq(first, *change));
            body_of(change, Some(*deed).filter(|_| is_first), now.collect())
        })
        .collect();
    let lines: Vec<ledger::NewEntry<'_>> = changes
        .iter()
        .zip(&bodies)
        .map(|((deed, change), body)| ledger::NewEntry {
            chain: &change.key.home,
            about: Some(change.key.seq),
            actor: deed.actor,
            body,
            at: deed.at,
        })
        .collect();
    ledger::append_lines(tx, &lines).await
}

/// Says what a change was; `deed` goes with that of the order acted upon.
fn body_of(change: &OrderChange, deed: Option<&ChangeSet<'_>>, now: TableSums) -> Body {
    let OrderChange { key, version, outcome, happened, .. } = change;
    let (choices, said) = (outcome.choices.clone(), outcome.history.clone());
    match happened {
        ChangeCause::Event(event) => {
            let (event, order, version) = (event.clone(), key.seq, *version);
            let policy = deed.and_then(|deed| deed.pinned_to).map(str::to_owned);
            let answered = deed.and_then(|deed| deed.answered).map(str::to_owned);
            Body::Acted { answered, choices, event, now, order, policy, said, version }
        }
        ChangeCause::Opened(origin) => {
            let opening = opening(&outcome.next, origin);
            Body::OrderOpened(Box::new(SingleOpening { choices, said, ..opening }))
        }
    }
}

/// Says what an order was opened as; where it stood then is the first place it had.
fn opening(order: &Order, origin: &OrderOrigin) -> SingleOpening {
    let place = order.first_place();
    let opened = OpenedOrder {
        header: order.cover.clone(),
        origin: origin.clone(),
        step_due: place.and_then(|place| place.due),
        choices: Vec::new(),
    };
    let step = place.map_or("", |place| place.step.as_str());
    SingleOpening {
        common: OpenedCommon::of(&order.cover, origin, step),
        order: opened,
        parent: order.record.parent.clone(),
        choices: Vec::new(),
        said: Vec::new(),
    }
}
