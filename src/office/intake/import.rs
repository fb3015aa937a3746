//! Taking a file into the register: good rows are kept, bad ones go to a file of rejects.
//!
//! A thread of its own reads and checks while this one writes, batch by batch; subjects are put
//! in the order of the register in between. Some batches are one transaction with its ledger
//! entries, so that a file cut off in the middle leaves whole batches, and taking it again adds
//! only what was missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::digest::Digest;
use crate::import::{
    Assurance, CellProblem, Doubt, FileStop, GridRow, InspectionRow, OfficerRow, Reject, RejectsWriter,
    RowBatch, RowPlace, RowReader, RowSchema, StationRow, SubjectRow,
};
use crate::ledger::Body;
use crate::office::authority;
use crate::office::intake::external_sort::ExternalSort;
use crate::office::intake::file_reader::{FileReader, Headings, ReaderMessage, digest_of};
use crate::office::intake::import_kinds::{ImportMapChoice, RegisterNames, StoredRow, unknown_subject};
use crate::office::intake::preview::{self, ImportPreview};
use crate::office::intake::source::{BATCH, ImportSource};
use crate::office::people::laid;
use crate::office::signal_notes;
use crate::office::signals::carry;
use crate::office::{ActContext, Answer, OfficeFault, OfficeStop};
use crate::people::PowerRequest;
use crate::policy::{ImportKind, Power};
use crate::store::subjects::{self, KnownSubject, KnownSubjects};
use crate::store::{self, ImportResult, ManyRows, people};

/// Rows of one transaction. The index of ids is touched all over by each batch; with five batches
/// to a commit its pages go to the log a third as often. More would keep another process's
/// writer waiting for seconds.
const PER_TRANSACTION: usize = 50_000;

/// What became of a file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImportReport {
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
    /// Columns the map names and the file does not have: what the register knows of them stays.
    #[serde(skip)]
    pub absent: Vec<String>,
    /// Officers of grids whom the register does not have.
    #[serde(skip)]
    pub strangers: Vec<String>,
    /// What else would change, where the file was only tried.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub preview: Option<ImportPreview>,
}

/// Takes a file, or only tries it: then everything is done and undone, and what else would change is told.
/// `progress` is told how many of its bytes are done with, and rows written.
///
/// # Errors
/// [`OfficeStop`] when whoever is named lacks the power, the file as a whole cannot be read, or the database refuses; batches written
/// before stay.
pub async fn import(
    cx: ActContext<'_>,
    source: &ImportSource,
    file: File,
    progress: impl Fn(u64, u64),
) -> Answer<ImportReport> {
    match source.kind {
        ImportKind::Subjects => pour_in_order(cx, source, file, progress).await,
        ImportKind::Inspections => pour::<InspectionRow>(cx, source, file, progress).await,
        ImportKind::Officers => {
            let report = pour::<OfficerRow>(cx, source, file, progress).await?;
            if !source.is_trial {
                // Duties that are somebody's no longer go to others at once.
                carry::carry(cx).await?;
            }
            Ok(report)
        }
        ImportKind::Stations => pour::<StationRow>(cx, source, file, progress).await,
        ImportKind::Grids => {
            let report = pour::<GridRow>(cx, source, file, progress).await?;
            if !source.is_trial {
                carry::carry(cx).await?;
            }
            Ok(report)
        }
    }
}

/// Asks whether this file may be taken; returns in whose name it is.
async fn ask(cx: ActContext<'_>, source: &ImportSource) -> Answer<String> {
    let power = match source.kind {
        ImportKind::Subjects | ImportKind::Inspections => Power::Import,
        ImportKind::Officers | ImportKind::Stations | ImportKind::Grids => Power::ImportStaff,
    };
    let roster = people::roster(&mut cx.store.read().await?).await?;
    let wanted = PowerRequest::over(power, None);
    Ok(authority::allow_operator(cx, &roster, source.by.as_deref(), wanted)?.to_owned())
}

