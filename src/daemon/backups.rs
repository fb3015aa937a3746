//! Backups beside the passes: looked at often, made on a thread of their own, so that no pass waits.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::sync::watch::Receiver;

use super::status::BackupStatus;
use super::trouble::Trouble;
use super::{Daemon, DaemonEvent};
use crate::office::{
    self, ActContext, ActiveRelease, Answer, BackupOutcome, BackupTry, Fault, OfficeFault, OfficeStop,
    ScheduledBackup,
};
use crate::store::{Access, Whereabouts};

/// How often it is looked whether one is due; the numbers given are kept as often.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// How often it is looked meanwhile whether the daemon is to stop.
const GLANCE_EVERY: Duration = Duration::from_millis(500);

/// Makes the backups that fall due until the passes end.
///
/// One that is under way then is not awaited: what it has written bears a name that says so, and the next one takes
/// it away.
pub(super) async fn back_up_on(
    daemon: Daemon<'_>,
    told: Receiver<Arc<ActiveRelease>>,
    notice: impl Fn(&ActiveRelease, DaemonEvent<'_>),
) {
    let (mut trouble, mut noted) = (Trouble::default(), 0);
    while !daemon.is_stopping() && told.has_changed().is_ok() {
        let live = Arc::clone(&told.borrow());
        match look(daemon, &live, &mut noted).await {
            Ok(None) => {}
            Ok(Some(outcome)) => {
                trouble.ends();
                daemon.status.backups.fetch_add(1, Ordering::Relaxed);
                notice(&live, DaemonEvent::BackedUp(&outcome));
            }
            Err(stop) => {
                if trouble.meets(&format!("{stop:?}")) {
                    tracing::error!(stop = ?stop, "backup.failed");
                    notice(&live, DaemonEvent::BackupFailed(&stop));
                }
            }
        }
        let mut waited = Duration::ZERO;
        while waited < LOOK_EVERY && !daemon.is_stopping() && told.has_changed().is_ok() {
            tokio::time::sleep(GLANCE_EVERY).await;
            waited += GLANCE_EVERY;
        }
    }
}

/// Looks once: keeps the numbers that were given, and makes a backup when one is due.
async fn look(
    daemon: Daemon<'_>,
    live: &ActiveRelease,
    noted: &mut i64,
) -> Result<Option<BackupOutcome>, OfficeStop> {
    let Daemon { store, clock, status, options, .. } = daemon;
    let told = options.backup_folder.as_deref();
    let Some((schedule, folder)) = office::backup_schedule(live, told, store.path()) else {
        status.back_up(BackupStatus::default());
        return Ok(None);
    };
    if store.whereabouts() != Whereabouts::There {
        return Ok(None);
    }
    let (zone, now) = (live.policy.bureau.zone, clock.now());
    let health = office::backup_health(store, &schedule, &folder, zone, now).await?;
    let state = BackupStatus { is_scheduled: true, newest: health.newest, alarm: health.alarm };
    status.back_up(state.clone());
    let numbers = office::note_numbers(store, &folder, *noted, now).await.map(|entries| *noted = entries);
    if !store.share().is_first() {
        return numbers.map(|()| None);
    }
    let cx = ActContext::new(store, live, now);
    if !health.is_due {
        tell(cx, &state).await?;
        return numbers.map(|()| None);
    }
    let due = ScheduledBackup { folder, schedule, zone, now };
    let made = on_own_thread(daemon, due).await;
    let cause = match &made {
        Ok(Some(made)) if made.report.is_sound() => None,
        Ok(Some(_)) => Some("problems".to_owned()),
        // Cut off by the end of the daemon, which is no failure.
        Ok(None) => return Ok(None),
        Err(stop) => Some(name_of(stop)),
    };
    let is_good = cause.is_none();
    office::note_try(store, &BackupTry { at: now, cause }).await?;
    let state = if is_good {
        BackupStatus { newest: Some(now), alarm: None, ..state }
    } else {
        status.backups_failed.fetch_add(1, Ordering::Relaxed);
        BackupStatus { alarm: Some(state.alarm.unwrap_or("failed")), ..state }
    };
    status.back_up(state.clone());
    tell(cx, &state).await?;
    made
}

/// Tells the administrator of an alarm that nothing has ended yet.
async fn tell(cx: ActContext<'_>, state: &BackupStatus) -> Answer<()> {
    match state.alarm {
        Some(alarm) => office::tell_of_alarm(cx, alarm).await,
        None => Ok(()),
    }
}

/// Makes a backup on a thread with a connection of its own; none when the daemon ends before it.
async fn on_own_thread(daemon: Daemon<'_>, due: ScheduledBackup) -> Answer<Option<BackupOutcome>> {
    let place = daemon.store.place();
    let (tell, mut told) = oneshot::channel();
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let made =
            runtime.map_err(|error| OfficeStop::from(OfficeFault::impossible(error))).and_then(|runtime| {
                runtime.block_on(async {
                    let store = place.open(Access::Read).await?;
                    let made = office::back_up_as_scheduled(&store, &due).await;
                    store.close().await;
                    made
                })
            });
        // Nobody listens when the daemon has ended.
        let _ = tell.send(made);
    };
    let begun = std::thread::Builder::new().name("backup".to_owned()).spawn(work);
    begun.map_err(OfficeFault::impossible)?;
    loop {
        tokio::select! {
            made = &mut told => {
                let lost = || OfficeStop::from(OfficeFault::impossible("backup"));
                return made.map_err(|_| lost())?.map(Some);
            }
            () = tokio::time::sleep(GLANCE_EVERY) => {
                if daemon.is_stopping() {
                    return Ok(None);
                }
            }
        }
    }
}

/// Returns the id of the text that says why something ended.
fn name_of(stop: &OfficeStop) -> String {
    match stop {
        OfficeStop::Refused(refusal) => refusal.id.to_owned(),
        OfficeStop::Failed(Fault { id, .. }) => (*id).to_owned(),
        OfficeStop::File(..) | OfficeStop::Problems(..) => "problems".to_owned(),
    }
}
