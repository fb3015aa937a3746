//! The release in force, ready to decide, and the earlier ones that still serve something.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;

use crate::calendar::add_days;
use crate::cases;
use crate::diag::{Diagnostic, Severity, SourceMap, any_error};
use crate::documents::{self, Printer};
use crate::engine::PinnedPolicy;
use crate::files;
use crate::lang::Lang;
use crate::office::{Answer, Fault, OfficeStop, folder_stations};
use crate::policy::{self, Case, EditionKey, MeaningChange, Policy, Workflow, meaning_changes};
use crate::rules::Rules;
use crate::store::{Reads, Store, meta, releases, versions};
use crate::time::{Day, Stamp, Tz};

/// A policy with its compiled rules, ready to decide.
#[derive(Debug)]
pub struct ActiveRelease {
    /// Number of the release; 0 while it is only proposed.
    pub release: i64,
    /// The texts it was built from, path and bytes, in order.
    pub texts: Vec<(String, Vec<u8>)>,
    /// The files that list stations and grids, path and bytes, read beside the texts.
    pub places: Vec<(String, Vec<u8>)>,
    /// Its test cases.
    pub cases: Vec<Case>,
    pub policy: Policy,
    pub rules: Rules,
    /// Warnings, none of them errors.
    pub warnings: Vec<Diagnostic>,
    /// Its templates, made ready when the first page is printed.
    pub(crate) printer: OnceLock<Printer>,
    /// Earlier releases that still serve something, by number, each compiled once.
    pub(crate) earlier: Mutex<BTreeMap<i64, Arc<ActiveRelease>>>,
    /// What stations' overlays make of it, each made when somebody first asks.
    pub(crate) editions: Mutex<BTreeMap<EditionKey, Arc<ActiveRelease>>>,
    /// Which of them has which digest.
    pub(crate) versions: OnceLock<BTreeMap<String, EditionKey>>,
}

impl ActiveRelease {
    /// Returns what orders opened under this text are pinned to.
    pub(crate) const fn pinned(&self) -> PinnedPolicy<'_> {
        PinnedPolicy { policy: &self.policy, rules: &self.rules }
    }

    /// Lists what another text says otherwise than this one.
    pub fn changed_by(&self, other: &Self) -> Vec<MeaningChange> {
        meaning_changes(&as_text(&self.texts), &as_text(&other.texts))
    }

    /// Prints documents by the templates of this policy.
    pub(crate) fn printer(&self) -> &Printer {
        self.printer.get_or_init(|| Printer::new(&self.policy))
    }

    /// Returns the text in force for a station on a day: its own where overlays of it are in force or it
    /// has scripts, else the bureau's.
    ///
    /// # Source
    /// Policy language, rule 22.
    pub(crate) fn of_station(&self, station: &str, day: Day) -> Answer<EffectiveRelease<'_>> {
        match self.policy.edition_key(station, day) {
            None => Ok(EffectiveRelease::Active(self)),
            Some(key) => Ok(EffectiveRelease::Earlier(self.edition(key)?)),
        }
    }

    /// Returns what is in force for each station on a day.
    pub(crate) fn on(&self, day: Day) -> StationReleases<'_> {
        let apart = self.policy.stations_apart(day).into_iter().map(str::to_owned).collect();
        StationReleases { bureau: self, day, apart }
    }

    /// Returns the edition of that digest.
    fn edition_of(&self, digest: &str) -> Answer<Option<Arc<ActiveRelease>>> {
        let known = self.versions.get_or_init(|| {
            let keys = self.policy.edition_keys().into_iter();
            keys.map(|key| (self.policy.edition_digest(&key).to_string(), key)).collect()
        });
        known.get(digest).map(|key| self.edition(key.clone())).transpose()
    }

    fn edition(&self, key: EditionKey) -> Answer<Arc<ActiveRelease>> {
        let known = self.editions.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let policy = self.policy.edition(&key);
        let rules = self.rules.of_edition(&policy);
        let rules =
            rules.map_err(|problems| OfficeStop::Problems(Box::new(policy.sources.clone()), problems))?;
        let made = Arc::new(ActiveRelease {
            release: self.release,
            texts: Vec::new(),
            places: Vec::new(),
            cases: Vec::new(),
            policy,
            rules,
            warnings: Vec::new(),
            printer: OnceLock::new(),
            earlier: Mutex::default(),
            editions: Mutex::default(),
            versions: OnceLock::new(),
        });
        let mut all = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(all.entry(key).or_insert(made)))
    }
}

