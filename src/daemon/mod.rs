//! The daemon's loop: it wakes, asks whether anything is due, lets the office act, and sleeps.
//!
//! Waking is by the monotonic clock and early rather than late; whether something is due is
//! decided by stamps. The loop says what happened through [`DaemonEvent`]s and knows no language.
//! One daemon holds one SQLite file; the store refuses a second. Messages are delivered beside the
//! passes, so that a slow mail server delays nobody's order.

mod attendance;
mod backups;
mod deliver;
mod jump;
mod service;
mod status;
mod trouble;
mod watch;

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, Notify, watch as watch_channel};

pub use jump::{Jump, JumpGuard};
use sd_notify::NotifyState;
pub use status::{BackupStatus, DaemonStatus, DaemonView};
use trouble::Trouble;
pub use watch::Watch;

use crate::diag::{Diagnostic, SourceMap};
use crate::notify::Secrets;
use crate::office::{self, ActContext, ActiveRelease, BackupOutcome, OfficeStop, TickReport};
use crate::store::{Checkpoint, Store, Whereabouts};
use crate::time::Clock;

/// How often the loop looks whether anything is due; a cron firing is late by at most this.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What the daemon is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder to watch; none when not watching.
    pub watch: Option<PathBuf>,
    /// What channels need and a policy must not hold.
    pub secrets: Secrets,
    /// The folder of scheduled backups, in place of the policy's; with one, backups are made without `backup:`, too.
    pub backup_folder: Option<PathBuf>,
}