/// Writes rows while the file is read.
async fn pour<T: StoredRow>(
    cx: ActContext<'_>,
    source: &ImportSource,
    mut file: File,
    progress: impl Fn(u64, u64),
) -> Answer<ImportReport> {
    let mut work = ImportRun::begin(cx, source, &mut file).await?;
    let reading = FileReader::<T>::begin(file, cx.policy().clone(), source);
    let mut stopped = None;
    while let Ok(message) = reading.messages.recv() {
        match message {
            ReaderMessage::Headings(headings) => work.head(headings),
            ReaderMessage::Batch(batch) => {
                work.write(batch).await?;
                progress(reading.bytes(), work.done.read);
            }
            ReaderMessage::Stopped(reason) => stopped = Some(reason),
        }
    }
    work.finish(stopped).await
}

/// Reads all subjects, puts them in order, and then writes them.
///
/// Half of a file's bytes are told as done when all of it is read.
async fn pour_in_order(
    cx: ActContext<'_>,
    source: &ImportSource,
    mut file: File,
    progress: impl Fn(u64, u64),
) -> Answer<ImportReport> {
    let mut work = ImportRun::begin(cx, source, &mut file).await?;
    let reading = FileReader::<SubjectRow>::begin(file, cx.policy().clone(), source);
    let mut spool = ExternalSort::beside(cx.store.path());
    let mut stopped = None;
    while let Ok(message) = reading.messages.recv() {
        match message {
            ReaderMessage::Headings(headings) => work.head(headings),
            ReaderMessage::Batch(mut batch) => {
                let (kept, refused) = work.sift(&mut batch).await?;
                work.hold(batch, refused);
                work.give_rejects()?;
                spool.push(kept.iter().map(|(_, row)| row))?;
                progress(reading.bytes() / 2, 0);
            }
            ReaderMessage::Stopped(reason) => stopped = Some(reason),
        }
    }
    let half = reading.bytes() / 2;
    let sorted = spool.sorted(BATCH)?;
    let mut written = 0;
    for batch in sorted.batches {
        let batch = batch.map_err(|error| OfficeFault::unreadable(sorted.folder.display(), error))?;
        written += batch.len() as u64;
        work.put(batch).await?;
        work.commit_when_full().await?;
        progress(half + half * written / sorted.rows, written);
    }
    if written < sorted.rows {
        let cause = io::Error::from(io::ErrorKind::UnexpectedEof);
        return Err(OfficeFault::unreadable(sorted.folder.display(), cause).into());
    }
    work.finish(stopped).await
}

/// Rows that may be written, each with its place in its batch.
type KeptRows<T> = Vec<(usize, T)>;

/// Why rows of a batch are refused, by their place in it.
type RefusedRows = BTreeMap<usize, Vec<CellProblem>>;

/// A file under way.
struct ImportRun<'a> {
    cx: ActContext<'a>,
    source: &'a ImportSource,
    /// In whose name it is taken.
    actor: String,
    known: RegisterNames,
    digest: Digest,
    headings: Vec<String>,
    open: Option<OpenBatches>,
    /// Rows since the last commit, good and bad.
    uncommitted: usize,
    /// Rejects since the last commit; they go to their file after the next.
    held: Vec<Reject>,
    rejects: Option<(PathBuf, RejectsWriter<File>)>,
    /// What a person confirmed of rows that are taken, until it is recorded.
    confirmed: Vec<(String, String)>,
    done: ImportReport,
}

/// What became of a doubt.
enum DoubtAnswer {
    /// The register takes it away.
    Settled,
    /// A person does, of this code.
    Confirmed(String),
    /// Nobody does.
    Open(CellProblem),
}

/// Batches written in a transaction that is not committed yet.
struct OpenBatches {
    tx: store::Tx,
    /// Whether all the register holds came from this file, so that no row of it is there already.
    is_first: bool,
}

