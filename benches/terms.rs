//! How fast due terms fire, against what the database itself can do.
//!
//! Orders are opened by a first pass; days later every one of them has an escalation due. The office
//! makes that pass: it reads what is due, loads the orders, lets the engine follow each moment, and
//! writes by the ten thousand: the rows fired, the orders' versions, the outbox, the ledger, the marks
//! of windows that are over. Then a bare loop of prepared statements over the same SQLite does the same
//! changes, indexes and ledger included, in transactions of the same size with the same settings. The
//! loop is handed its rows; the office has to find and make them.
//!
//! Run with `cargo bench --bench terms`; a number of orders and of rounds may follow `--`.

mod ground;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use ground::{
    GRIDS, TRIGGER, credit_code, day, grid_id, median, number, station_of, timed, timed_async, today,
};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use wubu::office::{self, Live};
use wubu::store::{Checkpoint, Store, appraisals, due};
use wubu::time::Stamp;

const PER_TRANSACTION: usize = 10_000;

/// The end of the first step as shipped, and with a ladder.
const FIRST: (&str, &str) = (
    "    due: 1 工作日\n    next: [{go: patrol",
    "    due: 1 工作日\n    overdue: [{after: 0 工作日, level: 1, tell: 所长}]\n    next: [{go: patrol",
);

/// Tuesday noon: the first step was due on Monday, and its level 1 is due since midnight.
fn later() -> Stamp {
    "2026-03-17T04:00:00Z".parse().expect("a moment")
}

fn main() {
    let (orders, rounds) = (number(0, 100_000), number(1, 3));
    ground::print_machine();
    println!("firing the escalations of {orders} orders, {PER_TRANSACTION} a transaction, synchronous=FULL");
    println!(
        "{:>6} {:>14} {:>14} {:>7} {:>16} {:>16}",
        "round", "office/s", "loop/s", "ratio", "office CPU us", "loop CPU us"
    );
    let mut all: Vec<[f64; 5]> = Vec::new();
    for round in 1..=rounds {
        let one = ground::block_on(compare(orders));
        let [office, bare, ratio, office_cpu, bare_cpu] = one;
        println!("{round:>6} {office:>14.0} {bare:>14.0} {ratio:>7.2} {office_cpu:>16.1} {bare_cpu:>16.1}");
        all.push(one);
    }
    let [office, bare, ratio, office_cpu, bare_cpu] =
        [0, 1, 2, 3, 4].map(|at| median(all.iter().map(|one| one[at]).collect()));
    println!("median {office:>14.0} {bare:>14.0} {ratio:>7.2} {office_cpu:>16.1} {bare_cpu:>16.1}");
    println!("ratio {ratio:.2}; at least 0.40 wanted");
}

async fn compare(count: usize) -> [f64; 5] {
    let folder = tempfile::tempdir().expect("a folder");
    let (ours, bare) = (folder.path().join("office.db"), folder.path().join("loop.db"));
    let (store, live) = prepared(&ours, count).await;
    store.close().await;
    std::fs::copy(&ours, &bare).expect("copies");
    let before = State::of(&ours);
    let store = ground::open(&ours).await;
    let (report, by_office) =
        timed_async(office::tick(&store, &live, later(), &AtomicBool::new(false))).await;
    assert!(report.expect("a pass").escalated >= count as u64);
    store.close().await;
    let after = State::of(&ours);
    let changes = Changes::between(&before, &after);
    let connection = connect(&bare);
    let ((), by_loop) = timed(|| changes.write(&connection));
    drop(connection);
    assert!(after == State::of(&bare), "both wrote the same");
    let fired = changes.fired.len();
    [
        by_office.rate(fired),
        by_loop.rate(fired),
        by_office.rate(fired) / by_loop.rate(fired),
        by_office.micros(fired),
        by_loop.micros(fired),
    ]
}

/// The shipped bureau, whose first step has a ladder here.
fn bureau() -> Live {
    let shipped = ground::bureau();
    let ladder = |(path, bytes): (String, Vec<u8>)| {
        let text = String::from_utf8(bytes).expect("UTF-8");
        (path, text.replace(FIRST.0, FIRST.1).into_bytes())
    };
    let texts = shipped.texts.into_iter().map(ladder).collect();
    office::examine_texts(texts, shipped.places).live.expect("a ladder is sound")
}

/// Makes a database in which `count` orders are open.
async fn prepared(path: &Path, count: usize) -> (Store, Live) {
    let store = ground::open(path).await;
    let live = office::activate(&store, bureau(), "bench", ground::now()).await.expect("activates");
    let numbers: Vec<usize> = (0..count).collect();
    for piece in numbers.chunks(PER_TRANSACTION) {
        let rows: Vec<appraisals::Row> = piece.iter().map(|n| appraisal(*n)).collect();
        let mut tx = store.begin().await.expect("begins");
        appraisals::save_many(&mut tx, &rows).await.expect("saves");
        tx.commit().await.expect("commits");
    }
    let opened = office::tick(&store, &live, ground::now(), &AtomicBool::new(false)).await.expect("a pass");
    assert_eq!(opened.opened, count as u64);
    store.checkpoint(Checkpoint::Truncate).await.expect("checkpoints");
    (store, live)
}

