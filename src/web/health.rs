//! `/healthz` and `/readyz`: whether the process lives, and whether it does its work.

use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::WebContext;
use crate::limits::HTTP_ANSWER_SECONDS;
use crate::office::{self, Answer, OfficeStop};
use crate::store::{Access, Store};

/// Says that the process lives: it answers.
pub(super) async fn live() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

/// Says whether work is done: 200, or 503 with what stands in the way.
///
/// # Shape
/// `{"ready": true, "database": "ok", "daemon": "ok", "backup": "ok", "looked_at": …, "passed_at": …}`. `daemon` is `ok`,
/// `stopping`, `trouble`, `clock` or `still`; `database` is `ok` or the id of a fault; `backup` is `ok`, `unscheduled`, `none`,
/// `old` or `failed`, and alone makes nobody unready.
pub(super) async fn ready(State(context): State<WebContext>) -> Response {
    let view = context.status.view();
    let hindrance = view.hindrance(context.clock.now());
    let probe = ask(context.db.clone(), office::probe_database);
    let database = probe.await.err();
    let is_ready = hindrance.is_none() && database.is_none();
    let backup = match (&view.backup.is_scheduled, view.backup.alarm) {
        (false, _) => "unscheduled",
        (true, None) => "ok",
        (true, Some(alarm)) => alarm,
    };
    let body = json!({
        "ready": is_ready,
        "database": database.unwrap_or("ok"),
        "daemon": hindrance.unwrap_or("ok"),
        "backup": backup,
        "backup_made_at": view.backup.newest,
        "looked_at": view.looked_at,
        "passed_at": view.passed_at,
    });
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, format!("{body}\n")).into_response()
}

/// Asks the database something, for no longer than an answer may take; the id of a fault when it cannot be asked.
///
/// It is opened anew each time: another file may stand there by now, and who asks does so every few seconds. A thread
/// of its own waits for it, so that those who ask for less are answered meanwhile.
pub(super) async fn ask<T: Send + 'static>(
    db: String,
    question: impl AsyncFnOnce(&Store) -> Answer<T> + Send + 'static,
) -> Result<T, &'static str> {
    let runtime = tokio::runtime::Handle::current();
    let asked = tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            let store = Store::open(&db, Access::Read).await.map_err(|fault| fault.id())?;
            let answer = question(&store).await;
            store.close().await;
            answer.map_err(fault_of)
        })
    });
    let asked = tokio::time::timeout(Duration::from_secs(HTTP_ANSWER_SECONDS), asked).await;
    // Whatever broke while it was asked, it did not answer.
    asked.map_or(Err("fault-busy"), |asked| asked.unwrap_or(Err("fault-statement")))
}

/// Returns the id of what broke.
fn fault_of(stop: OfficeStop) -> &'static str {
    match stop {
        OfficeStop::Failed(fault) => fault.id,
        OfficeStop::Refused(refusal) => refusal.id,
        OfficeStop::File(..) | OfficeStop::Problems(..) => "fault-statement",
    }
}
