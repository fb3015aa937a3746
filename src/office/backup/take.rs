//! Making a backup, beside whoever writes meanwhile.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::given_numbers::GivenNumbers;
use super::manifest::{
    BackedDatabase, BackedFiles, BackupManifest, BackupVerification, DATABASE, MANIFEST, complete_in, ends,
};
use crate::engine::{Refusal, RefusalCode};
use crate::files;
use crate::office::audit::verify::verify;
use crate::office::{Answer, OfficeFault, live};
use crate::store::attachments::{self, Attachment};
use crate::store::{Access, Store, epochs, ledger};
use crate::time::Stamp;

/// Files of orders taken up at a time.
const ROWS: usize = 1_000;

/// What is asked of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupWish {
    /// The folder it is to be; there must be nothing of that name.
    pub to: PathBuf,
    /// How far it is looked at.
    pub verification: BackupVerification,
    pub now: Stamp,
}

/// What a backup came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    pub path: String,
    #[serde(flatten)]
    pub manifest: BackupManifest,
    /// Problems that `verify` found, where it looked at the whole; the database has them, too.
    pub problems: usize,
}

impl BackupReport {
    /// Returns whether all that the database names is there, and is what the record says.
    pub fn is_sound(&self) -> bool {
        self.problems == 0 && self.manifest.files.missing.is_empty()
    }
}

/// Makes a backup of what is committed.
///
/// # Refusals
/// R240 where something of that name is there, R243 when the copy is not what was copied.
pub async fn back_up(store: &Store, wish: &BackupWish) -> Answer<BackupReport> {
    let BackupWish { to, verification, now } = wish;
    if std::fs::symlink_metadata(to).is_ok() {
        return Err(Refusal::new(RefusalCode::BackupThere).with("path", to.display().to_string()).into());
    }
    let above = files::folder_of(to);
    std::fs::create_dir_all(above).map_err(|error| OfficeFault::unwritable(above.display(), error))?;
    let draft = files::beside_name(to, &format!("partial-{}", std::process::id()));
    let done = fill(store, &draft, wish).await;
    let (manifest, problems) = match done {
        Ok(done) => done,
        Err(stop) => {
            // A part of a backup is of no use; where the disk refuses that too, its name says what it is.
            let _ = std::fs::remove_dir_all(&draft);
            return Err(stop);
        }
    };
    files::publish(&draft, to)?;
    tracing::info!(at = %now, bytes = manifest.database.bytes, files = manifest.files.count, ?verification, "backup.made");
    Ok(BackupReport { path: to.display().to_string(), manifest, problems })
}

/// Fills a folder, the manifest last.
async fn fill(store: &Store, draft: &Path, wish: &BackupWish) -> Answer<(BackupManifest, usize)> {
    files::make_private_folder(draft)?;
    let acknowledged = ledger::entries(&mut store.read().await?).await?;
    let database = draft.join(DATABASE);
    store.copy_to(&database).await?;
    files::sync_file(&database)?;
    let copy = Store::open(&format!("sqlite:{}", database.display()), Access::Read).await?;
    let before = complete_in(files::folder_of(&wish.to)).pop().map(|(path, _)| path.join(DATABASE));
    let files = FileCopying {
        from: files::beside(store.path()),
        before: before.map(|database| files::beside(&database)),
        to: files::beside(&database),
    };
    let filled = fill_beside(&copy, &files, acknowledged, wish).await;
    copy.close().await;
    let (files, problems, manifest) = filled?;
    // Read again after all else: what is called good is what lies on the disk then.
    let sum = files::sum_of(&database)?;
    let database = BackedDatabase { bytes: sum.bytes, sha256: sum.digest, ..manifest.database };
    let manifest = BackupManifest { database, files, ..manifest };
    manifest.write(draft)?;
    files::sync_folder(draft)?;
    Ok((manifest, problems))
}

/// Puts the files of a copy beside it, looks at it, and says what it is.
async fn fill_beside(
    copy: &Store,
    files: &FileCopying,
    acknowledged: i64,
    wish: &BackupWish,
) -> Answer<(BackedFiles, usize, BackupManifest)> {
    let files = files.copy_all(copy).await?;
    let problems = look(copy, acknowledged, wish.verification).await?;
    Ok((files, problems, describe(copy, wish).await?))
}

