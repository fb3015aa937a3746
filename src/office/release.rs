//! Releases: which policy text is in force, and how another one comes into force.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;

use super::take::take_small;
use super::{Fault, Stop, quarantine};
use crate::cases;
use crate::diag::{Diagnostic, SourceMap, any_error};
use crate::digest::Digest;
use crate::documents::{self, Printer};
use crate::files;
use crate::import::{GridRow, StationRow};
use crate::ledger::Body;
use crate::people::{ChangeApproval, may_approve_change};
use crate::policy::{self, Activation, Case, Policy, Recur, Workflow};
use crate::rules::Rules;
use crate::store::releases::Hands;
use crate::store::{self, Reads, Store, Tx, marks, meta, people, releases, watermarks};
use crate::time::{Day, Stamp};

/// A policy with its compiled rules, ready to decide.
#[derive(Debug)]
pub struct Live {
    /// Number of the release; 0 while it is only proposed.
    pub release: i64,
    /// The texts it was built from, path and bytes, in order.
    pub texts: Vec<(String, Vec<u8>)>,
    /// The files that list stations and grids, path and bytes, read beside the texts.
    pub places: Vec<(String, Vec<u8>)>,
    /// Its test cases.
    pub cases: Vec<Case>,
    /// The policy.
    pub policy: Policy,
    /// Its rules.
    pub rules: Rules,
    /// Warnings, none of them errors.
    pub warnings: Vec<Diagnostic>,
    /// Its templates, made ready when the first page is printed.
    pub(super) printer: OnceLock<Printer>,
    /// Earlier releases that still serve something, by number, each compiled once.
    pub(super) earlier: Mutex<BTreeMap<i64, Arc<Live>>>,
}

impl Live {
    /// Prints documents by the templates of this policy.
    pub(super) fn printer(&self) -> &Printer {
        self.printer.get_or_init(|| Printer::new(&self.policy))
    }
}

/// A folder looked at, whatever is wrong with it.
#[derive(Debug)]
pub struct Examined {
    /// The texts.
    pub sources: SourceMap,
    /// Everything wrong with them, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
    /// The policy, when nothing is an error.
    pub live: Option<Live>,
}