/// The texts in force on one day: the bureau's, and those of stations that have their own.
#[derive(Debug)]
pub(crate) struct StationReleases<'a> {
    bureau: &'a ActiveRelease,
    day: Day,
    /// The stations with a text of their own.
    apart: BTreeSet<String>,
}

impl<'a> StationReleases<'a> {
    /// Returns the text in force for a station.
    pub(crate) fn of(&self, station: &str) -> Answer<EffectiveRelease<'a>> {
        if self.apart.contains(station) {
            self.bureau.of_station(station, self.day)
        } else {
            Ok(EffectiveRelease::Active(self.bureau))
        }
    }

    /// Returns whether a station has a text of its own.
    pub(crate) fn is_apart(&self, station: &str) -> bool {
        self.apart.contains(station)
    }

    /// Returns the texts of those among some stations that have their own.
    pub(crate) fn own<'s>(&self, stations: impl Iterator<Item = &'s str>) -> Answer<OwnReleases<'a>> {
        let stations: BTreeSet<&str> = stations.filter(|station| self.apart.contains(*station)).collect();
        stations.into_iter().map(|station| Ok((station.to_owned(), self.of(station)?))).collect()
    }
}

/// Texts of stations, by station.
pub(crate) type OwnReleases<'a> = BTreeMap<String, EffectiveRelease<'a>>;

/// Returns what orders of stations with a text of their own are pinned to.
pub(crate) fn pins<'r>(own: &'r OwnReleases<'_>) -> BTreeMap<&'r str, PinnedPolicy<'r>> {
    own.iter().map(|(station, own)| (station.as_str(), own.pinned())).collect()
}

/// Returns texts as such.
pub(crate) fn as_text(texts: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    texts.iter().map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into_owned())).collect()
}

/// A folder looked at, whatever is wrong with it.
#[derive(Debug)]
pub struct FolderReport {
    /// The texts.
    pub sources: SourceMap,
    /// Everything wrong with them, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
    /// The policy, when nothing is an error.
    pub live: Option<ActiveRelease>,
}

impl FolderReport {
    /// Returns the policy, or its problems.
    pub(crate) fn sound(self) -> Answer<ActiveRelease> {
        self.live.ok_or_else(|| OfficeStop::Problems(Box::new(self.sources), self.diagnostics))
    }
}

/// Reads and checks a folder as it is on a day; activates nothing.
pub fn examine(folder: &Path, today: Day) -> Result<FolderReport, Fault> {
    examine_read(folder, files::read_folder(folder)?, today)
}

/// Checks texts that were read of a folder.
fn examine_read(folder: &Path, texts: FileTexts, today: Day) -> Result<FolderReport, Fault> {
    let places = |policy: &Policy| {
        let named = [&policy.places.stations, &policy.places.grids];
        files::read_named(folder, named.into_iter().flatten())
    };
    Ok(examine_with(texts, places, CheckDepth { today: Some(today), are_stations_asked: true })?)
}

/// A folder's policy without the stations' texts that do not hold with it.
pub struct HoldingFolder {
    pub live: ActiveRelease,
    pub lapsed: Vec<LapsedOverlay>,
}

