//! Histories made at random on a small bureau: acts, imports, calendars, releases, passes, people.
//!
//! Whatever happened, verifying finds nothing, and nothing after a repair either, which then changed nothing.
//! `WUBU_HISTORIES` asks for more of them, `WUBU_HISTORY` for one alone.

use serde_json::{Value, json};
use wubu::digest::Digest;
use wubu::engine::{Act, Doing};
use wubu::id::OrderId;
use wubu::office::{self, ActWish};
use wubu::time::Stamp;

use super::bureau::{Bureau, moment};
use super::run;
use super::story::{Edit, Rows, Step, Story, Wish};

/// Histories lived through here.
const HISTORIES: u64 = 20;
/// Moments of one history.
const MOMENTS: u64 = 12;

/// Passages of the shipped policy and what they are edited to, and back.
const EDITS: [(&str, &str, &str); 4] = [
    ("rules/tiers.yaml", "cycle: 6 个月", "cycle: 4 个月"),
    ("workflows/five-step.yaml", "at_most: 40 per", "at_most: 1 per"),
    ("workflows/five-step.yaml", "第一步 下达监管指令\n    always", "第一步 签发监管指令\n    always"),
    ("rules/tiers.yaml", "cycle: 2 个月", "cycle: 1 个月"),
];

#[test]
fn whatever_happened_verifies_and_does_after_a_repair() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let all = match number("WUBU_HISTORY") {
        Some(one) => one..one + 1,
        None => 0..number("WUBU_HISTORIES").unwrap_or(HISTORIES),
    };
    let mut orders = 0;
    for seed in all.clone() {
        orders += run(live_through(seed));
    }
    assert!(orders >= all.count() as u64, "{orders} orders in all: nothing happened");
}

/// Numbers that follow from a seed.
pub(super) struct Chance {
    pub(super) seed: u64,
    pub(super) asked: u64,
}

impl Chance {
    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.asked += 1;
        let digest = Digest::of(format!("{} {}", self.seed, self.asked).as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&digest.bytes()[..8]);
        u64::from_be_bytes(first) % limit
    }

    pub(super) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).expect("small")]
    }
}

/// Lives through one history; returns how many orders there were.
async fn live_through(seed: u64) -> u64 {
    let mut chance = Chance { seed, asked: 0 };
    let mut subjects: Vec<_> = (1..=6).map(|nth| subject(&mut chance, nth, "2026-01-15")).collect();
    // The first order is opened for it.
    for key in ["status", "status_on"] {
        subjects[0].remove(key);
    }
    let given = Rows { subjects, inspections: Vec::new() };
    let first = step("2026-02-27T09:00");
    let story =
        Story { title: format!("历史 {seed}"), policy: Vec::new(), given, steps: vec![opened(first)] };
    let mut bureau = Bureau::new(&story).await;
    bureau.step(&story.steps[0]).await.expect("begins");
    let mut texts = [false; EDITS.len()];
    let (mut day, mut happened) = (0, Vec::new());
    for _ in 0..MOMENTS {
        day += 1 + chance.below(9);
        let at = format!("{}T{:02}:00", date(day), 8 + chance.below(9));
        let said = next(&mut chance, &mut bureau, &at, &mut texts).await;
        happened.push(format!("{at} {said}"));
        let verified = bureau.verify().await;
        assert_eq!(verified["problems"], json!([]), "history {seed}: {happened:#?}");
    }
    let now = moment(&format!("{}T20:00", date(day)));
    let repaired = office::repair(bureau.context(now), Some("局长")).await.expect("repaired");
    assert!(repaired.repaired.is_empty(), "history {seed}: {:?} after {happened:#?}", repaired.repaired);
    assert_eq!(json!(repaired.verified.problems), json!([]), "history {seed}, after the repair");
    repaired.verified.orders
}

