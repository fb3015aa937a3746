//! Terms whose moment has come: each fires once, in one transaction with what it brings about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::{ChangeCause, Event, HeldOrder, HistoryEvent, OrderChange, TermKind, UnitOfWork};
use crate::id::OrderId;
use crate::ledger::{Body, Choices, FiredTerm};
use crate::office::active_release::{ACTOR, EffectiveRelease, pins, release_of};
use crate::office::desk::subjects::subjects_of;
use crate::office::numbering::{Numbers, StationTitles};
use crate::office::{ActContext, Answer};
use crate::people::Roster;
use crate::policy::SubjectKind;
use crate::store::change_sets::ChangeSet;
use crate::store::ledger::EntryAuthor;
use crate::store::progress::{self, LoadedOrder};
use crate::store::terms::Term;
use crate::store::{self, Tx, change_sets, people, reappraisals, terms};
use crate::time::Stamp;

/// Terms fired in one transaction.
const BATCH: i64 = 10_000;

/// What rang.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FiredTerms {
    pub(crate) escalated: u64,
    pub(crate) notified: u64,
}

/// Fires every term whose moment has come.
///
/// # Source
/// Policy language, rule 19: a level fires at most once; the row itself says that it has.
pub(crate) async fn fire_due_terms(cx: ActContext<'_>, titles: &StationTitles) -> Answer<FiredTerms> {
    let mut rung = FiredTerms::default();
    let mut known: Option<Roster> = None;
    loop {
        // The one transaction reads and writes, so that whoever completes a step meanwhile either
        // finds its terms fired or leaves none to fire.
        let mut tx = cx.store.begin().await?;
        let due = terms::firing(&mut tx, cx.now, BATCH).await?;
        if due.is_empty() {
            tx.release().await;
            return Ok(rung);
        }
        tx.lock_chains(due.iter().map(|term| term.order.home.as_str())).await?;
        let roster = match known.take() {
            Some(roster) => roster,
            None => people::roster(&mut tx).await?,
        };
        let (fired, roster) = fire(&mut tx, cx, due, roster, titles).await?;
        tx.commit().await?;
        known = Some(roster);
        rung.escalated += fired.escalated;
        rung.notified += fired.notified;
    }
}

/// Fires one batch and writes what it brings about; gives the people back, with their duties.
async fn fire(
    tx: &mut Tx,
    cx: ActContext<'_>,
    due: Vec<Term>,
    roster: Roster,
    titles: &StationTitles,
) -> Answer<(FiredTerms, Roster)> {
    let keys: BTreeSet<&OrderId> = due.iter().map(|term| &term.order).collect();
    let loaded = progress::load_with_parents(tx, keys).await?;
    let mut serving: BTreeMap<String, EffectiveRelease<'_>> = BTreeMap::new();
    for digest in loaded.values().map(|loaded| &loaded.policy).collect::<BTreeSet<_>>() {
        serving.insert(digest.clone(), release_of(tx, cx.live, digest).await?);
    }
    let subjects = subjects_of(tx, cx.live, &loaded, |loaded| &*serving[&loaded.policy]).await?;
    let homes = loaded.keys().map(|order| order.home.as_str()).collect();
    let numbers = Numbers::today(cx, tx, titles, homes).await?;
    let texts = cx.live.on(cx.today);
    let own = texts.own(loaded.values().map(|loaded| loaded.order.cover.station.as_str()))?;
    let mut held = UnitOfWork::new(cx.live.pinned(), roster, &numbers).with_stations(pins(&own));
    for LoadedOrder { order, version, policy, last_seq, .. } in loaded.into_values() {
        let pinned = serving[&policy].pinned();
        let home = &order.cover.id.home;
        held.numbered(home, tx.epoch().behind(home, last_seq));
        let subject = subjects.get(&(order.cover.id.home.clone(), order.cover.subject.clone()));
        held.load(HeldOrder { order, version, pinned, subject });
    }
    let mut rows: Vec<(Option<std::ops::Range<usize>>, &Term)> = Vec::with_capacity(due.len());
    for term in &due {
        let fired = Event::Fired(term.row.moment());
        rows.push((held.apply(&term.order, &fired, cx.now).ok(), term));
    }
    let changes = held.changes();
    terms::fire_many(tx, &due, cx.now).await?;
    record(tx, &rows, changes, cx.now).await?;
    change_sets::save(
        tx,
        &[ChangeSet { changes, actor: ACTOR, at: cx.now, pinned_to: None, answered: None }],
        cx.zone(),
    )
    .await?;
    let all: Vec<&OrderChange> = changes.iter().collect();
    crate::office::documents::make_of_changes(cx, tx, held.roster(), &all).await?;
    mark_windows(tx, &held, &due).await?;
    let notified = changes.iter().map(|change| change.outcome.outbox.len() as u64).sum();
    let is_escalation = |change: &&OrderChange| {
        change.outcome.history.iter().any(|entry| matches!(entry.event, HistoryEvent::Escalated { .. }))
    };
    let escalated = changes.iter().filter(is_escalation).count() as u64;
    Ok((FiredTerms { escalated, notified }, held.into_roster()))
}

/// Marks the subjects whose order's window is over: rules may read that.
async fn mark_windows(tx: &mut Tx, held: &UnitOfWork<'_>, due: &[Term]) -> Answer<()> {
    let windows = due.iter().filter(|term| term.row.kind == TermKind::Window);
    let of_subject = windows.filter_map(|term| {
        let (order, _) = held.get(&term.order)?;
        let subject = (order.cover.subject_kind == SubjectKind::Subject).then_some(&order.cover.subject)?;
        Some((Arc::from(term.order.home.as_str()), subject.as_str()))
    });
    let keys: Vec<(Arc<str>, &str)> = of_subject.collect();
    reappraisals::add_many(tx, &keys).await?;
    Ok(())
}

/// Records the moments of one batch, one entry for each home, with the choices they led to.
async fn record(
    tx: &mut Tx,
    rows: &[(Option<std::ops::Range<usize>>, &Term)],
    changes: &[OrderChange],
    now: Stamp,
) -> Answer<()> {
    let mut by_home: BTreeMap<&str, (Vec<FiredTerm>, Choices)> = BTreeMap::new();
    for (applied, term) in rows {
        let (fired, choices) = by_home.entry(&term.order.home).or_default();
        let own = applied.clone().and_then(|range| changes.get(range)?.first());
        let own = own.filter(|change| matches!(change.happened, ChangeCause::Event(Event::Fired(_))));
        let chosen = own.map(|change| change.outcome.choices.as_slice()).unwrap_or_default();
        fired.push(FiredTerm {
            seq: term.order.seq,
            step: term.row.step.clone(),
            visit: i64::from(term.row.visit),
            kind: term.row.kind.into_str().to_owned(),
            level: i64::from(term.row.level),
            choices: chosen.iter().map(|chosen| choices.add(chosen)).collect(),
        });
    }
    let body = |(home, (terms, choices))| (home, Body::TermsFired { terms, choices });
    let author = EntryAuthor { actor: ACTOR, at: now };
    Ok(store::ledger::append_many(tx, by_home.into_iter().map(body), author).await?)
}
