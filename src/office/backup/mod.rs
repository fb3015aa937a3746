//! Backups: what the database says and its files, put aside whole, and put back.
//!
//! ```text
//!  database ──copy──▶ .NAME.partial-PID/ ──look at it──▶ manifest ──rename──▶ NAME/
//!  files    ──link or copy──▶                                                  wubu.db
//!                                                                              wubu.db.files/ab/ab12…
//!                                                                              manifest.json
//! ```
//!
//! A backup is a folder. What has its name is complete: the manifest is written last, and the name comes after it.
//! What a restored database cannot know, which numbers were given after its backup, is asked of whatever is newer:
//! the database that is replaced, and the numbers that a daemon keeps beside its backups.

mod copy;
mod given_numbers;
mod health;
mod keep;
mod manifest;
mod restore;
mod take;

pub use copy::{CopyReport, copy_database};
pub use given_numbers::{GivenNumbers, note_numbers};
pub use health::{BackupHealth, BackupTry, backup_health, backup_schedule, note_try, tell_of_alarm};
pub use keep::{BackupOutcome, ScheduledBackup, back_up_as_scheduled};
pub use manifest::{BackupManifest, BackupVerification, backed_up_database};
pub use restore::{PassedNumbers, RestoreReport, RestoreWish, restore};
pub use take::{BackupReport, BackupWish, back_up};
