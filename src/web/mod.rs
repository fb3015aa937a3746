//! The HTTP door: what watches over the machine asks here how the daemon is.
//!
//! ```text
//!  listener ──slot──▶ first byte within 10 s ──▶ whole head within 10 s ──▶ router ──▶ answer within 15 s
//! ```
//!
//! The accept loop is our own, because `axum::serve` bounds neither connections nor the time a head may take
//! (`server.rs`). It runs beside the daemon, which does not know of it: what is told here comes from
//! [`crate::daemon::DaemonStatus`] and from the database, read through a connection of its own. To add a page, a
//! function and its row in `router`; what a console will show gets a router of its own, merged there.

mod health;
mod metrics;
mod server;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

pub use server::{Bound, bind, serve};

use crate::daemon::DaemonStatus;
use crate::time::Clock;

/// What every page is made of.
#[derive(Clone)]
pub struct WebContext {
    /// Address of the database.
    pub db: String,
    pub status: Arc<DaemonStatus>,
    pub clock: Arc<dyn Clock + Send + Sync>,
}

/// Says which page stands at which path.
pub fn router(context: WebContext) -> Router {
    let probes = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::metrics));
    // The console's router is merged here.
    probes.with_state(context)
}
