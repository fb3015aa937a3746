//! What the service manager is told: that the daemon is ready, that it ends, and that it still works.

use std::convert::Infallible;
use std::time::Duration;

use sd_notify::NotifyState;

use super::status::DaemonStatus;
use crate::time::Clock;

/// Tells the service manager, where one started the process; nobody else hears it.
pub(super) fn tell(state: NotifyState<'_>) {
    // Whoever cannot hear it will ask in his own way.
    let _ = sd_notify::notify(&[state]);
}

/// Says again and again that the daemon works, as long as it does, to a service manager that wants to hear so.
///
/// It runs beside the loop, on which a long pass may sit, and goes on until nobody asks it any more.
pub(super) async fn assure(status: &DaemonStatus, clock: &dyn Clock) -> Infallible {
    let Some(within) = sd_notify::watchdog_enabled() else { return std::future::pending().await };
    let every = (within / 2).max(Duration::from_millis(100));
    loop {
        if !status.view().stands_still(clock.now()) {
            tell(NotifyState::Watchdog);
        }
        tokio::time::sleep(every).await;
    }
}
