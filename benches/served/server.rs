//! A server whose address is told, its databases, and the CPU that it and this process take.

use std::time::{Duration, Instant};

use crate::ground::Spent;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

/// A server.
pub(crate) struct Server {
    /// The address of a database on it from which others are made.
    address: String,
}

impl Server {
    /// Reads the address from the command line.
    pub(crate) fn told() -> Self {
        let address = std::env::args().find(|arg| arg.starts_with("postgres://"));
        Self {
            address: address
                .expect("an address: cargo bench --bench served -- postgres://USER@HOST/postgres"),
        }
    }

    /// Makes a database anew, as a copy of another one where one is named; returns its address.
    pub(crate) async fn made(&self, name: &str, from: Option<&str>) -> String {
        let template = from.map_or_else(String::new, |from| format!(" TEMPLATE wubu_bench_{from}"));
        self.run(&self.address, &format!("DROP DATABASE IF EXISTS wubu_bench_{name} WITH (FORCE)")).await;
        self.run(&self.address, &format!("CREATE DATABASE wubu_bench_{name}{template}")).await;
        let (server, _) = self.address.rsplit_once('/').expect("a database in the address");
        format!("{server}/wubu_bench_{name}")
    }

    /// Carries out statements.
    pub(crate) async fn run(&self, url: &str, sql: &str) {
        let mut link = connect(url).await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut link).await.expect("a statement");
    }

    /// Asks for a number.
    pub(crate) async fn count(&self, url: &str, sql: &str) -> i64 {
        let mut link = connect(url).await;
        let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut link).await.expect("a row");
        row.get(0)
    }

    /// Lists open orders at a step: home, running number, and who have it.
    pub(crate) async fn orders(&self, url: &str, step: &str) -> Vec<(String, i64, String)> {
        let mut link = connect(url).await;
        let sql =
            "SELECT home, seq, assignees FROM orders WHERE state = 'open' AND step = $1 ORDER BY seq, home";
        sqlx::query_as(sql).bind(step).fetch_all(&mut link).await.expect("orders")
    }

    /// Adds subjects that are due months later.
    pub(crate) async fn add_later(&self, url: &str, count: usize) {
        let later = "'2026-0' || 5 + g % 4 || '-' || lpad(CAST(1 + g % 28 AS TEXT), 2, '0')";
        let each = format!(
            "FROM (SELECT DISTINCT ON (home) * FROM TABLE) AS d CROSS JOIN generate_series(1, {}) AS g",
            count / 6
        );
        let due = format!(
            "INSERT INTO due (workflow, \"trigger\", held, issue_on, home, subject, nominal, due_on, provisional, station, \
             grid, tier, score, decision, reason) SELECT d.workflow, d.\"trigger\", d.held, {later}, d.home, 'N' || g, \
             d.nominal, d.due_on, d.provisional, d.station, d.grid, d.tier, d.score, d.decision, d.reason {}",
            each.replace("TABLE", "due")
        );
        let columns = "tier, score, decision, undecided, decided_on, changes_on, next, due_keys";
        let own = columns.split(", ").map(|column| format!("d.{column}")).collect::<Vec<_>>().join(", ");
        let appraisal = format!(
            "INSERT INTO appraisal (home, subject, {columns}) SELECT d.home, 'N' || g, {own} {}",
            each.replace("TABLE", "appraisal")
        );
        for sql in [due.as_str(), appraisal.as_str(), "VACUUM ANALYZE", "CHECKPOINT"] {
            self.run(url, sql).await;
        }
    }
}

/// When something began: on the clock, and by the CPU taken.
pub(crate) struct Begun {
    clock: Instant,
    cpu: Duration,
}

impl Begun {
    pub(crate) fn now() -> Self {
        Self { clock: Instant::now(), cpu: cpu() }
    }

    /// Returns what it took so far.
    pub(crate) fn spent(&self) -> Spent {
        Spent { wall: self.clock.elapsed(), cpu: cpu().saturating_sub(self.cpu) }
    }
}

/// Returns the CPU that this process and all servers here took so far, those of their processes that ended with them.
fn cpu() -> Duration {
    const TICKS_PER_SECOND: u64 = 100;
    let own = std::process::id().to_string();
    let mut ticks = 0;
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        let is_ours = entry.file_name().to_str() == Some(&own);
        if is_ours || stat.contains("(postgres)") {
            let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
            // Of itself, and of its children that ended.
            ticks += fields.skip(11).take(4).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>();
        }
    }
    Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND)
}

/// Connects to a database.
pub(crate) async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("the server answers")
}
