//! Whether there is a backup that one could go back to, and whether the schedule still makes them.

use std::path::{Path, PathBuf};

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::manifest::complete_in;
use crate::files;
use crate::office::outbox::{BureauNews, tell_of_bureau};
use crate::office::{ActContext, ActiveRelease, Answer, OfficeFault};
use crate::policy::{Administrator, BackupSchedule};
use crate::store::{Store, meta};
use crate::time::{Stamp, Tz};

/// Where backups lie when nobody says, beside the database.
const FOLDER: &str = "backups";
/// How long after a failed try the next is made, in minutes.
const AGAIN_MINUTES: i64 = 15;

/// The last scheduled try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupTry {
    pub at: Stamp,
    /// Why it failed, as the id of a text and its words; none when it did not.
    #[serde(default)]
    pub cause: Option<String>,
}

/// How it stands with backups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackupHealth {
    pub folder: String,
    /// When the newest complete one was made; none while there is none.
    pub newest: Option<Stamp>,
    /// How many complete ones there are.
    pub count: u64,
    pub last_try: Option<BackupTry>,
    /// `none`, `old` or `failed`; none when all is well.
    pub alarm: Option<&'static str>,
    /// Whether one has to be made now.
    pub is_due: bool,
}

/// Returns the schedule in force, and its folder: where the daemon was told, or the policy says, or beside the database.
/// None when nobody asks for backups.
pub fn backup_schedule(
    live: &ActiveRelease,
    told: Option<&Path>,
    database: &Path,
) -> Option<(BackupSchedule, PathBuf)> {
    let said = live.policy.bureau.backup.clone();
    let schedule = said.or_else(|| told.map(|_| BackupSchedule::default()))?;
    // A folder that is written in full stands for itself.
    let named = files::folder_of(database).join(schedule.folder.as_deref().unwrap_or(FOLDER));
    Some((schedule, told.map_or(named, Path::to_owned)))
}

/// Looks how it stands with the backups of a folder.
pub async fn backup_health(
    store: &Store,
    schedule: &BackupSchedule,
    folder: &Path,
    zone: Tz,
    now: Stamp,
) -> Answer<BackupHealth> {
    let text: Option<String> = meta::get(&mut store.read().await?, meta::BACKUP_TRY).await?;
    let last_try: Option<BackupTry> = text.and_then(|text| serde_json::from_str(&text).ok());
    let complete = complete_in(folder);
    let newest = complete.last().map(|(_, manifest)| manifest.made_at);
    let oldest_good = now.plus(-chrono::TimeDelta::hours(i64::from(schedule.alarm_hours)));
    let has_failed = last_try.as_ref().is_some_and(|last| last.cause.is_some());
    let alarm = match newest {
        None => Some("none"),
        Some(newest) if newest < oldest_good => Some("old"),
        Some(_) if has_failed => Some("failed"),
        Some(_) => None,
    };
    let may_try = last_try.as_ref().is_none_or(|last| {
        last.cause.is_none() || last.at.plus(chrono::TimeDelta::minutes(AGAIN_MINUTES)) <= now
    });
    let is_missed = newest.is_none_or(|newest| newest < last_moment(&schedule.times, zone, now));
    Ok(BackupHealth {
        folder: folder.display().to_string(),
        newest,
        count: complete.len() as u64,
        last_try,
        alarm,
        is_due: is_missed && may_try,
    })
}

/// Notes what came of a scheduled try.
pub async fn note_try(store: &Store, last: &BackupTry) -> Answer<()> {
    let text = serde_json::to_string(last).map_err(OfficeFault::impossible)?;
    let mut tx = store.begin().await?;
    meta::set(&mut tx, meta::BACKUP_TRY, &text).await?;
    Ok(tx.commit().await?)
}

/// Tells the administrator once a day of an alarm as long as it lasts; where it is nobody of the register, the alarm is
/// seen where it is asked for.
pub async fn tell_of_alarm(cx: ActContext<'_>, alarm: &str) -> Answer<()> {
    let Administrator::Officer(id) = &cx.policy().administrator else { return Ok(()) };
    let today = cx.today.to_string();
    if meta::get(&mut cx.store.read().await?, meta::BACKUP_TOLD).await?.as_ref() == Some(&today) {
        return Ok(());
    }
    let mut tx = cx.store.begin_on([""]).await?;
    if meta::get(&mut tx, meta::BACKUP_TOLD).await?.as_ref() == Some(&today) {
        // Another daemon has.
        tx.release().await;
        return Ok(());
    }
    let body = json!({"order": cx.policy().bureau.title, "alarm": alarm});
    tell_of_bureau(cx, &mut tx, BureauNews { kind: "backup late", to: &[id], body }).await?;
    meta::set(&mut tx, meta::BACKUP_TOLD, &today).await?;
    Ok(tx.commit().await?)
}

/// Returns the last moment at which the schedule wanted a backup; one a day missed for whatever reason is made up for.
fn last_moment(times: &[NaiveTime], zone: Tz, now: Stamp) -> Stamp {
    let today = now.day_in(zone);
    let days = [today.pred_opt(), Some(today)].into_iter().flatten();
    let moments = days.flat_map(|day| times.iter().map(move |time| day.and_time(*time)));
    let passed = moments.map(|local| Stamp::from_local(local, zone)).filter(|moment| *moment <= now);
    passed.max().unwrap_or(Stamp::from_micros(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_moment_is_of_today_or_of_yesterday() {
        let zone: Tz = "Asia/Shanghai".parse().expect("a zone");
        let times = ["02:30", "14:00"].map(|text| text.parse().expect("a time"));
        let last = |now: &str| last_moment(&times, zone, now.parse().expect("a moment")).wall_in(zone);
        assert_eq!(last("2026-11-29T02:29:59+08:00"), "2026-11-28 14:00");
        assert_eq!(last("2026-11-29T02:30:00+08:00"), "2026-11-29 02:30");
        assert_eq!(last("2026-11-29T20:00:00+08:00"), "2026-11-29 14:00");
    }
}
