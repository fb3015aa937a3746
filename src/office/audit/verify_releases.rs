//! Releases, proposals and the texts they are made of; decisions and what papers say, which are kept under the
//! digest of what they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::ledger::{Body, Entry};
use crate::office::Answer;
use crate::office::audit::findings::VerifyReport;
use crate::office::audit::told_rows::{ToldRow, ToldRows, unlike};
use crate::store::plans::KeptPlan;
use crate::store::proposals::Proposal;
use crate::store::releases::Release;
use crate::store::{ReadTx, decisions, facts, plans, proposals, releases, versions};
use crate::time::Stamp;

/// Rows read at a time.
const ROWS: usize = 2_000;

/// What the ledger says of policies, and which decisions it names.
#[derive(Default)]
pub(crate) struct ReleaseLog {
    /// When each proposal was first made, and by whom.
    proposed: BTreeMap<i64, (Stamp, String)>,
    /// Decisions that something was decided by, by their ids; there may be as many as subjects.
    decisions: BTreeSet<u64>,
}

impl ReleaseLog {
    /// Takes in what an entry says.
    pub(crate) fn hear(&mut self, told: &mut ToldRows, entry: &Entry, body: &Body) {
        match body {
            Body::Released { approved_by, files, number, policy, plan, reason } => {
                self.proposed.remove(number);
                told.forget("proposal", number.to_string());
                let columns = ReleaseColumns {
                    policy,
                    at: entry.at,
                    hands: [entry.actor.as_str(), approved_by.as_deref().unwrap_or("")],
                    wish: [reason.clone(), plan.map(|plan| plan.to_string())],
                    files,
                };
                told.hear(columns.row(*number), entry.at);
            }
            Body::Planned { against, number, policy, report, state } => {
                let (against, at) = (against.to_string(), entry.at.to_string());
                let columns = [policy, &against, state, report].map(|said| Some(said.as_str()));
                let who = [Some(entry.actor.as_str()), Some(at.as_str())];
                told.hear(plan(*number, &[columns.as_slice(), &who].concat()), entry.at);
            }
            Body::Proposed { approved_by, files, number, policy, starts_at, reason, plan } => {
                let first = || (entry.at, entry.actor.clone());
                let (at, actor) = self.proposed.entry(*number).or_insert_with(first);
                let proposal = ProposalColumns {
                    policy,
                    at: *at,
                    actor,
                    approved_by: approved_by.as_deref(),
                    starts_at: starts_at.as_deref(),
                    reason: reason.as_deref(),
                    plan: *plan,
                    files,
                };
                told.hear(proposal.row(*number), entry.at);
            }
            Body::AppraisalsChanged { changes, .. } => {
                for change in changes {
                    self.decided(change.decision.as_deref());
                }
            }
            Body::OrdersOpened(batch) => {
                for order in &batch.orders {
                    self.decided(order.origin.decision.as_deref());
                }
            }
            Body::OrderOpened(opening) => self.decided(opening.order.origin.decision.as_deref()),
            _ => {}
        }
    }

    /// Notes that something was decided by a decision.
    pub(crate) fn decided(&mut self, id: Option<&str>) {
        self.decisions.extend(id.and_then(|id| u64::from_str_radix(id, 16).ok()));
    }

    /// Compares decisions: each is kept under the digest of what it says, and those that are named are there.
    pub(crate) async fn compare_decisions(
        mut self,
        reader: &mut ReadTx,
        done: &mut VerifyReport,
    ) -> Answer<()> {
        let mut all = decisions::all(reader);
        loop {
            let rows = all.next_rows(ROWS).await?;
            if rows.is_empty() {
                break;
            }
            for (id, body) in rows {
                if !Digest::of(body.as_bytes()).to_string().starts_with(&id) {
                    unlike("decision", id.clone(), done);
                }
                self.decisions.remove(&u64::from_str_radix(&id, 16).unwrap_or_default());
            }
        }
        drop(all);
        for id in self.decisions {
            unlike("decision", format!("{id:016x}"), done);
        }
        Ok(())
    }
}

fn plan(number: i64, columns: &[Option<&str>]) -> ToldRow {
    ToldRow::new("plan", &[&number.to_string()], columns)
}

/// What a row of `proposal` says, as the table and the ledger both have it.
struct ProposalColumns<'a> {
    policy: &'a str,
    at: Stamp,
    actor: &'a str,
    approved_by: Option<&'a str>,
    starts_at: Option<&'a str>,
    reason: Option<&'a str>,
    plan: Option<i64>,
    files: &'a [(String, String)],
}

impl ProposalColumns<'_> {
    fn row(&self, number: i64) -> ToldRow {
        let Self { policy, at, actor, approved_by, starts_at, reason, plan, files } = self;
        let (at, files, plan) = (at.to_string(), joined(files), plan.map(|plan| plan.to_string()));
        let said = [Some(*policy), Some(&at), Some(actor), *approved_by, *starts_at, *reason, Some(&files)];
        let columns: Vec<Option<&str>> = said.into_iter().chain([plan.as_deref()]).collect();
        ToldRow::new("proposal", &[&number.to_string()], &columns)
    }
}