impl<'a> ImportRun<'a> {
    async fn begin(cx: ActContext<'a>, source: &'a ImportSource, file: &mut File) -> Answer<Self> {
        let actor = ask(cx, source).await?;
        let from = ImportMapChoice { map: &source.map, by: Some(&actor) };
        Ok(Self {
            cx,
            source,
            known: RegisterNames::read(cx, &mut cx.store.read().await?, source.kind, from).await?,
            actor,
            digest: digest_of(file).map_err(|error| OfficeFault::unreadable(source.path.display(), error))?,
            headings: Vec::new(),
            open: None,
            uncommitted: 0,
            held: Vec::new(),
            rejects: None,
            confirmed: Vec::new(),
            done: ImportReport::default(),
        })
    }

    fn head(&mut self, headings: Headings) {
        self.headings = headings.all;
        self.done.ignored = headings.ignored;
        self.done.absent = headings.absent;
    }

    /// Writes one batch, and commits when enough are written.
    async fn write<T: StoredRow>(&mut self, mut batch: RowBatch<T>) -> Answer<()> {
        let (kept, mut refused) = self.sift(&mut batch).await?;
        let (places, rows): (Vec<usize>, Vec<T>) = kept.into_iter().unzip();
        let subjects: Vec<Option<String>> = rows.iter().map(|row| row.subject().map(str::to_owned)).collect();
        for at in self.put(rows).await? {
            let subject = subjects[at].as_deref().unwrap_or_default();
            refused.insert(places[at], vec![unknown_subject(&self.known, subject)]);
        }
        self.hold(batch, refused);
        self.commit_when_full().await
    }

    /// Takes the rows out of a batch, without those that name what the register does not have, or that nobody
    /// answers for.
    async fn sift<T: StoredRow>(&mut self, batch: &mut RowBatch<T>) -> Answer<(KeptRows<T>, RefusedRows)> {
        self.done.read += (batch.rows.len() + batch.rejects.len()) as u64;
        let (rows, doubts) = (std::mem::take(&mut batch.rows), std::mem::take(&mut batch.doubts));
        let doubtful: BTreeSet<usize> = doubts.iter().map(|doubt| doubt.row).collect();
        let asked = rows.iter().enumerate().filter_map(|(at, row)| row.looked_up(doubtful.contains(&at)));
        let asked: Vec<&str> = asked.collect();
        let known = if asked.is_empty() {
            KnownSubjects::new()
        } else {
            subjects::find(&mut self.cx.store.read().await?, asked).await?
        };
        let mut refused = RefusedRows::new();
        let mut kept = Vec::with_capacity(rows.len());
        let mut doubts = doubts.into_iter().peekable();
        for (at, mut row) in rows.into_iter().enumerate() {
            let found = row.looked_up(true).and_then(|id| known.get(id));
            let (mut problems, mut confirmed) = (Vec::new(), Vec::new());
            while let Some(doubt) = doubts.next_if(|doubt| doubt.row == at) {
                match self.answer(&row, found, doubt) {
                    DoubtAnswer::Settled => {}
                    DoubtAnswer::Confirmed(what) => confirmed.push(what),
                    DoubtAnswer::Open(problem) => problems.push(problem),
                }
            }
            problems.extend(row.settle(&self.known, found).err());
            if problems.is_empty() {
                row.note(&mut self.known);
                let id = row.key()[1];
                self.confirmed.extend(confirmed.into_iter().map(|what| (id.to_owned(), what)));
                kept.push((at, row));
            } else {
                refused.insert(at, problems);
            }
        }
        Ok((kept, refused))
    }

    /// Says whether what is known, or a person, takes a doubt away.
    fn answer<T: StoredRow>(&self, row: &T, found: Option<&KnownSubject>, doubt: Doubt) -> DoubtAnswer {
        let Doubt { row: _, problem, assurance, is_confirmed } = doubt;
        let is_known = || row.is_known(&self.known, found);
        let is_settled = match assurance {
            Assurance::Known | Assurance::KnownOrConfirmed => is_known(),
            Assurance::SameOrConfirmed(at) => {
                let attribute = &self.cx.policy().attributes[at];
                let kept = found.and_then(|found| found.attribute(&attribute.id));
                kept.is_some() && kept.as_deref() == row.attribute(at)
            }
        };
        if is_settled {
            DoubtAnswer::Settled
        } else if is_confirmed && assurance != Assurance::Known {
            DoubtAnswer::Confirmed(problem.problem.code.id.to_owned())
        } else {
            DoubtAnswer::Open(problem)
        }
    }

