//! Proposals: policies that wait for a second person, or for their day.

use crate::digest::Digest;
use crate::time::Stamp;

use super::record::{read_all, record};
use super::releases::{self, Hands, Release};
use super::sql::{Bulk, Sql, bulk, sql, statements};
use super::{Reads, Result, Tx};

record! {
    /// A policy that was proposed and is not in force.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Proposal in "proposal" {
        /// The number that its release will have.
        pub number: i64,
        /// Digest of the whole.
        pub policy: Digest,
        /// What was changed: the policy or the calendar.
        pub about: String,
        /// Who proposed it.
        pub actor: String,
        pub proposed_at: Stamp,
        /// Path and digest of each text, sorted by path.
        pub files: Vec<(String, Digest)>,
        /// The same of the lists of stations and grids that come with it.
        pub places: Vec<(String, Digest)>,
        /// Who approved it, where it waits for its day.
        pub approved_by: Option<String>,
        /// The day's start it waits for.
        pub starts_at: Option<Stamp>,
        /// Why, where somebody said so.
        pub reason: Option<String>,
        /// The plan that was looked at before.
        pub plan: Option<i64>,
    }
}

const LIST: Sql = sql!("proposals.list": "SELECT " (Proposal) " FROM proposal ORDER BY number");
const ADD: Bulk = bulk!("proposals.add": insert Proposal);
const REMOVE: Sql = sql!("proposals.remove": "DELETE FROM proposal WHERE number = $1");

statements!(LIST, REMOVE; ADD);

/// Lists what is proposed, oldest first.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Proposal>> {
    read_all(at, LIST, ()).await
}

/// Keeps a proposal. The caller records it in the ledger.
pub async fn add(tx: &mut Tx, proposal: &Proposal) -> Result<()> {
    tx.write_rows(&ADD, &[proposal]).await.map(drop)
}

/// Takes a proposal away, because it came into force or waits for something else now.
pub async fn remove(tx: &mut Tx, number: i64) -> Result<()> {
    tx.execute(REMOVE, number).await.map(drop)
}

/// Returns the number of the next proposal or release.
pub async fn next_number(at: &mut impl Reads) -> Result<i64> {
    let proposed = list(at).await?.last().map_or(0, |last| last.number);
    Ok(releases::active(at).await?.map_or(0, |release| release.number).max(proposed) + 1)
}

impl Proposal {
    /// Returns the texts by path, and then those of the lists of places.
    ///
    /// # Errors
    /// As [`releases::texts`].
    pub async fn texts(&self, at: &mut impl Reads) -> Result<[Vec<(String, String)>; 2]> {
        let of = |files: &[(String, Digest)]| Release {
            number: self.number,
            policy: self.policy,
            activated_at: self.proposed_at,
            actor: self.actor.clone(),
            approved_by: None,
            files: files.to_vec(),
            reason: None,
            plan: None,
        };
        Ok([releases::texts(at, &of(&self.files)).await?, releases::texts(at, &of(&self.places)).await?])
    }

    /// Returns whose hands its release goes through.
    pub fn hands(&self) -> Hands<'_> {
        Hands {
            actor: &self.actor,
            approver: self.approved_by.as_deref(),
            number: Some(self.number),
            reason: self.reason.as_deref(),
            plan: self.plan,
        }
    }
}
