//! Releases: policy texts by content, and which set of them is in force.

use serde::Serialize;

use crate::digest::Digest;
use crate::time::Stamp;

use super::record::{read_all, read_first, record};
use super::row_stream::stream;
use super::sql::{Bulk, Sql, bulk, json_rows, sql, statements};
use super::{Reads, Result, RowStream, StoreFault, Tx};

record! {
    /// A policy that was activated.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct Release in "release" {
        /// Its number, from 1.
        #[serde(rename = "release")]
        pub number: i64,
        /// Digest of the whole.
        pub policy: Digest,
        pub activated_at: Stamp,
        /// By whom.
        pub actor: String,
        /// Who approved it, where somebody did.
        pub approved_by: Option<String>,
        /// Path and digest of each text, sorted by path.
        #[serde(skip)]
        pub files: Vec<(String, Digest)>,
        /// Why, where somebody said so.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// The plan that was looked at before.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub plan: Option<i64>,
    }
}

/// Whose hands a release goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hands<'a> {
    /// Who activates it.
    pub actor: &'a str,
    /// Who approved it, where somebody did.
    pub approver: Option<&'a str>,
    /// Its number, where one was given to it before; else the next after the newest.
    pub number: Option<i64>,
    /// Why, where somebody said so.
    pub reason: Option<&'a str>,
    /// The plan that was looked at before.
    pub plan: Option<i64>,
}

const LIST: Sql = sql!("releases.list": "SELECT " (Release) " FROM release ORDER BY number");
const ACTIVE: Sql = sql!("releases.active":
    "SELECT " (Release) " FROM release ORDER BY number DESC LIMIT 1");
const ADD: Bulk = bulk!("releases.add": insert Release);
const ADD_TEXTS: Bulk = bulk!("releases.add_texts":
    insert "policy_text" ("digest, text") " ON CONFLICT (digest) DO NOTHING");
const TEXTS: Sql = sql!("releases.texts":
    "SELECT e.value->>0, t.digest, t.text FROM " rows " AS e CROSS JOIN policy_text AS t "
    "WHERE t.digest = e.value->>1 ORDER BY 1");

const ALL_TEXTS: Sql = sql!("releases.all_texts": "SELECT digest, text FROM policy_text ORDER BY digest");

statements!(LIST, ACTIVE, TEXTS, ALL_TEXTS; ADD, ADD_TEXTS);

/// Activates texts as a new release and returns it. The caller records it in the ledger.
pub async fn activate(
    tx: &mut Tx,
    policy: Digest,
    texts: &[(String, String)],
    hands: Hands<'_>,
    now: Stamp,
) -> Result<Release> {
    let files = keep_texts(tx, texts).await?;
    let Hands { actor, approver, number, reason, plan } = hands;
    let number = match number {
        Some(number) => number,
        None => active(tx).await?.map_or(1, |release| release.number + 1),
    };
    let (actor, approved_by) = (actor.to_owned(), approver.map(str::to_owned));
    let reason = reason.map(str::to_owned);
    let release = Release { number, policy, activated_at: now, actor, approved_by, files, reason, plan };
    tx.write_rows(&ADD, &[&release]).await?;
    Ok(release)
}

/// Keeps texts by their content; returns path and digest of each, sorted by path.
pub async fn keep_texts(tx: &mut Tx, texts: &[(String, String)]) -> Result<Vec<(String, Digest)>> {
    let mut files: Vec<(String, Digest)> =
        texts.iter().map(|(path, text)| (path.clone(), Digest::of(text.as_bytes()))).collect();
    let by_digest: Vec<(Digest, &String)> =
        files.iter().zip(texts).map(|((_, digest), (_, text))| (*digest, text)).collect();
    tx.write_rows(&ADD_TEXTS, &by_digest).await?;
    files.sort();
    Ok(files)
}

/// Returns the release in force.
pub async fn active(at: &mut impl Reads) -> Result<Option<Release>> {
    read_first(at, ACTIVE, ()).await
}

/// Lists all releases, oldest first.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Release>> {
    read_all(at, LIST, ()).await
}

/// Reads every text that is kept, each after its digest, whatever names it.
pub fn all_texts(at: &mut impl Reads) -> RowStream<'_, (Digest, String)> {
    stream(at, ALL_TEXTS, ())
}

/// Returns the texts of a release by path.
///
/// # Errors
/// [`StoreFault::Impossible`] when a text is missing or is not what its digest names.
pub async fn texts(at: &mut impl Reads, release: &Release) -> Result<Vec<(String, String)>> {
    let found: Vec<(String, Digest, String)> = read_all(at, TEXTS, json_rows(&release.files)).await?;
    let whole = |(path, digest, text): (String, Digest, String)| {
        if Digest::of(text.as_bytes()) == digest {
            Ok((path, text))
        } else {
            Err(StoreFault::Impossible { what: "policy_text.text", key: path })
        }
    };
    let texts: Vec<(String, String)> = found.into_iter().map(whole).collect::<Result<_, _>>()?;
    if texts.len() != release.files.len() {
        return Err(StoreFault::Impossible { what: "release.files", key: release.number.to_string() });
    }
    Ok(texts)
}
