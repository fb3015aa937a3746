//! How fast due orders are opened, against what the database itself can do.
//!
//! The office makes a pass, all of a tick but the telling of people: it reads what is due, picks, shares out the cap, decides each
//! order's terms and messages, and writes by the ten thousand: order, document, terms, message, cap
//! counts, ledger, the due row taken away. Then a bare loop of prepared statements over the same
//! SQLite makes the very same changes, indexes and ledger included, in transactions of the same size
//! with the same settings. The loop is handed its rows; the office has to find and make them.
//!
//! Run with `cargo bench --bench open_orders`; a number of orders and of rounds may follow `--`.

mod ground;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use ground::bare::{Changes, connect};
use ground::{PER_TRANSACTION, make_due, median, number, score, timed, timed_async};
use wubu::office::{self, ActContext, ActiveRelease};
use wubu::store::{Checkpoint, Store};

fn main() {
    let (orders, rounds) = (number(0, 50_000), number(1, 5));
    ground::print_machine();
    println!("opening {orders} due orders, {PER_TRANSACTION} a transaction, synchronous=FULL");
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
        timed_async(office::pass(ActContext::new(&store, &live, ground::now()), &AtomicBool::new(false)))
            .await;
    assert_eq!(report.expect("a pass").opened, count as u64);
    store.close().await;
    let changes = Changes::between(&bare, &ours);
    let connection = connect(&bare);
    let ((), by_loop) = timed(|| changes.write(&connection, count.div_ceil(PER_TRANSACTION)));
    drop(connection);
    assert!(Changes::between(&bare, &ours).tables.is_empty(), "both wrote the same");
    [
        by_office.rate(count),
        by_loop.rate(count),
        by_office.rate(count) / by_loop.rate(count),
        by_office.micros(count),
        by_loop.micros(count),
    ]
}

/// Makes a database in which `count` subjects are due.
async fn prepared(path: &Path, count: usize) -> (Store, ActiveRelease) {
    let store = ground::open(path).await;
    let live = office::activate(&store, ground::bureau(), "bench", ground::now()).await.expect("activates");
    make_due(&store, count, score).await;
    store.checkpoint(Checkpoint::Truncate).await.expect("checkpoints");
    (store, live)
}
