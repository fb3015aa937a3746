//! Delivering beside the passes: looked at often, tried when its moment has come.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::Mutex;
use tokio::sync::watch::Receiver;

use super::trouble::Trouble;
use super::{Daemon, LOOK_EVERY, RETRY_AFTER};
use crate::notify::{Channels, Secrets};
use crate::office::{self, ActContext, ActiveRelease, AddressReport, Delivery, DeliveryReport, OfficeStop};
use crate::store::Whereabouts;

/// Delivers until the passes end; returns the policy that served last.
///
/// While a pass runs, only what is sealed is carried: what one pass finds for one person is one
/// message. What is under way when the end comes is awaited and settled.
///
/// # Source
/// Policy language, rule 20.
pub(super) async fn deliver_on(
    daemon: Daemon<'_>,
    mut told: Receiver<Arc<ActiveRelease>>,
    passing: &Mutex<()>,
) -> Arc<ActiveRelease> {
    let secrets = &daemon.options.secrets;
    let mut live = Arc::clone(&told.borrow());
    let mut channels = channels(&live, secrets);
    let mut trouble = Trouble::default();
    while !daemon.is_stopping() && told.has_changed().is_ok() {
        let newest = Arc::clone(&told.borrow());
        if newest.release != live.release {
            live = newest;
            channels = self::channels(&live, secrets);
        }
        let pause = match once(daemon, &live, &channels, passing).await {
            Ok(()) => {
                if trouble.ends() {
                    tracing::info!("notices.recovered");
                }
                LOOK_EVERY
            }
            Err(stop) => {
                if trouble.meets(&format!("{stop:?}")) {
                    tracing::error!(stop = ?stop, "notices.failed");
                }
                RETRY_AFTER
            }
        };
        // The passes tell their end by letting go of the other side.
        tokio::select! {
            _ = told.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    live
}

fn channels(live: &ActiveRelease, secrets: &Secrets) -> Channels {
    let channels = Channels::new(&live.policy.notices, &live.policy.bureau.title, secrets);
    for (name, idle) in channels.idle() {
        // The field keeps its name: logs are read by programs.
        tracing::warn!(courier = name, why = idle.into_str(), "notices.held");
    }
    channels
}

async fn once(
    daemon: Daemon<'_>,
    live: &ActiveRelease,
    channels: &Channels,
    passing: &Mutex<()>,
) -> Result<(), OfficeStop> {
    let Daemon { store, clock, .. } = daemon;
    // Of several daemons one delivers, so that nothing is told twice at the same time.
    if store.whereabouts() != Whereabouts::There || !store.share().is_first() {
        return Ok(());
    }
    if !office::is_anything_to_deliver(store, channels, clock.now()).await? {
        return Ok(());
    }
    let directory = office::directory(ActContext::new(store, live, clock.now())).await?;
    let mut addressed = AddressReport::default();
    if let Ok(_quiet) = passing.try_lock() {
        addressed = office::prepare(ActContext::new(store, live, clock.now()), &directory, channels).await?;
    }
    let AddressReport { addressed, nobody } = addressed;
    let stop = daemon.stopper.flag();
    let done = office::carry(Delivery { store, directory: &directory, channels, clock, stop }).await?;
    let DeliveryReport { delivered, again, dead, held, .. } = done;
    let counts = [(&daemon.status.delivered, delivered), (&daemon.status.put_off, again)];
    for (count, more) in counts.into_iter().chain([(&daemon.status.given_up, nobody + dead)]) {
        count.fetch_add(more, Ordering::Relaxed);
    }
    if nobody + dead > 0 {
        tracing::warn!(addressed, nobody, delivered, again, dead, held, "notices.dead");
    } else if addressed + delivered + again > 0 {
        tracing::info!(addressed, delivered, again, held, "notices.delivered");
    }
    Ok(())
}
