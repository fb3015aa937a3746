//! Terms whose moment has come: each fires once, in one transaction with what it brings about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::{Change, Docket, Fired, Happened, Key, Pinned, Recorded, TermKind};
use crate::ledger::{Body, Choices, FiredTerm};
use crate::office::desk::subjects::subjects_of;
use crate::office::live::ACTOR;
use crate::office::live::{Serving, release_of};
use crate::office::numbering::{Numbers, titles};
use crate::office::{ActContext, Live, Stop};
use crate::people::Roster;
use crate::policy::SubjectKind;
use crate::store::docket::Deed;
use crate::store::progress::{self, Loaded};
use crate::store::terms::Term;
use crate::store::{self, Store, Tx, docket, marks, people, terms};
use crate::time::Stamp;

/// Terms fired in one transaction.
const BATCH: i64 = 10_000;

/// What rang.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rung {
    pub(crate) escalated: u64,
    pub(crate) notified: u64,
}

/// Fires every term whose moment has come.
///
/// # Source
/// Policy language, rule 19: a level fires at most once; the row itself says that it has.
pub(crate) async fn ring(store: &Store, live: &Live, now: Stamp) -> Result<Rung, Stop> {
    let mut rung = Rung::default();
    let mut numbers: Option<Numbers> = None;
    loop {
        // The one transaction reads and writes, so that whoever completes a step meanwhile either
        // finds its terms fired or leaves none to fire.
        let mut tx = store.begin().await?;
        let due = terms::firing(&mut tx, now, BATCH).await?;
        if due.is_empty() {
            return Ok(rung);
        }
        tx.lock_chains(due.iter().map(|term| term.home.as_str())).await?;
        if numbers.is_none() {
            numbers = Some(Numbers { titles: titles(&mut tx).await? });
        }
        let roster = people::roster(&mut tx).await?;
        let numbers = numbers.as_ref().expect("made above");
        let fired = fire(ActContext::new(store, live, now), &mut tx, due, (roster, numbers)).await?;
        tx.commit().await?;
        rung.escalated += fired.escalated;
        rung.notified += fired.notified;
    }
}

/// Fires one batch and writes what it brings about.
async fn fire(
    cx: ActContext<'_>,
    tx: &mut Tx,
    due: Vec<Term>,
    (roster, numbers): (Roster, &Numbers),
) -> Result<Rung, Stop> {
    let ActContext { live, now, .. } = cx;
    let keys: BTreeSet<Key> = due.iter().map(|term| (term.home.clone(), term.seq)).collect();
    let loaded = progress::load_with_parents(tx, &keys).await?;
    let mut serving: BTreeMap<String, Serving<'_>> = BTreeMap::new();
    for digest in loaded.values().map(|loaded| &loaded.policy).collect::<BTreeSet<_>>() {
        serving.insert(digest.clone(), release_of(tx, live, digest).await?);
    }
    let mut held = Docket::new(Pinned { policy: &live.policy, rules: &live.rules }, roster, numbers);
    let subjects = subjects_of(tx, live, &loaded, |loaded| &*serving[&loaded.policy]).await?;
    for Loaded { order, version, policy, last_seq, .. } in loaded.into_values() {
        let Live { policy, rules, .. } = &*serving[&policy];
        held.numbered(&order.cover.home, last_seq);
        let subject = subjects.get(&(order.cover.home.clone(), order.cover.subject.clone()));
        held.hold(order, version, Pinned { policy, rules }, subject);
    }
    let mut rows: Vec<(Option<std::ops::Range<usize>>, &Term)> = Vec::with_capacity(due.len());
    for term in &due {
        let applied = event(term).and_then(|fired| {
            held.apply(&(term.home.clone(), term.seq), &Recorded::Fired(fired), &[], now).ok()
        });
        rows.push((applied, term));
    }
    let changes = held.changes();
    terms::fire_many(tx, &due, now).await?;
    record(tx, &rows, changes, now).await?;
    let zone = live.policy.bureau.zone;
    docket::save(tx, &[Deed { changes, actor: ACTOR, at: now, pinned_to: None }], zone).await?;
    let all: Vec<&Change> = changes.iter().collect();
    crate::office::documents::make_of_changes(cx, tx, held.roster(), &all).await?;
    mark_windows(tx, &held, &due).await?;
    let notified = changes.iter().map(|change| change.outcome.outbox.len() as u64).sum();
    let is_escalation = |change: &&Change| change.outcome.said.iter().any(|said| said.event == "escalated");
    Ok(Rung { escalated: changes.iter().filter(is_escalation).count() as u64, notified })
}

/// Returns the event that a row stands for; none for a row that this version does not know.
fn event(Term { term, step, visit, .. }: &Term) -> Option<Fired> {
    Some(Fired {
        step: step.clone(),
        visit: u32::try_from(*visit).ok()?,
        kind: term.kind.parse().ok()?,
        level: u32::try_from(term.level).ok()?,
    })
}

/// Marks the subjects whose order's window is over: rules may read that.
async fn mark_windows(tx: &mut Tx, held: &Docket<'_>, due: &[Term]) -> Result<(), Stop> {
    let windows = due.iter().filter(|term| term.term.kind == TermKind::Window.into_str());
    let of_subject = windows.filter_map(|term| {
        let (order, _) = held.get(&(term.home.clone(), term.seq))?;
        let subject = (order.cover.subject_kind == SubjectKind::Subject).then_some(&order.cover.subject)?;
        Some((Arc::from(term.home.as_str()), subject.as_str()))
    });
    let keys: Vec<(Arc<str>, &str)> = of_subject.collect();
    marks::add_many(tx, &keys).await?;
    Ok(())
}

/// Records the moments of one batch, one entry for each home, with the choices they led to.
async fn record(
    tx: &mut Tx,
    rows: &[(Option<std::ops::Range<usize>>, &Term)],
    changes: &[Change],
    now: Stamp,
) -> Result<(), Stop> {
    let mut by_home: BTreeMap<&str, (Vec<FiredTerm>, Choices)> = BTreeMap::new();
    for (applied, term) in rows {
        let (fired, choices) = by_home.entry(&term.home).or_default();
        let own = applied.clone().and_then(|range| changes.get(range)?.first());
        let own = own.filter(|change| matches!(change.happened, Happened::Event(Recorded::Fired(_))));
        let chosen = own.map(|change| change.outcome.choices.as_slice()).unwrap_or_default();
        fired.push(FiredTerm {
            seq: term.seq,
            step: term.step.clone(),
            visit: term.visit,
            kind: term.term.kind.clone(),
            level: term.term.level,
            choices: chosen.iter().map(|chosen| choices.add(chosen)).collect(),
        });
    }
    let body = |(home, (terms, choices))| (home, Body::TermsFired { terms, choices });
    let bodies: Vec<(&str, Body)> = by_home.into_iter().map(body).collect();
    let bodies: Vec<(&str, &Body)> = bodies.iter().map(|(home, body)| (*home, body)).collect();
    store::ledger::append_many(tx, ACTOR, &bodies, now).await?;
    Ok(())
}
