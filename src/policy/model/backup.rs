//! `backup:` of `bureau.yaml`: when the daemon puts everything aside, and for how long.

use chrono::NaiveTime;

/// When backups are made, how they are looked at, and which are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSchedule {
    /// The folder, below that of the database unless it is written in full; none: `backups`.
    pub folder: Option<String>,
    /// Times of day in the bureau's zone.
    pub times: Vec<NaiveTime>,
    pub keep: BackupKeep,
    /// Whether each is verified as a whole.
    pub is_whole: bool,
    /// Age of the newest one, in hours, from which on the administrator is told.
    pub alarm_hours: u32,
}

/// Which backups are kept: the newest of each of the last so many days, weeks and months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupKeep {
    pub daily: u32,
    pub weekly: u32,
    pub monthly: u32,
}

impl Default for BackupSchedule {
    /// At half past two each night; a week of days, a month of weeks, a year of months; told after a day and two hours.
    fn default() -> Self {
        Self {
            folder: None,
            times: NaiveTime::from_hms_opt(2, 30, 0).into_iter().collect(),
            keep: BackupKeep { daily: 7, weekly: 4, monthly: 12 },
            is_whole: true,
            alarm_hours: 26,
        }
    }
}
