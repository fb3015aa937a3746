//! The accept loop: so many connections at once, each with so much time.
//!
//! # Source
//! hyper ends a head that comes too slowly only with a timer, and a connection that never sends a byte not at all
//! (seen with hyper 1.12); so the first byte is awaited here.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::limits::{HTTP_CONNECTIONS, HTTP_HEAD_BYTES, HTTP_HEAD_SECONDS, HTTP_STOP_SECONDS};

/// How long the loop rests when the system has no connection to give, as when files run out.
const REST: Duration = Duration::from_millis(50);

/// A place on which is listened.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    /// The address, with the port the system chose where none was named.
    pub address: SocketAddr,
}

/// Takes a place to listen on.
///
/// # Errors
/// What the system said, such as that the port is taken.
pub async fn bind(address: SocketAddr) -> io::Result<Bound> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok(Bound { listener, address })
}

/// Answers until `stop` is over; then lets those who are being answered hear the end, for some seconds.
pub async fn serve(bound: Bound, router: Router, stop: impl Future<Output = ()>) {
    let slots = Arc::new(Semaphore::new(HTTP_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, bound.listener.accept().await)
        };
        let accepted = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        let (Ok(slot), Ok((stream, _peer))) = accepted else {
            sleep(REST).await;
            continue;
        };
        let (watcher, router) = (graceful.watcher(), router.clone());
        tokio::spawn(async move {
            let _slot = slot;
            if !says_something(&stream).await {
                return;
            }
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new())
                .header_read_timeout(Duration::from_secs(HTTP_HEAD_SECONDS))
                .max_buf_size(HTTP_HEAD_BYTES);
            let service = TowerToHyperService::new(router);
            // Whoever breaks off knows it himself.
            let _ = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await;
        });
    }
    drop(bound);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = sleep(Duration::from_secs(HTTP_STOP_SECONDS)) => {}
    }
}

/// Waits for the first byte, no longer than for a whole head.
async fn says_something(stream: &TcpStream) -> bool {
    let mut first = [0];
    let said = timeout(Duration::from_secs(HTTP_HEAD_SECONDS), stream.peek(&mut first)).await;
    matches!(said, Ok(Ok(1)))
}
