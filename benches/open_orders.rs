//! How fast due orders are opened and subjects imported, against what the database itself can do.
//!
//! The store opens orders in transactions of 10,000: order, term, errand, the due row taken away
//! and the ledger's entries. Then a bare loop of prepared statements over the same SQLite writes
//! the very same rows, indexes and ledger included, in transactions of the same size with the
//! same settings. The loop is handed its rows; the store has to make them.
//!
//! Run with `cargo bench --bench open_orders`; numbers of orders and subjects may follow `--`.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, Statement, params_from_iter};
use wubu::ledger::{OpenedCommon, OpenedOrder};
use wubu::store::{Access, Checkpoint, Holder, Store, appraisals, due, errands, orders, subjects, terms};
use wubu::time::{Day, Stamp};

const PER_TRANSACTION: usize = 10_000;
/// Rows of one import transaction, about a second of writing, and of one call.
const PER_IMPORT: usize = 100_000;
const PER_BATCH: usize = 20_000;
const ROUNDS: usize = 3;
const STATIONS: usize = 6;
const TRIGGER: (&str, &str) = ("five-step", "cycle");

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let orders = numbers.first().copied().unwrap_or(50_000);
    let rows = numbers.get(1).copied().unwrap_or(1_000_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    println!("opening {orders} due orders, {PER_TRANSACTION} a transaction, synchronous=FULL");
    println!(
        "{:>6} {:>14} {:>14} {:>7} {:>16} {:>16}",
        "round", "store/s", "loop/s", "ratio", "store CPU us", "loop CPU us"
    );
    let mut ratios: Vec<f64> = (1..=ROUNDS).map(|round| runtime.block_on(compare(round, orders))).collect();
    ratios.sort_by(f64::total_cmp);
    println!("ratio, median of {ROUNDS}: {:.2} (at least 0.40 wanted)", ratios[ROUNDS / 2]);
    if rows > 0 {
        runtime.block_on(import_all(rows));
    }
}

async fn compare(round: usize, count: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let (ours, bare) = (folder.path().join("store.db"), folder.path().join("loop.db"));
    let store = prepared(&ours, count).await;
    prepared(&bare, count).await.close().await;
    let by_store = timed_async(open_all(&store, count)).await;
    store.close().await;
    let rows = Rows::of(&ours);
    let connection = connect(&bare);
    let by_loop = timed(|| rows.write(&connection, count));
    drop(connection);
    assert!(rows == Rows::of(&bare), "both wrote the same");
    let ratio = by_store.rate(count) / by_loop.rate(count);
    println!(
        "{round:>6} {:>14.0} {:>14.0} {ratio:>7.2} {:>16.1} {:>16.1}",
        by_store.rate(count),
        by_loop.rate(count),
        by_store.micros(count),
        by_loop.micros(count)
    );
    ratio
}

/// Makes a database in which `count` subjects are due.
async fn prepared(path: &Path, count: usize) -> Store {
    let holder = Holder { pid: 1, host: "bench".to_owned(), since: Stamp::from_micros(0) };
    let url = format!("sqlite:{}", path.display());
    let store = Store::open(&url, Access::Daemon { holder }).await.expect("opens");
    let numbers: Vec<usize> = (0..count).collect();
    for piece in numbers.chunks(PER_TRANSACTION) {
        let rows: Vec<appraisals::Row> = piece.iter().map(|n| appraisal(*n)).collect();
        let mut tx = store.begin().await.expect("begins");
        appraisals::save_many(&mut tx, &rows).await.expect("saves");
        tx.commit().await.expect("commits");
    }
    store.checkpoint(Checkpoint::Truncate).await.expect("checkpoints");
    store
}

/// What a tick does with what is due, judging left out.
async fn open_all(store: &Store, count: usize) {
    let (now, today) = (now(), today());
    let common = OpenedCommon {
        workflow: TRIGGER.0.to_owned(),
        trigger: TRIGGER.1.to_owned(),
        subject_kind: "subject".to_owned(),
        issued_at: now.to_string(),
        policy: "3f9c1a".repeat(10) + "3f9c",
        step: "issue".to_owned(),
    };
    let mut opened = 0;
    loop {
        let mut tx = store.begin().await.expect("begins");
        let limit = i64::try_from(PER_TRANSACTION).expect("small");
        let due = due::ready(&mut tx, TRIGGER, today, None, limit).await.expect("reads");
        if due.is_empty() {
            break;
        }
        let places: Vec<due::Place> = due.iter().map(due::Row::place).collect();
        let batch = due.into_iter().map(opening).collect();
        let number = |home: &str, seq: i64| format!("{home}〔2026〕{seq}号");
        let done = orders::open_many(&mut tx, &common, batch, number, "daemon", now).await.expect("opens");
        opened += done.new.len();
        due::delete_many(&mut tx, TRIGGER, &places).await.expect("deletes");
        tx.commit().await.expect("commits");
    }
    assert_eq!(opened, count);
}

