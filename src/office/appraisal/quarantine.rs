//! Quarantine: a rule version that fails for too many subjects decides nothing new.
//!
//! It belongs to one policy digest, so another release ends it; activating that release marks
//! every subject, so that all are asked again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::appraise::Appraisal;
use crate::diag::codes;
use crate::ledger::Body;
use crate::office::active_release::ACTOR;
use crate::office::{ActContext, Answer};
use crate::policy::Policy;
use crate::rules::RuleFault;
use crate::store::checksums::{self, SummedTable};
use crate::store::{self, Reads, Tx, appraisals, meta};

/// Subjects with one cause that no register may have more of.
const SUBJECTS_MAX: i64 = 100;
/// One subject in so many is the share that may not be passed.
const SHARE: i64 = 100;
/// One subject alone is its own trouble, however small the register.
const SUBJECTS_MIN: i64 = 2;

/// Why a rule version is in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// Code and place, such as `S104 rules/risk.rhai:12`.
    pub cause: String,
    pub since: String,
    /// Subjects it failed for when it began.
    pub subjects: i64,
}

/// How the keys of quarantines begin.
pub(crate) const KEYS: &str = "quarantine ";

/// Returns the key under which it is kept that rules are in quarantine, by the digest of their policy.
pub(crate) fn key(policy: impl std::fmt::Display) -> String {
    format!("{KEYS}{policy}")
}

/// Returns the text that is kept of it.
pub(crate) fn text(quarantine: &Quarantine) -> String {
    serde_json::to_string(quarantine).unwrap_or_default()
}

/// Returns why the rules of a policy are in quarantine, if they are.
pub(crate) async fn of(at: &mut impl Reads, policy: &Policy) -> Answer<Option<Quarantine>> {
    let found = meta::get(at, &key(policy.digest)).await?;
    Ok(found.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Names what failed and where, as it is kept with each subject it failed for.
pub(crate) fn cause(policy: &Policy, fault: &RuleFault) -> String {
    if fault.code == codes::RULE_QUARANTINED {
        return fault.code.id.to_owned();
    }
    let path = &policy.sources.file(fault.span.file).path;
    format!("{} {path}:{}", fault.code.id, policy.sources.start(fault.span).line)
}

/// Puts the rules into quarantine when these answers, with those that are stored, hold more than
/// [`SUBJECTS_MAX`] subjects or one in [`SHARE`] with one cause; returns whether it did.
///
/// # Source
/// Policy language, rule 14.
pub(crate) async fn judge(cx: ActContext<'_>, tx: &mut Tx, answers: &[Appraisal]) -> Answer<bool> {
    let mut failed: BTreeMap<String, i64> = BTreeMap::new();
    let faults = answers.iter().filter_map(|answer| answer.undecided.as_ref());
    // Of what fails in a station's own script the bureau's answer stands; its rules are sound.
    let is_stations = |fault: &&RuleFault| {
        let mut own = cx.policy().scripts.iter().filter(|script| script.station.is_some());
        own.any(|script| script.file == fault.span.file)
    };
    for fault in faults.filter(|fault| !fault.is_stop() && !is_stations(fault)) {
        *failed.entry(cause(cx.policy(), fault)).or_default() += 1;
    }
    if failed.is_empty() {
        return Ok(false);
    }
    let all: i64 = checksums::list(tx, SummedTable::Subject).await?.values().map(|sum| sum.rows).sum();
    for (cause, count) in failed {
        let subjects = count + appraisals::count_undecided(tx, &cause).await?;
        let is_many = subjects > SUBJECTS_MAX || subjects * SHARE > all;
        if is_many && subjects >= SUBJECTS_MIN {
            begin(cx, tx, Quarantine { cause, since: cx.now.to_string(), subjects }).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

async fn begin(cx: ActContext<'_>, tx: &mut Tx, quarantine: Quarantine) -> Answer<()> {
    // The bureau's own chain says so, which nobody else who appraises waits for.
    tx.lock_chains([""]).await?;
    if of(tx, cx.policy()).await?.is_some() {
        return Ok(());
    }
    meta::set(tx, &key(cx.policy().digest), &text(&quarantine)).await?;
    let Quarantine { cause, since: _, subjects } = quarantine;
    let body = Body::Quarantined { policy: cx.policy().digest.to_string(), cause, subjects };
    Ok(store::ledger::append(tx, "", &body, cx.author(ACTOR)).await?)
}
