//! How much ended in time under a station's overlay, and how much without it.
//!
//! *In time* is a visit of a step that was left by the last day of its term, as an extension that was granted
//! or an interruption moved it; *late* is one whose term passed, whether it is over or not. An order is in
//! time when it is done and no visit of it was late. What was cancelled, and what is open and still in time,
//! is not counted.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::add_days;
use crate::office::active_release::release_numbered;
use crate::office::{ActContext, ActiveRelease, Answer};
use crate::policy::{Overlay, Policy, StationEdit, Step, StepPlace, Workflow};
use crate::store::timeliness::{self, MeasuredGroup, MeasuredOrders, MeasuredPeriod, MeasuredVisits};
use crate::store::{Reads, releases};
use crate::time::{Day, Stamp};

/// Orders read at a time.
const ROWS: usize = 10_000;

/// How many of those counted were in time.
///
/// # Units
/// Orders, or visits of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OnTime {
    pub on_time: i64,
    pub counted: i64,
}

impl OnTime {
    /// Returns the share in tenths of a per cent, rounded down; none where nothing was counted.
    pub const fn per_mille(self) -> Option<i64> {
        (self.on_time * 1000).checked_div(self.counted)
    }

    const fn add(&mut self, on_time: i64, late: i64) {
        self.on_time += on_time;
        self.counted += on_time + late;
    }
}

/// What ended in time, with an overlay and without.
#[derive(Clone, Debug, Serialize)]
pub struct Timeliness {
    /// The days of the overlay that are over.
    pub period: TimelinessPeriod,
    /// As many days before.
    pub before: TimelinessPeriod,
    pub lines: Vec<TimelinessLine>,
}

/// Days, both ends included, on which orders were issued.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct TimelinessPeriod {
    pub from: Day,
    pub to: Day,
}

/// Orders of a workflow, or visits of one of its steps.
#[derive(Clone, Debug, Serialize)]
pub struct TimelinessLine {
    pub workflow: String,
    pub step: Option<String>,
    /// What people call it.
    pub title: String,
    /// At the station, under a text with the overlay in it.
    pub with: OnTime,
    /// At the station, in the days before.
    pub before: OnTime,
    /// At the stations that have nothing of the kind, in the same days.
    pub others: OnTime,
}

/// Whose orders count as whose.
struct TimelinessScope<'a> {
    station: &'a str,
    /// Digests of the texts with the overlay in them.
    versions: &'a BTreeSet<String>,
    /// Stations that have the measure, too.
    adopters: &'a BTreeSet<String>,
}

impl TimelinessScope<'_> {
    /// Returns where orders of a group are counted.
    fn place<'l>(&self, line: &'l mut TimelinessLine, group: &MeasuredGroup) -> Option<&'l mut OnTime> {
        let MeasuredGroup { station, policy, is_before } = group;
        match (station == self.station, is_before) {
            (true, true) => Some(&mut line.before),
            (true, false) => self.versions.contains(policy).then_some(&mut line.with),
            (false, false) => (!self.adopters.contains(station)).then_some(&mut line.others),
            (false, true) => None,
        }
    }
}

/// Measures what an overlay changes; none while it has not begun.
pub(crate) async fn measure(
    cx: ActContext<'_>,
    policy: &Policy,
    overlay: &Overlay,
    adopters: &BTreeSet<String>,
) -> Answer<Option<Timeliness>> {
    let (from, to) = (overlay.valid.0, overlay.valid.1.min(cx.today));
    if to < from {
        return Ok(None);
    }
    let days = (to - from).num_days() + 1;
    let before = TimelinessPeriod { from: add_days(from, -days), to: add_days(from, -1) };
    let mut reader = cx.store.read().await?;
    let versions = versions(&mut reader, cx.live, overlay).await?;
    let scope = TimelinessScope { station: &overlay.station, versions: &versions, adopters };
    let start = |day: Day| Stamp::day_start(day, cx.zone());
    let mut lines = Vec::new();
    for (workflow, steps) in touched(policy, overlay) {
        let period = MeasuredPeriod {
            workflow: &workflow.id,
            from: start(before.from),
            parted: start(from),
            until: start(add_days(to, 1)),
            today: cx.today,
        };
        let mut whole = line(workflow, None);
        for MeasuredOrders { group, is_done, is_late, count } in
            timeliness::orders(&mut reader, &period).await?
        {
            let Some(sum) = scope.place(&mut whole, &group) else { continue };
            match (is_late, is_done) {
                (true, _) => sum.add(0, count),
                (false, true) => sum.add(count, 0),
                (false, false) => {}
            }
        }
        lines.push(whole);
        for step in steps {
            let mut of_step = line(workflow, Some(step));
            let mut all = timeliness::visits(&mut reader, &period, &step.id);
            loop {
                let rows = all.next_rows(ROWS).await?;
                for row in &rows {
                    let MeasuredVisits { group, over, late, is_open_late } = row;
                    if let Some(sum) = scope.place(&mut of_step, group) {
                        let late_and_over = late - i64::from(*is_open_late);
                        sum.add(over - late_and_over, *late);
                    }
                }
                if rows.len() < ROWS {
                    break;
                }
            }
            lines.push(of_step);
        }
    }
    Ok(Some(Timeliness { period: TimelinessPeriod { from, to }, before, lines }))
}

