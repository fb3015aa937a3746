//! `run --listen`: the HTTP door beside the daemon.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches};
use tokio::task::JoinHandle;

use super::{Arguments as _, CommandContext, CommandStop, option, out, stop};
use crate::daemon::Stopper;
use crate::lang::Lang;
use crate::office::{Fault, OfficeFault};
use crate::web::{self, Bound, WebContext};

/// Where is answered when nobody says: on this machine alone.
const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8_321);
/// What is written where nobody is to be answered.
const OFF: &str = "off";
/// How long it is waited before a place that is taken is asked for again.
const AGAIN: Duration = Duration::from_secs(5);
/// How often it is looked whether the daemon is to stop.
const GLANCE: Duration = Duration::from_millis(200);

pub(super) fn argument(lang: Lang) -> Arg {
    option("listen", "ADDR", lang).env("WUBU_LISTEN").hide_env(true)
}

/// Opens the door, unless it is to stay shut; none then.
///
/// A place that the command line names must be had at once. One that only the environment names, or nobody, is said to be
/// taken and asked for again: work goes on meanwhile.
pub(super) fn open(
    context: &CommandContext,
    matches: &ArgMatches,
    pages: WebContext,
    stopper: &Stopper,
) -> Result<Option<JoinHandle<()>>, CommandStop> {
    let lang = context.lang;
    let address = match matches.text("listen") {
        None => HERE,
        Some(text) if text == OFF => return Ok(None),
        Some(text) => {
            let unreadable = || CommandStop::Usage("U041", vec![("text", text.clone())]);
            text.parse().map_err(|_| unreadable())?
        }
    };
    let taken = |cause: &std::io::Error| {
        let cause = cause.to_string();
        Fault::from(OfficeFault::PortTaken { address: address.to_string(), cause })
    };
    let bound = match context.block_on(web::bind(address)) {
        Ok(bound) => Some(bound),
        Err(cause) if matches.value_source("listen") == Some(ValueSource::CommandLine) => {
            return Err(taken(&cause).into());
        }
        Err(cause) => {
            let Fault { id, args, .. } = taken(&cause);
            tracing::warn!(%address, %cause, "http.taken");
            stop::say(lang, id, &args);
            None
        }
    };
    if let Some(bound) = &bound {
        say_begun(lang, bound.address);
    }
    let stopper = stopper.clone();
    Ok(Some(context.spawn(stand(address, bound, pages, stopper))))
}

fn say_begun(lang: Lang, address: SocketAddr) {
    let args = [("address", address.to_string())];
    out::note(&lang.text("listen-begun", &args));
    if !address.ip().is_loopback() {
        out::note(&lang.text("listen-open", &args));
        out::note(&format!("  {}: {}", lang.word("level-help"), lang.help("listen-open", &args)));
    }
}

/// Answers until the daemon is to stop.
async fn stand(address: SocketAddr, mut bound: Option<Bound>, pages: WebContext, stopper: Stopper) {
    let stopping = async || {
        while !stopper.flag().load(Ordering::Relaxed) {
            tokio::time::sleep(GLANCE).await;
        }
    };
    while bound.is_none() {
        tokio::select! {
            () = stopping() => return,
            () = tokio::time::sleep(AGAIN) => bound = web::bind(address).await.ok(),
        }
    }
    if let Some(bound) = bound {
        tracing::info!(address = %bound.address, "http.begun");
        web::serve(bound, web::router(pages), stopping()).await;
    }
}
