//! kill −9 in the middle of a tick: the orders are those of one uninterrupted tick.
//!
//! The bureau is the shipped one without its cap, so that all who are due get an order, in two
//! transactions; the kills land before, in and between them. `WUBU_KILLS` asks for more kills,
//! as a release does, and `--nocapture` shows where they landed.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::Value;

use super::{Desk, copy_policy, root};

/// Subjects due in the killed tick.
const DUE: u32 = 20_000;
/// Kills made here.
const KILLS: u32 = 5;
/// So many kills apart, the whole record is verified too; it takes as long as several ticks.
const VERIFY_EVERY: u32 = 10;
/// The tick that is killed, ten days after the one before: scenario A12, a catching up.
const AT: [&str; 3] = ["tick", "--at", "2026-03-02T12:00"];
/// What a tick leaves behind for orders; the same to the last column, however it was cut up.
const TABLES: [&str; 5] = ["orders", "term", "outbox", "due", "occurrence"];

/// Where kills landed, by what was committed then.
#[derive(Debug, Default)]
struct Landed {
    before_first_commit: u32,
    between_commits: u32,
    after_last_commit: u32,
}

impl Landed {
    fn count(&mut self, orders: u32) {
        match orders {
            0 => self.before_first_commit += 1,
            DUE => self.after_last_commit += 1,
            _ => self.between_commits += 1,
        }
    }

    fn all(&self) -> u32 {
        self.before_first_commit + self.between_commits + self.after_last_commit
    }
}

#[test]
fn orders_after_kills_are_those_of_one_uninterrupted_tick() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    uncapped(folder.path());
    let prepared = Desk::new(folder.path());
    prepare(&prepared);

    let calm = copy_of(&prepared, folder.path());
    let began = Instant::now();
    let report = calm.json(AT);
    let whole = began.elapsed();
    assert_eq!(report["opened"], DUE, "{report}");
    let outcomes = report["occurrences"].as_array().expect("a list");
    assert!(outcomes.iter().any(|firing| firing["outcome"] == "caught-up"), "{report}");
    let began = Instant::now();
    assert_eq!(calm.json(AT)["opened"], 0);
    let idle = began.elapsed();

    let wanted = std::env::var("WUBU_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let (mut landed, mut round) = (Landed::default(), 0_u32);
    while landed.all() < wanted {
        round += 1;
        assert!(round < wanted * 20 + 20, "the kills do not land inside a tick");
        let desk = copy_of(&prepared, folder.path());
        // Spread over what a tick takes beyond one that finds nothing to do, without chance: the
        // golden ratio does.
        let share = (f64::from(round) * 0.618_033_988_7).fract();
        if !is_killed(&desk, idle + whole.saturating_sub(idle).mul_f64(share)) {
            continue;
        }
        landed.count(committed(&copy_of(&desk, folder.path())));
        desk.json(AT);
        assert_same(&desk, &calm, share);
        if landed.all() % VERIFY_EVERY == 0 || landed.all() == wanted {
            let verified = desk.json(["verify"]);
            assert_eq!(verified["problems"], Value::Array(Vec::new()), "after a kill at {share} of the tick");
        }
    }
    println!("{round} ticks of {DUE} due, {whole:.1?} each; kills landed: {landed:?}");
}

/// Copies the shipped policy and takes its cap away.
fn uncapped(folder: &Path) {
    copy_policy(&root(), folder);
    let file = folder.join("workflows/five-step.yaml");
    let text = std::fs::read_to_string(&file).expect("the shipped workflow");
    let without: String =
        text.split_inclusive('\n').filter(|line| !line.contains("at_most: 40 per")).collect();
    assert_ne!(text, without, "the shipped cap is written another way now");
    std::fs::write(&file, without).expect("a file");
}

/// Makes a database in which `DUE` subjects fall due on 2026-03-02 and none before.
fn prepare(desk: &Desk) {
    let mut subjects = String::from(
        "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,\
         信用等级,警示标志,重点区域,经营面积,经营地址,状态,状态日期,上次巡查,纬度,经度\n",
    );
    let mut inspections = String::from("编号,统一社会信用代码,日期,结果,重大问题数,一般问题数\n");
    let stations = stations(desk);
    for (at, station) in (0..DUE).zip(stations.iter().cycle()) {
        let _ = writeln!(subjects, "试-{at:06},试验店{at},{station},,5223,2020-01-01,B,否,否,,,,,,,");
        let _ = writeln!(inspections, "查-{at:06},试-{at:06},2026-01-15,符合,0,0");
    }
    let write = |name: &str, text: &str| std::fs::write(desk.path(name), text).expect("a file");
    write("subjects.csv", &subjects);
    write("inspections.csv", &inspections);
    let file = |name: &str| desk.path(name).display().to_string();
    assert_eq!(desk.json(["import", "subjects", &file("subjects.csv")])["added"], DUE);
    assert_eq!(desk.json(["import", "inspections", &file("inspections.csv")])["added"], DUE);
    assert_eq!(desk.json(["tick", "--at", "2026-02-20T12:00"])["opened"], 0);
}

fn stations(desk: &Desk) -> Vec<String> {
    let csv = std::fs::read_to_string(desk.policy.join("register/stations.csv")).expect("stations");
    csv.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect()
}

/// Puts a copy of a database, with its log if it has one, on a desk of its own.
fn copy_of(from: &Desk, policy: &Path) -> Desk {
    let to = Desk::new(policy);
    for name in ["wubu.db", "wubu.db-wal"] {
        if from.path(name).exists() {
            std::fs::copy(from.path(name), to.path(name)).expect("a copy");
        }
    }
    to
}

/// Starts the tick and kills it after a time; says whether it was still at it.
fn is_killed(desk: &Desk, after: Duration) -> bool {
    let mut tick = desk.command();
    let mut child = tick.args(AT).stdout(Stdio::null()).spawn().expect("the program starts");
    std::thread::sleep(after);
    let was_running = child.try_wait().expect("a status").is_none();
    child.kill().expect("a kill");
    child.wait().expect("an end");
    was_running
}

/// Counts the orders of a database; it looks by itself, as the program would first mend what it finds.
fn committed(desk: &Desk) -> u32 {
    let db = Connection::open(desk.path("wubu.db")).expect("a database");
    db.query_one("SELECT COUNT(*) FROM orders", [], |row| row.get(0)).expect("a count")
}

/// Compares every row of what a tick leaves behind for orders, every column.
fn assert_same(desk: &Desk, calm: &Desk, share: f64) {
    let db = Connection::open(desk.path("wubu.db")).expect("a database");
    db.execute("ATTACH ? AS calm", [calm.path("wubu.db").display().to_string()]).expect("both");
    for table in TABLES {
        let differ = format!(
            "SELECT (SELECT COUNT(*) FROM main.{table}), (SELECT COUNT(*) FROM calm.{table}), \
             (SELECT COUNT(*) FROM (SELECT * FROM main.{table} EXCEPT SELECT * FROM calm.{table}))"
        );
        let (ours, theirs, other): (i64, i64, i64) = db
            .query_one(&differ, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .expect("a comparison");
        assert_eq!((ours, other), (theirs, 0), "{table} after a kill at {share} of the tick");
    }
}
