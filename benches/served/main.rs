//! What a PostgreSQL server makes of it: opening due orders and people's acts against a bare loop that writes the same
//! rows, several daemons against one, and a tick over many subjects against one over few.
//!
//! The loop is handed its rows and inserts them as the program does, by `UNNEST` of an array a column; the office has to
//! find and make them. Both run over the same server, whose CPU is counted with theirs.
//!
//! Run with `cargo bench --bench served -- postgres://USER@HOST/postgres`; `opening`, `acts`, `daemons` or `scale` and a
//! number may follow. Databases named `wubu_bench_*` are made there and dropped.

#[path = "../acts/bureau.rs"]
#[expect(dead_code, reason = "it makes bureaus in files, too")]
mod bureau;
#[path = "../ground/mod.rs"]
mod ground;
mod rows;
mod server;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ground::{PER_TRANSACTION, make_due, number, open_at, score};
use rows::ChangedRows;
use server::{Begun, Server};
use wubu::id::OrderId;
use wubu::office::{self, ActContext, ActWish, ActiveRelease, WriteQueue};

/// People who act at once.
const PEOPLE: usize = 64;

fn main() {
    let server = Server::told();
    let named: Vec<String> = std::env::args().collect();
    let modes = ["opening", "acts", "daemons", "scale"];
    let is_any = named.iter().any(|arg| modes.contains(&arg.as_str()));
    let wanted = |mode: &str| !is_any || named.iter().any(|arg| arg == mode);
    ground::print_machine();
    if wanted("opening") {
        ground::block_on(Box::pin(opening(&server, number(0, 50_000))));
    }
    if wanted("acts") {
        ground::block_on(acts(&server, number(0, 6_400)));
    }
    if wanted("daemons") {
        daemons(&server, number(0, 1_000_000));
    }
    if wanted("scale") {
        ground::block_on(scale(&server, number(0, 10_000_000)));
    }
}

/// Opens due orders, and then writes the same rows in a bare loop.
async fn opening(server: &Server, count: usize) {
    println!("\nopening {count} due orders, {PER_TRANSACTION} a transaction");
    let mut ratios = Vec::new();
    for round in 1..=3 {
        let base = server.made("base", None).await;
        let live = prepared(&base, count).await;
        let [ours, bare] = [server.made("ours", Some("base")).await, server.made("bare", Some("base")).await];
        let store = open_at(&ours).await;
        let begun = Begun::now();
        let cx = ActContext::new(&store, &live, ground::now());
        let report = office::pass(cx, &AtomicBool::new(false)).await.expect("a pass");
        assert_eq!(report.opened, count as u64);
        let by_office = begun.spent();
        store.close().await;
        let changed = ChangedRows::between(&bare, &ours).await;
        let begun = Begun::now();
        let written = changed.write(&bare, count.div_ceil(PER_TRANSACTION)).await;
        let by_loop = begun.spent();
        assert!(ChangedRows::between(&bare, &ours).await.is_empty(), "both wrote the same");
        let ratio = by_loop.wall.as_secs_f64() / by_office.wall.as_secs_f64();
        println!(
            "  round {round}: office {:.0}/s, {:.1} us CPU; loop {:.0}/s, {:.1} us CPU, {written} rows; ratio {ratio:.2}",
            by_office.rate(count),
            by_office.micros(count),
            by_loop.rate(count),
            by_loop.micros(count),
        );
        ratios.push(ratio);
    }
    println!("ratio {:.2}; at least 0.50 wanted", ground::median(ratios));
}

