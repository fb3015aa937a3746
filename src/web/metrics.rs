//! `/metrics`: numbers for Prometheus, by names that stay.
//!
//! The text is written here: it is a line a number, each is read where it already stands, and a library of counters
//! would hold all of them a second time. The names are documented in `docs/operations.md`; a test compares.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::WebContext;
use super::health::ask;
use crate::office::{self, DatabaseCounts};
use crate::time::Stamp;

/// Says all numbers.
pub(super) async fn metrics(State(context): State<WebContext>) -> Response {
    let counted = ask(context.db.clone(), office::count_database).await;
    let text = written(&context, counted.as_ref().ok());
    let headers = [
        (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, text).into_response()
}

fn written(context: &WebContext, counted: Option<&DatabaseCounts>) -> String {
    let (status, now) = (&context.status, context.clock.now());
    let view = status.view();
    let mut page = MetricsPage::default();
    page.labelled("wubu_build_info", "gauge", "The program that answers", env!("CARGO_PKG_VERSION"));
    page.gauge(
        "wubu_ready",
        "1 when work is done",
        u64::from(view.hindrance(now).is_none() && counted.is_some()),
    );
    page.gauge(
        "wubu_clock_held",
        "1 while dispatch waits for the clock to be accepted",
        u64::from(view.is_held),
    );
    page.gauge("wubu_database_up", "1 when the database answers", u64::from(counted.is_some()));
    page.moment("wubu_last_pass_timestamp_seconds", "When the last pass ended", view.passed_at);
    page.moment("wubu_last_look_timestamp_seconds", "When the loop last came round", view.looked_at);
    page.moment(
        "wubu_backup_last_success_timestamp_seconds",
        "When the newest complete backup was made",
        view.backup.newest,
    );
    page.gauge(
        "wubu_backup_alarm",
        "1 when the newest backup is missing or too old, or the last try failed",
        u64::from(view.backup.alarm.is_some()),
    );
    let counters: [(&str, &str, &AtomicU64); 9] = [
        ("wubu_passes_total", "Passes made", &status.passes),
        ("wubu_pass_failures_total", "Passes that failed", &status.failed),
        ("wubu_orders_opened_total", "Orders opened by passes", &status.opened),
        ("wubu_escalations_total", "Escalations that passes fired", &status.escalated),
        ("wubu_notices_delivered_total", "Notices delivered by mail or webhook", &status.delivered),
        ("wubu_notices_retried_total", "Deliveries put off", &status.put_off),
        ("wubu_notices_given_up_total", "Messages and notices given up", &status.given_up),
        ("wubu_backups_total", "Scheduled backups made", &status.backups),
        ("wubu_backup_failures_total", "Scheduled backups that failed", &status.backups_failed),
    ];
    for (name, help, count) in counters {
        page.number(name, "counter", help, count.load(Ordering::Relaxed));
    }
    if let Some(counted) = counted {
        page.gauge("wubu_orders_open", "Orders that are open", counted.open);
        page.gauge("wubu_appraisals_waiting", "Subjects that wait to be appraised", counted.waiting);
        page.gauge("wubu_outbox_waiting", "Messages of the outbox that wait to be addressed", counted.outbox);
        page.gauge("wubu_orders_stuck", "Orders that stand still because of a rule", counted.stuck);
        page.gauge("wubu_epoch", "1, and one more with every restore", counted.epoch);
        page.gauge("wubu_database_bytes", "Size of the database file", counted.bytes);
    }
    page.0
}

/// The page as it is written.
#[derive(Default)]
struct MetricsPage(String);

impl MetricsPage {
    fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.number(name, "gauge", help, value);
    }

    fn number(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        self.head(name, kind, help);
        let _ = writeln!(self.0, "{name} {value}");
    }

    /// What has not happened yet is not said.
    fn moment(&mut self, name: &str, help: &str, at: Option<Stamp>) {
        if let Some(at) = at {
            self.head(name, "gauge", help);
            let _ = writeln!(self.0, "{name} {}", at.micros() / 1_000_000);
        }
    }

    fn labelled(&mut self, name: &str, kind: &str, help: &str, version: &str) {
        self.head(name, kind, help);
        let _ = writeln!(self.0, "{name}{{version=\"{version}\"}} 1");
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }
}
