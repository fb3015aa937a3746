//! What dispatch keeps beside its orders: skips, firings, watermarks, what caps count, and single values.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::id::TriggerId;
use crate::ledger::{Body, Entry};
use crate::office::appraisal::quarantine::{self, Quarantine};
use crate::office::audit::findings::VerifyReport;
use crate::office::audit::told_rows::{ToldRow, ToldRows, unlike};
use crate::office::{ActiveRelease, Answer};
use crate::policy::Workflow;
use crate::store::cap_counters::{self, TallyComparison, TallyKey};
use crate::store::checksums::Sum;
use crate::store::watermarks::{self, Watermark};
use crate::store::{ReadTx, due, epochs, meta, occurrences, skipped_candidates};
use crate::time::Stamp;

/// Rows read at a time.
const PAGE: i64 = 5_000;
/// Rows read at a time from a stream.
const ROWS: usize = 2_000;

/// What the ledger says of them.
#[derive(Default)]
pub(crate) struct DispatchLog {
    skips: BTreeMap<String, Sum>,
    /// The newest evaluation of each firing.
    occurrences: BTreeMap<(TriggerId, String), Digest>,
    /// The firing of each trigger that was evaluated last.
    newest: BTreeMap<TriggerId, String>,
    /// What caps count, as the orders opened under them say.
    pub(crate) tallies: BTreeMap<TallyKey, i64>,
    /// Triggers whose orders went by texts of stations, whose caps may be counted by another text.
    pub(crate) uncounted: BTreeSet<TriggerId>,
}

impl DispatchLog {
    /// Takes in what an entry of a chain says.
    pub(crate) fn hear(&mut self, told: &mut ToldRows, entry: &Entry, body: &Body) {
        match body {
            Body::Skipped { trigger, on, candidates } => {
                let sum = self.skips.entry(entry.chain.clone()).or_default();
                for skip in candidates {
                    sum.add(skip_digest(trigger.as_ref(), [&skip.subject, &skip.nominal, &skip.reason, on]));
                }
            }
            Body::Occurrence { trigger, nominal, outcome, reason, opened } => {
                let (opened, at) = (opened.to_string(), entry.at.to_string());
                let digest = row_digest([outcome, reason.as_deref().unwrap_or(""), &opened, &at]);
                self.occurrences.insert((trigger.clone(), nominal.clone()), digest);
                self.newest.insert(trigger.clone(), nominal.clone());
            }
            Body::Quarantined { cause, policy, subjects } => {
                let (cause, since, subjects) = (cause.clone(), entry.at.to_string(), *subjects);
                let text = quarantine::text(&Quarantine { cause, since, subjects });
                told.hear(value(&quarantine::key(policy), &text), entry.at);
            }
            Body::Restored { epoch, .. } if entry.chain.is_empty() => {
                told.hear(value(meta::EPOCH, &epoch.to_string()), entry.at);
            }
            Body::Restored { orders, .. } if *orders > 0 => told.hear(floor(&entry.chain, *orders), entry.at),
            _ => {}
        }
    }

    /// Compares all of them with what is stored.
    pub(crate) async fn compare(
        &self,
        reader: &mut ReadTx,
        live: &ActiveRelease,
        told: &mut ToldRows,
        done: &mut VerifyReport,
    ) -> Answer<()> {
        self.compare_skips(reader, done).await?;
        self.compare_occurrences(reader, done).await?;
        // What is due is part of each appraisal; here only that nothing is due that was opened.
        for (home, subject) in due::opened(reader, PAGE).await? {
            done.find("V010", vec![("subject", subject), ("station", home)]);
        }
        self.compare_watermarks(reader, live, done).await?;
        self.compare_tallies(reader, done).await?;
        values(reader, told, done).await
    }

    async fn compare_skips(&self, reader: &mut ReadTx, done: &mut VerifyReport) -> Answer<()> {
        let mut skipped: BTreeMap<String, Sum> = BTreeMap::new();
        let mut after = None;
        loop {
            let page = skipped_candidates::list(reader, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.clone());
            for skip in &page {
                let on = skip.on_day.to_string();
                let digest =
                    skip_digest(skip.trigger.as_ref(), [&skip.subject, &skip.nominal, &skip.reason, &on]);
                skipped.entry(skip.home.clone()).or_default().add(digest);
            }
        }
        let homes: BTreeSet<&String> = skipped.keys().chain(self.skips.keys()).collect();
        for home in homes.into_iter().filter(|home| skipped.get(*home) != self.skips.get(*home)) {
            done.find("V009", vec![("table", "skip".to_owned()), ("station", home.clone())]);
        }
        Ok(())
    }

