//! Backups on schedule: one is made, then those that nobody needs any more go.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::Datelike as _;

use super::manifest::{BackupVerification, complete_in};
use super::take::{BackupReport, BackupWish, back_up};
use crate::office::{Answer, OfficeFault};
use crate::policy::{BackupKeep, BackupSchedule};
use crate::store::Store;
use crate::time::{Stamp, Tz};

/// What the names of scheduled backups begin with; nothing else is ever taken away.
const PREFIX: &str = "wubu-";
/// What a backup is called while it is taken away.
const GOING: &str = "going";

/// A backup that is due.
#[derive(Clone, Debug)]
pub struct ScheduledBackup {
    pub folder: PathBuf,
    pub schedule: BackupSchedule,
    pub zone: Tz,
    pub now: Stamp,
}

/// What came of one.
#[derive(Clone, Debug)]
pub struct BackupOutcome {
    pub report: BackupReport,
    /// Backups that were taken away.
    pub removed: Vec<PathBuf>,
}

/// Makes a backup and takes away those that the schedule does not keep.
pub async fn back_up_as_scheduled(store: &Store, due: &ScheduledBackup) -> Answer<BackupOutcome> {
    let ScheduledBackup { folder, schedule, zone, now } = due;
    clear(folder);
    let verification = if schedule.is_whole { BackupVerification::Whole } else { BackupVerification::Heads };
    let name = format!("{PREFIX}{}", now.local_in(*zone).format("%Y-%m-%dT%H%M%S"));
    let wish = BackupWish { to: folder.join(name), verification, now: *now };
    let report = back_up(store, &wish).await?;
    let mut removed = Vec::new();
    // What has problems proves nothing; until one is sound again, all that are there stay.
    if report.is_sound() {
        for path in superfluous(folder, schedule.keep, *zone) {
            remove(&path)?;
            removed.push(path);
        }
    }
    Ok(BackupOutcome { report, removed })
}

/// Lists the scheduled backups that are not kept.
fn superfluous(folder: &Path, keep: BackupKeep, zone: Tz) -> Vec<PathBuf> {
    let is_scheduled = |path: &Path| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(PREFIX))
    };
    let mut all = complete_in(folder);
    all.retain(|(path, _)| is_scheduled(path));
    let moments: Vec<Stamp> = all.iter().map(|(_, manifest)| manifest.made_at).collect();
    let kept = kept(&moments, keep, zone);
    all.into_iter().zip(kept).filter(|(_, is_kept)| !is_kept).map(|((path, _), _)| path).collect()
}

/// Says of backups, oldest first, which are kept: the newest; the newest of each of the last days, weeks and months
/// that have one.
fn kept(moments: &[Stamp], keep: BackupKeep, zone: Tz) -> Vec<bool> {
    let (mut days, mut weeks, mut months) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut is_newest = true;
    let mut kept: Vec<bool> = moments
        .iter()
        .rev()
        .map(|moment| {
            let day = moment.day_in(zone);
            let week = day.iso_week();
            // Each must be asked: a backup may stand for its day, its week and its month.
            let stands = [
                stands_for(&mut days, day.to_string(), keep.daily),
                stands_for(&mut weeks, format!("{week:?}"), keep.weekly),
                stands_for(&mut months, day.format("%Y-%m").to_string(), keep.monthly),
            ];
            std::mem::take(&mut is_newest) || stands.contains(&true)
        })
        .collect();
    kept.reverse();
    kept
}

/// Returns whether a backup is the newest of a span, and the span one of the last so many.
fn stands_for(spans: &mut BTreeSet<String>, span: String, most: u32) -> bool {
    (spans.len() as u64) < u64::from(most) && spans.insert(span)
}

/// Takes a backup away so that at no moment a part of it looks complete.
fn remove(path: &Path) -> Answer<()> {
    let going = crate::files::beside_name(path, GOING);
    let gone = std::fs::rename(path, &going).and_then(|()| std::fs::remove_dir_all(&going));
    Ok(gone.map_err(|error| OfficeFault::unwritable(path.display(), error))?)
}

/// Takes away what tries left that were cut off. Only whoever holds the database makes scheduled backups, one at a time.
fn clear(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let is_left = name.strip_prefix('.').is_some_and(|name| name.starts_with(PREFIX));
        if is_left && (name.contains(".partial-") || name.ends_with(&format!(".{GOING}"))) {
            // What cannot be taken away now is tried again with the next backup.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lists the days kept of one backup a day at 02:30 for so many days up to a day.
    fn kept_days(count: u64, keep: BackupKeep) -> Vec<String> {
        let zone: Tz = "Asia/Shanghai".parse().expect("a zone");
        let last: Stamp = "2026-11-29T02:30:00+08:00".parse().expect("a moment");
        let moments: Vec<Stamp> =
            (0..count).rev().map(|days| last.plus(-chrono::TimeDelta::days(days.cast_signed()))).collect();
        let kept = kept(&moments, keep, zone);
        let kept = moments.iter().zip(kept).filter(|(_, is_kept)| *is_kept);
        kept.map(|(moment, _)| moment.day_in(zone).to_string()).collect()
    }

    #[test]
    fn days_weeks_and_months_keep_the_newest_of_each() {
        let keep = BackupKeep { daily: 3, weekly: 2, monthly: 3 };
        // The 29th is a Sunday; its week and its month are its own.
        assert_eq!(
            kept_days(120, keep),
            ["2026-09-30", "2026-10-31", "2026-11-22", "2026-11-27", "2026-11-28", "2026-11-29"]
        );
    }

    #[test]
    fn the_newest_is_kept_whatever_is_said() {
        assert_eq!(kept_days(5, BackupKeep { daily: 0, weekly: 0, monthly: 0 }), ["2026-11-29"]);
    }

    #[test]
    fn of_two_on_one_day_the_later_stays() {
        let zone = Tz::UTC;
        let moments = ["2026-11-28T02:00:00Z", "2026-11-29T02:00:00Z", "2026-11-29T14:00:00Z"];
        let moments = moments.map(|moment| moment.parse::<Stamp>().expect("a moment"));
        let keep = BackupKeep { daily: 2, weekly: 0, monthly: 0 };
        assert_eq!(kept(&moments, keep, zone), [true, false, true]);
    }
}