/// Reads and checks a folder; activates nothing.
pub fn examine(folder: &Path) -> Result<Examined, Fault> {
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
/// [`Stop::Problems`], which a test makes impossible.
pub fn load_shipped() -> Result<Live, Stop> {
    let all = files::SHIPPED.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    let (texts, places) = all.partition(|(path, _): &(String, Vec<u8>)| policy::is_policy_path(path));
    let examined = examine_texts(texts, places);
    examined.live.ok_or_else(|| Stop::Problems(Box::new(examined.sources), examined.diagnostics))
}

/// Checks texts.
pub fn examine_texts(texts: Vec<(String, Vec<u8>)>, places: Vec<(String, Vec<u8>)>) -> Examined {
    let loaded = policy::load(texts.clone());
    let mut diagnostics = loaded.diagnostics;
    let Some(policy) = loaded.policy else {
        return Examined { sources: loaded.sources, diagnostics, live: None };
    };
    let (rules, problems) = Rules::compile(&policy);
    diagnostics.extend(problems);
    diagnostics.extend(documents::check_templates(&policy));
    diagnostics.extend(cases::check(&policy, &loaded.cases));
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code.id));
    let live = match rules {
        Some(rules) if !any_error(&diagnostics) => Some(Live {
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
    Examined { sources: loaded.sources, diagnostics, live }
}

/// Reads and checks a folder whose errors end the act.
pub fn load_folder(folder: &Path) -> Result<Live, Stop> {
    let examined = examine(folder)?;
    examined.live.ok_or_else(|| Stop::Problems(Box::new(examined.sources), examined.diagnostics))
}

/// Makes a policy the release in force, in one transaction with its record.
///
/// Triggers that are new or whose schedule was edited start now; before the first pass none has
/// a start yet (rule 6). Subjects are marked when anything an appraisal reads has changed.
///
/// # Errors
/// [`Stop`] when the database refuses; the release before stays in force.
pub async fn activate(store: &Store, proposed: Live, actor: &str, now: Stamp) -> Result<Live, Stop> {
    Box::pin(put_in_force(store, proposed, Hands { actor, approver: None }, now)).await
}

/// Makes a policy the release in force once whoever must has approved it.
///
/// # Refusals
/// What [`may_approve_change`] says against it.
pub async fn apply(store: &Store, proposed: Live, hands: Hands<'_>, now: Stamp) -> Result<Live, Stop> {
    let before = live(store).await?;
    let is_new = before.as_ref().is_none_or(|before| before.policy.digest != proposed.policy.digest);
    let Hands { actor: author, approver } = hands;
    let is_wanted = is_new && wants_approval(before.as_ref(), &proposed);
    let roster = people::roster(&mut store.read().await?).await?;
    let today = now.day_in(proposed.policy.bureau.zone);
    may_approve_change(&roster, ChangeApproval { author, approver, is_wanted }, today)?;
    Box::pin(put_in_force(store, proposed, hands, now)).await
}

/// Says whether a change needs a second person: when the bureau says so now, or would from then on.
pub fn wants_approval(before: Option<&Live>, proposed: &Live) -> bool {
    let says = |live: &Live| live.policy.bureau.activation == Activation::Approved;
    before.is_some_and(says) || says(proposed)
}

async fn put_in_force(store: &Store, proposed: Live, hands: Hands<'_>, now: Stamp) -> Result<Live, Stop> {
    let before = match live(store).await? {
        Some(before) if before.policy.digest == proposed.policy.digest => return Ok(before),
        before => before,
    };
    let mut tx = store.begin().await?;
    let texts = as_text(&proposed.texts);
    let release = releases::activate(&mut tx, proposed.policy.digest, &texts, hands, now).await?;
    let body = Body::Released {
        number: release.number,
        policy: release.policy.to_string(),
        files: release.files.iter().map(|(path, digest)| (path.clone(), digest.to_string())).collect(),
        approved_by: release.approved_by,
    };
    store::ledger::append(&mut tx, "", hands.actor, &body, now).await?;
    if meta::get(&mut tx, meta::LAST_TICK).await?.is_some() {
        restart_triggers(&mut tx, before.as_ref().map(|live| &live.policy), &proposed.policy, now).await?;
    }
    let is_same = |before: &Live| appraisal_key(&before.policy) == appraisal_key(&proposed.policy);
    let quarantined = match &before {
        Some(before) => quarantine::of(&mut tx, &before.policy).await?.is_some(),
        None => false,
    };
    if quarantined || !before.as_ref().is_some_and(is_same) {
        marks::add_all(&mut tx).await?;
    }
    take_places(&mut tx, &proposed, now).await?;
    tx.commit().await?;
    Ok(Live { release: release.number, ..proposed })
}

/// Takes the folder's stations and grids into the register.
async fn take_places(tx: &mut Tx, live: &Live, now: Stamp) -> Result<(), Stop> {
    let places = &live.policy.places;
    let find = |path: &Option<String>| live.places.iter().find(|(known, _)| Some(known) == path.as_ref());
    if let Some((path, bytes)) = find(&places.stations) {
        take_small::<StationRow>(tx, live, path, bytes, now).await?;
    }
    if let Some((path, bytes)) = find(&places.grids) {
        take_small::<GridRow>(tx, live, path, bytes, now).await?;
    }
    Ok(())
}

fn as_text(texts: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    texts.iter().map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into_owned())).collect()
}

/// Returns the release in force, compiled; none when nothing was ever activated.
pub async fn live(store: &Store) -> Result<Option<Live>, Stop> {
    let mut reader = store.read().await?;
    match releases::active(&mut reader).await? {
        Some(release) => compile(&mut reader, &release).await.map(Some),
        None => Ok(None),
    }
}

async fn compile(reader: &mut impl Reads, release: &releases::Release) -> Result<Live, Stop> {
    let texts = releases::texts(reader, release).await?;
    let texts = texts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let examined = examine_texts(texts, Vec::new());
    let live =
        examined.live.ok_or_else(|| Stop::Problems(Box::new(examined.sources), examined.diagnostics))?;
    Ok(Live { release: release.number, ..live })
}

/// A release that serves a workflow: the active one, or an earlier one that had to be loaded.
#[derive(Debug)]
pub(super) enum Serving<'a> {
    Active(&'a Live),
    Earlier(Arc<Live>),
}

impl std::ops::Deref for Serving<'_> {
    type Target = Live;

    fn deref(&self) -> &Live {
        match self {
            Self::Active(live) => live,
            Self::Earlier(live) => live,
        }
    }
}

/// Returns an earlier release, compiled at the first asking: the daemon asks twice a second.
async fn earlier(
    reader: &mut impl Reads,
    live: &Live,
    release: &releases::Release,
) -> Result<Arc<Live>, Stop> {
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
pub(super) async fn in_force<'a>(
    store: &Store,
    live: &'a Live,
    workflow: &Workflow,
    day: Day,
) -> Result<Option<Serving<'a>>, Stop> {
    if workflow.effective <= day {
        return Ok(Some(Serving::Active(live)));
    }
    let mut reader = store.read().await?;
    let releases = releases::list(&mut reader).await?;
    for release in releases.iter().rev().filter(|release| release.number < live.release) {
        let earlier = earlier(&mut reader, live, release).await?;
        let serves = earlier.policy.workflow(&workflow.id).is_some_and(|w| w.effective <= day);
        if serves {
            return Ok(Some(Serving::Earlier(earlier)));
        }
    }
    Ok(None)
}

