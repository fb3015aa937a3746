//! Several daemons beside each other: whoever opens what, each order is opened once.
//!
//! The demo's bureau is dispatched for some days by one daemon, by several at once that do not know of each other, by
//! several that share the work, and by several of which one is killed or stopped in the middle of every pass. What comes
//! of it is the same. `WUBU_KILLS` and `WUBU_STOPS` ask for more kills and stops, as a release does; a stop takes the
//! time after which the others go on without the one that is stopped.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Barrier, LazyLock};
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;
use wubu::lang::Lang;
use wubu::office::{self, ActContext, ActiveRelease};
use wubu::store::{Access, Holder, Store};
use wubu::time::Stamp;

use super::bureau::moment;
use super::run;
use crate::database;

/// Days that are dispatched.
const DAYS: i64 = 9;
/// Daemons at once.
const DAEMONS: u32 = 3;
/// Kills and stops made here.
const KILLS: usize = 5;
const STOPS: usize = 1;
/// Where the process that is killed finds its database, and the day it dispatches.
const DAY: &str = "WUBU_TEST_DAY";
/// How long the one that is stopped lies: longer than the others wait for it.
const LYING: Duration = Duration::from_secs(16);

/// The demo's bureau on the evening before the first day.
struct Demo {
    folder: tempfile::TempDir,
}

impl Demo {
    fn new() -> Self {
        let demo = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        run(async {
            let store = demo.open(Access::Write).await;
            let proposed = office::load_shipped(Lang::Zh).expect("it loads");
            let live = office::activate(&store, proposed, "demo", noon(-1)).await.expect("a release");
            let (cx, never) = (ActContext::new(&store, &live, noon(0)), AtomicBool::new(false));
            office::make_sample(cx, &never).await.expect("made").expect("there was none");
            store.close().await;
        });
        demo
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("wubu.db")
    }

    async fn open(&self, access: Access) -> Store {
        Store::open(&database::url(&self.file()), access).await.expect("opens")
    }

    /// Returns each order by its key, and each firing with what it opened; after looking that numbers have no gap and
    /// that the record tells the same.
    fn outcome(&self) -> Outcome {
        run(async {
            let store = self.open(Access::Read).await;
            let live = office::live(&store).await.expect("compiles").expect("a release");
            let verified = office::verify(&store, &live).await.expect("verified");
            assert!(verified.problems.is_empty(), "{:?}", verified.problems);
            store.close().await;
        });
        let gaps = "SELECT home, COUNT(*), MAX(seq) FROM orders GROUP BY home HAVING COUNT(*) <> MAX(seq)";
        assert_eq!(
            database::rows(&self.file(), gaps),
            Vec::<Vec<Value>>::new(),
            "running numbers have no gap"
        );
        let read = |sql| database::rows(&self.file(), sql);
        Outcome {
            orders: read(
                "SELECT home, subject, workflow, \"trigger\", nominal FROM orders ORDER BY 1, 2, 3, 4, 5",
            ),
            firings: read(
                "SELECT workflow, \"trigger\", nominal, outcome, opened FROM occurrence ORDER BY 1, 2, 3",
            ),
            counted: read(
                "SELECT workflow, \"trigger\", per, whom, period, CAST(SUM(opened) AS BIGINT) FROM tally \
                 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
            ),
        }
    }
}

/// What came of some days.
struct Outcome {
    orders: Vec<Vec<Value>>,
    firings: Vec<Vec<Value>>,
    counted: Vec<Vec<Value>>,
}

impl Outcome {
    /// Panics with the first rows in which it differs from what one daemon does.
    fn is_as_of_one(&self, told: &str) {
        static ONE: LazyLock<Outcome> = LazyLock::new(|| {
            let demo = Demo::new();
            dispatch(&demo, 1, |_| Access::Write);
            demo.outcome()
        });
        assert!(ONE.orders.len() > 300, "there is something to open: {}", ONE.orders.len());
        for (ours, theirs) in
            [(&self.orders, &ONE.orders), (&self.firings, &ONE.firings), (&self.counted, &ONE.counted)]
        {
            let differ = ours.iter().zip(theirs).find(|(ours, theirs)| ours != theirs);
            assert_eq!((differ, ours.len()), (None, theirs.len()), "{told}");
        }
    }
}

fn noon(day: i64) -> Stamp {
    moment("2026-03-02T12:00").plus(TimeDelta::days(day))
}

fn holder(nth: u32) -> Holder {
    Holder { pid: nth, host: "here".to_owned(), since: noon(0) }
}

