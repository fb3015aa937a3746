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

use ground::bare::{Changes, connect};
use ground::{PER_TRANSACTION, make_due, median, number, timed, timed_async};
use wubu::office::{self, ActContext, ActiveRelease};
use wubu::store::{Checkpoint, Store};
use wubu::time::Stamp;

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
    let store = ground::open(&ours).await;
    let (report, by_office) =
        timed_async(office::tick(ActContext::new(&store, &live, later()), &AtomicBool::new(false))).await;
    assert!(report.expect("a pass").escalated >= count as u64);
    store.close().await;
    let changes = Changes::between(&bare, &ours);
    let terms = changes.tables.iter().find(|(table, _)| table.name == "term");
    let fired = terms.map_or(0, |(_, fired)| fired.len());
    let connection = connect(&bare);
    let ((), by_loop) = timed(|| changes.write(&connection, fired.div_ceil(PER_TRANSACTION)));
    drop(connection);
    assert!(Changes::between(&bare, &ours).tables.is_empty(), "both wrote the same");
    [
        by_office.rate(fired),
        by_loop.rate(fired),
        by_office.rate(fired) / by_loop.rate(fired),
        by_office.micros(fired),
        by_loop.micros(fired),
    ]
}

/// The shipped bureau, whose first step has a ladder here.
fn bureau() -> ActiveRelease {
    let shipped = ground::bureau();
    let ladder = |(path, bytes): (String, Vec<u8>)| {
        let text = String::from_utf8(bytes).expect("UTF-8");
        (path, text.replace(FIRST.0, FIRST.1).into_bytes())
    };
    let texts = shipped.texts.into_iter().map(ladder).collect();
    office::examine_texts(texts, shipped.places).live.expect("a ladder is sound")
}

/// Makes a database in which `count` orders are open.
async fn prepared(path: &Path, count: usize) -> (Store, ActiveRelease) {
    let store = ground::open(path).await;
    let live = office::activate(&store, bureau(), "bench", ground::now()).await.expect("activates");
    make_due(&store, count, |_| 50.0).await;
    let opened = office::tick(ActContext::new(&store, &live, ground::now()), &AtomicBool::new(false))
        .await
        .expect("a pass");
    assert_eq!(opened.opened, count as u64);
    store.checkpoint(Checkpoint::Truncate).await.expect("checkpoints");
    (store, live)
}
