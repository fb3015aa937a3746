//! What a tick costs over ten million subjects against a hundred thousand, with as many due.
//!
//! Timed is the reading and judging part: what the office asks of the store before it writes,
//! the order of picking, the caps, and the engine's decision for each order. The two registers
//! take turns in one run, first with nothing of their files in memory, then warm. At the end each
//! gets the whole pass by `office::tick`, writing included.
//!
//! One subject in a hundred is held, so what is counted of those grows with the register.
//! `asked` is what the process asked the system to read, cached or not: a look into the register
//! for each candidate would add a page of four kilobytes for each.
//!
//! Run with `cargo bench --bench tick_scale`; subjects of the large and of the small register,
//! due orders and rounds may follow `--`. The large one takes about 700 bytes of disk a subject.

mod ground;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use ground::{GRIDS, Read, STATIONS, TRIGGER, median, ms, now, number, timed_async, today};
use rusqlite::{Connection, params};
use wubu::dispatch::{self, CandidatePlace, CapUse, DueCandidate, cap_holder};
use wubu::engine::{self, DecisionContext, OrderHeader, OrderState};
use wubu::id::OrderId;
use wubu::office::{self, ActContext, ActiveRelease};
use wubu::policy::{CapPer, SubjectKind};
use wubu::store::bureau;
use wubu::store::bureau::GridRecord;
use wubu::store::{
    Checkpoint, Store, cap_counters, due, meta, people, reading, reappraisals, terms, watermarks,
};

/// Days over which the other subjects fall due.
const CYCLE: usize = 150;
/// One subject in so many is held.
const HELD: usize = 100;
const PER_BATCH: i64 = 10_000;
/// First argument of the process that makes a register.
const BUILD: &str = "build";

const PHASES: [&str; 6] = ["clock, marks", "held", "read due", "pick, cap", "decide", "all"];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).take(2).collect();
    if let [first, folder] = args.as_slice()
        && first == BUILD
    {
        return build(Path::new(folder), number(0, 0), number(1, 1));
    }
    let (large, small) = (number(0, 1_000_000), number(1, 100_000));
    let (due, rounds) = (number(2, 50_000), number(3, 9));
    ground::print_machine();
    let folder = tempfile::tempdir().expect("a folder");
    let begun = Instant::now();
    let paths = [large, small].map(|subjects| build_apart(folder.path(), subjects, due));
    println!("built registers of {large} and {small} subjects in {:.0} s", begun.elapsed().as_secs_f64());
    for path in &paths {
        println!("{:>10} MiB {}", mib(std::fs::metadata(path).map_or(0, |file| file.len())), name(path));
    }
    ground::block_on(compare(&paths, due, rounds));
}

async fn compare(paths: &[PathBuf; 2], due: usize, rounds: usize) {
    for path in paths {
        forget(path);
    }
    ground::forget_peak();
    let stores = [ground::open(&paths[0]).await, ground::open(&paths[1]).await];
    let live = office::live(&stores[0]).await.expect("reads").expect("active");
    println!("\n{due} due; milliseconds");
    print_head();
    for (store, path) in stores.iter().zip(paths) {
        let (phases, read) = measure(store, &live, due).await;
        print_line(&format!("{} cold", name(path)), phases, read);
    }
    let mut all: [Vec<[f64; 6]>; 2] = [Vec::new(), Vec::new()];
    let mut reads = [Read::default(); 2];
    for round in 0..=rounds {
        for (at, store) in stores.iter().enumerate() {
            let (phases, read) = measure(store, &live, due).await;
            if round > 0 {
                all[at].push(phases);
                reads[at] = read;
            }
        }
    }
    let medians =
        all.map(|runs| [0, 1, 2, 3, 4, 5].map(|at| median(runs.iter().map(|run| run[at]).collect())));
    for ((phases, path), read) in medians.iter().zip(paths).zip(reads) {
        print_line(&format!("{} warm", name(path)), *phases, read);
    }
    println!(
        "large / small, warm, median of {rounds}: {:.2} (at most 1.30 wanted)",
        medians[0][5] / medians[1][5]
    );
    println!("peak of the process: {} MiB (under 300 wanted)", ground::peak_mib());
    for store in stores {
        store.close().await;
    }
    for path in paths {
        ground::forget_peak();
        Box::pin(whole_pass(ground::open(path).await, &live, path, due)).await;
        println!("peak of the process in it: {} MiB", ground::peak_mib());
    }
}