fn appraisal(n: usize) -> appraisals::Row {
    let grid = n % GRIDS;
    let home = station_of(grid).to_owned();
    let subject = credit_code(n);
    let row = due::Row {
        home: home.clone(),
        subject: subject.clone(),
        workflow: TRIGGER.0.to_owned(),
        trigger: TRIGGER.1.to_owned(),
        issue_on: today(),
        nominal: day("2026-03-28"),
        due_on: day("2026-03-27"),
        is_provisional: false,
        station: home.clone(),
        grid: Some(grid_id(grid)),
        tier: "甲".to_owned(),
        score: "50".to_owned(),
        decision: format!("{:016x}", n % 500),
        held: None,
    };
    let said = appraisals::Said {
        tier: Some("甲".to_owned()),
        score: Some("50".to_owned()),
        decision: Some(row.decision.clone()),
        undecided: None,
        decided_on: today(),
        changes_on: None,
        next: "[]".to_owned(),
    };
    appraisals::Row { home, subject, said, due: vec![row] }
}

type Rows = Vec<Vec<Value>>;

/// What a pass changes of a database.
#[derive(PartialEq)]
struct State {
    orders: Rows,
    terms: Rows,
    errands: Rows,
    occurrences: Rows,
    ledger: Rows,
    meta: Rows,
}

impl State {
    fn of(path: &Path) -> Self {
        let connection = Connection::open(path).expect("opens");
        let read = |sql: &str| -> Rows {
            let mut statement = connection.prepare(sql).expect("prepares");
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect());
            rows.expect("reads").map(|row| row.expect("a row")).collect()
        };
        Self {
            orders: read("SELECT version, home, seq FROM orders ORDER BY home, seq"),
            terms: read(
                "SELECT fired_at, home, seq, step, visit, kind, level FROM term ORDER BY home, seq, step, visit, kind, level",
            ),
            errands: read("SELECT * FROM errand ORDER BY home, seq, version, ordinal"),
            occurrences: read("SELECT * FROM occurrence ORDER BY workflow, \"trigger\", nominal"),
            ledger: read("SELECT * FROM ledger ORDER BY chain, seq"),
            meta: read("SELECT * FROM meta WHERE key LIKE 'head %' ORDER BY key"),
        }
    }
}

/// The rows one pass wrote, each as the loop's statement takes it.
struct Changes {
    versions: Rows,
    fired: Rows,
    errands: Rows,
    occurrences: Rows,
    ledger: Rows,
    meta: Rows,
}

impl Changes {
    fn between(before: &State, after: &State) -> Self {
        Self {
            versions: new(&before.orders, &after.orders),
            fired: new(&before.terms, &after.terms),
            errands: new(&before.errands, &after.errands),
            occurrences: new(&before.occurrences, &after.occurrences),
            ledger: new(&before.ledger, &after.ledger),
            meta: after.meta.clone(),
        }
    }

    /// Writes the rows as a loop of prepared statements does, in as many transactions.
    fn write(&self, connection: &Connection) {
        let parts = [
            (
                "UPDATE term SET fired_at = ? WHERE home = ? AND seq = ? AND step = ? AND visit = ? AND kind = ? AND level = ? AND fired_at IS NULL",
                &self.fired,
            ),
            ("UPDATE orders SET version = ? WHERE home = ? AND seq = ?", &self.versions),
            ("INSERT INTO errand VALUES (?,?,?,?,?,?,?,?,?,?)", &self.errands),
            ("INSERT INTO occurrence VALUES (?,?,?,?,?,?,?)", &self.occurrences),
            ("INSERT INTO ledger VALUES (?,?,?,?,?,?,?,?,?)", &self.ledger),
            (
                "INSERT INTO meta VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                &self.meta,
            ),
        ];
        let mut statements: Vec<_> =
            parts.iter().map(|(sql, rows)| (connection.prepare(sql).expect("prepares"), rows)).collect();
        let transactions = self.fired.len().div_ceil(PER_TRANSACTION);
        for at in 0..transactions {
            connection.execute_batch("BEGIN IMMEDIATE").expect("begins");
            for (statement, rows) in &mut statements {
                for row in &rows[rows.len() * at / transactions..rows.len() * (at + 1) / transactions] {
                    statement.execute(params_from_iter(row)).expect("writes");
                }
            }
            connection.execute_batch("COMMIT").expect("commits");
        }
    }
}

/// The rows that are not among those before; both are sorted by key, and keys are never taken away.
fn new(before: &Rows, after: &Rows) -> Rows {
    let known: std::collections::BTreeSet<String> = before.iter().map(|row| format!("{row:?}")).collect();
    after.iter().filter(|row| !known.contains(&format!("{row:?}"))).cloned().collect()
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
