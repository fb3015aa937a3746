//! Taking a file into the register: good rows are kept, bad ones go to a file of rejects.
//!
//! A thread of its own reads and checks while this one writes, batch by batch; some batches are one
//! transaction with its ledger entries, so that a file cut off in the middle leaves whole
//! batches, and taking it again adds only what was missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::kinds::{Known, Taken, unknown_subject};
use super::{Fault, Live, Stop};
use crate::digest::Digest;
use crate::import::{
    Batch, Declared, GridRow, InspectionRow, OfficerRow, Problem, Reader, Reject, RejectsWriter, StationRow,
    Stopped, SubjectRow,
};
use crate::lang::Lang;
use crate::ledger::Body;
use crate::limits::IMPORT_FILE_BYTES;
use crate::policy::ImportKind;
use crate::store::{self, Counts, Store};
use crate::time::{Day, Stamp};

/// Rows of one batch: what is held in memory twice over.
const BATCH: usize = 10_000;

/// Rows of one transaction. Ids come in no order, so a batch touches nearly every page of the
/// smaller indexes; with five batches to a commit each page goes to the log a third as often
/// (`docs/performance.md`). More would keep another process's writer waiting for seconds.
const PER_TRANSACTION: usize = 50_000;

/// What to take.
#[derive(Clone, Debug)]
pub struct Source {
    /// Which register the rows go to.
    pub kind: ImportKind,
    /// Which import map of `bureau.yaml`.
    pub map: String,
    /// Where the file is; rejects are written beside it.
    pub path: PathBuf,
    /// Language of the rejects file.
    pub lang: Lang,
}

/// What became of a file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Imported {
    /// Rows read, the heading not counted.
    pub read: u64,
    /// New rows.
    pub added: u64,
    /// Rows whose content changed.
    pub changed: u64,
    /// Rows that were there as they are.
    pub unchanged: u64,
    /// Rows not taken.
    pub rejected: u64,
    /// Where the rejected rows and the reasons are.
    pub rejects_file: Option<String>,
    /// Columns without a field.
    #[serde(skip)]
    pub ignored: Vec<String>,
    /// Columns the map names and the file does not have; no row needs them.
    #[serde(skip)]
    pub absent: Vec<String>,
}

/// Takes a file; `progress` is told bytes read and rows written.
///
/// # Errors
/// [`Stop`] when the file as a whole cannot be read, or the database refuses; batches written
/// before stay.
pub async fn import(
    store: &Store,
    live: &Arc<Live>,
    source: &Source,
    file: File,
    now: Stamp,
    progress: impl Fn(u64, u64),
) -> Result<Imported, Stop> {
    match source.kind {
        ImportKind::Subjects => pour::<SubjectRow>(store, live, source, file, now, progress).await,
        ImportKind::Inspections => pour::<InspectionRow>(store, live, source, file, now, progress).await,
        ImportKind::Officers => pour::<OfficerRow>(store, live, source, file, now, progress).await,
        ImportKind::Stations => pour::<StationRow>(store, live, source, file, now, progress).await,
        ImportKind::Grids => pour::<GridRow>(store, live, source, file, now, progress).await,
    }
}

/// What the reading thread says.
enum Message<T> {
    Headings { all: Vec<String>, ignored: Vec<String>, absent: Vec<String> },
    Batch(Batch<T>),
    Stopped(Stopped),
}

async fn pour<T: Taken>(
    store: &Store,
    live: &Arc<Live>,
    source: &Source,
    mut file: File,
    now: Stamp,
    progress: impl Fn(u64, u64),
) -> Result<Imported, Stop> {
    let digest = digest_of(&mut file).map_err(|error| unreadable(&source.path, &error))?;
    let bytes = Arc::new(AtomicU64::new(0));
    let messages = read_aside::<T>(file, Arc::clone(live), source.map.clone(), Arc::clone(&bytes));
    let known = Known::read(store, live, source).await?;
    let today = now.day_in(live.policy.bureau.zone);
    let mut work =
        Work { source, known, today, now, digest, headings: Vec::new(), rejects: None, open: None };
    let mut done = Imported::default();
    while let Ok(message) = messages.recv() {
        match message {
            Message::Headings { all, ignored, absent } => {
                work.headings = all;
                done.ignored = ignored;
                done.absent = absent;
            }
            Message::Batch(batch) => {
                done.read += (batch.rows.len() + batch.rejects.len()) as u64;
                work.write(store, live, batch, &mut done).await?;
                progress(bytes.load(Ordering::Relaxed), done.read);
            }
            Message::Stopped(stopped) => {
                work.commit().await?;
                return Err(stopped_by(&source.path, stopped));
            }
        }
    }
    work.commit().await?;
    if let Some((path, rejects)) = work.rejects {
        rejects.finish().map_err(|error| unwritable(&path, &error))?;
        done.rejects_file = Some(path.display().to_string());
    }
    Ok(done)
}

