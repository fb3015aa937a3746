//! Histories made at random on a small bureau: acts with forms and photos, documents and blanks, people, imports, signals,
//! calendars, releases and overlays, passes, deliveries; some go on with the database that an earlier build wrote.
//!
//! Whatever happened, verifying finds nothing, and nothing after a repair either, which then changed nothing. The bureau's
//! policy is in `policy`, its people in `staff.csv`, what is changed in the policy in `edits.yaml`. `WUBU_HISTORIES` asks for
//! more of them, `WUBU_HISTORY` for one alone, verified after each deed; `--nocapture` shows what happened how often.

pub(crate) mod chance;
mod life;
mod orders;
mod papers;
mod staff;
mod world;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;
use wubu::office;

use life::{Deed, Life};

/// Histories lived through here.
const HISTORIES: u64 = 10;
/// Deeds of one history.
const DEEDS: u64 = 100;
/// Deeds between two verifications.
const APART: u64 = 20;
/// One in so many goes on with the kept database.
const KEPT: u64 = 10;
/// Histories lived through beside each other.
const LIVES: usize = 2;

/// What happens in any few histories.
const OFTEN: [&str; 36] = [
    "accept clock",
    "again",
    "apply",
    "bulk",
    "calendar",
    "claim",
    "close month",
    "complete",
    "decide",
    "delegation",
    "deliver",
    "hand in files",
    "import grids",
    "import inspections",
    "import officers",
    "import some columns",
    "import statuses",
    "import subjects",
    "issue blanks",
    "leave",
    "move subjects",
    "nudge",
    "open",
    "overlay",
    "pause",
    "post",
    "restart",
    "retry outbox",
    "rollback",
    "sign",
    "sign out",
    "tick",
    "tick that escalates",
    "tick that opens",
    "tick, stopped",
    "void",
];
/// What happens in many.
const SELDOM: [&str; 41] = [
    "add signer",
    "address",
    "approve",
    "approve for a day",
    "approve proposal",
    "cancel",
    "conflict",
    "copy",
    "correct",
    "delegate",
    "extend",
    "file",
    "file order",
    "fill",
    "give back",
    "import stations",
    "late",
    "left",
    "lose",
    "propose",
    "propose calendar",
    "recall",
    "resume",
    "retry",
    "return",
    "revoke",
    "seal",
    "send back",
    "serve",
    "sign with",
    "sign as second",
    "subject.closed",
    "subject.resumed",
    "subject.suspended",
    "submit",
    "take overlay away",
    "transfer",
    "use blank",
    "void blank as second",
    "void blank with",
    "waive",
];
/// So many histories are many.
const MANY: u64 = 500;

/// How often something was done, and refused, by what it was.
type Counts = BTreeMap<&'static str, [u64; 2]>;

#[test]
fn whatever_happened_verifies_and_does_after_a_repair() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let one: Option<u64> = number("WUBU_HISTORY");
    let (first, end) = match one {
        Some(one) => (one, one + 1),
        None => (0, number("WUBU_HISTORIES").unwrap_or(HISTORIES)),
    };
    let next = AtomicU64::new(first);
    let apart = if one.is_some() { 1 } else { APART };
    let live = || {
        let mut counts = Counts::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return counts;
            }
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            runtime.expect("a runtime").block_on(live_through(seed, apart, &mut counts));
        }
    };
    let mut counts = Counts::new();
    std::thread::scope(|scope| {
        let lives: Vec<_> = (0..LIVES).map(|_| scope.spawn(live)).collect();
        let all = lives.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>();
        for (kind, [done, refused]) in all.into_iter().flat_map(|counts| counts.expect("it verifies")) {
            let sum = counts.entry(kind).or_default();
            *sum = [sum[0] + done, sum[1] + refused];
        }
    });
    for (kind, [done, refused]) in &counts {
        println!("{done:>6} done {refused:>6} refused  {kind}");
    }
    let asked: &[&[&str]] = match end - first {
        1 => &[],
        few if few < MANY => &[&OFTEN],
        _ => &[&OFTEN, &SELDOM],
    };
    let is_done = |kind: &&&str| counts.get(**kind).is_some_and(|[done, _]| *done > 0);
    let missed: Vec<&&str> = asked.iter().copied().flatten().filter(|kind| !is_done(kind)).collect();
    assert!(missed.is_empty(), "never happened: {missed:?}");
}

/// Lives through one history.
async fn live_through(seed: u64, apart: u64, counts: &mut Counts) {
    let mut life = if seed % KEPT == KEPT - 1 { Life::kept(seed).await } else { Life::small(seed).await };
    let mut happened = Vec::new();
    for nth in 1..=DEEDS {
        life.wait();
        let Some(deed) = deed(&mut life).await else { continue };
        let count = counts.entry(deed.kind).or_default();
        count[usize::from(!deed.is_done())] += 1;
        happened.push(format!("{} {}", life.now, deed.told()));
        if apart == 1 {
            println!("{}", happened.last().expect("pushed"));
        }
        if nth % apart == 0 {
            let problems = life.problems().await;
            assert_eq!(problems, json!([]), "history {seed}: {happened:#?}");
        }
    }
    let by = life.somebody(&["机关负责人", "分管局长"]).await;
    let repaired = match office::repair(life.cx(), Some(&by)).await {
        Err(office::OfficeStop::Refused(_)) => office::repair(life.cx(), None).await,
        repaired => repaired,
    };
    let repaired = repaired.expect("repaired");
    assert!(repaired.repaired.is_empty(), "history {seed}: {:?} after {happened:#?}", repaired.repaired);
    assert_eq!(json!(repaired.verified.problems), json!([]), "history {seed}, after the repair");
    println!("history {seed}: {} deeds, {} orders", happened.len(), repaired.verified.orders);
}

/// Lets something happen; nothing where there is nothing to do it with.
async fn deed(life: &mut Life) -> Option<Deed> {
    match life.chance.below(100) {
        0..=13 => world::tick(life).await,
        14..=49 => orders::act(life).await,
        50..=52 => orders::again(life).await,
        53..=56 => orders::open(life).await,
        57 => orders::bulk(life).await,
        58 => orders::retry(life).await,
        59..=68 => papers::document(life).await,
        69 => papers::file(life).await,
        70..=74 => papers::blank(life).await,
        75 => papers::close_month(life).await,
        76..=79 => staff::lay_down(life).await,
        80 => staff::officers(life).await,
        81 => staff::places(life).await,
        82..=85 => world::subjects(life).await,
        86 => world::inspections(life).await,
        87 | 88 => world::signal(life).await,
        89 => world::calendar(life).await,
        90 | 91 => world::edit(life).await,
        92 => world::overlay(life).await,
        93 => world::approve(life).await,
        94 => world::rollback(life).await,
        95 => world::begin_again(life).await,
        _ => world::deliver(life).await,
    }
}
