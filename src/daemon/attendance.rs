//! Saying beside the passes that this daemon is there, so that the others leave it its part of the work.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch::Receiver;

use super::Daemon;
use super::trouble::Trouble;
use crate::office::ActiveRelease;
use crate::store::StoreFault;

/// How often: several times before the others take one that is silent to be gone.
const SIGN_IN_EVERY: Duration = Duration::from_secs(3);

/// Signs in until the passes end, and then out; out also while something keeps it from its work. Nothing that is done
/// depends on it: two daemons that do not know of each other do the same work, once.
pub(super) async fn attend(daemon: Daemon<'_>, mut told: Receiver<Arc<ActiveRelease>>) {
    let mut trouble = Trouble::default();
    loop {
        tokio::select! {
            ended = told.changed() => {
                if ended.is_err() {
                    break;
                }
            }
            () = tokio::time::sleep(SIGN_IN_EVERY) => {
                match say(daemon).await {
                    Ok(()) => _ = trouble.ends(),
                    Err(fault) => {
                        if trouble.meets(&format!("{fault:?}")) {
                            tracing::warn!(fault = ?fault, "daemon.unseen");
                        }
                    }
                }
            }
        }
    }
    // Where it cannot be said, the others notice.
    let _ = daemon.store.sign_out().await;
}

async fn say(daemon: Daemon<'_>) -> Result<(), StoreFault> {
    match daemon.status.view().hindrance(daemon.clock.now()) {
        None => daemon.store.sign_in().await,
        Some(_) => daemon.store.sign_out().await,
    }
}