/// Reads and checks in a thread of its own, at most two batches ahead.
fn read_aside<T: Taken>(
    file: File,
    live: Arc<Live>,
    map: String,
    bytes: Arc<AtomicU64>,
) -> Receiver<Message<T>> {
    let (send, receive) = sync_channel(2);
    std::thread::spawn(move || {
        let counted = Counted { inner: file.take(IMPORT_FILE_BYTES + 1), bytes };
        if let Err(stopped) = read_all(counted, &live, &map, &send) {
            // The receiver is gone only when it has failed itself.
            let _ = send.send(Message::Stopped(stopped));
        }
    });
    receive
}

fn read_all<T: Taken>(
    source: impl Read,
    live: &Live,
    map: &str,
    send: &SyncSender<Message<T>>,
) -> Result<(), Stopped> {
    let declared = Declared::from(&live.policy);
    let mut reader = Reader::<_, T>::open(source, declared, Some(map))?;
    let all = reader.headings().to_vec();
    let ignored = reader.unmapped().map(str::to_owned).collect();
    let absent = reader.absent().to_vec();
    if send.send(Message::Headings { all, ignored, absent }).is_err() {
        return Ok(());
    }
    while let Some(batch) = reader.next_batch(BATCH)? {
        if send.send(Message::Batch(batch)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

struct Counted<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// A file under way.
struct Work<'a> {
    source: &'a Source,
    known: Known,
    today: Day,
    now: Stamp,
    digest: Digest,
    headings: Vec<String>,
    rejects: Option<(PathBuf, RejectsWriter<File>)>,
    open: Option<OpenBatches>,
}

/// Batches written in a transaction that is not committed yet.
struct OpenBatches {
    tx: store::Tx,
    rows: usize,
    /// Whether all the register holds came from this file, so that no row of it is there already.
    is_first: bool,
    /// Written to their file after the commit.
    rejects: Vec<Reject>,
}

impl Work<'_> {
    /// Writes one batch, and commits when enough are written.
    async fn write<T: Taken>(
        &mut self,
        store: &Store,
        live: &Live,
        mut batch: Batch<T>,
        done: &mut Imported,
    ) -> Result<(), Stop> {
        let mut refused: BTreeMap<usize, (Option<String>, Problem)> = BTreeMap::new();
        let read = batch.rows.len() + batch.rejects.len();
        let mut kept = Vec::with_capacity(batch.rows.len());
        let mut rows = Vec::with_capacity(batch.rows.len());
        for (at, row) in std::mem::take(&mut batch.rows).into_iter().enumerate() {
            if let Some(refusal) = row.refused(&self.known) {
                refused.insert(at, refusal);
            } else {
                kept.push((at, row.subject().map(str::to_owned)));
                rows.push(row);
            }
        }
        let mut open = if let Some(open) = self.open.take() {
            open
        } else {
            let mut tx = store.begin().await?;
            // Nobody else writes until the commit, and no id comes twice in one file.
            let is_first = T::held(&mut tx).await? == Some(done.added);
            OpenBatches { tx, rows: 0, is_first, rejects: Vec::new() }
        };
        open.rows += read;
        let written = if open.is_first {
            T::write_new(&mut open.tx, &live.policy, rows, self.today).await?
        } else {
            T::write(&mut open.tx, &live.policy, rows, self.today).await?
        };
        for (at, subject) in written.unknown.iter().map(|at| &kept[*at]) {
            refused.insert(*at, unknown_subject(&self.known, subject.as_deref().unwrap_or_default()));
        }
        let digest = self.digest.to_string();
        record_import::<T>(&mut open.tx, &written.homes, &digest, "import", self.now).await?;
        for counts in written.homes.values() {
            done.added += counts.added;
            done.changed += counts.changed;
            done.unchanged += counts.unchanged;
        }
        done.rejected += (refused.len() + batch.rejects.len()) as u64;
        let refused = refused.into_iter().map(|(at, (column, problem))| batch.reject(at, column, problem));
        let mut rejects: Vec<Reject> = refused.collect();
        rejects.extend(batch.rejects.iter().cloned());
        rejects.sort_by_key(|reject| reject.place.row);
        open.rejects.append(&mut rejects);
        let is_full = open.rows >= PER_TRANSACTION;
        self.open = Some(open);
        if is_full { self.commit().await } else { Ok(()) }
    }

    /// Commits what is written, and then its rejects.
    async fn commit(&mut self) -> Result<(), Stop> {
        let Some(OpenBatches { tx, rows: _, is_first: _, rejects }) = self.open.take() else { return Ok(()) };
        tx.commit().await?;
        self.reject(&rejects)
    }

    fn reject(&mut self, rejects: &[Reject]) -> Result<(), Stop> {
        if rejects.is_empty() {
            return Ok(());
        }
        let (path, mut writer) = if let Some(open) = self.rejects.take() {
            open
        } else {
            let path = rejects_path(&self.source.path);
            let file = File::create(&path).map_err(|error| unwritable(&path, &error))?;
            let writer = RejectsWriter::new(file, self.source.lang, &self.headings);
            let writer = writer.map_err(|error| unwritable(&path, &error))?;
            (path, writer)
        };
        for reject in rejects {
            writer.write(reject).map_err(|error| unwritable(&path, &error))?;
        }
        self.rejects = Some((path, writer));
        Ok(())
    }
}

/// Takes a small file that came with the policy, within its transaction; every row must be good.
///
/// # Errors
/// [`Stop::File`] with the problems of the first bad row.
pub(super) async fn take_small<T: Taken>(
    tx: &mut store::Tx,
    live: &Live,
    path: &str,
    bytes: &[u8],
    now: Stamp,
) -> Result<(), Stop> {
    let stopped = |stopped| stopped_by(Path::new(path), stopped);
    let mut reader = Reader::<_, T>::open(bytes, Declared::from(&live.policy), None).map_err(stopped)?;
    let today = now.day_in(live.policy.bureau.zone);
    let digest = Digest::of(bytes).to_string();
    while let Some(batch) = reader.next_batch(BATCH).map_err(stopped)? {
        if let Some(reject) = batch.rejects.into_iter().next() {
            let problems = reject.problems.into_iter().map(|cell| cell.problem).collect();
            return Err(Stop::File(format!("{path}:{}", reject.place.line), problems));
        }
        let written = T::write(tx, &live.policy, batch.rows, today).await?;
        record_import::<T>(tx, &written.homes, &digest, "policy", now).await?;
    }
    Ok(())
}

/// Records what a batch of rows changed, one entry for each home it changed.
pub(super) async fn record_import<T: Taken>(
    tx: &mut store::Tx,
    homes: &BTreeMap<String, Counts>,
    file: &str,
    actor: &str,
    now: Stamp,
) -> Result<(), Stop> {
    let mut bodies = Vec::with_capacity(homes.len());
    for (home, counts) in homes.iter().filter(|(_, counts)| counts.added + counts.changed > 0) {
        let int = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let body = Body::Imported {
            what: T::NAME.to_owned(),
            file: file.to_owned(),
            added: int(counts.added),
            changed: int(counts.changed),
            unchanged: int(counts.unchanged),
            now: T::sum(tx, home).await?,
        };
        bodies.push((home.as_str(), body));
    }
    let bodies: Vec<(&str, &Body)> = bodies.iter().map(|(home, body)| (*home, body)).collect();
    store::ledger::append_many(tx, actor, &bodies, now).await?;
    Ok(())
}

/// Rejects lie beside the file: `名单.csv` gives `名单.rejects.csv`.
fn rejects_path(path: &Path) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(".rejects.csv");
    path.with_file_name(name)
}

fn digest_of(file: &mut File) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    io::copy(&mut *file, &mut io::BufWriter::with_capacity(1 << 20, Hashing(&mut hasher)))?;
    file.rewind()?;
    Ok(Digest::from_bytes(hasher.finalize().into()))
}

struct Hashing<'a>(&'a mut Sha256);

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Stop {
    Fault::new("F003").with("cause", format!("{}: {error}", path.display())).into()
}

fn unwritable(path: &Path, error: &io::Error) -> Stop {
    Fault::new("F002").with("cause", format!("{}: {error}", path.display())).into()
}

fn stopped_by(path: &Path, stopped: Stopped) -> Stop {
    match stopped {
        Stopped::Broke(error) => unreadable(path, &error),
        Stopped::File(problems) => Stop::File(path.display().to_string(), problems),
    }
}

/// Names of stations, grids and officers, for checking what a row names.
pub(super) type Names = BTreeSet<String>;
