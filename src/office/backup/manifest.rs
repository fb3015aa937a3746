//! What stands in a backup beside the database and its files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::given_numbers::GivenNumbers;
use crate::digest::Digest;
use crate::engine::{Refusal, RefusalCode};
use crate::files;
use crate::office::{Answer, OfficeFault};
use crate::store::ledger::KeptHead;
use crate::time::Stamp;

/// Name of the manifest in a backup.
pub(super) const MANIFEST: &str = "manifest.json";
/// Name of the database in a backup.
pub(super) const DATABASE: &str = "wubu.db";
/// The one form of manifest there is.
const FORMAT: u32 = 1;
/// Longest manifest read, in bytes; one of ten thousand chains has two million.
const LONGEST: usize = 64 * 1024 * 1024;

/// How far a backup was looked at before it was called complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BackupVerification {
    /// Every page, the end of every chain, every file by its length, the database by its digest.
    Heads,
    /// As `wubu verify` does, all of it, every file by its digest.
    Whole,
}

/// What a backup says of itself.
///
/// # Shape
/// `manifest.json`, one JSON object; see `docs/operations.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupManifest {
    pub format: u32,
    /// Version of the program that made it.
    pub program: String,
    pub made_at: Stamp,
    /// Schema of the database in it.
    pub schema: i64,
    /// Epoch in which the database was.
    pub epoch: i64,
    pub database: BackedDatabase,
    pub files: BackedFiles,
    /// Entries of all chains.
    pub entries: i64,
    /// Where each chain ended.
    pub chains: BTreeMap<String, ChainEnd>,
    /// The numbers given until then.
    pub numbers: GivenNumbers,
    pub verified: BackupVerification,
}

/// The database of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedDatabase {
    /// Its name in the folder.
    pub file: String,
    pub bytes: u64,
    pub sha256: Digest,
}

/// The files of orders in a backup; each is named by its digest, and the database lists them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedFiles {
    pub count: u64,
    pub bytes: u64,
    /// Digests of files that the database names and that were nowhere to be found.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// Where a chain of the ledger ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEnd {
    pub seq: i64,
    pub hash: Digest,
}

impl BackupManifest {
    /// The form that is written.
    pub(super) const FORMAT: u32 = FORMAT;

    /// Reads the manifest of the backup in a folder.
    ///
    /// # Refusals
    /// R242 where there is none that this program understands.
    pub fn read(folder: &Path) -> Answer<Self> {
        let refused = || Refusal::new(RefusalCode::NoBackup).with("path", folder.display().to_string());
        let path = folder.join(MANIFEST);
        if !path.is_file() {
            return Err(refused().into());
        }
        let bytes = files::read_file(&path, LONGEST)?;
        let read: Option<Self> = serde_json::from_slice(&bytes).ok();
        let read = read.filter(|read| read.format == FORMAT && read.database.file == DATABASE);
        read.ok_or_else(|| refused().into())
    }

    /// Writes it into a folder.
    pub(super) fn write(&self, folder: &Path) -> Answer<()> {
        let text = serde_json::to_vec_pretty(self).map_err(OfficeFault::impossible)?;
        Ok(files::write_whole(&folder.join(MANIFEST), &text)?)
    }
}

/// Returns where the chains end, as they are kept.
pub(super) fn ends(heads: BTreeMap<String, KeptHead>) -> BTreeMap<String, ChainEnd> {
    let end =
        |(chain, kept): (String, KeptHead)| (chain, ChainEnd { seq: kept.head.seq, hash: kept.head.hash });
    heads.into_iter().map(end).collect()
}

/// Returns the address of the database in a backup; none where no database lies there.
pub fn backed_up_database(folder: &Path) -> Option<String> {
    let path = folder.join(DATABASE);
    path.is_file().then(|| format!("sqlite:{}", path.display()))
}

/// Lists the complete backups of a folder, oldest first.
pub(super) fn complete_in(folder: &Path) -> Vec<(PathBuf, BackupManifest)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_shown = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or(".");
        !name.starts_with('.')
    };
    let paths = entries.map(|entry| entry.path()).filter(is_shown);
    let mut found: Vec<_> =
        paths.filter_map(|path| BackupManifest::read(&path).ok().map(|manifest| (path, manifest))).collect();
    found.sort_by(|(a_path, a), (b_path, b)| (a.made_at, a_path).cmp(&(b.made_at, b_path)));
    found
}
