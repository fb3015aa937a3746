//! What every bench stands on: a bureau, due rows, a stop watch and what the system says of this process.
//!
//! The bureau is the one that comes with the program; only its cap is raised, so that fifty thousand
//! orders can be opened for twenty-four officers on one day.

#![expect(dead_code, reason = "each bench uses a part")]

pub(crate) mod bare;

use std::path::Path;
use std::time::{Duration, Instant};

use wubu::dispatch::DueCandidate;
use wubu::id::TriggerId;
use wubu::lang::Lang;
use wubu::ledger::Body;
use wubu::office::{self, ActiveRelease};
use wubu::store::due::DueRow;
use wubu::store::ledger::{self, EntryAuthor};
use wubu::store::{Access, Holder, Store, appraisals};
use wubu::time::{Day, Stamp};

/// The program's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The stations of the shipped bureau, in the order of its grids: four grids to each.
pub(crate) const STATIONS: [&str; 6] = ["dongguan", "xihe", "nanmen", "beishan", "chengzhong", "kaifa"];
/// Rows of one transaction.
pub(crate) const PER_TRANSACTION: usize = 10_000;
/// Grids of the shipped bureau.
pub(crate) const GRIDS: usize = 24;
/// The trigger that opens orders.
pub(crate) const TRIGGER: TriggerId<&str> = TriggerId { workflow: "five-step", trigger: "cycle" };
/// The shipped cap, and the one that lets fifty thousand through.
const CAP: (&str, &str) = ("at_most: 40 per officer", "at_most: 100000 per officer");

/// The day of the tick, a working Friday.
pub(crate) fn today() -> Day {
    day("2026-03-13")
}

/// The moment of the firing on that day: 07:00 in Shanghai.
pub(crate) fn now() -> Stamp {
    "2026-03-12T23:00:00Z".parse().expect("a moment")
}

/// Parses a day.
pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The shipped policy with its cap raised.
pub(crate) fn bureau() -> ActiveRelease {
    let shipped = office::load_shipped(Lang::Zh).expect("the shipped policy is sound");
    let raise = |(path, bytes): (String, Vec<u8>)| {
        let text = String::from_utf8(bytes).expect("UTF-8");
        (path, text.replace(CAP.0, CAP.1).into_bytes())
    };
    let texts = shipped.texts.into_iter().map(raise).collect();
    office::examine_texts(texts, shipped.places).live.expect("the raised cap is sound")
}

/// Opens a database as a daemon does.
pub(crate) async fn open(path: &Path) -> Store {
    open_at(&url(path)).await
}

/// The same, by its address.
pub(crate) async fn open_at(url: &str) -> Store {
    let holder = Holder { pid: std::process::id(), host: "bench".to_owned(), since: Stamp::from_micros(0) };
    Store::open(url, Access::Daemon { holder }).await.expect("opens")
}

/// The address of a database.
pub(crate) fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// Runs on as many threads as the daemon does.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

/// The station of the grid with that index.
pub(crate) fn station_of(grid: usize) -> &'static str {
    STATIONS[grid / (GRIDS / STATIONS.len())]
}

/// The id of the grid with that index.
pub(crate) fn grid_id(grid: usize) -> String {
    format!("G{:02}", grid + 1)
}

/// A score that is not the same for all.
#[expect(clippy::cast_precision_loss, reason = "it is below a hundred")]
pub(crate) fn score(n: usize) -> f64 {
    (n % 97) as f64 + 0.5
}

/// Begins the chains of the stations, as an import does: what is due is looked for home by home.
pub(crate) async fn begin_homes(store: &Store) {
    let body = Body::Imported {
        what: "subjects".to_owned(),
        file: "bench".to_owned(),
        added: 0,
        changed: 0,
        unchanged: 0,
        now: (0, String::new()),
    };
    let mut tx = store.begin_on(STATIONS).await.expect("begins");
    let author = EntryAuthor { actor: "bench", at: now() };
    ledger::append_many(&mut tx, STATIONS.map(|home| (home, &body)), author).await.expect("appends");
    tx.commit().await.expect("commits");
}

/// Makes so many subjects due, each with a score.
pub(crate) async fn make_due(store: &Store, count: usize, score: impl Fn(usize) -> f64) {
    begin_homes(store).await;
    let numbers: Vec<usize> = (0..count).collect();
    for piece in numbers.chunks(PER_TRANSACTION) {
        let rows: Vec<appraisals::AppraisalRow> = piece.iter().map(|n| appraisal(*n, score(*n))).collect();
        let mut tx = store.begin_on(STATIONS).await.expect("begins");
        appraisals::save_many(&mut tx, &rows).await.expect("saves");
        tx.commit().await.expect("commits");
    }
}