    /// Holds the rejects of a batch back until the next commit.
    fn hold<T>(&mut self, batch: RowBatch<T>, refused: RefusedRows) {
        let refused = refused.into_iter().map(|(at, problems)| batch.reject(at, problems));
        let mut rejects: Vec<Reject> = refused.collect();
        rejects.extend(batch.rejects);
        rejects.sort_by_key(|reject| reject.place.row);
        self.done.rejected += rejects.len() as u64;
        self.uncommitted += rejects.len();
        self.held.append(&mut rejects);
    }

    /// Writes rows in the open transaction; returns which of them name an unknown subject.
    async fn put<T: StoredRow>(&mut self, rows: Vec<T>) -> Answer<Vec<usize>> {
        self.uncommitted += rows.len();
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.begin_batches::<T>().await?,
        };
        let actor = self.actor.as_str();
        if !self.confirmed.is_empty() {
            let (file, rows) = (self.digest.to_string(), std::mem::take(&mut self.confirmed));
            let body = Body::Confirmed { file, rows, what: T::NAME.to_owned() };
            let author = self.cx.author(actor);
            open.tx.lock_chains([""]).await?;
            store::ledger::append_many(&mut open.tx, vec![("", body)], author).await?;
        }
        let written = T::write(self.cx, &mut open.tx, rows, open.is_first).await?;
        let origin = ImportOrigin { file: &self.digest.to_string(), actor };
        record_import::<T>(self.cx, &mut open.tx, &written, origin).await?;
        signal_notes::announce(self.cx, &mut open.tx, &written.news).await?;
        for counts in written.homes.values() {
            self.done.added += counts.added;
            self.done.changed += counts.changed;
            self.done.unchanged += counts.unchanged;
        }
        self.open = Some(open);
        Ok(written.unknown)
    }

    async fn begin_batches<T: StoredRow>(&self) -> Answer<OpenBatches> {
        let mut tx = self.cx.store.begin_on(self.known.chains()).await?;
        if self.source.is_trial {
            preview::forget_marks(&mut tx).await?;
        }
        // Nobody else writes until the commit, and no id comes twice in one file.
        let is_first = T::held(&mut tx).await? == Some(self.done.added);
        Ok(OpenBatches { tx, is_first })
    }

    async fn commit_when_full(&mut self) -> Answer<()> {
        if self.uncommitted >= PER_TRANSACTION { self.commit().await } else { Ok(()) }
    }

    /// Commits what is written, and then gives the rejects to their file. What is only tried stays open.
    async fn commit(&mut self) -> Answer<()> {
        if !self.source.is_trial
            && let Some(OpenBatches { tx, is_first: _ }) = self.open.take()
        {
            tx.commit().await?;
        }
        self.give_rejects()
    }

    /// Gives the rejects that were held back to their file.
    fn give_rejects(&mut self) -> Answer<()> {
        self.uncommitted = 0;
        let held = std::mem::take(&mut self.held);
        self.reject(&held)
    }

    /// Commits the rest; says what became of the file, or why it was not read to its end.
    async fn finish(mut self, stopped: Option<FileStop>) -> Answer<ImportReport> {
        self.commit().await?;
        if let Some(stopped) = stopped {
            return Err(stopped_by(&self.source.path, stopped));
        }
        if let Some((path, rejects)) = self.rejects {
            rejects.finish().map_err(|error| OfficeFault::unwritable(path.display(), error))?;
            self.done.rejects_file = Some(path.display().to_string());
        }
        self.done.strangers = self.known.into_strangers();
        if self.source.is_trial {
            // What was written is undone when its transaction is dropped.
            self.done.preview = Some(match self.open {
                Some(mut open) => preview::compare(self.cx, &mut open.tx).await?,
                None => ImportPreview::default(),
            });
        } else {
            let written = self.done.added + self.done.changed;
            self.cx.store.look_anew(ManyRows::Imported, written).await;
        }
        Ok(self.done)
    }

    fn reject(&mut self, rejects: &[Reject]) -> Answer<()> {
        if rejects.is_empty() {
            return Ok(());
        }
        let (path, mut writer) = if let Some(open) = self.rejects.take() {
            open
        } else {
            let path = rejects_path(&self.source.path);
            let file = File::create(&path).map_err(|error| OfficeFault::unwritable(path.display(), error))?;
            let writer = RejectsWriter::new(file, self.source.lang, &self.headings);
            let writer = writer.map_err(|error| OfficeFault::unwritable(path.display(), error))?;
            (path, writer)
        };
        for reject in rejects {
            writer.write(reject).map_err(|error| OfficeFault::unwritable(path.display(), error))?;
        }
        self.rejects = Some((path, writer));
        Ok(())
    }
}