/// What a row of `release` says, as the table and the ledger both have it.
struct ReleaseColumns<'a> {
    policy: &'a str,
    at: Stamp,
    /// Who activated it, and who approved it.
    hands: [&'a str; 2],
    /// Why, and the plan that was looked at.
    wish: [Option<String>; 2],
    files: &'a [(String, String)],
}

impl ReleaseColumns<'_> {
    fn row(&self, number: i64) -> ToldRow {
        let Self { policy, at, hands: [actor, approved_by], wish, files } = self;
        let (at, files) = (at.to_string(), joined(files));
        let said = [*policy, &at, actor, approved_by, &files].map(Some);
        let columns: Vec<Option<&str>> = said.into_iter().chain(wish.iter().map(Option::as_deref)).collect();
        ToldRow::new("release", &[&number.to_string()], &columns)
    }
}

fn joined(files: &[(String, String)]) -> String {
    files.iter().flat_map(|(path, digest)| [path.as_str(), " ", digest, "\n"]).collect()
}

fn written(files: &[(String, Digest)]) -> Vec<(String, String)> {
    files.iter().map(|(path, digest)| (path.clone(), digest.to_string())).collect()
}

/// Compares releases, proposals and their texts with what the ledger says.
pub(crate) async fn compare(
    reader: &mut ReadTx,
    told: &mut ToldRows,
    used: BTreeSet<u64>,
    done: &mut VerifyReport,
) -> Answer<()> {
    let mut named: BTreeSet<Digest> = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for found in releases::list(reader).await? {
        let Release { number, policy, activated_at, actor, approved_by, files, reason, plan } = found;
        numbers.insert(number);
        named.extend(files.iter().map(|(_, digest)| *digest));
        let columns = ReleaseColumns {
            policy: &policy.to_string(),
            at: activated_at,
            hands: [actor.as_str(), approved_by.as_deref().unwrap_or("")],
            wish: [reason, plan.map(|plan| plan.to_string())],
            files: &written(&files),
        };
        told.find(columns.row(number), done);
    }
    for proposal in proposals::list(reader).await? {
        let Proposal { number, policy, about, actor, proposed_at, .. } = &proposal;
        let Proposal { files, places, approved_by, starts_at, reason, plan, .. } = &proposal;
        named.extend(files.iter().chain(places).map(|(_, digest)| *digest));
        let (policy, starts_at) = (policy.to_string(), starts_at.map(|at| at.to_string()));
        let columns = ProposalColumns {
            policy: &policy,
            at: *proposed_at,
            actor,
            approved_by: approved_by.as_deref(),
            starts_at: starts_at.as_deref(),
            reason: reason.as_deref(),
            plan: *plan,
            files: &written(files),
        };
        if !["policy", "calendar"].contains(&about.as_str()) {
            unlike("proposal", number.to_string(), done);
        }
        told.find(columns.row(*number), done);
    }
    for (digest, release) in versions::list(reader).await? {
        if !numbers.contains(&release) {
            unlike("policy_version", digest, done);
        }
    }
    for kept in plans::list(reader).await? {
        let KeptPlan { number, made_at, actor, policy, against, state, report } = kept;
        let digest = Digest::of(report.as_bytes());
        let columns = [policy.to_string(), against.to_string(), state.to_string(), digest.to_string()];
        let (columns, made_at) = (columns.each_ref().map(|said| Some(said.as_str())), made_at.to_string());
        let who = [Some(actor.as_str()), Some(made_at.as_str())];
        told.find(plan(number, &[columns.as_slice(), &who].concat()), done);
    }
    texts(reader, named, done).await?;
    parts(reader, used, done).await
}

/// Every text is kept under its digest, and those that releases are made of are there.
async fn texts(reader: &mut ReadTx, mut named: BTreeSet<Digest>, done: &mut VerifyReport) -> Answer<()> {
    let mut all = releases::all_texts(reader);
    loop {
        let rows = all.next_rows(ROWS).await?;
        if rows.is_empty() {
            break;
        }
        for (digest, text) in rows {
            if Digest::of(text.as_bytes()) != digest {
                unlike("policy_text", digest.to_string(), done);
            }
            named.remove(&digest);
        }
    }
    drop(all);
    for digest in named {
        unlike("policy_text", digest.to_string(), done);
    }
    Ok(())
}

/// What papers say in parts is kept under the digest of each, and those that they are put together of are there.
async fn parts(reader: &mut ReadTx, mut used: BTreeSet<u64>, done: &mut VerifyReport) -> Answer<()> {
    let mut all = facts::all(reader);
    loop {
        let rows = all.next_rows(ROWS).await?;
        if rows.is_empty() {
            break;
        }
        for part in rows {
            if !part.is_whole() {
                unlike("fact", part.id.to_string(), done);
            }
            used.remove(&part.id.short().unwrap_or_default());
        }
    }
    drop(all);
    for id in used {
        unlike("fact", format!("{id:016x}"), done);
    }
    Ok(())
}
