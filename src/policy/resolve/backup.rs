//! `backup:` of `bureau.yaml`.

use super::super::model::{BackupKeep, BackupSchedule};
use super::super::raw::{self, BackupDepth};
use super::Resolver;
use crate::diag::codes::TIME_OF_DAY;
use crate::lang::dates;

/// Most backups of one kind: ten years of days.
const KEEP_MAX: u32 = 3_660;
/// Longest age that may pass without an alarm, in hours: a month.
const ALARM_MAX: u32 = 31 * 24;

/// Builds `backup:`.
pub(super) fn backup(resolver: &mut Resolver<'_>, raw: Option<raw::BackupShape>) -> Option<BackupSchedule> {
    let raw::BackupShape { span, folder, at, keep, verify, alarm_after } = raw?;
    resolver.second_only("backup", span);
    let plain = BackupSchedule::default();
    let mut times = Vec::new();
    for word in &at.0 {
        match dates::time_of_day(word.text()) {
            Some(time) => times.push(time),
            None => resolver.out.push(word.wrong(TIME_OF_DAY)),
        }
    }
    let kept = keep.map_or(plain.keep, |raw::BackupKeepShape { daily, weekly, monthly }| {
        let mut count = |raw: Option<raw::At<i64>>| raw.map_or(0, |raw| resolver.bounded(raw, 0, KEEP_MAX));
        BackupKeep { daily: count(daily), weekly: count(weekly), monthly: count(monthly) }
    });
    Some(BackupSchedule {
        folder: folder.map(|word| word.value),
        times: if times.is_empty() { plain.times } else { times },
        keep: kept,
        is_whole: verify.unwrap_or(BackupDepth::Whole) == BackupDepth::Whole,
        alarm_hours: alarm_after.map_or(plain.alarm_hours, |hours| resolver.bounded(hours, 1, ALARM_MAX)),
    })
}
