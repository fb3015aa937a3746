//! How fast people act on orders, against what the database itself can do.
//!
//! Three things are measured. `desk`: 64 people who act at once, each waiting until his act is durable,
//! against the same desk with groups of one, one person alone, and bare loops of prepared statements
//! that write the very same rows in groups of the size reached and one by one. `whole`: orders that go
//! from opening to the archive by the clean branch, handed over in bulk, against a bare loop for each
//! of the acts, and the bytes they take by table. `scale`: the price of an act where there are a hundred
//! times as many orders. `overlays`: what fifty overlays in force add to a tick and to an act.
//!
//! Run with `cargo bench --bench acts`; `desk`, `whole`, `scale` or `overlays` and a number of orders may follow
//! `--`, and of rounds after `overlays`.

mod bare;
mod bureau;
mod bytes;
#[path = "../ground/mod.rs"]
mod ground;
mod overlays;

use std::path::Path;
use std::time::{Duration, Instant};

use bureau::{Bureau, SIGN};
use bytes::Bytes;
use ground::{Spent, float, ms, number, timed, timed_async};
use wubu::office::{self, ActContext, ActWish, QueueReport, WriteQueue};

/// People who act at once.
const PEOPLE: usize = 64;

fn main() {
    let wanted = |name: &str| {
        let modes = ["desk", "whole", "scale", "overlays"];
        let named: Vec<String> = std::env::args().filter(|arg| modes.contains(&arg.as_str())).collect();
        named.is_empty() || named.iter().any(|one| one == name)
    };
    ground::print_machine();
    if wanted("desk") {
        ground::block_on(desk(number(0, 12_800)));
    }
    if wanted("whole") {
        ground::block_on(whole(number(0, 10_000)));
    }
    if wanted("scale") {
        ground::block_on(scale(number(0, 100_000)));
    }
    if wanted("overlays") {
        ground::block_on(overlays::compare(number(0, 5_000), number(1, 4)));
    }
}

/// Many people at one desk.
async fn desk(acts: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let base = folder.path().join("base.db");
    Box::pin(Bureau::make(&base, acts)).await.close().await;
    let copy = |name: &str| {
        let path = folder.path().join(name);
        std::fs::copy(&base, &path).expect("copies");
        path
    };
    println!("\n{PEOPLE} people at one desk, each waiting for his act to be durable; {acts} acts");
    let together = copy("together.db");
    let (spent, served, _) = people(&together, acts, office::GROUP_MAX, PEOPLE, None).await;
    let size = (float_of(served.acts) / float_of(served.groups)).round();
    let rate = spent.rate(acts);
    println!(
        "  together            {rate:>8.0} acts/s  {:>6.1} us CPU  groups of {size:.1}",
        spent.micros(acts)
    );
    let few = acts / 8;
    let (one, ..) = people(&copy("one.db"), few, 1, PEOPLE, None).await;
    println!("  groups of one       {:>8.0} acts/s", one.rate(few));
    let (alone, ..) = people(&copy("alone.db"), few, 1, 1, None).await;
    println!("  one person alone    {:>8.0} acts/s", alone.rate(few));
    let rows = bare::Rows::between(&base, &together);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size of a group")]
    let size = size as usize;
    let (done, bare) = timed(|| rows.write(&copy("bare.db"), size, acts));
    println!("  bare loop, same groups {:>5.0} acts/s  {done} acts", bare.rate(done));
    let (done, bare_one) = timed(|| rows.write(&copy("bare-one.db"), 1, few));
    println!("  bare loop, one by one  {:>5.0} acts/s  {done} acts", bare_one.rate(done));
    let half = rate / 2.0;
    let (_, _, mut waits) = people(&copy("half.db"), acts / 2, office::GROUP_MAX, PEOPLE, Some(half)).await;
    waits.sort_unstable();
    let at = |share: usize| ms(waits[waits.len() * share / 100]);
    println!("  at {half:.0} acts/s: p50 {:.1} ms, p99 {:.1} ms", at(50), at(99));
    println!("ratio to groups of one {:.2}; at least 4 wanted", rate / one.rate(few));
    println!("ratio to the bare loop {:.2}; at least 0.25 wanted", rate / bare.rate(acts));
    println!(
        "one person, ratio to the bare loop {:.2}; at least 0.60 wanted",
        alone.rate(few) / bare_one.rate(few)
    );
    println!("p99 at half the top rate {:.1} ms; below 50 wanted", at(99));
}

/// Lets people complete the first step of `acts` orders; returns what it took, the groups and how
/// long each waited. With a rate, acts are handed in at that pace whatever is answered.
async fn people(
    path: &Path,
    acts: usize,
    group_max: usize,
    people: usize,
    rate: Option<f64>,
) -> (Spent, QueueReport, Vec<Duration>) {
    let bureau = Bureau::open(path).await;
    let wishes: Vec<ActWish> = bureau.wishes("issue", acts);
    assert_eq!(wishes.len(), acts, "orders enough");
    let (desk, mut queue) = WriteQueue::open();
    let shares = shares(wishes, people);
    let began = Instant::now();
    let tasks: Vec<_> = (0..people)
        .zip(shares)
        .map(|(nth, wishes)| {
            let desk = desk.clone();
            let pace = rate.map(|rate| Duration::from_secs_f64(float(people) / rate));
            tokio::spawn(
                async move { person(desk, wishes, began, nth, pace.map(|pace| (pace, people))).await },
            )
        })
        .collect();
    drop(desk);
    let (served, spent) = timed_async(queue.serve(&bureau.store, &bureau.live, group_max)).await;
    let mut waits = Vec::with_capacity(acts);
    for task in tasks {
        waits.extend(task.await.expect("a person"));
    }
    bureau.close().await;
    (spent, served, waits)
}

