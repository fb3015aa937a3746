//! Candidates that do not become orders: recorded with the reason, and in the ledger.

use std::collections::BTreeMap;

use crate::ledger::{Body, SkippedCandidate};
use crate::office::Answer;
use crate::office::active_release::ACTOR;
use crate::office::opening::opener::Opener;
use crate::store::ledger::EntryAuthor;
use crate::store::skipped_candidates::{self, Skip, SkipFrequency};
use crate::store::{Tx, ledger};
use crate::time::Stamp;

/// Whose order it would have been.
pub(crate) struct SkipKey<'a> {
    pub(crate) home: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) nominal: String,
}

impl Opener<'_> {
    /// Says that an order is not opened today, and why.
    pub(crate) fn skip(&self, key: SkipKey<'_>, reason: &str) -> Skip {
        Skip {
            home: key.home.to_owned(),
            trigger: self.trigger().to_owned(),
            subject: key.subject.to_owned(),
            nominal: key.nominal,
            reason: reason.to_owned(),
            on_day: self.cx.today,
        }
    }

    /// Records skips that begin, in a transaction of their own.
    pub(crate) async fn record_skips(&self, skips: &[Skip], often: SkipFrequency) -> Answer<()> {
        if skips.is_empty() {
            return Ok(());
        }
        let homes = skips.iter().map(|skip| skip.home.as_str());
        let mut tx = self.cx.store.begin_on(homes).await?;
        record(&mut tx, skips, often, self.cx.now).await?;
        Ok(tx.commit().await?)
    }
}

/// Writes skips of one trigger that are new, and one ledger entry for each home station; returns their
/// positions.
pub(crate) async fn record(
    tx: &mut Tx,
    all: &[Skip],
    often: SkipFrequency,
    now: Stamp,
) -> Answer<Vec<usize>> {
    let new = skipped_candidates::record_many(tx, all, often).await?;
    let mut by_home: BTreeMap<&str, Vec<&Skip>> = BTreeMap::new();
    for skip in new.iter().map(|at| &all[*at]) {
        by_home.entry(&skip.home).or_default().push(skip);
    }
    let body = |(home, skips): (_, Vec<&Skip>)| {
        let first = *skips.first()?;
        let skipped = |skip: &&Skip| SkippedCandidate {
            subject: skip.subject.clone(),
            nominal: skip.nominal.clone(),
            reason: skip.reason.clone(),
        };
        let body = Body::Skipped {
            trigger: first.trigger.clone(),
            on: first.on_day.to_string(),
            candidates: skips.iter().map(skipped).collect(),
        };
        Some((home, body))
    };
    let bodies = by_home.into_iter().filter_map(body);
    ledger::append_many(tx, bodies, EntryAuthor { actor: ACTOR, at: now }).await?;
    Ok(new)
}
