//! kill −9 in the middle of a tick: the orders are those of one uninterrupted tick.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Desk;

/// Subjects due in the killed tick.
const DUE: usize = 20_000;

/// Kills made here; `WUBU_KILLS` asks for more, as a release does.
const KILLS: u32 = 8;

/// Makes a database in which `DUE` subjects fall due on 2026-03-02 and none before.
fn prepare(desk: &Desk) {
    let mut subjects = String::from(
        "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,\
         信用等级,警示标志,重点区域,经营面积,经营地址,状态,状态日期,上次巡查,纬度,经度\n",
    );
    let mut inspections = String::from("编号,统一社会信用代码,日期,结果,重大问题数,一般问题数\n");
    let stations = desk.stations();
    for at in 0..DUE {
        let station = &stations[at % stations.len()];
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

impl Desk {
    fn stations(&self) -> Vec<String> {
        let csv = std::fs::read_to_string(self.policy.join("register/stations.csv")).expect("stations");
        csv.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect()
    }
}

fn copy_database(from: &Path, to: &Path) {
    for suffix in ["", "-wal"] {
        let name = format!("wubu.db{suffix}");
        if from.join(&name).exists() {
            std::fs::copy(from.join(&name), to.join(&name)).expect("a copy");
        }
    }
}

fn orders(desk: &Desk) -> Vec<(String, String, String)> {
    let listed = desk.json(["order", "list"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut orders: Vec<_> = listed
        .as_array()
        .expect("a bare array")
        .iter()
        .map(|order| (text(&order["id"]), text(&order["subject"]), text(&order["nominal"])))
        .collect();
    orders.sort();
    orders
}

const AT: [&str; 3] = ["tick", "--at", "2026-03-02T12:00"];

#[test]
fn orders_after_kills_are_those_of_one_uninterrupted_tick() {
    let prepared = Desk::new(".");
    prepare(&prepared);

    let calm = Desk::new(".");
    copy_database(prepared.dir.path(), calm.dir.path());
    let began = Instant::now();
    let report = calm.json(AT);
    let whole = began.elapsed();
    let expected = orders(&calm);
    assert!(expected.len() >= DUE / 4, "{report}");
    // Scenario A12: what is killed is a catching up after ten days without a pass.
    let outcomes = report["occurrences"].as_array().expect("a list");
    assert!(outcomes.iter().any(|firing| firing["outcome"] == "caught-up"), "{report}");

    let wanted = std::env::var("WUBU_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let (mut landed, mut round) = (0_u32, 0_u32);
    while landed < wanted {
        round += 1;
        assert!(round < wanted * 20 + 20, "the kills do not land inside a tick");
        let desk = Desk::new(".");
        copy_database(prepared.dir.path(), desk.dir.path());
        let mut child = desk.command().args(AT).spawn().expect("the program starts");
        // Spread the kills over the whole of the tick, without chance: the golden ratio does.
        let share = (f64::from(round) * 0.618_033_988_7).fract();
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * share));
        let finished = child.try_wait().expect("a status").is_some();
        child.kill().expect("a kill");
        child.wait().expect("an end");
        if finished {
            continue;
        }
        landed += 1;
        desk.json(AT);
        assert_eq!(orders(&desk), expected, "after a kill at {share} of the tick");
        assert!(desk.run(["verify"]).status.success());
    }
}