async fn person(
    desk: WriteQueue,
    wishes: Vec<ActWish>,
    began: Instant,
    nth: usize,
    pace: Option<(Duration, usize)>,
) -> Vec<Duration> {
    let mut waits = Vec::with_capacity(wishes.len());
    for (at, wish) in (0_u32..).zip(wishes) {
        // Paced acts count their wait from the moment they were meant for.
        let from = match pace {
            None => Instant::now(),
            Some((pace, people)) => {
                let offset = pace.mul_f64(float(nth) / float(people));
                let from = began + offset + pace * at;
                tokio::time::sleep_until(from.into()).await;
                from
            }
        };
        let answer = desk.act(wish, ground::now()).await.expect("an act that is lawful");
        assert_eq!(answer.step, "patrol");
        waits.push(from.elapsed());
    }
    waits
}

fn shares(wishes: Vec<ActWish>, people: usize) -> Vec<Vec<ActWish>> {
    let mut shares: Vec<Vec<ActWish>> = (0..people).map(|_| Vec::new()).collect();
    for (at, wish) in wishes.into_iter().enumerate() {
        shares[at % people].push(wish);
    }
    shares
}

/// The acts of the clean branch, by the step they complete.
const CLEAN: [&str; 5] = ["issue", "patrol", SIGN, "review", "archive"];

/// Whole orders, handed over in bulk.
async fn whole(orders: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (ours, before, bare) =
        (folder.path().join("ours.db"), folder.path().join("before.db"), folder.path().join("bare.db"));
    println!("\n{orders} whole orders by the clean branch, a thousand acts to a transaction");
    let bureau = Bureau::prepared(&ours, orders).await;
    bureau.settle().await;
    let bytes_before = Bytes::of(&ours);
    let ((), open) = timed_async(bureau.tick()).await;
    bureau.close().await;
    println!("  open      {:>8.0} orders/s  {:>6.1} us CPU", open.rate(orders), open.micros(orders));
    let (mut all, mut all_bare) = (open, Spent::default());
    for step in CLEAN {
        std::fs::copy(&ours, &before).expect("copies");
        std::fs::copy(&ours, &bare).expect("copies");
        let bureau = Bureau::open(&ours).await;
        let wishes = bureau.wishes(step, orders);
        let (answers, spent) = timed_async(office::act_many(
            ActContext::new(&bureau.store, &bureau.live, ground::now()),
            wishes,
        ))
        .await;
        for answer in answers {
            answer.expect("an act that is lawful");
        }
        bureau.close().await;
        let rows = bare::Rows::between(&before, &ours);
        let (done, by_loop) = timed(|| rows.write(&bare, 1_000, orders));
        assert_eq!(done, orders, "an act for each order");
        println!(
            "  {step:<8}  {:>8.0} acts/s  {:>6.1} us CPU   bare loop {:>8.0}  ratio {:.2}",
            spent.rate(orders),
            spent.micros(orders),
            by_loop.rate(orders),
            spent.rate(orders) / by_loop.rate(orders),
        );
        all = all.and(spent);
        all_bare = all_bare.and(by_loop);
    }
    let bytes = Bytes::of(&ours).less(&bytes_before);
    let acts = Spent { wall: all.wall.saturating_sub(open.wall), cpu: all.cpu.saturating_sub(open.cpu) };
    println!(
        "whole: {:.0} orders/s, {:.0} us CPU, {} bytes an order; ratio of the five acts to the bare loop {:.2}",
        all.rate(orders),
        all.micros(orders),
        bytes.total() / int(orders),
        all_bare.wall.as_secs_f64() / acts.wall.as_secs_f64(),
    );
    bytes.print(int(orders));
}

/// The price of an act among few orders and among many.
async fn scale(many: usize) {
    const ACTS: usize = 1_000;
    println!("\nthe price of an act among {ACTS} orders and among {many}");
    let mut walls = Vec::new();
    for orders in [ACTS, many] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ours.db");
        Box::pin(Bureau::make(&path, orders)).await.close().await;
        let mut all = Spent::default();
        for step in CLEAN {
            let bureau = Bureau::open(&path).await;
            let wishes = bureau.wishes(step, ACTS);
            let (answers, spent) = timed_async(office::act_many(
                ActContext::new(&bureau.store, &bureau.live, ground::now()),
                wishes,
            ))
            .await;
            assert!(answers.iter().all(Result::is_ok), "acts that are lawful");
            all = all.and(spent);
            bureau.close().await;
        }
        let acts = CLEAN.len() * ACTS;
        println!(
            "  {orders:>7} orders: {:>7.1} us an act, {:>6.1} us CPU",
            1e6 / all.rate(acts),
            all.micros(acts)
        );
        walls.push(all.wall.as_secs_f64());
    }
    println!("ratio {:.2}; at most 1.5 wanted", walls[1] / walls[0]);
}

fn int(count: usize) -> i64 {
    i64::try_from(count).expect("a count")
}

fn float_of(count: u64) -> f64 {
    float(usize::try_from(count).expect("a count"))
}