/// Why a station's text that is in force would not hold any more.
#[derive(Clone, Debug, Serialize)]
pub struct LapsedOverlay {
    pub file: String,
    pub line: usize,
    /// Of the problem, with the words its text names.
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

/// Reads and checks a folder, leaving out texts of stations that are in force, letter by letter, and do not hold with
/// the rest. Any other error ends the act.
pub fn load_holding(folder: &Path, today: Day, active: &ActiveRelease) -> Answer<HoldingFolder> {
    let (mut texts, mut lapsed) = (files::read_folder(folder)?, Vec::new());
    loop {
        let report = examine_read(folder, texts.clone(), today)?;
        let is_in_force = |path: &str| {
            let is_it = |text: &&(String, Vec<u8>)| text.0 == path;
            policy::station_file(path).is_some()
                && texts.iter().find(is_it).is_some_and(|text| active.texts.contains(text))
        };
        let broken = lapsed_files(&report).filter(|broken| broken.keys().all(|path| is_in_force(path)));
        let Some(broken) = broken else { return Ok(HoldingFolder { live: report.sound()?, lapsed }) };
        texts.retain(|(path, _)| !broken.contains_key(path));
        lapsed.extend(broken.into_values());
    }
}

/// Names each file with an error, and its first one; none where nothing is an error.
fn lapsed_files(report: &FolderReport) -> Option<BTreeMap<String, LapsedOverlay>> {
    let mut broken = BTreeMap::new();
    for told in report.diagnostics.iter().filter(|told| told.severity() == Severity::Error) {
        let file = report.sources.file(told.span.file).path.clone();
        let line = report.sources.start(told.span).line;
        let lapsed =
            || LapsedOverlay { file: file.clone(), line, code: told.code.id, args: told.args.clone() };
        broken.entry(file.clone()).or_insert_with(lapsed);
    }
    (!broken.is_empty()).then_some(broken)
}

/// Loads the policy that comes with the program, in a language.
///
/// # Errors
/// [`OfficeStop::Problems`], which a test makes impossible.
pub fn load_shipped(lang: Lang) -> Answer<ActiveRelease> {
    let all = files::shipped(lang).iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    let (texts, places) = all.partition(|(path, _): &(String, Vec<u8>)| policy::is_policy_path(path));
    examine_texts(texts, places).sound()
}

/// Texts of files: paths with `/`, and bytes.
type FileTexts = Vec<(String, Vec<u8>)>;

/// Checks texts, with every overlay that was ever in force.
pub fn examine_texts(texts: FileTexts, places: FileTexts) -> FolderReport {
    examine_texts_on(texts, places, None)
}

/// Checks texts as they are on a day.
pub fn examine_texts_on(texts: FileTexts, places: FileTexts, today: Option<Day>) -> FolderReport {
    let Ok(report) =
        examine_with::<Infallible>(texts, |_| Ok(places), CheckDepth { today, are_stations_asked: true });
    report
}

/// How much of texts is checked.
#[derive(Clone, Copy)]
struct CheckDepth {
    /// The day they are read on; overlays that ended before it hinder nothing.
    today: Option<Day>,
    /// Whether what stations' own texts ask of scripts is compiled to see that it can be: that was done before they
    /// came into force, and afterwards each is compiled when it is first asked for.
    are_stations_asked: bool,
}

/// The same, with the files that list stations and grids read as the policy names them; that they cannot be is told
/// where nothing else is wrong.
fn examine_with<E>(
    texts: FileTexts,
    places: impl FnOnce(&Policy) -> Result<FileTexts, E>,
    depth: CheckDepth,
) -> Result<FolderReport, E> {
    let mut loaded = policy::load_on(texts.clone(), depth.today);
    let mut diagnostics = loaded.diagnostics;
    let Some(policy) = loaded.policy else {
        return Ok(FolderReport { sources: loaded.sources, diagnostics, live: None });
    };
    let places = places(&policy);
    if let Ok(places) = &places {
        diagnostics.extend(folder_stations::settle(&policy, places, &mut loaded.cases));
    }
    let (rules, problems) = Rules::compile(&policy);
    diagnostics.extend(problems);
    if let Some(rules) = rules.as_ref().filter(|_| depth.are_stations_asked) {
        diagnostics.extend(problems_of_stations(&policy, rules));
    }
    diagnostics.extend(documents::check_templates(&policy));
    diagnostics.extend(cases::check(&policy, &loaded.cases));
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code.id));
    let live = match rules {
        Some(rules) if !any_error(&diagnostics) => Some(ActiveRelease {
            release: 0,
            texts,
            places: places?,
            cases: loaded.cases,
            policy,
            rules,
            warnings: diagnostics.clone(),
            printer: OnceLock::new(),
            earlier: Mutex::default(),
            editions: Mutex::default(),
            versions: OnceLock::new(),
        }),
        Some(_) | None => None,
    };
    Ok(FolderReport { sources: loaded.sources, diagnostics, live })
}

