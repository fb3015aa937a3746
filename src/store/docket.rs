//! The sum of a docket: all that a group of acts did to its orders, written in some statements.
//!
//! A group may change one order several times and open others; what stands in the tables
//! afterwards is the last of it, while the ledger gets an entry for each change. The statements
//! are as many for one act as for a thousand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::{Change, Effect, Happened, Key, Opened, Order, Parent, Recorded, State, TermRow};
use crate::id::OrderId;
use crate::ledger::{Body, OpenedCommon, OpenedOrder, Told};
use crate::policy::SubjectKind;
use crate::time::{Stamp, Tz};

use super::outbox::OutboxKey;
use super::sql::{Args, Bulk, bulk};
use super::sums::{self, Table};
use super::{Fault, Tx, duties, incidents, inspections, ledger, marks, outbox, progress, subjects, terms};

/// What one act, one signal or one moment did: in whose name and when.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// What changed, in the order it happened.
    pub changes: &'a [Change],
    /// Who did it.
    pub actor: &'a str,
    /// When.
    pub at: Stamp,
    /// Digest of the policy that the first order changed is pinned to from here on, where that changed.
    pub pinned_to: Option<&'a str>,
}

const UPDATE: Bulk = bulk!("docket.update":
    "WITH new (home, seq, before, version, station, grid, state, step, visit, step_due, assignees, ended_on, \
     reason) AS (VALUES ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?)",
    ") UPDATE orders SET version = new.version, station = new.station, grid = new.grid, state = new.state, \
     step = new.step, visit = new.visit, step_due = new.step_due, assignees = new.assignees, \
     ended_on = new.ended_on, reason = COALESCE(new.reason, orders.reason) \
     FROM new WHERE orders.home = new.home AND orders.seq = new.seq AND orders.version = new.before");
const INSERT: Bulk = bulk!("docket.insert":
    "INSERT INTO orders (home, seq, number, workflow, \"trigger\", subject_kind, subject, nominal, station, grid, \
     officer, scheduled_for, issued_at, due_on, provisional, tier, score, decision, policy, version, state, step, visit, step_due, \
     assignees, ended_on, reason) VALUES ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", "");

const REPIN: Bulk = bulk!("docket.repin":
    "WITH new (home, seq, policy) AS (VALUES ", "(?,?,?)",
    ") UPDATE orders SET policy = new.policy FROM new WHERE orders.home = new.home AND orders.seq = new.seq");

pub(super) const BULK: &[Bulk] = &[UPDATE, INSERT, REPIN];

pub(super) const ALL: &[super::sql::Sql] = &[];

/// One order that a docket changed: as it was, and as it is.
struct Net<'a> {
    key: &'a Key,
    before: &'a Order,
    after: &'a Order,
    version_before: i64,
    version: i64,
    opened: Option<&'a Opened>,
    /// The step at which it is shown, and the visit.
    shown: Option<(&'a str, u32)>,
    at: Stamp,
}