/// Lets something happen, and says what.
async fn next(chance: &mut Chance, bureau: &mut Bureau, at: &str, texts: &mut [bool]) -> String {
    let mut now = step(at);
    let said = match chance.below(12) {
        0..=3 => {
            now.tick = Some(Value::Null);
            "tick".to_owned()
        }
        4..=6 => return act(chance, bureau, moment(at)).await,
        7 => {
            let nth = 1 + chance.below(8);
            let rows = vec![subject(chance, nth, &at[..10])];
            now.import = Some(Rows { subjects: rows, inspections: Vec::new() });
            format!("import {nth}")
        }
        8 => {
            let row = json!({"subject": format!("试-{}", 1 + chance.below(6)), "on": &at[..10],
                "重大": chance.below(2), "一般": chance.below(3)});
            let row = row.as_object().expect("an object").clone();
            now.import = Some(Rows { subjects: Vec::new(), inspections: vec![row] });
            "import inspection".to_owned()
        }
        9 => {
            let nth = usize::try_from(chance.below(EDITS.len() as u64)).expect("small");
            let (file, one, other) = EDITS[nth];
            let (from, to) = if texts[nth] { (other, one) } else { (one, other) };
            texts[nth] = !texts[nth];
            let [file, from, to] = [file, from, to].map(str::to_owned);
            now.release = Some(vec![Edit { file, replace: Some(from), by: Some(to), text: None }]);
            format!("release {nth}")
        }
        10 => {
            let rest = 1 + chance.below(27);
            let text = format!(
                "calendar: cn\nyears:\n  2027: {{notice: 公布, rest: [2027-01-01..2027-01-03], work: [2027-01-10]}}\n  2026: \
                 {{notice: 公布, rest: [2026-01-01..2026-01-03, 2026-04-{rest:02}]}}\n"
            );
            now.calendar = Some(text);
            format!("calendar {rest}")
        }
        _ => {
            let subject = format!("试-{}", 1 + chance.below(6));
            now.open = Some(Wish { workflow: "five-step".to_owned(), subject: subject.clone(), due: None });
            format!("open {subject}")
        }
    };
    // What is refused changes nothing, which is looked at, too.
    let _ = bureau.step(&now).await;
    said
}

/// Lets whoever has an order in hand do something with it, as far as they may.
async fn act(chance: &mut Chance, bureau: &Bureau, now: Stamp) -> String {
    let orders = bureau.orders(now).await;
    let open: Vec<&Value> =
        orders.as_array().expect("a list").iter().filter(|order| order["state"] == "open").collect();
    if open.is_empty() {
        return "no order".to_owned();
    }
    let order = *chance.of(&open);
    let holders: Vec<&str> =
        order["assignees"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let by = holders.first().copied().unwrap_or("局长").to_owned();
    let word = |text: &str| text.to_owned();
    let plain = Doing::Complete { action: None, answer: None, attached: Vec::new() };
    let doings = [
        plain.clone(),
        plain.clone(),
        plain,
        Doing::Complete { action: Some(word("同意")), answer: None, attached: Vec::new() },
        Doing::Sign,
        Doing::Nudge { note: Some(word("请办")) },
        Doing::Return { reason: word("退") },
        Doing::Transfer { to: vec![word("乙")], reason: word("转") },
        Doing::Cancel { reason: word("误发") },
    ];
    let (doing, id) = (chance.of(&doings).clone(), order["id"].as_str().expect("an id"));
    let key: OrderId = id.parse().expect("an id");
    let act = Act { by: by.clone(), step: None, visit: None, note: None, doing: doing.clone() };
    let sent = (chance.below(2) == 0).then(|| format!("键-{}", chance.asked));
    let wish = ActWish { order: key, act, key: sent, version: None, files: Vec::new() };
    let done = office::act(bureau.context(now), wish).await;
    format!("{id} {doing:?} by {by}: {}", if done.is_ok() { "done" } else { "refused" })
}

fn subject(chance: &mut Chance, nth: u64, on: &str) -> serde_json::Map<String, Value> {
    let status = *chance.of(&["", "", "", "歇业", "在业", "注销"]);
    let mut row = json!({
        "id": format!("试-{nth}"),
        "industry": *chance.of(&["5223", "7020", "5244"]),
        "last_patrol": *chance.of(&["2026-01-15", "2026-02-15", "2025-09-01"]),
        "warned": *chance.of(&["否", "是"]),
    });
    if !status.is_empty() {
        row["status"] = json!(status);
        row["status_on"] = json!(on);
    }
    row.as_object().expect("an object").clone()
}

/// The day that is so many after the first.
fn date(day: u64) -> String {
    let first: wubu::time::Day = "2026-02-27".parse().expect("a day");
    first.checked_add_days(chrono::Days::new(day)).expect("a day").to_string()
}

fn step(at: &str) -> Step {
    serde_json::from_value(json!({"at": at})).expect("a step")
}

/// The first moment, with a first order, so that somebody is registered who may open orders.
fn opened(first: Step) -> Step {
    let wish = Wish { workflow: "five-step".to_owned(), subject: "试-1".to_owned(), due: None };
    Step { open: Some(wish), refused: Vec::new(), ..first }
}