/// Compiles what stations' own texts ask that the bureau's does not; each problem is told once.
fn problems_of_stations(policy: &Policy, rules: &Rules) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for key in policy.edition_keys() {
        let problems = rules.of_edition(&policy.edition(&key)).err().unwrap_or_default();
        found.extend(problems.into_iter().filter(|problem| !found.contains(problem)).collect::<Vec<_>>());
    }
    found
}

/// Reads and checks a folder whose errors end the act, as it is on a day.
pub fn load_folder(folder: &Path, today: Day) -> Answer<ActiveRelease> {
    examine(folder, today)?.sound()
}

/// Returns the release in force, compiled; none when nothing was ever activated.
pub async fn live(store: &Store) -> Answer<Option<ActiveRelease>> {
    let mut reader = store.read().await?;
    match releases::active(&mut reader).await? {
        Some(release) => compile(&mut reader, &release).await.map(Some),
        None => Ok(None),
    }
}

/// Returns the release in force where it is another one than this: somebody else has put it into force.
pub async fn newer(store: &Store, than: &ActiveRelease) -> Answer<Option<ActiveRelease>> {
    let mut reader = store.read().await?;
    match releases::active(&mut reader).await? {
        Some(release) if release.number != than.release => compile(&mut reader, &release).await.map(Some),
        _ => Ok(None),
    }
}

async fn compile(reader: &mut impl Reads, release: &releases::Release) -> Answer<ActiveRelease> {
    let texts = releases::texts(reader, release).await?;
    let texts = texts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    // Overlays that had ended when it was put into force were no hindrance then. Its zone is not read yet; one
    // that ends on that very day held.
    let today = Some(add_days(release.activated_at.day_in(Tz::UTC), 1));
    let depth = CheckDepth { today, are_stations_asked: false };
    let Ok(report) = examine_with::<Infallible>(texts, |_| Ok(Vec::new()), depth);
    Ok(ActiveRelease { release: release.number, ..report.sound()? })
}

/// Returns a release by its number, compiled.
pub(crate) async fn release_numbered(reader: &mut impl Reads, number: i64) -> Answer<Option<ActiveRelease>> {
    let releases = releases::list(reader).await?;
    match releases.iter().find(|release| release.number == number) {
        Some(release) => compile(reader, release).await.map(Some),
        None => Ok(None),
    }
}

/// A release that serves a workflow: the active one, or an earlier one that had to be loaded.
#[derive(Debug)]
pub(crate) enum EffectiveRelease<'a> {
    Active(&'a ActiveRelease),
    Earlier(Arc<ActiveRelease>),
}

impl std::ops::Deref for EffectiveRelease<'_> {
    type Target = ActiveRelease;

    fn deref(&self) -> &ActiveRelease {
        match self {
            Self::Active(live) => live,
            Self::Earlier(live) => live,
        }
    }
}