/// Does what a pass does before it writes; returns milliseconds by phase, the last all of them,
/// and what was read.
async fn measure(store: &Store, live: &ActiveRelease, due: usize) -> ([f64; 6], Read) {
    let before = Read::so_far();
    let mut watch = Watch(Instant::now(), Vec::new());
    clock_and_marks(store, live).await;
    watch.lap();
    let mut reader = store.read().await.expect("reads");
    let newly = due::newly_held(&mut reader, TRIGGER, today()).rest().await.expect("reads");
    assert!(newly.is_empty());
    due::held(&mut reader, TRIGGER, today()).await.expect("reads");
    watch.lap();
    let officers = bureau::list::<GridRecord>(&mut reader).await.expect("reads");
    let officers: std::collections::BTreeMap<String, String> =
        officers.into_iter().filter_map(|grid| Some((grid.id, grid.officer?))).collect();
    let mut candidates: Vec<DueCandidate> =
        due::ready(&mut reader, TRIGGER, today()).rest().await.expect("reads");
    assert_eq!(candidates.len(), due);
    watch.lap();
    let workflow = live.policy.workflow(TRIGGER.workflow).expect("declared");
    let trigger = &workflow.start[0];
    dispatch::sort(&mut candidates, &trigger.pick, &live.policy, today());
    let known = cap_counters::of_period(&mut reader, TRIGGER, "officer", "2026-03").await.expect("reads");
    let mut used: CapUse =
        known.into_iter().map(|(whom, count)| (whom, u32::try_from(count).unwrap_or(0))).collect();
    let capped = dispatch::share(
        candidates.iter().enumerate(),
        |_| trigger.at_most,
        &mut used,
        |candidate| {
            let officer = candidate.grid.as_ref().and_then(|grid| officers.get(grid)).map(String::as_str);
            let DueCandidate { subject, station, grid, .. } = candidate;
            let grid = grid.as_deref();
            cap_holder(CapPer::Officer, CandidatePlace { subject, station, grid, officer })
        },
    );
    watch.lap();
    let roster = people::roster(&mut reader).await.expect("reads");
    for candidate in capped.taken.iter().map(|at| &candidates[*at]) {
        let cover = OrderHeader {
            id: OrderId { home: candidate.home.clone(), seq: 0 },
            number: String::new(),
            workflow: TRIGGER.workflow.to_owned(),
            subject_kind: SubjectKind::Subject,
            subject: candidate.subject.clone(),
            station: candidate.station.clone(),
            grid: candidate.grid.clone(),
            tier: Some(candidate.tier.clone()),
            scheduled_for: candidate.issue_on,
            issued_at: now(),
            due_on: candidate.due_on,
        };
        let order =
            engine::Order { cover, record: engine::OrderRecord::default(), state: OrderState::NotYet };
        let (policy, rules) = (&live.policy, &live.rules);
        let ground = DecisionContext { policy, rules, roster: &roster, subject: None, given: None };
        let outcome = engine::open(&ground, &order, None, now());
        std::hint::black_box(outcome.expect("no refusal"));
    }
    watch.lap();
    let laps = watch.1;
    ([laps[0], laps[1], laps[2], laps[3], laps[4], laps.iter().sum()], Read::since(before))
}

async fn clock_and_marks(store: &Store, live: &ActiveRelease) {
    let mut reader = store.read().await.expect("reads");
    meta::get(&mut reader, meta::LAST_TICK).await.expect("reads");
    watermarks::list(&mut reader).await.expect("reads");
    assert!(terms::firing(&mut reader, now(), PER_BATCH).await.expect("reads").is_empty());
    let mut tx = store.begin().await.expect("begins");
    reappraisals::add_changing(&mut tx, today()).await.expect("marks");
    assert!(
        reading::marked(&mut tx, &live.policy, &reading::HomeStretch::whole(), PER_BATCH)
            .await
            .expect("reads")
            .is_empty()
    );
    tx.commit().await.expect("commits");
}