/// Writes all that happened, in the order it happened.
///
/// # Errors
/// [`Fault::Stale`] when an order is not at the version it was loaded at; [`Fault`] when the
/// database refuses. The transaction must then be dropped.
pub async fn save(tx: &mut Tx, deeds: &[Deed<'_>], zone: Tz) -> Result<(), Fault> {
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

fn nets<'a>(deeds: &[Deed<'a>]) -> Vec<Net<'a>> {
    let mut nets: BTreeMap<&Key, Net<'a>> = BTreeMap::new();
    for deed in deeds {
        for change in deed.changes {
            let net = nets.entry(&change.key).or_insert_with(|| Net {
                key: &change.key,
                before: &change.before,
                after: &change.outcome.next,
                version_before: change.version - 1,
                version: change.version,
                opened: match &change.happened {
                    Happened::Opened(opened) => Some(opened),
                    Happened::Event(_) => None,
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
        matches!(self.after.state, State::Done { .. } | State::Cancelled { .. })
    }

    /// Binds what an act can change of a line of `orders`, from `version` on.
    fn bind_standing(&self, args: &mut Args, zone: Tz) {
        let place = self.after.first_place();
        let (step, visit) = self.shown.unwrap_or(("", 1));
        let (ended, reason) = match &self.after.state {
            State::NotYet | State::Open(_) => (None, None),
            State::Done { at } => (Some(*at), None),
            State::Cancelled { at, reason } => (Some(*at), Some(reason.as_str())),
        };
        let holders = self.after.state.places().iter().filter_map(|place| place.duty());
        let holders: BTreeSet<&String> = holders.flat_map(|duty| &duty.assignees).collect();
        args.text(self.after.state.into_str());
        args.text(step);
        args.int(i64::from(visit));
        args.maybe_day(place.and_then(|place| place.due));
        args.text(&serde_json::to_string(&holders).expect("a list of texts can be written"));
        args.maybe_day(ended.map(|at| at.day_in(zone)));
        args.maybe(reason);
    }
}

async fn write_orders(tx: &mut Tx, nets: &[Net<'_>], zone: Tz) -> Result<(), Fault> {
    let (new, known): (Vec<&Net<'_>>, Vec<&Net<'_>>) = nets.iter().partition(|net| net.opened.is_some());
    let bind = |args: &mut Args, net: &&Net<'_>| {
        args.text(&net.key.0);
        args.int(net.key.1);
        args.int(net.version_before);
        args.int(net.version);
        args.text(&net.after.cover.station);
        args.maybe(net.after.cover.grid.as_deref());
        net.bind_standing(args, zone);
    };
    let touched = tx.write_many(&UPDATE, &known, bind, |_| {}).await?;
    if touched < known.len() as u64 {
        return Err(Fault::Stale);
    }
    let bind = |args: &mut Args, net: &&Net<'_>| {
        let cover = &net.after.cover;
        let opened = net.opened.expect("parted above");
        args.text(&net.key.0);
        args.int(net.key.1);
        args.text(&cover.number);
        args.text(&cover.workflow);
        args.text(&opened.trigger);
        args.text(cover.subject_kind.into_str());
        args.text(&cover.subject);
        args.text(&opened.nominal);
        args.text(&cover.station);
        args.maybe(cover.grid.as_deref());
        args.maybe(opened.officer.as_deref());
        args.day(cover.scheduled_for);
        args.stamp(cover.issued_at);
        args.day(cover.due_on);
        args.flag(opened.is_provisional);
        args.maybe(cover.tier.as_deref());
        args.maybe(opened.score.as_deref());
        args.maybe(opened.decision.as_deref());
        args.text(&opened.policy);
        args.int(net.version);
        net.bind_standing(args, zone);
    };
    tx.write_many(&INSERT, &new, bind, |_| {}).await.map(|_| ())
}

async fn write_pins(tx: &mut Tx, deeds: &[Deed<'_>]) -> Result<(), Fault> {
    let pinned = deeds.iter().filter_map(|deed| Some((&deed.changes.first()?.key, deed.pinned_to?)));
    let pinned: Vec<(&Key, &str)> = pinned.collect();
    let bind = |args: &mut Args, ((home, seq), policy): &(&Key, &str)| {
        args.text(home);
        args.int(*seq);
        args.text(policy);
    };
    tx.write_many(&REPIN, &pinned, bind, |_| {}).await.map(|_| ())
}

async fn write_progress(tx: &mut Tx, nets: &[Net<'_>]) -> Result<(), Fault> {
    let body = |net: &Net<'_>| match net.opened {
        Some(_) => progress::body_unless_fresh(net.after),
        // A reminder changes nothing of where an order stands.
        None if net.before.record == net.after.record && net.before.state == net.after.state => None,
        None => Some(progress::body(net.after)),
    };
    let bodies: Vec<(&Key, String)> = nets.iter().filter_map(|net| Some((net.key, body(net)?))).collect();
    progress::save_many(tx, &bodies).await
}

/// Terms as they come out over all changes: those of visits that were left are taken back, unless
/// they have fired.
async fn write_terms(tx: &mut Tx, deeds: &[Deed<'_>], nets: &[Net<'_>]) -> Result<(), Fault> {
    let mut left: BTreeSet<(&Key, &str, u32)> = BTreeSet::new();
    let mut added: BTreeMap<(&Key, &str, u32), Vec<&TermRow>> = BTreeMap::new();
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
    let ended: BTreeSet<&Key> = nets.iter().filter(|net| net.has_ended()).map(|net| net.key).collect();
    let ended_before: Vec<&Key> =
        nets.iter().filter(|net| net.has_ended() && net.opened.is_none()).map(|net| net.key).collect();
    left.retain(|(key, ..)| !ended.contains(key));
    terms::take_back_all(tx, &ended_before).await?;
    terms::take_back(tx, &left.into_iter().collect::<Vec<_>>()).await?;
    let rows: Vec<(&Key, &TermRow)> = added
        .into_iter()
        .flat_map(|((key, ..), rows)| rows.into_iter().map(move |row| (key, row)))
        .filter(|(key, row)| row.fired_at.is_some() || !ended.contains(key))
        .collect();
    terms::add_each(tx, &rows).await
}

async fn write_duties(tx: &mut Tx, nets: &[Net<'_>]) -> Result<(), Fault> {
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for net in nets {
        let before: BTreeSet<duties::Duty> = duties::of_order(net.key, net.before).into_iter().collect();
        let after: BTreeSet<duties::Duty> = duties::of_order(net.key, net.after).into_iter().collect();
        gone.extend(before.difference(&after).cloned());
        new.extend(after.difference(&before).cloned().map(|duty| (duty, net.at)));
    }
    duties::remove_many(tx, &gone).await?;
    duties::add_many(tx, &new).await
}

/// Orders that stand still from here on, and those that go on again.
async fn write_incidents(tx: &mut Tx, nets: &[Net<'_>]) -> Result<(), Fault> {
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

async fn write_outbox(tx: &mut Tx, deeds: &[Deed<'_>]) -> Result<(), Fault> {
    let mut rows = Vec::new();
    for (deed, change) in deeds.iter().flat_map(|deed| deed.changes.iter().map(move |change| (deed, change)))
    {
        let (home, seq) = &change.key;
        for (ordinal, message) in (0_i64..).zip(&change.outcome.outbox) {
            let order = OrderId { home: home.clone(), seq: *seq };
            rows.push((OutboxKey { order, version: change.version, ordinal }, message, deed.at));
        }
    }
    outbox::add_each(tx, &rows).await
}

/// Tables of the register that were changed, by home.
type Touched = BTreeMap<(&'static str, String), (i64, String)>;

/// Writes inspections that were made and attributes that were set; both mark their subjects.
async fn write_effects(tx: &mut Tx, deeds: &[Deed<'_>]) -> Result<Touched, Fault> {
    let (mut made, mut set) = (Vec::new(), Vec::new());
    for change in deeds.iter().flat_map(|deed| deed.changes) {
        let cover = &change.outcome.next.cover;
        for effect in &change.outcome.effects {
            match effect {
                Effect::Inspection { on, problems } => made.push(inspections::Row {
                    id: format!("{}-{}.{}", change.key.0, change.key.1, change.version),
                    subject: cover.subject.clone(),
                    on: *on,
                    result: String::new(),
                    problems: counted(problems),
                }),
                Effect::Set { attribute, value } if cover.subject_kind == SubjectKind::Subject => {
                    set.push(subjects::Set {
                        home: cover.home.clone(),
                        subject: cover.subject.clone(),
                        attribute: attribute.clone(),
                        value: value.clone(),
                    });
                }
                Effect::Set { .. } | Effect::Open(_) | Effect::Document { .. } => {}
            }
        }
    }
    let mut touched = Touched::new();
    if !made.is_empty() {
        let done = inspections::upsert_many(tx, &made).await?;
        say_sums(tx, ("inspections", Table::Inspection), done.homes.into_keys(), &mut touched).await?;
    }
    if !set.is_empty() {
        let homes = subjects::set_many(tx, &set).await?;
        say_sums(tx, ("subjects", Table::Subject), homes.into_iter(), &mut touched).await?;
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
    (name, table): (&'static str, Table),
    homes: impl Iterator<Item = String>,
    touched: &mut Touched,
) -> Result<(), Fault> {
    let homes: BTreeSet<String> = homes.collect();
    for (home, sum) in sums::of(tx, table, homes.iter().map(String::as_str)).await? {
        touched.insert((name, home), (sum.rows, sum.digests.to_string()));
    }
    Ok(())
}

/// Marks the subjects of orders that were opened or ended: what they are due next may change.
async fn write_marks(tx: &mut Tx, nets: &[Net<'_>]) -> Result<(), Fault> {
    let reaches = |net: &&Net<'_>| {
        net.after.cover.subject_kind == SubjectKind::Subject && (net.opened.is_some() || net.has_ended())
    };
    let keys: BTreeSet<(&str, &str)> = nets
        .iter()
        .filter(reaches)
        .map(|net| (net.after.cover.home.as_str(), net.after.cover.subject.as_str()))
        .collect();
    let keys: Vec<(Arc<str>, &str)> = keys.into_iter().map(|(home, id)| (Arc::from(home), id)).collect();
    marks::add_many(tx, &keys).await.map(|_| ())
}

/// Appends one entry for each change but moments of terms. What a table holds now is said by the last entry of its home.
async fn record(tx: &mut Tx, deeds: &[Deed<'_>], touched: &Touched) -> Result<(), Fault> {
    let changes: Vec<(&Deed<'_>, &Change)> =
        deeds.iter().flat_map(|deed| deed.changes.iter().map(move |change| (deed, change))).collect();
    // Moments come by the thousand, and whoever lets them fire records them in one entry.
    let is_moment = |change: &Change| matches!(change.happened, Happened::Event(Recorded::Fired(_)));
    let changes: Vec<(&Deed<'_>, &Change)> =
        changes.into_iter().filter(|(_, change)| !is_moment(change)).collect();
    let last: BTreeMap<&str, usize> = changes
        .iter()
        .enumerate()
        .filter(|(_, (_, change))| matches!(change.happened, Happened::Event(_)))
        .map(|(at, (_, change))| (change.key.0.as_str(), at))
        .collect();
    let bodies: Vec<Body> = changes
        .iter()
        .enumerate()
        .map(|(at, (deed, change))| {
            let home = change.key.0.as_str();
            let is_last = last.get(home) == Some(&at);
            let now = touched.iter().filter(|((_, of), _)| is_last && of == home);
            let now = now.map(|((table, _), (rows, sum))| ((*table).to_owned(), *rows, sum.clone()));
            let is_first = deed.changes.first().is_some_and(|first| std::ptr::eq(first, *change));
            body_of(change, deed.pinned_to.filter(|_| is_first), now.collect())
        })
        .collect();
    let lines: Vec<ledger::Line<'_>> = changes
        .iter()
        .zip(&bodies)
        .map(|((deed, change), body)| ledger::Line {
            chain: &change.key.0,
            about: Some(change.key.1),
            actor: deed.actor,
            body,
            at: deed.at,
        })
        .collect();
    ledger::append_lines(tx, &lines).await
}

fn body_of(change: &Change, policy: Option<&str>, now: Vec<(String, i64, String)>) -> Body {
    let Change { key, version, outcome, happened, .. } = change;
    let json = |value: serde_json::Result<String>| value.expect("keys of what the engine says are texts");
    let choices = match outcome.choices.as_slice() {
        [] => String::new(),
        choices => json(serde_json::to_string(choices)),
    };
    let told = Told { choices, said: json(serde_json::to_string(&outcome.said)) };
    match happened {
        Happened::Event(event) => {
            let event = json(serde_json::to_string(event));
            let policy = policy.map(str::to_owned);
            Body::Acted { order: key.1, version: *version, event, told, policy, now }
        }
        Happened::Opened(opened) => opened_body(&outcome.next, opened, told),
    }
}

/// Says what an order was opened as; where it stood then is the first place it had.
fn opened_body(order: &Order, opened: &Opened, told: Told) -> Body {
    let cover = &order.cover;
    let parent = |parent: &Parent| serde_json::to_string(parent).expect("a parent has plain fields");
    let common = OpenedCommon {
        workflow: cover.workflow.clone(),
        trigger: opened.trigger.clone(),
        subject_kind: cover.subject_kind.into_str().to_owned(),
        issued_at: cover.issued_at.to_string(),
        policy: opened.policy.clone(),
        step: order.first_place().map(|place| place.step.clone()).unwrap_or_default(),
    };
    let row = OpenedOrder {
        seq: cover.seq,
        number: cover.number.clone(),
        subject: cover.subject.clone(),
        nominal: opened.nominal.clone(),
        station: cover.station.clone(),
        grid: cover.grid.clone(),
        officer: opened.officer.clone(),
        scheduled_for: cover.scheduled_for.to_string(),
        due_on: cover.due_on.to_string(),
        is_provisional: opened.is_provisional,
        tier: cover.tier.clone(),
        score: opened.score.clone(),
        decision: opened.decision.clone(),
        step_due: order.first_place().and_then(|place| place.due).map(|due| due.to_string()),
        choices: Vec::new(),
    };
    Body::OrderOpened { common, order: Box::new(row), parent: order.record.parent.as_ref().map(parent), told }
}
