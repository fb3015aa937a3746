//! How the daemon is, for those who ask from outside: the HTTP door and the service manager.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use crate::office::TickReport;
use crate::time::Stamp;

/// How long after its last look at the clock the daemon is taken to stand still, in seconds. It looks every half
/// second, and after a failure every five.
const STILL_SECONDS: i64 = 120;
/// How long one pass may take, in seconds: one over ten million subjects takes minutes.
const PASS_SECONDS: i64 = 3_600;

/// What the daemon says of itself; counted since it began.
#[derive(Debug, Default)]
pub struct DaemonStatus {
    /// When its loop last came round, in microseconds; 0 before.
    looked_at: AtomicI64,
    /// When the last pass ended, in microseconds; 0 before the first.
    passed_at: AtomicI64,
    is_held: AtomicBool,
    is_stopping: AtomicBool,
    /// When the pass began that runs, in microseconds; 0 while none does.
    passing_since: AtomicI64,
    /// Passes made, orders they opened, escalations they fired, passes that failed.
    pub passes: AtomicU64,
    pub opened: AtomicU64,
    pub escalated: AtomicU64,
    pub failed: AtomicU64,
    /// Messages delivered, put off, given up.
    pub delivered: AtomicU64,
    pub put_off: AtomicU64,
    pub given_up: AtomicU64,
    /// Backups made and failed.
    pub backups: AtomicU64,
    pub backups_failed: AtomicU64,
    /// Why nothing goes on, as the id of a text; none while it does.
    trouble: Mutex<Option<String>>,
    backup: Mutex<BackupStatus>,
}

/// How it stands with scheduled backups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupStatus {
    /// Whether there is a schedule.
    pub is_scheduled: bool,
    /// When the newest complete one was made.
    pub newest: Option<Stamp>,
    /// `none`, `old` or `failed`; none when all is well.
    pub alarm: Option<&'static str>,
}

/// What a moment's look at the daemon shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaemonView {
    pub looked_at: Option<Stamp>,
    pub passed_at: Option<Stamp>,
    /// Dispatch waits, because the clock cannot be trusted.
    pub is_held: bool,
    pub is_stopping: bool,
    /// When the pass began that runs.
    pub passing_since: Option<Stamp>,
    pub trouble: Option<String>,
    pub backup: BackupStatus,
}

impl DaemonStatus {
    /// Notes that the loop came round.
    pub(super) fn look(&self, now: Stamp) {
        self.looked_at.store(now.micros(), Ordering::Relaxed);
    }

    /// Notes that a pass begins.
    pub(super) fn begin_pass(&self, now: Stamp) {
        self.passing_since.store(now.micros(), Ordering::Relaxed);
    }

    /// Notes that it ended, well or not.
    pub(super) fn end_pass(&self) {
        self.passing_since.store(0, Ordering::Relaxed);
    }

    /// Counts what a pass came to.
    pub(super) fn count(&self, report: &TickReport, now: Stamp) {
        self.passed_at.store(now.micros(), Ordering::Relaxed);
        self.passes.fetch_add(1, Ordering::Relaxed);
        self.opened.fetch_add(report.opened, Ordering::Relaxed);
        self.escalated.fetch_add(report.escalated, Ordering::Relaxed);
    }

    pub(super) fn hold(&self, is_held: bool) {
        self.is_held.store(is_held, Ordering::Relaxed);
    }

    pub(super) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Notes why nothing goes on, or that it does again.
    pub(super) fn meet(&self, trouble: Option<&str>) {
        *held(&self.trouble) = trouble.map(str::to_owned);
    }

    pub(super) fn back_up(&self, backup: BackupStatus) {
        *held(&self.backup) = backup;
    }

    /// Looks at all of it.
    pub fn view(&self) -> DaemonView {
        let moment = |at: &AtomicI64| match at.load(Ordering::Relaxed) {
            0 => None,
            micros => Some(Stamp::from_micros(micros)),
        };
        DaemonView {
            looked_at: moment(&self.looked_at),
            passed_at: moment(&self.passed_at),
            is_held: self.is_held.load(Ordering::Relaxed),
            is_stopping: self.is_stopping.load(Ordering::Relaxed),
            passing_since: moment(&self.passing_since),
            trouble: held(&self.trouble).clone(),
            backup: held(&self.backup).clone(),
        }
    }
}

impl DaemonView {
    /// Returns why the daemon cannot do its work now, as a word; none when it can.
    pub fn hindrance(&self, now: Stamp) -> Option<&'static str> {
        match self {
            Self { is_stopping: true, .. } => Some("stopping"),
            Self { trouble: Some(_), .. } => Some("trouble"),
            Self { is_held: true, .. } => Some("clock"),
            _ => self.stands_still(now).then_some("still"),
        }
    }

    /// Returns whether its loop has not come round for longer than it may; before it began it does not stand still.
    pub fn stands_still(&self, now: Stamp) -> bool {
        let is_over = |since: Option<Stamp>, seconds: i64| {
            since.is_some_and(|since| now.micros() - since.micros() > seconds * 1_000_000)
        };
        match self.passing_since {
            Some(_) => is_over(self.passing_since, PASS_SECONDS),
            None => is_over(self.looked_at, STILL_SECONDS),
        }
    }
}

/// Whoever held it last wrote it whole, even if something else of his broke.
fn held<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