fn opening(due: due::Row) -> orders::Opening {
    let order = OpenedOrder {
        seq: 0,
        number: String::new(),
        subject: due.subject,
        nominal: due.nominal.to_string(),
        station: due.station,
        officer: due.grid.as_ref().map(|grid| format!("officer-{grid}")),
        grid: due.grid,
        scheduled_for: due.issue_on.to_string(),
        due_on: due.due_on.to_string(),
        is_provisional: due.is_provisional,
        tier: Some(due.tier),
        score: Some(due.score),
        decision: Some(due.decision),
        step_due: Some("2026-03-02".to_owned()),
    };
    let term = terms::New {
        kind: "due".to_owned(),
        level: 0,
        fires_at: now(),
        end_on: "2026-03-02".to_owned(),
        fired_at: None,
        basis: r#"{"anchor":"2026-02-28","calendar":"a07e52","count":1,"kind":"workdays"}"#.to_owned(),
    };
    let errand = errands::New {
        kind: "tell".to_owned(),
        addressee: "指挥中心".to_owned(),
        body: format!(r#"{{"step":"issue","subject":"{}"}}"#, order.subject),
    };
    orders::Opening { home: due.home, order, terms: vec![term], errands: vec![errand] }
}

fn appraisal(n: usize) -> appraisals::Row {
    let home = format!("station-{}", n % STATIONS);
    let subject = credit_code(n);
    let row = due::Row {
        home: home.clone(),
        subject: subject.clone(),
        workflow: TRIGGER.0.to_owned(),
        trigger: TRIGGER.1.to_owned(),
        issue_on: today(),
        nominal: day("2026-03-15"),
        due_on: day("2026-03-13"),
        is_provisional: false,
        station: home.clone(),
        grid: Some(format!("grid-{}", n % 24)),
        tier: "甲".to_owned(),
        score: "72.5".to_owned(),
        decision: format!("{:016x}", n % 500),
        held: None,
    };
    let said = appraisals::Said {
        tier: Some("甲".to_owned()),
        score: Some("72.5".to_owned()),
        decision: Some(row.decision.clone()),
        undecided: None,
        decided_on: today(),
        changes_on: None,
        next: "[]".to_owned(),
    };
    appraisals::Row { home, subject, said, due: vec![row] }
}

/// The rows one run wrote, table by table, each as the loop's statement takes it.
#[derive(PartialEq)]
struct Rows {
    tables: Vec<(&'static str, usize, Vec<Vec<Value>>)>,
}

/// Table, number of columns, order in which the loop writes.
const TABLES: [(&str, usize, &str); 4] = [
    ("orders", 26, "home, subject, workflow, \"trigger\", subject_kind, nominal"),
    ("term", 10, "home, seq, step, visit, kind, level"),
    ("errand", 10, "home, seq, version, ordinal"),
    ("ledger", 8, "chain, seq"),
];

impl Rows {
    fn of(path: &Path) -> Self {
        let connection = Connection::open(path).expect("opens");
        let read = |(table, columns, order): (&'static str, usize, &str)| {
            let sql = format!("SELECT * FROM {table} ORDER BY {order}");
            let mut statement = connection.prepare(&sql).expect("prepares");
            let row = |row: &rusqlite::Row<'_>| (0..columns).map(|at| row.get(at)).collect();
            let rows = statement.query_map([], row).expect("reads").map(|row| row.expect("a row"));
            (table, columns, rows.collect())
        };
        Self { tables: TABLES.map(read).into() }
    }

    /// Writes the rows as a loop of prepared statements does, in as many transactions.
    fn write(&self, connection: &Connection, count: usize) {
        let insert = |(table, columns, _): &(&str, usize, Vec<Vec<Value>>)| {
            let marks = vec!["?"; *columns].join(",");
            connection.prepare(&format!("INSERT INTO {table} VALUES ({marks})")).expect("prepares")
        };
        let mut inserts: Vec<Statement<'_>> = self.tables.iter().map(insert).collect();
        let mut delete = connection
            .prepare(
                "DELETE FROM due WHERE workflow = ? AND \"trigger\" = ? AND held = 0 AND issue_on = ? \
                 AND home = ? AND subject = ?",
            )
            .expect("prepares");
        let transactions = count.div_ceil(PER_TRANSACTION);
        for at in 0..transactions {
            connection.execute_batch("BEGIN IMMEDIATE").expect("begins");
            for ((_, _, rows), insert) in self.tables.iter().zip(&mut inserts) {
                for row in part(rows, at, transactions) {
                    insert.execute(params_from_iter(row)).expect("writes");
                }
            }
            for row in part(&self.tables[0].2, at, transactions) {
                // Workflow, trigger, issue date, home, subject of the order.
                let key = [3, 4, 11, 0, 6].map(|column| &row[column]);
                assert_eq!(delete.execute(params_from_iter(key)).expect("deletes"), 1);
            }
            connection.execute_batch("COMMIT").expect("commits");
        }
    }
}

fn part<T>(rows: &[T], at: usize, of: usize) -> &[T] {
    &rows[rows.len() * at / of..rows.len() * (at + 1) / of]
}

/// Opens a connection with the settings of the store's writer.
fn connect(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("opens");
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
             PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0",
        )
        .expect("sets");
    connection
}

/// Imports once with ids in the order of a sorted file and once in no order, each twice.
async fn import_all(count: usize) {
    println!("\nimporting {count} subjects, {PER_IMPORT} a transaction, {PER_BATCH} a call");
    println!("{:>10} {:>8} {:>12} {:>10}", "ids", "pass", "rows/s", "CPU us");
    for is_sorted in [true, false] {
        import(count, is_sorted).await;
    }
}

async fn import(count: usize, is_sorted: bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("import.db").display());
    let store = Store::open(&url, Access::Write).await.expect("opens");
    let mut ids: Vec<(String, usize)> = (0..count).map(|n| (credit_code(n), n)).collect();
    if is_sorted {
        ids.sort_unstable();
    }
    for pass in ["first", "again"] {
        let mut spent = Spent::default();
        for piece in ids.chunks(PER_IMPORT) {
            let batches: Vec<Vec<subjects::Row>> =
                piece.chunks(PER_BATCH).map(|batch| batch.iter().map(subject).collect()).collect();
            let one = timed_async(async {
                let mut tx = store.begin().await.expect("begins");
                for rows in &batches {
                    subjects::upsert_many(&mut tx, rows).await.expect("writes");
                }
                tx.commit().await.expect("commits");
            });
            spent.add(one.await);
        }
        println!(
            "{:>10} {pass:>8} {:>12.0} {:>10.1}",
            if is_sorted { "sorted" } else { "in no order" },
            spent.rate(count),
            spent.micros(count)
        );
    }
    store.close().await;
}