/// Returns an earlier release, compiled at the first asking: the daemon asks twice a second.
pub(crate) async fn earlier(
    reader: &mut impl Reads,
    live: &ActiveRelease,
    release: &releases::Release,
) -> Answer<Arc<ActiveRelease>> {
    let known = live.earlier.lock().unwrap_or_else(PoisonError::into_inner).get(&release.number).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let compiled = Arc::new(compile(reader, release).await?);
    let mut all = live.earlier.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Arc::clone(all.entry(release.number).or_insert(compiled)))
}

/// Returns whose text serves a workflow on a day: the active one's from its `effective` day, before
/// that the newest earlier release's that was in force, else none (rule 5a).
pub(crate) async fn in_force<'a>(
    store: &Store,
    live: &'a ActiveRelease,
    workflow: &Workflow,
    day: Day,
) -> Answer<Option<EffectiveRelease<'a>>> {
    if workflow.effective <= day {
        return Ok(Some(EffectiveRelease::Active(live)));
    }
    let mut reader = store.read().await?;
    let releases = releases::list(&mut reader).await?;
    for release in releases.iter().rev().filter(|release| release.number < live.release) {
        let earlier = earlier(&mut reader, live, release).await?;
        let serves = earlier.policy.workflow(&workflow.id).is_some_and(|w| w.effective <= day);
        if serves {
            return Ok(Some(EffectiveRelease::Earlier(earlier)));
        }
    }
    Ok(None)
}

/// Returns whose text serves a workflow at a moment: the newest release that was
/// activated by then and whose text was in force on the day; none before the first one.
pub(crate) async fn as_of<'a>(
    store: &Store,
    live: &'a ActiveRelease,
    workflow: &str,
    moment: Stamp,
) -> Answer<Option<EffectiveRelease<'a>>> {
    let day = moment.day_in(live.policy.bureau.zone);
    let mut reader = store.read().await?;
    let releases = releases::list(&mut reader).await?;
    for release in releases.iter().rev().filter(|release| release.activated_at <= moment) {
        let known = if release.number == live.release {
            EffectiveRelease::Active(live)
        } else {
            EffectiveRelease::Earlier(earlier(&mut reader, live, release).await?)
        };
        if known.policy.workflow(workflow).is_some_and(|known| known.effective <= day) {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// Returns the text of that digest: the active release's, what a station made of it, or one of an
/// earlier release.
pub(crate) async fn release_of<'a>(
    reader: &mut impl Reads,
    live: &'a ActiveRelease,
    policy: &str,
) -> Answer<EffectiveRelease<'a>> {
    if live.policy.digest.to_string() == policy {
        return Ok(EffectiveRelease::Active(live));
    }
    if let Some(edition) = live.edition_of(policy)? {
        return Ok(EffectiveRelease::Earlier(edition));
    }
    // Releases from before stations' texts had digests of their own are named by the whole.
    let numbered = versions::release_of(reader, policy).await?;
    let releases = releases::list(reader).await?;
    let is_meant = |release: &&releases::Release| {
        release.policy.to_string() == policy || numbered == Some(release.number)
    };
    let Some(release) = releases.iter().rev().find(is_meant).filter(|release| release.number != live.release)
    else {
        return Ok(EffectiveRelease::Active(live));
    };
    let earlier = earlier(reader, live, release).await?;
    Ok(EffectiveRelease::Earlier(earlier.edition_of(policy)?.unwrap_or(earlier)))
}

/// Returns every digest under which texts of a release may be in force: the bureau's, and those of
/// stations.
pub(crate) fn versions_of(policy: &Policy) -> Vec<String> {
    let editions = policy.edition_keys();
    let of_stations = editions.iter().map(|key| policy.edition_digest(key));
    [policy.digest].into_iter().chain(of_stations).map(|digest| digest.to_string()).collect()
}

/// Returns the moment of the last pass.
pub async fn last_tick(store: &Store) -> Answer<Option<Stamp>> {
    Ok(meta::moment(&mut store.read().await?, meta::LAST_TICK).await?)
}

/// In whose name the ledger says the daemon acted.
pub(crate) const ACTOR: &str = "wubu";