/// Takes a small file that came with the policy, within its transaction; every row must be good.
///
/// # Errors
/// [`OfficeStop::File`] with the problems of the first bad row.
pub(crate) async fn take_small<T: StoredRow>(
    cx: ActContext<'_>,
    tx: &mut store::Tx,
    path: &str,
    bytes: &[u8],
) -> Answer<()> {
    let stopped = |stopped| stopped_by(Path::new(path), stopped);
    let mut reader = RowReader::<_, T>::open(bytes, RowSchema::from(cx.policy()), None).map_err(stopped)?;
    let digest = Digest::of(bytes).to_string();
    while let Some(mut batch) = reader.next_batch(BATCH).map_err(stopped)? {
        let from = ImportMapChoice { map: "default", by: None };
        let names = RegisterNames::read(cx, tx, T::KIND, from).await?;
        let refused = |place: RowPlace, problems: Vec<CellProblem>| {
            let problems = problems.into_iter().map(|cell| cell.problem).collect();
            OfficeStop::File(format!("{path}:{}", place.line), problems)
        };
        if let Some(reject) = batch.rejects.into_iter().next() {
            return Err(refused(reject.place, reject.problems));
        }
        for Doubt { row, problem, .. } in batch.doubts {
            if !batch.rows[row].is_known(&names, None) {
                return Err(refused(batch.places[row], vec![problem]));
            }
        }
        for (row, place) in batch.rows.iter_mut().zip(&batch.places) {
            row.settle(&names, None).map_err(|problem| refused(*place, vec![problem]))?;
        }
        let written = T::write(cx, tx, batch.rows, false).await?;
        record_import::<T>(cx, tx, &written, ImportOrigin { file: &digest, actor: "policy" }).await?;
    }
    Ok(())
}

/// Where imported rows come from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportOrigin<'a> {
    /// Digest of the file.
    pub(crate) file: &'a str,
    /// In whose name they are taken.
    pub(crate) actor: &'a str,
}

/// Records what a batch of rows changed, one entry for each home it changed, and one for each station
/// about whose officers it laid something down.
pub(crate) async fn record_import<T: StoredRow>(
    cx: ActContext<'_>,
    tx: &mut store::Tx,
    written: &ImportResult,
    origin: ImportOrigin<'_>,
) -> Answer<()> {
    let ImportOrigin { file, actor } = origin;
    let mut bodies = Vec::with_capacity(written.homes.len());
    for (home, counts) in written.homes.iter().filter(|(_, counts)| counts.added + counts.changed > 0) {
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
    bodies.extend(laid(&written.laid, file));
    // Until the register knows its stations, only the rows say whose they are.
    tx.lock_chains(bodies.iter().map(|(home, _)| *home)).await?;
    Ok(store::ledger::append_many(tx, bodies, cx.author(actor)).await?)
}

/// Rejects lie beside the file: `名单.csv` gives `名单.rejects.csv`.
fn rejects_path(path: &Path) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(".rejects.csv");
    path.with_file_name(name)
}

fn stopped_by(path: &Path, stopped: FileStop) -> OfficeStop {
    match stopped {
        FileStop::Broke(error) => OfficeFault::unreadable(path.display(), error).into(),
        FileStop::File(problems) => OfficeStop::File(path.display().to_string(), problems),
    }
}