    async fn compare_occurrences(&self, reader: &mut ReadTx, done: &mut VerifyReport) -> Answer<()> {
        let found = occurrences::all(reader).await?.into_iter().map(|row| {
            let (opened, at) = (row.opened.to_string(), row.at.to_string());
            let digest = row_digest([&row.outcome, row.reason.as_deref().unwrap_or(""), &opened, &at]);
            ((row.trigger, row.nominal.to_string()), digest)
        });
        let found: BTreeMap<(TriggerId, String), Digest> = found.collect();
        if found != self.occurrences {
            done.find("V009", vec![("table", "occurrence".to_owned()), ("station", String::new())]);
        }
        Ok(())
    }

    /// A watermark stands at the last firing of its trigger, at the moment from which it counts, or at the clock
    /// that somebody accepted; and each trigger that has fired has one.
    async fn compare_watermarks(
        &self,
        reader: &mut ReadTx,
        live: &ActiveRelease,
        done: &mut VerifyReport,
    ) -> Answer<()> {
        let accepted: Option<Stamp> = meta::moment(reader, meta::CLOCK_ACCEPTED).await?;
        let last: Option<Stamp> = meta::moment(reader, meta::LAST_TICK).await?;
        let today = last.map(|last| last.day_in(live.policy.bureau.zone));
        let marks = watermarks::list(reader).await?;
        let is_kept = |trigger: &TriggerId| marks.iter().any(|mark| mark.trigger == *trigger);
        let triggers = |workflow: &Workflow| -> Vec<TriggerId> {
            let id = |trigger: &crate::policy::Trigger| {
                TriggerId { workflow: &*workflow.id, trigger: &*trigger.id }.to_owned()
            };
            workflow.start.iter().map(id).collect()
        };
        let serving: BTreeSet<TriggerId> = live.policy.workflows.iter().flat_map(triggers).collect();
        for Watermark { trigger, starts_at, at } in &marks {
            let newest = self.newest.get(trigger).and_then(|nominal| nominal.parse::<Stamp>().ok());
            let is_begun = at == starts_at && newest.is_none_or(|newest| newest <= *at);
            let is_told = is_begun || Some(*at) == newest || Some(*at) == accepted;
            // The text before serves while a workflow's own day has not come.
            let is_ahead = live
                .policy
                .workflow(&trigger.workflow)
                .is_some_and(|workflow| today.is_none_or(|today| workflow.effective > today));
            if !is_told || !(is_ahead || serving.contains(trigger)) {
                unlike("watermark", trigger.to_string(), done);
            }
        }
        let lost = serving.iter().filter(|trigger| self.newest.contains_key(trigger) && !is_kept(trigger));
        lost.for_each(|trigger| unlike("watermark", trigger.to_string(), done));
        Ok(())
    }

    async fn compare_tallies(&self, reader: &mut ReadTx, done: &mut VerifyReport) -> Answer<()> {
        let mut compared = TallyComparison::with(self.tallies.clone());
        let mut all = cap_counters::all(reader);
        loop {
            let rows = all.next_rows(ROWS).await?;
            if rows.is_empty() {
                break;
            }
            for (key, opened) in rows {
                compared.find(key, opened);
            }
        }
        let is_counted = |key: &TallyKey| !self.uncounted.contains(&key.trigger);
        for key in compared.unlike().into_iter().filter(is_counted) {
            unlike("tally", format!("{} {} {}", key.trigger, key.whom, key.period), done);
        }
        Ok(())
    }
}

/// Values that stand beside what is recorded, and what else may be known of each.
async fn values(reader: &mut ReadTx, told: &mut ToldRows, done: &mut VerifyReport) -> Answer<()> {
    for (key, text) in meta::list(reader).await? {
        if key.starts_with(quarantine::KEYS) || key == meta::EPOCH {
            told.find(value(&key, &text), done);
        } else if !(meta::KEYS.contains(&key.as_str()) || key.starts_with("sum/")) {
            unlike("meta", key, done);
        }
    }
    for (home, seq) in epochs::read(reader).await?.floors {
        told.find(floor(&home, seq), done);
    }
    Ok(())
}

/// Up to where a restore passed over the numbers of a home's orders.
fn floor(home: &str, seq: i64) -> ToldRow {
    ToldRow::new("order_floor", &[home], &[Some(&seq.to_string())])
}

fn value(key: &str, text: &str) -> ToldRow {
    ToldRow::new("meta", &[key], &[Some(text)])
}

fn row_digest<const N: usize>(parts: [&str; N]) -> Digest {
    Digest::of_parts("wubu-row", parts.iter().map(|part| part.as_bytes()))
}

fn skip_digest(trigger: TriggerId<&str>, [subject, nominal, reason, on]: [&String; 4]) -> Digest {
    row_digest([trigger.workflow, trigger.trigger, subject, nominal, reason, on])
}