fn subject((id, n): &(String, usize)) -> subjects::Row {
    let attributes = [
        ("area", format!("{}.5", n % 900)),
        ("credit", ["A", "B", "C", "D"][n % 4].to_owned()),
        ("industry", format!("{}", 5_200 + n % 90)),
        ("key_area", "false".to_owned()),
        ("registered", "2019-05-06".to_owned()),
        ("warned", "false".to_owned()),
    ];
    subjects::Row {
        id: id.clone(),
        name: format!("示例街道第{n}号便民食品商店"),
        station: format!("station-{}", n % 50),
        grid: Some(format!("grid-{}", n % 400)),
        lat: None,
        lon: None,
        status: None,
        last_patrol: Some(day("2026-01-15")),
        attributes: attributes.into_iter().map(|(id, text)| (Arc::from(id), text)).collect(),
    }
}

/// An invented code in no order: eighteen characters, as unified credit codes have.
fn credit_code(n: usize) -> String {
    format!("92{:016X}", (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn today() -> Day {
    day("2026-02-28")
}

fn now() -> Stamp {
    "2026-02-27T23:00:00Z".parse().expect("a moment")
}

/// Time something took: on the wall, and of all threads together.
#[derive(Clone, Copy, Default)]
struct Spent {
    wall: Duration,
    cpu: Duration,
}

impl Spent {
    /// Things a second.
    fn rate(self, count: usize) -> f64 {
        f64::from(u32::try_from(count).expect("fewer than four billion")) / self.wall.as_secs_f64()
    }

    /// Microseconds of CPU for each thing.
    fn micros(self, count: usize) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / f64::from(u32::try_from(count).expect("fewer than four billion"))
    }

    fn add(&mut self, other: Self) {
        self.wall += other.wall;
        self.cpu += other.cpu;
    }
}

fn timed(work: impl FnOnce()) -> Spent {
    let (wall, cpu) = (Instant::now(), cpu_time());
    work();
    Spent { wall: wall.elapsed(), cpu: cpu_time().saturating_sub(cpu) }
}

async fn timed_async(work: impl Future<Output = ()>) -> Spent {
    let (wall, cpu) = (Instant::now(), cpu_time());
    work.await;
    Spent { wall: wall.elapsed(), cpu: cpu_time().saturating_sub(cpu) }
}

/// CPU time of this process, all threads; zero where the system does not tell it this way.
fn cpu_time() -> Duration {
    const TICKS_PER_SECOND: u64 = 100;
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else {
        return Duration::ZERO;
    };
    // The name of the program, in brackets, may hold blanks; utime and stime are the 12th and
    // 13th field after it.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND)
}