/// Makes the whole pass and says what writing costs, and that the log is moved after it.
async fn whole_pass(store: Store, live: &ActiveRelease, path: &Path, due: usize) {
    let before = Read::so_far();
    let (report, spent) =
        timed_async(office::tick(ActContext::new(&store, live, now()), &AtomicBool::new(false))).await;
    assert_eq!(report.expect("a pass").opened, due as u64);
    let read = Read::since(before);
    let wal = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |file| file.len());
    let begun = Instant::now();
    store.checkpoint(Checkpoint::Truncate).await.expect("checkpoints");
    println!(
        "{}: whole pass {:.0} ms, {:.0} orders/s, asked {} MiB, fetched {} MiB; log {} MiB, checkpoint afterwards {:.0} ms",
        name(path),
        ms(spent.wall),
        spent.rate(due),
        mib(read.asked),
        mib(read.fetched),
        mib(wal),
        ms(begun.elapsed())
    );
    store.close().await;
}

/// Laps, in milliseconds.
struct Watch(Instant, Vec<f64>);

impl Watch {
    fn lap(&mut self) {
        let now = Instant::now();
        self.1.push(ms(now.duration_since(self.0)));
        self.0 = now;
    }
}

fn print_head() {
    print!("{:<18}", "subjects");
    for phase in PHASES {
        print!(" {phase:>12}");
    }
    println!(" {:>10} {:>11}", "asked MiB", "fetched MiB");
}

fn print_line(name: &str, phases: [f64; 6], read: Read) {
    print!("{name:<18}");
    for phase in &phases {
        print!(" {phase:>12.1}");
    }
    println!(" {:>10} {:>11}", mib(read.asked), mib(read.fetched));
}