/// What happened, for the door to say.
#[derive(Debug)]
pub enum DaemonEvent<'a> {
    /// A pass was made.
    Ticked(&'a TickReport),
    /// Changed files do not hold together; the running policy goes on.
    PolicyBroken(&'a SourceMap, &'a [Diagnostic]),
    /// Changed files are in force now.
    PolicyActivated(&'a ActiveRelease),
    /// Changed files hold together, and wait for `apply`.
    PolicyProposed(&'a ActiveRelease),
    /// The clock jumped; dispatch is held.
    ClockHeld(Jump),
    /// Dispatch goes on after a held clock.
    ClockAccepted,
    /// An act failed; it is tried again, and the same failure is not told again until it is over.
    Failed(&'a OfficeStop),
    /// The file of the database is not where it was; it is waited for.
    DatabaseGone,
    /// Another file stands where the database was; it has to be opened.
    DatabaseReplaced,
    /// A scheduled backup was made.
    BackedUp(&'a BackupOutcome),
    /// A scheduled backup failed; it is tried again, and the same failure is not told again until it is over.
    BackupFailed(&'a OfficeStop),
    /// What failed goes on.
    Recovered,
    /// The daemon ends.
    Stopping,
}

/// What the daemon works on and with.
#[derive(Clone, Copy)]
pub struct Daemon<'a> {
    /// The database.
    pub store: &'a Store,
    /// What time it is.
    pub clock: &'a dyn Clock,
    /// What it is asked to do.
    pub options: &'a Options,
    /// Hears that it is to stop.
    pub stopper: &'a Stopper,
    /// Hears how it is.
    pub status: &'a DaemonStatus,
}

impl Daemon<'_> {
    /// Returns whether it is to stop.
    fn is_stopping(&self) -> bool {
        self.stopper.flag().load(Ordering::Relaxed)
    }
}

/// Why the daemon ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaemonEnd {
    /// It was told to stop.
    Stopped,
    /// Another file stands where the database was: it has to be opened before work can go on.
    Replaced,
}

/// Runs until it is told to stop.
///
/// # Errors
/// [`OfficeStop`] when the database cannot be used at all; single failed passes are noticed and tried
/// again.
pub async fn run(
    daemon: Daemon<'_>,
    live: Arc<ActiveRelease>,
    notice: impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<DaemonEnd, OfficeStop> {
    daemon.store.sign_in().await?;
    office::note_wall_time(daemon.store, daemon.clock.now()).await?;
    let (tell, told) = watch_channel::channel(Arc::clone(&live));
    let passing = Mutex::new(());
    // All of them run on one task, and none holds on to it while it waits.
    let notice = RefCell::new(notice);
    let say = |live: &ActiveRelease, event: DaemonEvent<'_>| (notice.borrow_mut())(live, event);
    let mut say_of_pass = say;
    let ticking = tick_on(daemon, live, DeliveryState { passing: &passing, tell }, &mut say_of_pass);
    let delivering = deliver::deliver_on(daemon, told.clone(), &passing);
    let attending = attendance::attend(daemon, told.clone());
    let backing_up = backups::back_up_on(daemon, told, say);
    service::tell(NotifyState::Ready);
    let working = async { tokio::join!(ticking, delivering, attending, backing_up) };
    let (end, live, (), ()) = tokio::select! {
        ended = working => ended,
        never = service::assure(daemon.status, daemon.clock) => match never {},
    };
    let end = end?;
    if end == DaemonEnd::Stopped {
        tracing::info!("daemon.stopping");
        say(&live, DaemonEvent::Stopping);
    }
    if daemon.store.whereabouts() == Whereabouts::There {
        daemon.store.checkpoint(Checkpoint::Passive).await?;
    }
    Ok(end)
}

/// What passes share with the deliveries beside them.
struct DeliveryState<'a> {
    /// Held while a pass runs.
    passing: &'a Mutex<()>,
    /// Hears of every policy that comes into force; letting go of it ends the deliveries.
    tell: watch_channel::Sender<Arc<ActiveRelease>>,
}

/// Makes passes until it is told to stop, or cannot.
async fn tick_on(
    daemon: Daemon<'_>,
    mut live: Arc<ActiveRelease>,
    beside: DeliveryState<'_>,
    notice: &mut impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<DaemonEnd, OfficeStop> {
    let mut watch = daemon.options.watch.clone().map(Watch::new);
    let mut guard = JumpGuard::new(office::last_tick(daemon.store).await?);
    let mut trouble = Trouble::default();
    while !daemon.is_stopping() {
        daemon.status.look(daemon.clock.now());
        let pause = match daemon.store.whereabouts() {
            Whereabouts::Replaced => {
                tracing::warn!("database.replaced");
                notice(&live, DaemonEvent::DatabaseReplaced);
                return Ok(DaemonEnd::Replaced);
            }
            Whereabouts::Gone => {
                if trouble.meets("database.gone") {
                    tracing::error!("database.gone");
                    daemon.status.meet(Some("run-database-gone"));
                    notice(&live, DaemonEvent::DatabaseGone);
                }
                LOOK_EVERY
            }
            Whereabouts::There => {
                let looked = look(
                    daemon,
                    &mut live,
                    Looks { watch: watch.as_mut(), guard: &mut guard },
                    &beside,
                    notice,
                );
                match looked.await {
                    Ok(()) => {
                        if trouble.ends() {
                            tracing::info!("daemon.recovered");
                            daemon.status.meet(None);
                            notice(&live, DaemonEvent::Recovered);
                        }
                        LOOK_EVERY
                    }
                    Err(stop) => {
                        daemon.status.failed.fetch_add(1, Ordering::Relaxed);
                        if trouble.meets(&format!("{stop:?}")) {
                            tracing::error!(stop = ?stop, "tick.failed");
                            daemon.status.meet(Some("run-failed"));
                            notice(&live, DaemonEvent::Failed(&stop));
                        }
                        RETRY_AFTER
                    }
                }
            }
        };
        tokio::select! {
            () = daemon.stopper.wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    daemon.status.stop();
    Ok(DaemonEnd::Stopped)
}

/// What a look keeps from the one before.
struct Looks<'a> {
    watch: Option<&'a mut Watch>,
    guard: &'a mut JumpGuard,
}

/// Looks once: which policy is in force now, and whether a pass is due.
async fn look(
    daemon: Daemon<'_>,
    live: &mut Arc<ActiveRelease>,
    looks: Looks<'_>,
    beside: &DeliveryState<'_>,
    notice: &mut impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<(), OfficeStop> {
    // The one place that asks for the time of a server; everything is handed what follows from it.
    if let Some(said) = daemon.store.server_time().await? {
        daemon.clock.follow(said);
    }
    let known = live.release;
    // What was approved or edited and cannot be read or put into force keeps nobody's order.
    let begun = begun(daemon, notice).await;
    if let Ok(Some(begun)) = &begun {
        *live = Arc::clone(begun);
    } else if let Some(newer) = office::newer(daemon.store, live).await? {
        // Put into force by a command, or by another daemon.
        tracing::info!(release = newer.release, "policy.activated");
        notice(&newer, DaemonEvent::PolicyActivated(&newer));
        *live = Arc::new(newer);
    }
    let changed = match looks.watch {
        Some(watch) => changed_files(daemon, live, watch, notice).await,
        None => Ok(None),
    };
    if let Ok(Some(changed)) = &changed {
        *live = Arc::clone(changed);
    }
    if live.release != known {
        beside.tell.send_replace(Arc::clone(live));
    }
    let busy = beside.passing.lock().await;
    pass(daemon, live, looks.guard, notice).await?;
    drop(busy);
    begun.and(changed).map(drop)
}

/// Makes a pass when something is due and the clock can be trusted.
async fn pass(
    daemon: Daemon<'_>,
    live: &ActiveRelease,
    guard: &mut JumpGuard,
    notice: &mut impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<(), OfficeStop> {
    let (store, now) = (daemon.store, daemon.clock.now());
    let was_held = guard.is_held();
    let accepted = office::clock_accepted(store).await?;
    let held = guard.look(now, accepted);
    daemon.status.hold(held.is_some());
    match held {
        Some(jump) => {
            if !was_held {
                tracing::warn!(jump = ?jump, "clock.held");
                notice(live, DaemonEvent::ClockHeld(jump));
            }
            return Ok(());
        }
        None if was_held => notice(live, DaemonEvent::ClockAccepted),
        None => {}
    }
    if !office::is_due(ActContext::new(store, live, now)).await? {
        return Ok(());
    }
    let cx = ActContext::new(store, live, now);
    daemon.status.begin_pass(now);
    let ticked = office::tick(cx, daemon.stopper.flag()).await;
    daemon.status.end_pass();
    let report = ticked?;
    if !report.is_whole && report.did_nothing() {
        // Others are at what is left.
        return Ok(());
    }
    daemon.status.count(&report, daemon.clock.now());
    if report.is_whole && store.share().is_first() {
        office::compare_shadows(cx, daemon.stopper.flag()).await?;
    }
    tracing::info!(
        opened = report.opened,
        skipped = report.skipped,
        undecided = report.undecided,
        appraised = report.appraised,
        "tick.done"
    );
    notice(live, DaemonEvent::Ticked(&report));
    store.checkpoint(Checkpoint::Passive).await?;
    Ok(())
}

/// How long a failed pass waits; short enough to be soon.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Puts into force what was approved for a day that has begun.
async fn begun(
    daemon: Daemon<'_>,
    notice: &mut impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<Option<Arc<ActiveRelease>>, OfficeStop> {
    let Some(begun) = office::begin_approved(daemon.store, daemon.clock.now()).await? else {
        return Ok(None);
    };
    tracing::info!(release = begun.release, "policy.activated");
    notice(&begun, DaemonEvent::PolicyActivated(&begun));
    Ok(Some(Arc::new(begun)))
}

/// Looks at the folder, and activates what changed when it holds together and may be activated.
async fn changed_files(
    daemon: Daemon<'_>,
    live: &ActiveRelease,
    watch: &mut Watch,
    notice: &mut impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<Option<Arc<ActiveRelease>>, OfficeStop> {
    let now = daemon.clock.now();
    let Some(examined) = watch.look(live, now.day_in(live.policy.bureau.zone))? else { return Ok(None) };
    let Some(proposed) = examined.live else {
        tracing::warn!(problems = examined.diagnostics.len(), "policy.broken");
        notice(live, DaemonEvent::PolicyBroken(&examined.sources, &examined.diagnostics));
        return Ok(None);
    };
    if office::waits_for_second(ActContext::new(daemon.store, live, now), &proposed).await? {
        notice(live, DaemonEvent::PolicyProposed(&proposed));
        return Ok(None);
    }
    let actor = live.policy.administrator.recorded().to_owned();
    let activated = office::activate(daemon.store, proposed, &actor, now).await;
    let activated = activated.inspect_err(|_| watch.look_again())?;
    tracing::info!(release = activated.release, "policy.activated");
    notice(&activated, DaemonEvent::PolicyActivated(&activated));
    Ok(Some(Arc::new(activated)))
}

/// Being asked to stop: SIGTERM, SIGINT or Ctrl-C. A second one ends the process now.
#[derive(Clone, Debug)]
pub struct Stopper {
    asked: Arc<AtomicBool>,
    wake: Arc<Notify>,
}

impl Stopper {
    /// Begins to listen; from now on a signal is a wish and not an end.
    ///
    /// Must be called within a runtime, before anything that a signal may not cut off.
    pub fn listen() -> Self {
        let stopper = Self { asked: Arc::new(AtomicBool::new(false)), wake: Arc::new(Notify::new()) };
        let told = stopper.clone();
        let signals = StopSignals::listen();
        tokio::spawn(async move {
            let mut signals = signals;
            signals.next().await;
            service::tell(NotifyState::Stopping);
            told.asked.store(true, Ordering::Relaxed);
            told.wake.notify_one();
            signals.next().await;
            std::process::exit(130);
        });
        stopper
    }

    /// Waits until it is asked.
    pub async fn stopped(&self) {
        self.wake.notified().await;
    }

    /// Returns the flag that long work looks at between its transactions.
    pub fn flag(&self) -> &AtomicBool {
        &self.asked
    }
}

/// The signals that ask the daemon to stop.
struct StopSignals {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    interrupt: Option<tokio::signal::unix::Signal>,
    /// Asks to take up what changed, which the loop does by itself; here it only ends nothing.
    #[cfg(unix)]
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl StopSignals {
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        // Without the one handler the other still works.
        Self {
            terminate: signal(SignalKind::terminate()).ok(),
            interrupt: signal(SignalKind::interrupt()).ok(),
            hang_up: signal(SignalKind::hangup()).ok(),
        }
    }

    async fn next(&mut self) {
        async fn one(signal: Option<&mut tokio::signal::unix::Signal>) {
            match signal {
                Some(signal) => _ = signal.recv().await,
                None => std::future::pending().await,
            }
        }
        loop {
            tokio::select! {
                () = one(self.terminate.as_mut()) => return,
                () = one(self.interrupt.as_mut()) => return,
                () = one(self.hang_up.as_mut()) => tracing::info!("daemon.reloaded"),
            }
        }
    }
}

#[cfg(not(unix))]
impl StopSignals {
    const fn listen() -> Self {
        Self {}
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
