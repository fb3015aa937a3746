//! Releases: policy texts by content, and which set of them is in force.

use crate::digest::Digest;
use crate::time::Stamp;

use super::sql::{Sql, args, json_rows, sql};
use super::tx::{Columns, row, rows};
use super::{Fault, Reads, Tx};

/// A policy that was activated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its number, from 1.
    pub number: i64,
    /// Digest of the whole.
    pub policy: Digest,
    /// When it was activated.
    pub activated_at: Stamp,
    /// By whom.
    pub actor: String,
    /// Who approved it, where somebody did.
    pub approved_by: Option<String>,
    /// Path and digest of each text, sorted by path.
    pub files: Vec<(String, Digest)>,
}

/// Whose hands a release goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hands<'a> {
    /// Who activates it.
    pub actor: &'a str,
    /// Who approved it, where somebody did.
    pub approver: Option<&'a str>,
}

const LIST: Sql = sql!("releases.list":
    "SELECT number, policy, activated_at, actor, approved_by, files FROM release ORDER BY number");
const ACTIVE: Sql = sql!("releases.active":
    "SELECT number, policy, activated_at, actor, approved_by, files FROM release ORDER BY number DESC LIMIT 1");
const ADD: Sql = sql!("releases.add":
    "INSERT INTO release (number, policy, activated_at, actor, approved_by, files) VALUES ($1, $2, $3, $4, $5, $6)");
const ADD_TEXTS: Sql = sql!("releases.add_texts":
    "INSERT INTO policy_text (digest, text) SELECT e.value->>0, e.value->>1 FROM " rows " AS e "
    "WHERE TRUE ON CONFLICT (digest) DO NOTHING");
const TEXTS: Sql = sql!("releases.texts":
    "SELECT e.value->>0, t.digest, t.text FROM " rows " AS e CROSS JOIN policy_text AS t "
    "WHERE t.digest = e.value->>1 ORDER BY 1");

pub(super) const ALL: &[Sql] = &[LIST, ACTIVE, ADD, ADD_TEXTS, TEXTS];

/// Activates texts as a new release and returns it. The caller records it in the ledger.
///
/// # Errors
/// [`Fault`] when the database refuses.
pub async fn activate(
    tx: &mut Tx,
    policy: Digest,
    texts: &[(String, String)],
    hands: Hands<'_>,
    now: Stamp,
) -> Result<Release, Fault> {
    let mut files: Vec<(String, Digest)> =
        texts.iter().map(|(path, text)| (path.clone(), Digest::of(text.as_bytes()))).collect();
    let by_digest =
        json_rows(files.iter().zip(texts).map(|((_, digest), (_, text))| [digest.to_string(), text.clone()]));
    tx.run(ADD_TEXTS, args!(text & by_digest)).await?;
    files.sort();
    let number = active(tx).await?.map_or(1, |release| release.number + 1);
    let listed = listed(&files);
    let policy_hex = policy.to_string();
    let Hands { actor, approver } = hands;
    let args = args!(int number, text &policy_hex, stamp now, text actor, maybe approver, text &listed);
    tx.run(ADD, args).await?;
    let (actor, approved_by) = (actor.to_owned(), approver.map(str::to_owned));
    Ok(Release { number, policy, activated_at: now, actor, approved_by, files })
}

/// Returns the release in force.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn active(at: &mut impl Reads) -> Result<Option<Release>, Fault> {
    row(at, ACTIVE, args!()).await?.map(|found| read(&found)).transpose()
}

/// Lists all releases, oldest first.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub async fn list(at: &mut impl Reads) -> Result<Vec<Release>, Fault> {
    rows(at, LIST, args!()).await?.iter().map(read).collect()
}

/// Returns the texts of a release by path.
///
/// # Errors
/// [`Fault::Impossible`] when a text is missing or is not what its digest names.
pub async fn texts(at: &mut impl Reads, release: &Release) -> Result<Vec<(String, String)>, Fault> {
    let found = rows(at, TEXTS, args!(text & listed(&release.files))).await?;
    let mut texts = Vec::with_capacity(found.len());
    for row in &found {
        let mut columns = Columns::of(row, "policy_text");
        let path: String = columns.next()?;
        let digest = columns.digest()?;
        let text: String = columns.next()?;
        if Digest::of(text.as_bytes()) != digest {
            return Err(Fault::Impossible { what: "policy_text.text", key: path });
        }
        texts.push((path, text));
    }
    if texts.len() != release.files.len() {
        return Err(Fault::Impossible { what: "release.files", key: release.number.to_string() });
    }
    Ok(texts)
}

fn listed(files: &[(String, Digest)]) -> String {
    json_rows(files.iter().map(|(path, digest)| [path.clone(), digest.to_string()]))
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Release, Fault> {
    let mut columns = Columns::of(row, "release");
    let number = columns.next()?;
    let policy = columns.digest()?;
    let (activated_at, actor) = (columns.exact()?, columns.next()?);
    let approved_by = columns.next()?;
    let files: Vec<(String, String)> = columns.json()?;
    let files = files.into_iter().map(|(path, digest)| Some((path, Digest::parse(&digest)?)));
    let files = files.collect::<Option<_>>().ok_or_else(|| columns.impossible(5))?;
    Ok(Release { number, policy, activated_at, actor, approved_by, files })
}