fn mib(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Drops what the system keeps of a file; without the tool the first run is a warm one.
fn forget(path: &Path) {
    let file = format!("of={}", path.display());
    let _ = Command::new("dd")
        .args([&file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none"])
        .status();
}

/// Makes a register in a process of its own, so that what making it took is not held in this one.
fn build_apart(folder: &Path, subjects: usize, due: usize) -> PathBuf {
    let mut builder = Command::new(std::env::current_exe().expect("this program"));
    let sizes = [subjects.to_string(), due.to_string()];
    let built = builder.arg(BUILD).arg(folder).args(sizes).status().expect("the program starts");
    assert!(built.success(), "the register is not made");
    path_in(folder, subjects)
}

fn path_in(folder: &Path, subjects: usize) -> PathBuf {
    folder.join(format!("{subjects}.db"))
}

/// Makes a register with appraisals and due rows, each table in the order of its key.
fn build(folder: &Path, subjects: usize, due: usize) {
    let path = path_in(folder, subjects);
    ground::block_on(async {
        let store = ground::open(&path).await;
        office::activate(&store, ground::bureau(), "bench", now()).await.expect("activates");
        store.close().await;
    });
    let db = Connection::open(&path).expect("opens");
    db.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \
         PRAGMA cache_size = -65536; DROP INDEX subject_by_id; DROP INDEX appraisal_changes; BEGIN",
    )
    .expect("begins");
    write_subjects(&db, subjects);
    write_appraisals(&db, subjects);
    write_due(&db, subjects, (subjects / due).max(1));
    // As an import leaves them, but without an entry.
    db.execute_batch(
        "INSERT INTO head (chain, seq, hash, at) SELECT DISTINCT home, 0, printf('%064d', 0), '' FROM due",
    )
    .expect("writes");
    db.execute_batch(
        "CREATE INDEX subject_by_id ON subject (id); \
         CREATE INDEX appraisal_changes ON appraisal (changes_on) WHERE changes_on IS NOT NULL; COMMIT",
    )
    .expect("commits");
}

/// Sorted stations, so that a subject's number is its place in the order of keys.
fn home(n: usize, of: usize) -> &'static str {
    let mut sorted = STATIONS;
    sorted.sort_unstable();
    sorted[n * STATIONS.len() / of]
}

fn grid(n: usize, of: usize) -> String {
    let station = STATIONS.iter().position(|station| *station == home(n, of)).expect("a station");
    let each = GRIDS / STATIONS.len();
    ground::grid_id(station * each + n % each)
}

fn id(n: usize) -> String {
    format!("92320500{n:010}")
}

fn write_subjects(db: &Connection, of: usize) {
    let mut insert = db
        .prepare(
            "INSERT INTO subject (home, id, name, station, grid, lat, lon, statuses, last_patrol, attributes, digest) \
             VALUES (?, ?, ?, ?, ?, NULL, NULL, '[]', '2026-01-15', ?, ?)",
        )
        .expect("prepares");
    for n in 0..of {
        let attributes = format!(
            r#"{{"address":"示例街道{}号","area":"{}.5","credit":"B","industry":"52{:02}","key_area":"false","registered":"2019-05-06","warned":"false"}}"#,
            n % 999,
            n % 900,
            n % 90 + 10
        );
        let name = format!("示例街道第{n}号便民食品商店");
        let digest = format!("{:064x}", (n as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
        let home = home(n, of);
        insert.execute(params![home, id(n), name, home, grid(n, of), attributes, digest]).expect("writes");
    }
}

fn write_appraisals(db: &Connection, of: usize) {
    let mut insert = db
        .prepare(
            "INSERT INTO appraisal (home, subject, tier, score, decision, undecided, decided_on, changes_on, next, due_keys) \
             VALUES (?, ?, '甲', ?, ?, NULL, '2026-03-01', ?, ?, ?)",
        )
        .expect("prepares");
    let next = r#"[{"due":{"nominal":"2026-05-10","due":"2026-05-09","issue_on":"2026-04-24","provisional":false},"raised":false}]"#;
    for n in 0..of {
        // A finding leaves the window, or a status begins, for three in ten.
        let changes = (n % 10 < 3).then(|| issue_day(n % 300 + 1));
        let keys =
            format!(r#"[["{}","{}","{}"]]"#, TRIGGER.workflow, TRIGGER.trigger, issue_day(n % CYCLE + 1));
        let decision = format!("{:016x}", n % 5_000);
        let score = (n % 97).to_string();
        insert.execute(params![home(n, of), id(n), score, decision, changes, next, keys]).expect("writes");
    }
}

/// Writes of each home first what is ready today, then what is ready later, then what is held: the order of the key.
fn write_due(db: &Connection, of: usize, step: usize) {
    let mut insert = db
        .prepare(
            "INSERT INTO due (home, workflow, \"trigger\", held, issue_on, subject, nominal, due_on, provisional, \
             station, grid, tier, score, decision, reason) \
             VALUES (?, ?, ?, ?, ?, ?, '2026-03-28', '2026-03-27', 0, ?, ?, '甲', ?, ?, ?)",
        )
        .expect("prepares");
    let mut write = |n: usize, held: i64, days: usize, reason: Option<&str>| {
        let (home, decision) = (home(n, of), format!("{:016x}", n % 5_000));
        let score = (n % 97).to_string();
        insert
            .execute(params![
                home,
                TRIGGER.workflow,
                TRIGGER.trigger,
                held,
                issue_day(days),
                id(n),
                home,
                grid(n, of),
                score,
                decision,
                reason
            ])
            .expect("writes");
    };
    let is_due = |n: usize| n.is_multiple_of(step);
    let is_held = |n: usize| !is_due(n) && n % HELD == HELD / 2 + 1;
    for nth in 0..STATIONS.len() {
        let [from, to] = [nth, nth + 1].map(|nth| (nth * of).div_ceil(STATIONS.len()));
        (from..to).filter(|n| is_due(*n)).for_each(|n| write(n, 0, 0, None));
        for days in 1..=CYCLE {
            let first = from + (days - 1 + CYCLE - from % CYCLE) % CYCLE;
            let of_day = (first..to).step_by(CYCLE).filter(|n| !is_due(*n) && !is_held(*n));
            of_day.for_each(|n| write(n, 0, days, None));
        }
        (from..to).filter(|n| is_held(*n)).for_each(|n| write(n, 2, 0, Some("overlap")));
    }
}

/// The day of the tick and so many after it, as text.
fn issue_day(days: usize) -> String {
    (today() + chrono::Days::new(days as u64)).to_string()
}