/// Starts triggers that are new or edited now, and forgets those that are gone.
///
/// While a workflow is not in force yet its triggers fire as the text before it says, so their
/// marks stay.
async fn restart_triggers(
    tx: &mut Tx,
    before: Option<&Policy>,
    after: &Policy,
    now: Stamp,
) -> Result<(), Stop> {
    let schedules = |policy: &Policy| -> BTreeMap<(String, String), (String, bool)> {
        let all = policy.workflows.iter().flat_map(|workflow| {
            workflow.start.iter().map(|trigger| {
                let key = (workflow.id.clone(), trigger.id.clone());
                (key, (trigger.cron.text().to_owned(), trigger.workdays_only))
            })
        });
        all.collect()
    };
    let today = now.day_in(after.bureau.zone);
    let is_ahead = |id: &str| after.workflow(id).is_some_and(|workflow| workflow.effective > today);
    let before = before.map(schedules).unwrap_or_default();
    let edited = schedules(after);
    for (workflow, trigger) in before.keys().filter(|key| !edited.contains_key(key)) {
        if !is_ahead(workflow) {
            watermarks::delete(tx, workflow, trigger).await?;
        }
    }
    for ((workflow, trigger), schedule) in &edited {
        let was = before.get(&(workflow.clone(), trigger.clone()));
        if was != Some(schedule) && (was.is_none() || !is_ahead(workflow)) {
            let (workflow, trigger) = (workflow.clone(), trigger.clone());
            let mark = watermarks::Watermark { workflow, trigger, starts_at: now, at: now };
            watermarks::set(tx, &mark).await?;
        }
    }
    Ok(())
}

/// Names everything of a policy that an appraisal reads, so that an edit elsewhere (a step, a
/// form, a title) appraises nobody anew.
fn appraisal_key(policy: &Policy) -> Digest {
    let mut parts: Vec<String> = vec![policy.calendar.revision.to_string(), policy.bureau.zone.to_string()];
    parts.extend(policy.levels.iter().cloned());
    parts.extend(
        policy.attributes.iter().map(|a| format!("{} {} {:?} {:?}", a.id, a.title, a.kind, a.default)),
    );
    parts.extend(policy.tiers.order.iter().map(|tier| format!("{} {}", tier.id, tier.cycle)));
    for table in &policy.tables {
        parts.push(format!("{} {} {:?}", table.id, table.prefix, table.columns));
        parts.extend(table.rows.iter().map(|(key, row)| format!("{key} {:?}", row.cells)));
    }
    parts.extend(policy.params.iter().map(|param| format!("{} {} {}", param.id, param.value, param.whole)));
    parts.extend(policy.scripts.iter().map(|script| policy.sources.file(script.file).text.clone()));
    for (workflow, trigger, recur) in policy.recurring() {
        let Recur { since, every, anchor, first, raised, roll, lead, span: _, every_span: _ } = recur;
        let when = trigger.when.map(|when| policy.exprs[when.ix()].text.clone());
        parts.push(format!(
            "{}/{} {since:?} {every:?} {anchor:?} {first:?} {raised} {roll:?} {lead:?} {when:?} {:?}",
            workflow.id, trigger.id, trigger.overlap
        ));
    }
    Digest::of_parts("wubu-appraisal", parts.iter().map(String::as_bytes))
}

/// One release, for lists.
#[derive(Clone, Debug, Serialize)]
pub struct ReleaseLine {
    /// Its number.
    pub release: i64,
    /// Digest of its texts.
    pub policy: String,
    /// When it was activated.
    pub activated_at: String,
    /// By whom.
    pub actor: String,
    /// Who approved it.
    pub approved_by: Option<String>,
}

/// Lists all releases, oldest first.
pub async fn releases(store: &Store) -> Result<Vec<ReleaseLine>, Stop> {
    let all = releases::list(&mut store.read().await?).await?;
    let line = |release: releases::Release| ReleaseLine {
        release: release.number,
        policy: release.policy.to_string(),
        activated_at: release.activated_at.to_string(),
        actor: release.actor,
        approved_by: release.approved_by,
    };
    Ok(all.into_iter().map(line).collect())
}

/// Returns the release with that policy digest: the active one, or an earlier one.
pub(super) async fn release_of<'a>(
    reader: &mut impl Reads,
    live: &'a Live,
    policy: &str,
) -> Result<Serving<'a>, Stop> {
    let releases = releases::list(reader).await?;
    match releases.iter().rev().find(|release| release.policy.to_string() == policy) {
        Some(release) if release.policy != live.policy.digest => {
            Ok(Serving::Earlier(earlier(reader, live, release).await?))
        }
        Some(_) | None => Ok(Serving::Active(live)),
    }
}