/// An appraisal whose subject is due on the day of the tick.
pub(crate) fn appraisal(n: usize, score: f64) -> appraisals::AppraisalRow {
    let grid = n % GRIDS;
    let home = station_of(grid).to_owned();
    let subject = credit_code(n);
    let candidate = DueCandidate {
        home: home.clone(),
        subject: subject.clone(),
        issue_on: today(),
        nominal: day("2026-03-28"),
        due_on: day("2026-03-27"),
        is_provisional: false,
        station: home.clone(),
        grid: Some(grid_id(grid)),
        tier: "甲".to_owned(),
        score: Some(score),
        decision: format!("{:016x}", n % 500),
        held: None,
    };
    let said = appraisals::AppraisalText {
        tier: Some("甲".to_owned()),
        score: Some(score.to_string()),
        decision: Some(candidate.decision.clone()),
        undecided: None,
        decided_on: today(),
        changes_on: None,
        next: "[]".to_owned(),
    };
    appraisals::AppraisalRow {
        home,
        subject,
        said,
        due: vec![DueRow { trigger: TRIGGER.to_owned(), candidate }],
    }
}

/// An invented code in no order, eighteen characters with the check character that belongs to it.
pub(crate) fn credit_code(n: usize) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    // 31^9 codes of nine characters; the factor is odd and no multiple of 31, so none comes twice.
    let mut rest = (n as u64 + 1) * 8_765_432_101 % 26_439_622_160_671;
    let mut worth: Vec<u64> = vec![9, 2, 3, 2, 0, 5, 0, n as u64 % 7];
    for _ in 0..9 {
        worth.push(rest % 31);
        rest /= 31;
    }
    let (mut sum, mut weight) = (0, 1);
    for one in &worth {
        sum = (sum + one * weight) % 31;
        weight = weight * 3 % 31;
    }
    worth.push((31 - sum) % 31);
    worth.into_iter().map(|one| char::from(ALPHABET[usize::try_from(one).expect("below 31")])).collect()
}

/// The n-th argument that is a number.
pub(crate) fn number(nth: usize, default: usize) -> usize {
    std::env::args().filter_map(|arg| arg.parse().ok()).nth(nth).unwrap_or(default)
}

/// Time something took: on the wall, and of all threads together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spent {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
}

impl Spent {
    /// Things a second.
    pub(crate) fn rate(self, count: usize) -> f64 {
        float(count) / self.wall.as_secs_f64()
    }

    /// Both, one after the other.
    pub(crate) fn and(self, next: Self) -> Self {
        Self { wall: self.wall + next.wall, cpu: self.cpu + next.cpu }
    }

    /// Microseconds of CPU for each thing.
    pub(crate) fn micros(self, count: usize) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / float(count)
    }
}

/// A count as a float.
pub(crate) fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("fewer than four billion"))
}

/// Milliseconds.
pub(crate) fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Times work.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (wall, cpu) = (Instant::now(), cpu_time());
    let out = work();
    (out, Spent { wall: wall.elapsed(), cpu: cpu_time().saturating_sub(cpu) })
}

/// Times work that waits.
pub(crate) async fn timed_async<T>(work: impl Future<Output = T>) -> (T, Spent) {
    let (wall, cpu) = (Instant::now(), cpu_time());
    let out = work.await;
    (out, Spent { wall: wall.elapsed(), cpu: cpu_time().saturating_sub(cpu) })
}

/// CPU time of this process, all threads; zero where the system does not tell it this way.
fn cpu_time() -> Duration {
    const TICKS_PER_SECOND: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in brackets, may hold blanks; utime and stime are the 12th and
    // 13th field after it.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND)
}

/// Bytes this process has read: asked of the system (`rchar`), and fetched from the disk for it
/// (`read_bytes`). Zero where the system does not tell.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Read {
    pub(crate) asked: u64,
    pub(crate) fetched: u64,
}

impl Read {
    /// Up to now.
    pub(crate) fn so_far() -> Self {
        let text = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
        let of = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        Self { asked: of("rchar:").unwrap_or(0), fetched: of("read_bytes:").unwrap_or(0) }
    }

    /// Since a moment before.
    pub(crate) fn since(before: Self) -> Self {
        let now = Self::so_far();
        Self { asked: now.asked - before.asked, fetched: now.fetched - before.fetched }
    }
}

/// Most memory the process has held since [`forget_peak`], in MiB; zero where the system does not tell.
pub(crate) fn peak_mib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
}

/// Begins a new peak, so that what preparing held does not count.
pub(crate) fn forget_peak() {
    // Where the system has no such file, the peak includes the preparing; it is never too low.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Says on what this runs.
pub(crate) fn print_machine() {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("?");
    println!("machine: {} × {cores}, load {load} at the start", model.unwrap_or("?"));
}
