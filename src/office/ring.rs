//! Terms whose moment has come: each fires once, in one transaction with what it brings about.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::release::{Serving, release_of};
use super::tick::ACTOR;
use super::{Live, Stop};
use crate::engine::{self, Opening};
use crate::ledger::{Body, FiredTerm};
use crate::store::terms::Due;
use crate::store::{self, Store, errands, marks, terms};
use crate::time::{Day, Stamp};

/// Terms fired in one transaction.
const BATCH: i64 = 10_000;

/// Errands of terms are numbered from here, level by level, apart from those of entering a step:
/// the receiver's key stays the same however often a term is looked at.
const FIRST_ORDINAL: i64 = 1_000;

/// What rang.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rung {
    pub(super) escalated: u64,
    pub(super) notified: u64,
}

/// Fires every term whose moment has come.
///
/// # Source
/// Policy language, rule 19: a level fires at most once; the row itself says that it has.
pub(super) async fn ring(store: &Store, live: &Live, now: Stamp) -> Result<Rung, Stop> {
    let mut rung = Rung::default();
    loop {
        let due = terms::firing(&mut store.read().await?, now, BATCH).await?;
        if due.is_empty() {
            return Ok(rung);
        }
        let told = told(store, live, &due).await?;
        let mut tx = store.begin().await?;
        let all: Vec<terms::Term> = due.iter().map(|due| due.term.clone()).collect();
        terms::fire_many(&mut tx, &all, now).await?;
        let windows = due.iter().filter(|due| due.term.term.kind == "window");
        let keys: Vec<(Arc<str>, &str)> =
            windows.map(|due| (Arc::from(due.term.home.as_str()), due.subject.as_str())).collect();
        marks::add_many(&mut tx, &keys).await?;
        let rows: Vec<((&str, i64, i64), &errands::New)> =
            told.iter().map(|(home, seq, ordinal, errand)| ((*home, *seq, *ordinal), errand)).collect();
        errands::add_many(&mut tx, 1, &rows, now).await?;
        record(&mut tx, &due, now).await?;
        tx.commit().await?;
        rung.escalated += due.iter().filter(|due| due.term.term.kind == "overdue").count() as u64;
        rung.notified += rows.len() as u64;
    }
}

type Errand<'a> = (&'a str, i64, i64, errands::New);

/// Makes the errands of the rungs that fire, each by the policy its order was opened under.
async fn told<'a>(store: &Store, live: &Live, due: &'a [Due]) -> Result<Vec<Errand<'a>>, Stop> {
    let mut told = Vec::new();
    let mut serving: BTreeMap<&str, Serving<'_>> = BTreeMap::new();
    for due in due.iter().filter(|due| due.term.term.kind == "overdue") {
        if !serving.contains_key(due.policy.as_str()) {
            let loaded = release_of(&mut store.read().await?, live, &due.policy).await?;
            serving.insert(&due.policy, loaded);
        }
        let policy = &serving[due.policy.as_str()].policy;
        let order = Opening {
            workflow: &due.workflow,
            station: &due.station,
            grid: due.grid.as_deref(),
            tier: due.tier.as_deref(),
            due_on: due.term.term.end_on.parse::<Day>().unwrap_or_default(),
        };
        let errands = engine::escalate(policy, &due.term.step, due.term.term.level, &order);
        for (at, errand) in (0_i64..).zip(errands) {
            let ordinal = FIRST_ORDINAL + due.term.term.level * 100 + at;
            let errand =
                errands::New { kind: errand.kind.to_owned(), addressee: errand.addressee, body: errand.body };
            told.push((due.term.home.as_str(), due.term.seq, ordinal, errand));
        }
    }
    Ok(told)
}

async fn record(tx: &mut store::Tx, due: &[Due], now: Stamp) -> Result<(), Stop> {
    let mut by_home: BTreeMap<&str, Vec<FiredTerm>> = BTreeMap::new();
    for due in due {
        by_home.entry(&due.term.home).or_default().push(FiredTerm {
            seq: due.term.seq,
            step: due.term.step.clone(),
            kind: due.term.term.kind.clone(),
            level: due.term.term.level,
        });
    }
    let bodies: Vec<(&str, Body)> =
        by_home.into_iter().map(|(home, terms)| (home, Body::TermsFired { terms })).collect();
    let bodies: Vec<(&str, &Body)> = bodies.iter().map(|(home, body)| (*home, body)).collect();
    store::ledger::append_many(tx, ACTOR, &bodies, now).await?;
    Ok(())
}