/// Lets people act at once, and then writes the same rows in a bare loop in groups of the same size.
async fn acts(server: &Server, count: usize) {
    println!("\n{PEOPLE} people at one desk, each waiting for his act to be durable; {count} acts");
    let base = server.made("base", None).await;
    Box::pin(bureau::Bureau::make_at(&base, count)).await.close().await;
    let [ours, bare] = [server.made("ours", Some("base")).await, server.made("bare", Some("base")).await];
    let bureau = bureau::Bureau::open_at(&ours).await;
    let wanted = server.orders(&ours, "issue").await;
    let wish = |(home, seq, assignees): (String, i64, String)| {
        bureau.wish("issue", OrderId { home, seq }, &assignees)
    };
    let wishes: Vec<ActWish> = wanted.into_iter().map(wish).collect();
    assert_eq!(wishes.len(), count, "an act for each order");
    let mut shares: Vec<Vec<ActWish>> = (0..PEOPLE).map(|_| Vec::new()).collect();
    for (at, wish) in wishes.into_iter().enumerate() {
        shares[at % PEOPLE].push(wish);
    }
    let begun = Begun::now();
    let (desk, mut queue) = WriteQueue::open();
    let tasks: Vec<_> = shares
        .into_iter()
        .map(|wishes| {
            let desk = desk.clone();
            tokio::spawn(async move {
                for wish in wishes {
                    desk.act(wish, ground::now()).await.expect("an act that is lawful");
                }
            })
        })
        .collect();
    drop(desk);
    let served = queue.serve(&bureau.store, &bureau.live, office::GROUP_MAX).await;
    for task in tasks {
        task.await.expect("a person");
    }
    let by_desk = begun.spent();
    bureau.close().await;
    let changed = ChangedRows::between(&bare, &ours).await;
    let groups = usize::try_from(served.groups).expect("few");
    let begun = Begun::now();
    changed.write(&bare, groups).await;
    let by_loop = begun.spent();
    println!(
        "  desk {:.0}/s, {:.1} us CPU, {groups} groups; loop {:.0}/s, {:.1} us CPU",
        by_desk.rate(count),
        by_desk.micros(count),
        by_loop.rate(count),
        by_loop.micros(count),
    );
    println!("ratio {:.2}; at least 0.50 wanted", by_loop.wall.as_secs_f64() / by_desk.wall.as_secs_f64());
}

/// Lets one, two and four daemons open the same due orders.
fn daemons(server: &Server, count: usize) {
    println!("\n{count} due orders, opened by one daemon and by several");
    let live = ground::block_on(async {
        let base = server.made("base", None).await;
        prepared(&base, count).await
    });
    let mut alone = Duration::ZERO;
    for daemons in [1, 2, 4] {
        let url = ground::block_on(server.made("ours", Some("base")));
        let begun = Begun::now();
        let opened: Vec<u64> = std::thread::scope(|scope| {
            let (url, live) = (&url, &live);
            let all: Vec<_> = (0..daemons).map(|_| scope.spawn(move || dispatch(url, live))).collect();
            all.into_iter().map(|daemon| daemon.join().expect("it lives")).collect()
        });
        let took = begun.spent();
        assert_eq!(opened.iter().sum::<u64>(), count as u64, "none doubled, none missed");
        let there = ground::block_on(server.count(&url, "SELECT COUNT(*) FROM orders"));
        assert_eq!(there, i64::try_from(count).expect("few"));
        if daemons == 1 {
            alone = took.wall;
        }
        println!(
            "  {daemons}: {:.1} s, {:.0}/s, {:.1} us CPU, opened {opened:?}; {:.2} times one",
            took.wall.as_secs_f64(),
            took.rate(count),
            took.micros(count),
            alone.as_secs_f64() / took.wall.as_secs_f64(),
        );
    }
}

/// One daemon: passes until nothing is left.
fn dispatch(url: &str, live: &ActiveRelease) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = open_at(url).await;
        store.sign_in().await.expect("signs in");
        // All are there before any begins.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let mut opened = 0;
        loop {
            store.sign_in().await.expect("signs in");
            let cx = ActContext::new(&store, live, ground::now());
            let report = office::pass(cx, &AtomicBool::new(false)).await.expect("a pass");
            opened += report.opened;
            if report.is_whole {
                return opened;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
}

/// Opens as many due orders among many subjects and among few.
async fn scale(server: &Server, subjects: usize) {
    let due = 50_000;
    println!("\na tick with {due} due");
    let mut few = Duration::ZERO;
    for subjects in [100_000, subjects] {
        let url = server.made("base", None).await;
        let live = prepared(&url, due).await;
        server.add_later(&url, subjects - due).await;
        let store = open_at(&url).await;
        let begun = Begun::now();
        let cx = ActContext::new(&store, &live, ground::now());
        let report = office::pass(cx, &AtomicBool::new(false)).await.expect("a pass");
        assert_eq!(report.opened, due as u64);
        let took = begun.spent();
        store.close().await;
        if subjects == 100_000 {
            few = took.wall;
        }
        println!(
            "  {subjects:>9} subjects: {:.2} s, {:.1} us CPU an order; {:.2} times 100000",
            took.wall.as_secs_f64(),
            took.micros(due),
            took.wall.as_secs_f64() / few.as_secs_f64()
        );
    }
}

/// Makes a database in which so many subjects are due.
async fn prepared(url: &str, count: usize) -> ActiveRelease {
    let store = open_at(url).await;
    let live = office::activate(&store, ground::bureau(), "bench", ground::now()).await.expect("activates");
    make_due(&store, count, score).await;
    store.close().await;
    live
}
