//! What overlays in force cost: the same pass and the same acts with fifty of them and with none, in turn.
//!
//! They shorten terms and cycles and have more people told, over all stations; none asks for more rows, so that
//! what differs is the finding and using of the stations' own texts. Each side takes its turn in every round, and the
//! first of a round is the second of the next. CPU, because the disk's time says nothing of overlays.

use std::path::Path;

use wubu::office::{self, ActContext, ActiveRelease};

use crate::CLEAN;
use crate::bureau::Bureau;
use crate::ground::{self, STATIONS, Spent, timed_async, url};

/// Overlays in force.
const OVERLAYS: usize = 50;
/// A release is read so many times, because the system counts CPU in hundredths of a second.
const READINGS: usize = 20;
/// What is measured, each by itself, and how many of them a round has for each order.
const DEEDS: [&str; 3] = ["reading the release", "a tick: judging, opening", "an act"];

/// Compares; prints each deed's cost and ratio.
pub(crate) async fn compare(orders: usize, rounds: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    println!("\n{OVERLAYS} overlays in force at {} stations, against none; {orders} orders", STATIONS.len());
    let bases = ["none.db", "fifty.db"].map(|name| folder.path().join(name));
    for (base, count) in bases.iter().zip([0, OVERLAYS]) {
        let bureau = Bureau::prepared_under(&url(base), orders, with_overlays(count)).await;
        bureau.mark_all().await;
        bureau.close().await;
    }
    let mut all = [[Spent::default(); DEEDS.len()]; 2];
    for round in 0..rounds {
        for side in [round % 2, 1 - round % 2] {
            let path = folder.path().join("round.db");
            std::fs::copy(&bases[side], &path).expect("copies");
            for (sum, spent) in all[side].iter_mut().zip(Box::pin(measure(&path, orders)).await) {
                *sum = sum.and(spent);
            }
        }
    }
    let counts = [READINGS, orders, orders * CLEAN.len()].map(|count| count * rounds);
    println!("{:<26} {:>12} {:>12} {:>7}", "us of CPU", "none", "fifty", "ratio");
    for (at, deed) in DEEDS.iter().enumerate() {
        let [none, fifty] = all.map(|side| side[at].micros(counts[at]));
        println!("{deed:<26} {none:>12.1} {fifty:>12.1} {:>7.3}", fifty / none);
    }
    println!("at most 1.05 wanted of a tick and of an act");
}

/// Lives through one round in a copy.
async fn measure(path: &Path, orders: usize) -> [Spent; DEEDS.len()] {
    let bureau = Bureau::open(path).await;
    let ((), reading) = timed_async(async {
        for _ in 0..READINGS {
            office::live(&bureau.store).await.expect("reads").expect("a release");
        }
    })
    .await;
    let ((), tick) = timed_async(bureau.tick()).await;
    let mut acts = Spent::default();
    for step in CLEAN {
        let wishes = bureau.wishes(step, orders);
        assert_eq!(wishes.len(), orders, "an act for each order");
        let cx = ActContext::new(&bureau.store, &bureau.live, ground::now());
        let (answers, spent) = timed_async(office::act_many(cx, wishes)).await;
        for answer in answers {
            answer.expect("an act that is lawful");
        }
        acts = acts.and(spent);
    }
    bureau.close().await;
    [reading, tick, acts]
}

/// The bureau with so many overlays that are in force on the day of the tick, and end on different days.
fn with_overlays(count: usize) -> ActiveRelease {
    let base = ground::bureau();
    let mut texts = base.texts;
    for (at, station) in STATIONS.iter().enumerate() {
        let own: String =
            (0..count).filter(|n| n % STATIONS.len() == at).map(|n| overlay(n, station)).collect();
        if !own.is_empty() {
            texts.push((format!("stations/{station}/overlay.yaml"), own.into_bytes()));
        }
    }
    let report = office::examine_texts(texts, base.places);
    report.live.unwrap_or_else(|| panic!("{:?}", report.diagnostics))
}

fn overlay(n: usize, station: &str) -> String {
    let (last, days, months) = (14 + n % 15, 1 + n % 3, 1 + n % 2);
    format!(
        "- overlay: 细则{n}\n  station: {station}\n  base: {{five-step: \"000000\", tiers: \"000000\"}}\n  \
         valid: {{from: 2026-03-01, to: 2026-03-{last}}}\n  reason: 所务会\n  author: 所长\n  tighten:\n    \
         five-step.steps.review.due: {days} 工作日\n    five-step.steps.archive.due: {months} 工作日\n    \
         tiers.甲.cycle: {months} 个月\n    params.repeat_findings: 1\n  add:\n    \
         five-step.steps.revisit.overdue: [{{after: {days} 工作日, level: 2, tell: 副所长}}]\n"
    )
}
