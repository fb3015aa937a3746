//! The release in force, ready to decide, and the earlier ones that still serve something.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::cases;
use crate::diag::{Diagnostic, SourceMap, any_error};
use crate::documents::{self, Printer};
use crate::files;
use crate::office::{Answer, Fault, OfficeStop};
use crate::policy::{self, Case, Policy, Workflow};
use crate::rules::Rules;
use crate::store::{Reads, Store, meta, releases};
use crate::time::{Day, Stamp};

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
}

impl ActiveRelease {
    /// Prints documents by the templates of this policy.
    pub(crate) fn printer(&self) -> &Printer {
        self.printer.get_or_init(|| Printer::new(&self.policy))
    }
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

/// Reads and checks a folder; activates nothing.
pub fn examine(folder: &Path) -> Result<FolderReport, Fault> {
    let mut examined = examine_texts(files::read_folder(folder)?, Vec::new());
    if let Some(live) = &mut examined.live {
        let named = [&live.policy.places.stations, &live.policy.places.grids];
        live.places = files::read_named(folder, named.into_iter().flatten())?;
    }
    Ok(examined)
}

/// Loads the policy that comes with the program.
///
/// # Errors
/// [`OfficeStop::Problems`], which a test makes impossible.
pub fn load_shipped() -> Answer<ActiveRelease> {
    let all = files::SHIPPED.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    let (texts, places) = all.partition(|(path, _): &(String, Vec<u8>)| policy::is_policy_path(path));
    examine_texts(texts, places).sound()
}

/// Checks texts.
pub fn examine_texts(texts: Vec<(String, Vec<u8>)>, places: Vec<(String, Vec<u8>)>) -> FolderReport {
    let loaded = policy::load(texts.clone());
    let mut diagnostics = loaded.diagnostics;
    let Some(policy) = loaded.policy else {
        return FolderReport { sources: loaded.sources, diagnostics, live: None };
    };
    let (rules, problems) = Rules::compile(&policy);
    diagnostics.extend(problems);
    diagnostics.extend(documents::check_templates(&policy));
    diagnostics.extend(cases::check(&policy, &loaded.cases));
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code.id));
    let live = match rules {
        Some(rules) if !any_error(&diagnostics) => Some(ActiveRelease {
            release: 0,
            texts,
            places,
            cases: loaded.cases,
            policy,
            rules,
            warnings: diagnostics.clone(),
            printer: OnceLock::new(),
            earlier: Mutex::default(),
        }),
        Some(_) | None => None,
    };
    FolderReport { sources: loaded.sources, diagnostics, live }
}

/// Reads and checks a folder whose errors end the act.
pub fn load_folder(folder: &Path) -> Answer<ActiveRelease> {
    examine(folder)?.sound()
}

/// Returns the release in force, compiled; none when nothing was ever activated.
pub async fn live(store: &Store) -> Answer<Option<ActiveRelease>> {
    let mut reader = store.read().await?;
    match releases::active(&mut reader).await? {
        Some(release) => compile(&mut reader, &release).await.map(Some),
        None => Ok(None),
    }
}

async fn compile(reader: &mut impl Reads, release: &releases::Release) -> Answer<ActiveRelease> {
    let texts = releases::texts(reader, release).await?;
    let texts = texts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    Ok(ActiveRelease { release: release.number, ..examine_texts(texts, Vec::new()).sound()? })
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
async fn earlier(
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

/// Returns the release with that policy digest: the active one, or an earlier one.
pub(crate) async fn release_of<'a>(
    reader: &mut impl Reads,
    live: &'a ActiveRelease,
    policy: &str,
) -> Answer<EffectiveRelease<'a>> {
    let releases = releases::list(reader).await?;
    match releases.iter().rev().find(|release| release.policy.to_string() == policy) {
        Some(release) if release.policy != live.policy.digest => {
            Ok(EffectiveRelease::Earlier(earlier(reader, live, release).await?))
        }
        Some(_) | None => Ok(EffectiveRelease::Active(live)),
    }
}

/// Returns the moment of the last pass.
pub async fn last_tick(store: &Store) -> Answer<Option<Stamp>> {
    Ok(meta::moment(&mut store.read().await?, meta::LAST_TICK).await?)
}

/// In whose name the ledger says the daemon acted.
pub(crate) const ACTOR: &str = "wubu";