fn line(workflow: &Workflow, step: Option<&Step>) -> TimelinessLine {
    TimelinessLine {
        workflow: workflow.id.clone(),
        step: step.map(|step| step.id.clone()),
        title: step.map_or_else(|| workflow.title.clone(), |step| step.title.clone()),
        with: OnTime::default(),
        before: OnTime::default(),
        others: OnTime::default(),
    }
}

/// Lists the workflows whose orders an overlay bears on, with the steps that it names itself.
fn touched<'p>(policy: &'p Policy, overlay: &Overlay) -> Vec<(&'p Workflow, Vec<&'p Step>)> {
    let mut steps: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for change in &overlay.changes {
        let (workflows, step) = match &change.edit {
            StationEdit::Due { step: StepPlace { workflow, step }, .. }
            | StationEdit::Overdue { step: StepPlace { workflow, step }, .. } => {
                (vec![workflow.ix()], Some(step.ix()))
            }
            StationEdit::Cap { workflow, .. } => (vec![workflow.ix()], None),
            StationEdit::FormItems { .. } => {
                let named = change.address.split('.').next().unwrap_or_default();
                (
                    policy.workflows.iter().position(|workflow| workflow.id == named).into_iter().collect(),
                    None,
                )
            }
            StationEdit::Cycle { .. }
            | StationEdit::TierLength { .. }
            | StationEdit::TierItems { .. }
            | StationEdit::Param { .. } => {
                let recurs =
                    |at: &usize| policy.workflows[*at].start.iter().any(|trigger| trigger.recur.is_some());
                ((0..policy.workflows.len()).filter(recurs).collect(), None)
            }
        };
        for workflow in workflows {
            steps.entry(workflow).or_default().extend(step);
        }
    }
    let of = |(at, steps): (usize, BTreeSet<usize>)| {
        let workflow = &policy.workflows[at];
        (workflow, steps.into_iter().map(|at| &workflow.steps[at]).collect())
    };
    steps.into_iter().map(of).collect()
}

/// Returns the digests of all texts in which an overlay was ever in force, whatever release they are of.
async fn versions(
    reader: &mut impl Reads,
    live: &ActiveRelease,
    overlay: &Overlay,
) -> Answer<BTreeSet<String>> {
    let path = format!("stations/{}/", overlay.station);
    let mut all = BTreeSet::new();
    for release in releases::list(reader).await? {
        if !release.files.iter().any(|(file, _)| file.starts_with(&path)) {
            continue;
        }
        if release.number == live.release {
            all.extend(versions_of(&live.policy, overlay));
        } else if let Some(earlier) = release_numbered(reader, release.number).await? {
            all.extend(versions_of(&earlier.policy, overlay));
        }
    }
    Ok(all)
}

fn versions_of(policy: &Policy, overlay: &Overlay) -> Vec<String> {
    let is_meant = |at: &usize| {
        let known = &policy.overlays[*at];
        (&known.id, &known.station) == (&overlay.id, &overlay.station)
    };
    let keys = policy.edition_keys().into_iter().filter(|key| key.overlays.iter().any(is_meant));
    keys.map(|key| policy.edition_digest(&key).to_string()).collect()
}
