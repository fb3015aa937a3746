//! How fast a file of subjects is taken into an empty register, and the same file again.
//!
//! The office's own import: reading, decoding and checking in one thread, putting in order in
//! another, then the store, fifty thousand rows a transaction, every row digested, marked and
//! summed. The file has eight columns and its ids are in no order. The first appraisal is timed apart; so is the pass after
//! one subject has changed.
//!
//! Run with `cargo bench --bench import`; a number of subjects and of rounds may follow `--`.

mod ground;

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use ground::{GRIDS, Spent, median, number, timed_async};
use wubu::lang::Lang;
use wubu::office::{self, ActContext, ActiveRelease, ImportReport, ImportSource};
use wubu::policy::ImportKind;
use wubu::store::{Access, Checkpoint, Store};
use wubu::time::Stamp;

const HEADINGS: &str = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n";
const INDUSTRIES: [&str; 6] = ["5223", "5299", "6210", "6220", "5211", "5145"];

fn main() {
    let (rows, rounds) = (number(0, 1_000_000), number(1, 3));
    ground::print_machine();
    println!("importing {rows} subjects of eight columns into an empty register");
    println!(
        "{:>6} {:>12} {:>10} {:>12} {:>14} {:>14} {:>10}",
        "round", "rows/s", "CPU us", "again/s", "appraised/s", "one changed", "peak MiB"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let whole = file(folder.path(), "all.csv", 0..rows, "B");
    let one = file(folder.path(), "one.csv", rows / 2..rows / 2 + 1, "D");
    let mut firsts = Vec::new();
    for round in 1..=rounds {
        let first = ground::block_on(run(round, rows, &whole, &one));
        firsts.push(first);
    }
    println!("median {:>12.0} rows/s; at least 100000 wanted", median(firsts));
}

async fn run(round: usize, rows: usize, whole: &Path, one: &Path) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let url = ground::url(&folder.path().join("import.db"));
    let store = Store::open(&url, Access::Write).await.expect("opens");
    let live = office::activate(&store, ground::bureau(), "bench", before()).await.expect("activates");
    ground::forget_peak();
    let (first, spent) = Box::pin(take(&store, &live, whole)).await;
    assert_eq!((first.added, first.rejected), (rows as u64, 0));
    let (second, again) = Box::pin(take(&store, &live, whole)).await;
    assert_eq!((second.unchanged, second.added + second.changed), (rows as u64, 0));
    store.checkpoint(Checkpoint::Truncate).await.expect("checkpoints");
    let all = pass(&store, &live, before(), rows).await;
    let (third, _) = Box::pin(take(&store, &live, one)).await;
    assert_eq!(third.changed, 1);
    let one = pass(&store, &live, "2026-03-12T22:01:00Z".parse().expect("a moment"), 1).await;
    println!(
        "{round:>6} {:>12.0} {:>10.1} {:>12.0} {:>14.0} {:>12.1}ms {:>10}",
        spent.rate(rows),
        spent.micros(rows),
        again.rate(rows),
        all.rate(rows),
        ground::ms(one.wall),
        ground::peak_mib()
    );
    store.close().await;
    spent.rate(rows)
}

/// An hour before the firing of the day, so that a pass appraises and opens nothing.
fn before() -> Stamp {
    "2026-03-12T22:00:00Z".parse().expect("a moment")
}

async fn take(store: &Store, live: &ActiveRelease, path: &Path) -> (ImportReport, Spent) {
    let source = ImportSource {
        kind: ImportKind::Subjects,
        map: "default".to_owned(),
        path: path.to_owned(),
        lang: Lang::Zh,
        by: None,
        is_trial: false,
    };
    let file = File::open(path).expect("opens");
    let (done, spent) = Box::pin(timed_async(office::import(
        ActContext::new(store, live, ground::now()),
        &source,
        file,
        |_, _| {},
    )))
    .await;
    (done.expect("imports"), spent)
}

/// Makes a pass, which appraises so many.
async fn pass(store: &Store, live: &ActiveRelease, at: Stamp, appraised: usize) -> Spent {
    let (report, spent) =
        timed_async(office::tick(ActContext::new(store, live, at), &AtomicBool::new(false))).await;
    let report = report.expect("a pass");
    assert_eq!((report.appraised, report.undecided, report.opened), (appraised as u64, 0, 0));
    spent
}

/// Writes a file of subjects.
fn file(folder: &Path, name: &str, numbers: std::ops::Range<usize>, credit: &str) -> PathBuf {
    let mut text = String::from(HEADINGS);
    for n in numbers {
        let (id, grid) = (ground::credit_code(n), n % GRIDS);
        let (station, grid) = (ground::station_of(grid), ground::grid_id(grid));
        let (industry, month, day) = (INDUSTRIES[n % INDUSTRIES.len()], n % 12 + 1, n % 28 + 1);
        let patrol = format!("2026-{:02}-{day:02}", n % 2 + 1);
        writeln!(
            text,
            "{id},示例街道第{n}号便民食品商店,{station},{grid},{industry},2019-{month:02}-{day:02},{credit},{patrol}"
        )
        .expect("writes");
    }
    let path = folder.join(name);
    std::fs::write(&path, text).expect("writes");
    path
}