/// Makes passes at a moment until nothing is left that others are at; returns how many orders they opened.
///
/// One whose transaction the server has ended tries again, as a daemon does.
async fn pass(store: &Store, at: Stamp, may_fail: bool) -> u64 {
    let live: ActiveRelease = office::live(store).await.expect("compiles").expect("a release");
    let mut opened = 0;
    loop {
        let signed = store.sign_in().await;
        assert!(may_fail || signed.is_ok(), "{signed:?}");
        let cx = ActContext::new(store, &live, at);
        match office::tick(cx, &AtomicBool::new(false)).await {
            Ok(report) => {
                opened += report.opened;
                if report.is_whole {
                    return opened;
                }
            }
            Err(stop) => assert!(may_fail, "{stop:?}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Lets several daemons dispatch all days at once, each on a thread of its own; returns how many orders each opened.
fn dispatch(demo: &Demo, daemons: u32, access: impl Fn(u32) -> Access + Sync) -> Vec<u64> {
    let together = Barrier::new(usize::try_from(daemons).expect("few"));
    let one = |nth| {
        run(async {
            let store = demo.open(access(nth)).await;
            store.sign_in().await.expect("it may");
            let mut opened = 0;
            for day in 1..=DAYS {
                together.wait();
                opened += pass(&store, noon(day), false).await;
            }
            store.sign_out().await.expect("it goes");
            store.close().await;
            opened
        })
    };
    std::thread::scope(|scope| {
        let one = &one;
        let all: Vec<_> = (0..daemons).map(|nth| scope.spawn(move || one(nth))).collect();
        all.into_iter().map(|daemon| daemon.join().expect("it lives")).collect()
    })
}

#[test]
fn several_that_do_not_know_of_each_other_open_each_order_once() {
    if !database::is_postgres() {
        // A file has one daemon.
        return;
    }
    let demo = Demo::new();
    dispatch(&demo, DAEMONS, |_| Access::Write);
    demo.outcome().is_as_of_one("unknown to each other");
}

#[test]
fn several_that_share_the_work_open_each_order_once() {
    if !database::is_postgres() {
        return;
    }
    let demo = Demo::new();
    let opened = dispatch(&demo, DAEMONS, |nth| Access::Daemon { holder: holder(nth) });
    let outcome = demo.outcome();
    outcome.is_as_of_one("with shares");
    let all: u64 = opened.iter().sum();
    assert!(opened.iter().all(|opened| opened * 6 > all), "each opens its part: {opened:?}");
}

fn wanted(name: &str, here: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(here)
}

/// How one of the daemons is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CutOff {
    Killed,
    /// It is stopped past its share of the work, and goes on then.
    Stopped,
}

#[test]
fn one_that_is_killed_in_the_middle_of_a_pass_leaves_it_to_the_others() {
    cut_off(CutOff::Killed, wanted("WUBU_KILLS", KILLS));
}

#[test]
fn one_that_is_stopped_past_its_share_harms_nothing_when_it_goes_on() {
    cut_off(CutOff::Stopped, wanted("WUBU_STOPS", STOPS));
}

/// Lets two processes dispatch a day, cuts one of them off in the middle of it, and so on.
fn cut_off(how: CutOff, times: usize) {
    if !database::is_postgres() {
        return;
    }
    let (mut landed, mut lives, mut opened) = (0, 0, 0);
    while landed < times {
        let demo = Demo::new();
        lives += 1;
        for day in 1..=DAYS {
            let [mut one, mut other] = [0, 1].map(|nth| dispatching(&demo.file(), nth, day));
            if landed < times {
                // Spread over what a pass takes, without chance: the golden ratio does.
                let share = f64::from(u32::try_from(landed * 97 + lives).expect("few")) * 0.618_033_988_7;
                std::thread::sleep(Duration::from_secs_f64(0.05 + 0.4 * share.fract()));
                landed += usize::from(cut(&mut one, &mut other, how));
            }
            // Whoever was killed has left the rest to the other; whoever was stopped ends as well.
            assert!(other.wait().expect("an end").success(), "day {day}, {how:?}");
            let ended = one.wait().expect("an end");
            assert!(ended.success() || how == CutOff::Killed, "day {day}: {ended:?}");
        }
        let outcome = demo.outcome();
        opened += outcome.orders.len();
        outcome.is_as_of_one(&format!("{how:?}, life {lives}"));
    }
    println!("{landed} daemons {how:?} in {lives} lives; {opened} orders, each once");
}

/// Cuts off a daemon while it is at work; says whether it was.
fn cut(one: &mut Child, other: &mut Child, how: CutOff) -> bool {
    if one.try_wait().expect("a status").is_some() {
        return false;
    }
    match how {
        CutOff::Killed => one.kill().expect("a kill"),
        CutOff::Stopped => {
            signal(one, "-STOP");
            // The other ends without it.
            std::thread::sleep(LYING);
            assert!(other.try_wait().expect("a status").is_some(), "it waits for the one that is stopped");
            signal(one, "-CONT");
        }
    }
    true
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success(), "{name}");
}

/// Starts a process that dispatches a day.
fn dispatching(file: &Path, nth: u32, day: i64) -> Child {
    Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "dispatch::beside::one_process_dispatches_a_day", "--nocapture"])
        .env(database::ADDRESS, database::url(file))
        .env(DAY, format!("{nth}:{day}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts")
}

/// Run by itself it dispatches one day of a bureau of its own; the tests above start it in processes that they cut off.
#[test]
fn one_process_dispatches_a_day() {
    if let Ok(told) = std::env::var(DAY) {
        let (nth, day) = told.split_once(':').expect("two numbers");
        let access = Access::Daemon { holder: holder(nth.parse().expect("a number")) };
        let address = std::env::var(database::ADDRESS).expect("an address");
        dispatch_day(&address, access, day.parse().expect("a number"));
        return;
    }
    let demo = Demo::new();
    let count = || database::rows(&demo.file(), "SELECT COUNT(*) FROM orders");
    let before = count();
    dispatch_day(&database::url(&demo.file()), Access::Daemon { holder: holder(0) }, 1);
    assert_ne!(count(), before, "there is something to open");
    let _ = demo.outcome();
}

fn dispatch_day(address: &str, access: Access, day: i64) {
    run(async {
        let store = Store::open(address, access).await.expect("opens");
        pass(&store, noon(day), true).await;
        store.sign_out().await.expect("it goes");
        store.close().await;
    });
}