/// Looks at a copy; returns how many problems the record in it has, where the whole is asked for.
async fn look(copy: &Store, acknowledged: i64, verification: BackupVerification) -> Answer<usize> {
    let unsound = |what: String| {
        let path = copy.path().display().to_string();
        Refusal::new(RefusalCode::BackupUnsound).with("path", path).with("what", what)
    };
    if let Some(damage) = copy.damage().await?.into_iter().next() {
        return Err(unsound(damage).into());
    }
    let mut reader = copy.read().await?;
    let kept = ledger::kept_heads(&mut reader).await?;
    for (chain, newest) in ledger::chains(&mut reader).await? {
        let last = ledger::read(&mut reader, &chain, newest - 1, 1).await?.pop();
        let is_kept = last.is_some_and(|last| {
            kept.get(&chain).is_some_and(|kept| (kept.head.seq, kept.head.hash) == (last.seq, last.hash))
        });
        if !is_kept {
            return Err(unsound(chain).into());
        }
    }
    if ledger::entries(&mut reader).await? < acknowledged {
        return Err(unsound(MANIFEST.to_owned()).into());
    }
    drop(reader);
    match (verification, live(copy).await?) {
        (BackupVerification::Whole, Some(live)) => Ok(verify(copy, &live).await?.problems.len()),
        (BackupVerification::Whole | BackupVerification::Heads, _) => Ok(0),
    }
}

/// Says of a copy what its manifest says, but for what is counted and summed.
async fn describe(copy: &Store, wish: &BackupWish) -> Answer<BackupManifest> {
    let mut reader = copy.read().await?;
    let numbers = GivenNumbers::of(&mut reader, wish.now).await?;
    let nothing = crate::digest::Digest::from_bytes([0; 32]);
    Ok(BackupManifest {
        format: BackupManifest::FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: wish.now,
        schema: Store::schema(),
        epoch: epochs::read(&mut reader).await?.number,
        database: BackedDatabase { file: DATABASE.to_owned(), bytes: 0, sha256: nothing },
        files: BackedFiles::default(),
        entries: numbers.entries,
        chains: ends(ledger::kept_heads(&mut reader).await?),
        numbers,
        verified: wish.verification,
    })
}

/// Where the files of orders come from and go to.
pub(super) struct FileCopying {
    pub(super) from: PathBuf,
    /// A place on the same disk as `to` that may have them already: they are given a second name there.
    pub(super) before: Option<PathBuf>,
    pub(super) to: PathBuf,
}

impl FileCopying {
    /// Puts every file that a database names to its place; what is there already stays.
    pub(super) async fn copy_all(&self, database: &Store) -> Answer<BackedFiles> {
        let mut done = BackedFiles::default();
        let mut reader = database.read().await?;
        let mut rows = attachments::all(&mut reader);
        let mut shelves = std::collections::BTreeSet::new();
        loop {
            let some = rows.next_rows(ROWS).await?;
            if some.is_empty() {
                break;
            }
            for (Attachment { digest, bytes, .. }, _) in some {
                let to = files::kept_at(&self.to, &digest);
                if done.missing.contains(&digest) || to.exists() {
                    continue;
                }
                let shelf = files::folder_of(&to).to_owned();
                if shelves.insert(shelf.clone()) {
                    std::fs::create_dir_all(&shelf)
                        .map_err(|error| OfficeFault::unwritable(shelf.display(), error))?;
                }
                if self.put(&digest, u64::try_from(bytes).unwrap_or_default(), &to)? {
                    done.count += 1;
                    done.bytes += u64::try_from(bytes).unwrap_or_default();
                } else {
                    done.missing.push(digest);
                }
            }
        }
        if !shelves.is_empty() {
            shelves.insert(self.to.clone());
        }
        shelves.iter().try_for_each(|shelf| files::sync_folder(shelf))?;
        Ok(done)
    }

    /// Puts one file to its place; returns whether it was found as its digest says.
    fn put(&self, digest: &str, bytes: u64, to: &Path) -> Answer<bool> {
        let before = self.before.as_ref().map(|before| files::kept_at(before, digest));
        if before.is_some_and(|before| files::link(&before, to, bytes)) {
            return Ok(true);
        }
        let from = files::kept_at(&self.from, digest);
        if !from.is_file() {
            return Ok(false);
        }
        let draft = files::beside_name(to, "part");
        // A try before may have left one.
        let _ = std::fs::remove_file(&draft);
        let sum = files::copy(&from, &draft)?;
        if sum.digest.to_string() == digest {
            files::publish(&draft, to)?;
            return Ok(true);
        }
        std::fs::remove_file(&draft).map_err(|error| OfficeFault::unwritable(draft.display(), error))?;
        Ok(false)
    }
}
