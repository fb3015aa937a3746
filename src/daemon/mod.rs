//! The daemon's loop: it wakes, asks whether anything is due, lets the office act, and sleeps.
//!
//! Waking is by the monotonic clock and early rather than late; whether something is due is
//! decided by stamps. The loop says what happened through [`DaemonEvent`]s and knows no language.
//! One daemon holds one SQLite file; the store refuses a second. Messages are delivered beside the
//! passes, so that a slow mail server delays nobody's order.

mod deliver;
mod jump;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, Notify, watch as watch_channel};

pub use jump::{Jump, JumpGuard};
pub use watch::Watch;

use crate::diag::{Diagnostic, SourceMap};
use crate::notify::Secrets;
use crate::office::{self, ActContext, ActiveRelease, OfficeStop, TickReport};
use crate::policy::Power;
use crate::store::{Checkpoint, Store};
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
    /// An act failed; it is tried again.
    Failed(&'a OfficeStop),
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
}

impl Daemon<'_> {
    /// Returns whether it is to stop.
    fn is_stopping(&self) -> bool {
        self.stopper.flag().load(Ordering::Relaxed)
    }
}

/// Runs until it is told to stop.
///
/// # Errors
/// [`OfficeStop`] when the database cannot be used at all; single failed passes are noticed and tried
/// again.
pub async fn run(
    daemon: Daemon<'_>,
    live: Arc<ActiveRelease>,
    mut notice: impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<(), OfficeStop> {
    office::note_wall_time(daemon.store, daemon.clock.now()).await?;
    let (tell, told) = watch_channel::channel(Arc::clone(&live));
    let passing = Mutex::new(());
    let ticking = tick_on(daemon, live, DeliveryState { passing: &passing, tell }, &mut notice);
    let delivering = deliver::deliver_on(daemon, told, &passing);
    let (ticked, live) = tokio::join!(ticking, delivering);
    ticked?;
    tracing::info!("daemon.stopping");
    notice(&live, DaemonEvent::Stopping);
    daemon.store.checkpoint(Checkpoint::Passive).await?;
    Ok(())
}

/// What passes share with the deliveries beside them.
struct DeliveryState<'a> {
    /// Held while a pass runs.
    passing: &'a Mutex<()>,
    /// Hears of every policy that comes into force; letting go of it ends the deliveries.
    tell: watch_channel::Sender<Arc<ActiveRelease>>,
}

/// Makes passes until it is told to stop.
async fn tick_on(
    daemon: Daemon<'_>,
    mut live: Arc<ActiveRelease>,
    beside: DeliveryState<'_>,
    notice: &mut impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<(), OfficeStop> {
    let mut watch = daemon.options.watch.clone().map(Watch::new);
    let mut guard = JumpGuard::new(office::last_tick(daemon.store).await?);
    while !daemon.is_stopping() {
        let known = live.release;
        live = begun(daemon, live, notice).await?;
        if let Some(watch) = &mut watch {
            live = changed_files(daemon, live, watch, notice).await?;
        }
        if live.release != known {
            beside.tell.send_if_modified(|known| {
                let is_new = known.release != live.release;
                *known = Arc::clone(&live);
                is_new
            });
        }
        let busy = beside.passing.lock().await;
        pass(daemon, &live, &mut guard, notice).await?;
        drop(busy);
        tokio::select! {
            () = daemon.stopper.wake.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
    Ok(())
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
    match guard.look(now, accepted) {
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
    match office::tick(ActContext::new(store, live, now), daemon.stopper.flag()).await {
        Ok(report) => {
            tracing::info!(
                opened = report.opened,
                skipped = report.skipped,
                undecided = report.undecided,
                appraised = report.appraised,
                "tick.done"
            );
            notice(live, DaemonEvent::Ticked(&report));
            store.checkpoint(Checkpoint::Passive).await?;
        }
        Err(stop) => {
            tracing::error!(stop = ?stop, "tick.failed");
            notice(live, DaemonEvent::Failed(&stop));
            tokio::time::sleep(RETRY_AFTER).await;
        }
    }
    Ok(())
}

/// How long a failed pass waits; long enough not to fill the log, short enough to be soon.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Puts into force what was approved for a day that has begun.
async fn begun(
    daemon: Daemon<'_>,
    live: Arc<ActiveRelease>,
    notice: &mut impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<Arc<ActiveRelease>, OfficeStop> {
    match office::begin_approved(daemon.store, daemon.clock.now()).await {
        Ok(None) => Ok(live),
        Ok(Some(begun)) => {
            tracing::info!(release = begun.release, "policy.activated");
            notice(&begun, DaemonEvent::PolicyActivated(&begun));
            Ok(Arc::new(begun))
        }
        Err(stop) => {
            notice(&live, DaemonEvent::Failed(&stop));
            Ok(live)
        }
    }
}

/// Looks at the folder, and activates what changed when it holds together and may be activated.
async fn changed_files(
    daemon: Daemon<'_>,
    live: Arc<ActiveRelease>,
    watch: &mut Watch,
    notice: &mut impl FnMut(&ActiveRelease, DaemonEvent<'_>),
) -> Result<Arc<ActiveRelease>, OfficeStop> {
    let now = daemon.clock.now();
    let Some(examined) = watch.look(&live, now.day_in(live.policy.bureau.zone)) else { return Ok(live) };
    let Some(proposed) = examined.live else {
        tracing::warn!(problems = examined.diagnostics.len(), "policy.broken");
        notice(&live, DaemonEvent::PolicyBroken(&examined.sources, &examined.diagnostics));
        return Ok(live);
    };
    if office::wants_approval(Some(&live), &proposed, Power::Apply) {
        notice(&live, DaemonEvent::PolicyProposed(&proposed));
        return Ok(live);
    }
    let actor = live.policy.administrator.recorded().to_owned();
    match office::activate(daemon.store, proposed, &actor, now).await {
        Ok(activated) => {
            tracing::info!(release = activated.release, "policy.activated");
            notice(&activated, DaemonEvent::PolicyActivated(&activated));
            Ok(Arc::new(activated))
        }
        Err(stop) => {
            notice(&live, DaemonEvent::Failed(&stop));
            Ok(live)
        }
    }
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
            told.asked.store(true, Ordering::Relaxed);
            told.wake.notify_one();
            signals.next().await;
            std::process::exit(130);
        });
        stopper
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
}

#[cfg(unix)]
impl StopSignals {
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        // Without the one handler the other still works.
        Self {
            terminate: signal(SignalKind::terminate()).ok(),
            interrupt: signal(SignalKind::interrupt()).ok(),
        }
    }

    async fn next(&mut self) {
        async fn one(signal: Option<&mut tokio::signal::unix::Signal>) {
            match signal {
                Some(signal) => _ = signal.recv().await,
                None => std::future::pending().await,
            }
        }
        tokio::select! {
            () = one(self.terminate.as_mut()) => {}
            () = one(self.interrupt.as_mut()) => {}
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
