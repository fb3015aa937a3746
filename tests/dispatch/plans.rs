//! Plans are true: what one says of an edit is what then happens when the edit is made and the daemon ticks daily with
//! nobody acting.
//!
//! What happens is counted here by itself: two copies of the bureau go on, one with the edit, each ticked at noon, and
//! their orders are held against each other by key. `WUBU_PLANS` asks for more plans, `WUBU_PLAN` for one alone.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};
use wubu::office::{self, ActContext, ActiveRelease, OrderFilter, PlanOutcome, PlanWish, TriedChange};
use wubu::plan::PlannedOrder;
use wubu::store::Store;
use wubu::time::Day;

use super::bureau::{Bureau, moment};
use super::run;
use super::story::{Edit, Rows, Step, Story};
use crate::histories::chance::Chance;

/// Plans made here.
const PLANS: u64 = 4;
/// Days that each looks ahead.
const DAYS: u32 = 40;
const TODAY: &str = "2026-03-03";

/// Passages of the shipped policy, each with what it is edited to.
const EDITS: [(&str, &str, &[&str]); 19] = [
    ("rules/tiers.yaml", "cycle: 2 个月", &["cycle: 1 个月", "cycle: 40 自然日"]),
    ("rules/tiers.yaml", "cycle: 3 个月", &["cycle: 2 个月", "cycle: 4 个月"]),
    ("rules/tiers.yaml", "cycle: 6 个月", &["cycle: 4 个月", "cycle: 1 年"]),
    (
        "workflows/five-step.yaml",
        "at_most: 40 per officer per month",
        &[
            "at_most: 2 per officer per week",
            "at_most: 1 per station per day",
            "at_most: 900 per grid per month",
        ],
    ),
    ("workflows/five-step.yaml", "lead: 15 自然日", &["lead: 5 自然日", "lead: 25 自然日"]),
    ("workflows/five-step.yaml", "first: 30 自然日", &["first: 10 自然日"]),
    (
        "workflows/five-step.yaml",
        "roll: backward                # 到期日",
        &["roll: forward                # 到期日"],
    ),
    ("workflows/five-step.yaml", "cron: \"0 7 * * *\"", &["cron: \"30 6 * * 1\"", "cron: \"0 9 1,15 * *\""]),
    (
        "workflows/five-step.yaml",
        "pick: [overdue desc, score desc, subject.id]",
        &["pick: [subject.id]", "pick: [tier, due]"],
    ),
    ("workflows/five-step.yaml", "overlap: skip-until-visited", &["overlap: skip", "overlap: allow"]),
    (
        "workflows/five-step.yaml",
        "when: subject.active\n    missed",
        &[
            "when: subject.active && subject.warned\n    missed",
            "when: subject.active && !subject.warned\n    missed",
        ],
    ),
    (
        "workflows/five-step.yaml",
        "- {after: 10 工作日, level: 3, tell: [分管局长, 监察室], start: accountability}",
        &["- {after: 5 工作日, level: 3, tell: [分管局长, 监察室], start: accountability}"],
    ),
    (
        "workflows/five-step.yaml",
        "- {after: 3 工作日, level: 2, tell: 法制科}\n    next: [{go: patrol",
        &["- {after: 3 工作日, level: 2, tell: 法制科, start: accountability}\n    next: [{go: patrol"],
    ),
    ("workflows/five-step.yaml", "effective: 2026-01-01 ", &["effective: 2026-03-10 "]),
    ("rules/tiers.yaml", "value: 2, unit", &["value: 1, unit"]),
    (
        "rules/industries.yaml",
        "{code: \"5244\", tier: 乙",
        &["{code: \"5244\", tier: 甲", "{code: \"5244\", tier: 丙"],
    ),
    ("rules/industries.yaml", "{code: \"62\",   tier: 甲", &["{code: \"62\",   tier: 丙"]),
    ("rules/industries.yaml", "{code: \"70\",   tier: 丙", &["{code: \"70\",   tier: 甲"]),
    ("calendars/cn.yaml", "2026-04-04..2026-04-06", &["2026-03-16..2026-04-06"]),
];

/// Edits that go together: the first step has another id and term, and open orders go on under the new text.
const MAPS: [[(&str, &str); 3]; 2] = [
    [
        ("running: keep ", "running: {migrate: {issue: dispatch}, terms: recount} "),
        ("  issue:\n", "  dispatch:\n"),
        ("    due: 1 工作日\n", "    due: 4 工作日\n"),
    ],
    [
        ("running: keep ", "running: migrate "),
        ("    due: 1 工作日\n", "    due: 3 工作日\n"),
        ("title: 第一步 下", "title: 第 1 步 下"),
    ],
];

/// What stations lay over it.
const OVERLAYS: [&str; 2] = [
    "overlay: 一\nstation: dongguan\nbase: {}\nvalid: {from: 2026-03-12, to: 2026-03-20}\nreason: 会\nauthor: 所长\n\
     tighten: {tiers.甲.cycle: 1 个月}\n",
    "overlay: 一\nstation: dongguan\nbase: {}\nvalid: {from: 2026-01-01, to: 2026-12-31}\nreason: 会\nauthor: 所长\n\
     tighten: {tiers.乙.cycle: 2 个月, tiers.丙.cycle: 5 个月}\n",
];

#[test]
fn every_edit_holds_by_itself() {
    run(async {
        let bureau = begun(&mut Chance::new(0)).await;
        let alone = |edit: &Edit| bureau.proposed(std::slice::from_ref(edit), moment(TODAY)).is_none();
        let all = EDITS.iter().flat_map(|(file, from, to)| to.iter().map(|by| replaced(file, from, by)));
        for map in MAPS {
            let map = map.map(|(passage, by)| replaced("workflows/five-step.yaml", passage, by));
            assert!(bureau.proposed(&map, moment(TODAY)).is_some(), "{:?}", map[0].by);
        }
        let wrong: Vec<_> =
            all.chain(OVERLAYS.map(overlay)).filter(alone).map(|edit| (edit.by, edit.text)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    });
}

#[test]
fn what_a_plan_says_is_what_happens() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let all = match number("WUBU_PLAN") {
        Some(one) => one..one + 1,
        None => 0..number("WUBU_PLANS").unwrap_or(PLANS),
    };
    let (mut plans, mut changed, mut foreseen) = (0_u64, 0_u64, 0_u64);
    for seed in all {
        let held = run(hold(seed));
        plans += 1;
        changed += u64::from(held.orders > 0);
        foreseen += u64::from(held.is_foreseen);
    }
    println!("{plans} plans, {changed} with a difference, {foreseen} foreseen");
    assert!(plans == 1 || changed * 3 >= plans, "{changed} of {plans} plans have a difference");
    assert!(plans == 1 || foreseen > 0, "no plan was foreseen");
}

/// A plan that was held against what happened.
struct HeldPlan {
    /// How many orders differ.
    orders: usize,
    /// Whether it was foreseen, and not lived through.
    is_foreseen: bool,
}

/// Lives through what was foreseen, and holds all that both say against each other.
async fn live_through(bureau: &Bureau, edits: &[Edit], foreseen: &PlanOutcome) {
    let now = moment(&format!("{TODAY}T08:00"));
    let proposed = bureau.proposed(edits, now).expect("it held together");
    let wish = PlanWish { is_lived: true, ..wish(proposed) };
    let lived = Box::pin(office::rehearse(bureau.context(now), wish)).await.expect("a plan");
    assert!(!lived.is_foreseen);
    assert_eq!(foreseen.difference, lived.difference);
    let told = |outcome: &PlanOutcome| -> Vec<String> {
        let told = |pair: &office::ReasonPair| {
            // How the orders of one day are numbered hangs on all of them.
            let args = |why: &office::Why| {
                let is_number = |name: &str| matches!(name, "order" | "number");
                why.args.iter().filter(|(name, _)| !is_number(name)).cloned().collect::<Vec<_>>()
            };
            let why = |why: &office::Why| (why.outcome.clone(), args(why), why.inputs.clone());
            format!("{} {:?} {:?}", pair.subject, why(&pair.before), why(&pair.after))
        };
        outcome.examples.iter().map(told).collect()
    };
    assert_eq!(told(foreseen), told(&lived));
}

fn wish(proposed: ActiveRelease) -> PlanWish {
    PlanWish {
        change: TriedChange::Policy(proposed),
        days: DAYS,
        on: TODAY.parse().expect("a day"),
        is_lived: false,
        passed: Arc::new(|| {}),
    }
}

/// Makes one plan and lets it happen.
async fn hold(seed: u64) -> HeldPlan {
    let mut chance = Chance::new(7_000 + seed);
    let bureau = begun(&mut chance).await;
    let now = moment(&format!("{TODAY}T08:00"));
    let mut edits = edits(&mut chance);
    // Two that are sound alone may not hold together.
    while bureau.proposed(&edits, now).is_none() {
        edits.pop();
    }
    let proposed = bureau.proposed(&edits, now).expect("it holds together");
    let again = bureau.proposed(&edits, now).expect("it held together");
    let named: Vec<String> = edits.iter().map(|edit| format!("{}: {:?}", edit.file, edit.by)).collect();
    let planned = Box::pin(office::rehearse(bureau.context(now), wish(proposed))).await.expect("a plan");
    if planned.is_foreseen {
        Box::pin(live_through(&bureau, &edits, &planned)).await;
    }

    if crate::database::is_postgres() {
        // What happens is tried where a database is a file that can be copied.
        let orders = &planned.difference.orders;
        let orders = orders.appear.len() + orders.vanish.len() + orders.moves.len();
        return HeldPlan { orders, is_foreseen: planned.is_foreseen };
    }

    let (as_it_is, edited) = (bureau.copied("as-it-is.db").await, bureau.copied("edited.db").await);
    let live = office::live(&as_it_is).await.expect("a release").expect("a release");
    let known = keys(&as_it_is, &live).await;
    let pinned = pins(&as_it_is, &live).await;
    let before = lived(&as_it_is, live).await;
    let live = office::activate(&edited, again, "story", now).await.expect("a release");
    let told: u64 = planned.running.migrated.iter().map(|migrated| migrated.orders).sum();
    let gone_over = pins(&edited, &live).await.difference(&pinned).count();
    assert_eq!(told, gone_over as u64, "plan {seed}, orders that go over: {named:#?}");
    let after = lived(&edited, live).await;
    let told = |single: &[PlannedOrder], pairs: Vec<&PlannedOrder>| -> BTreeSet<String> {
        single.iter().chain(pairs).filter(|order| order.trigger != "order").map(key_of).collect()
    };
    let PlanOutcome { difference, is_foreseen, .. } = &planned;
    let orders = &difference.orders;
    let appear = told(&orders.appear, orders.moves.iter().map(|pair| &pair.to).collect());
    let vanish = told(&orders.vanish, orders.moves.iter().map(|pair| &pair.from).collect());
    let new = |one: &BTreeSet<String>, other: &BTreeSet<String>| -> BTreeSet<String> {
        one.difference(other).filter(|key| !known.contains(*key)).cloned().collect()
    };
    assert_eq!(appear, new(&after.keys, &before.keys), "plan {seed}, orders that appear: {named:#?}");
    assert_eq!(vanish, new(&before.keys, &after.keys), "plan {seed}, orders that vanish: {named:#?}");
    let children = |orders: &[PlannedOrder]| orders.iter().filter(|order| order.trigger == "order").count();
    let (more, fewer) = (children(&orders.appear), children(&orders.vanish));
    assert_eq!(before.children + more, after.children + fewer, "plan {seed}, orders of orders: {named:#?}");
    HeldPlan { orders: appear.len() + vanish.len() + more + fewer, is_foreseen: *is_foreseen }
}

/// What a copy of the bureau came to.
struct LivedOrders {
    keys: BTreeSet<String>,
    /// Orders that other orders opened.
    children: usize,
}

/// Ticks at noon every day.
async fn lived(store: &Store, live: ActiveRelease) -> LivedOrders {
    let first: Day = TODAY.parse().expect("a day");
    for day in 0..=DAYS {
        let day = first.checked_add_days(chrono::Days::new(u64::from(day))).expect("a day");
        let now = moment(&format!("{day}T12:00"));
        office::tick(ActContext::new(store, &live, now), &AtomicBool::new(false)).await.expect("ticks");
    }
    let all = orders(store, &live).await;
    let children = all.iter().filter(|order| order["trigger"] == "order").count();
    LivedOrders { keys: keys(store, &live).await, children }
}

async fn keys(store: &Store, live: &ActiveRelease) -> BTreeSet<String> {
    let all = orders(store, live).await.into_iter().filter(|order| order["trigger"] != "order");
    all.map(|order| {
        let word = |name: &str| order[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {} {}", word("workflow"), word("trigger"), word("subject"), word("nominal"))
    })
    .collect()
}

/// Which order is pinned to which text.
async fn pins(store: &Store, live: &ActiveRelease) -> BTreeSet<String> {
    let all = orders(store, live).await.into_iter();
    all.map(|order| format!("{} {}", order["id"], order["policy"])).collect()
}

fn key_of(order: &PlannedOrder) -> String {
    let PlannedOrder { workflow, trigger, subject, nominal, .. } = order;
    format!("{workflow} {trigger} {subject} {nominal}")
}

async fn orders(store: &Store, live: &ActiveRelease) -> Vec<Value> {
    let mut all = Vec::new();
    let each = |order: office::OrderLine| {
        all.push(json!(order));
        Ok(())
    };
    let cx = ActContext::new(store, live, moment("2026-12-31"));
    office::orders(cx, &OrderFilter::default(), each).await.expect("orders");
    all
}

/// One to three edits at random, each of another passage.
fn edits(chance: &mut Chance) -> Vec<Edit> {
    let mut picked: BTreeSet<usize> = BTreeSet::new();
    for _ in 0..=chance.below(3) {
        picked.insert(usize::try_from(chance.below(EDITS.len() as u64)).expect("small"));
    }
    let mut all = Vec::new();
    for at in picked {
        let (file, passage, to) = EDITS[at];
        let by = chance.of::<&str>(to);
        all.push(replaced(file, passage, by));
    }
    if chance.below(3) == 0 {
        let map = chance.of(&MAPS);
        all.extend(map.map(|(passage, by)| replaced("workflows/five-step.yaml", passage, by)));
    }
    if chance.below(3) == 0 {
        let text = chance.of::<&str>(&OVERLAYS);
        all.push(overlay(text));
    }
    all
}

fn replaced(file: &str, passage: &str, by: &str) -> Edit {
    Edit { file: file.to_owned(), replace: Some(passage.to_owned()), by: Some(by.to_owned()), text: None }
}

fn overlay(text: &str) -> Edit {
    let file = "stations/dongguan/overlay.yaml".to_owned();
    Edit { file, replace: None, by: None, text: Some(text.to_owned()) }
}

/// A bureau that has been at it for a week, with orders open and others to come. Two of its subjects were away for days.
async fn begun(chance: &mut Chance) -> Bureau {
    let subjects: Vec<Value> = (1..=24).map(|nth| subject(nth, chance)).collect();
    let inspections: Vec<Value> = (1..=24).flat_map(|nth| inspections(nth, chance)).collect();
    let away = |status: &str, on: &str| {
        let subject = |subject: &Value| {
            let mut subject = subject.clone();
            subject["status"] = json!(status);
            subject["status_on"] = json!(on);
            subject
        };
        json!({"subjects": subjects[..2].iter().map(subject).collect::<Vec<_>>()})
    };
    let step = |at: &str, import: Value| Step {
        tick: Some(Value::Null),
        ..serde_json::from_value(json!({"at": at, "import": import})).expect("a step")
    };
    let steps = [
        step("2026-02-25T09:00", Value::Null),
        step("2026-02-27T09:00", away("歇业", "2026-02-26")),
        step("2026-03-02T09:00", away("在业", "2026-03-01")),
    ];
    let given = json!({"subjects": subjects, "inspections": inspections});
    let given: Rows = serde_json::from_value(given).expect("rows");
    let story = Story { title: "预演".to_owned(), policy: Vec::new(), given, steps: Vec::new() };
    let mut bureau = Bureau::new(&story).await;
    for step in &steps {
        let _ = bureau.step(step).await;
    }
    bureau
}

fn subject(nth: u64, chance: &mut Chance) -> Value {
    let days =
        ["2025-09-25", "2025-10-12", "2025-12-20", "2026-01-05", "2026-01-20", "2026-02-02", "2026-02-25"];
    let (station, grid) = *chance.of(&[("dongguan", "G01"), ("dongguan", "G02"), ("xihe", "G05")]);
    json!({
        "id": format!("试-{nth:02}"),
        "station": station,
        "grid": grid,
        "industry": *chance.of(&["5223", "70", "5244", "62"]),
        "last_patrol": *chance.of(&days),
        "warned": *chance.of(&["否", "否", "是"]),
    })
}

/// None to three inspections, some of which time takes out of the year that counts while a plan looks ahead.
fn inspections(nth: u64, chance: &mut Chance) -> Vec<Value> {
    let days = ["2025-03-09", "2025-03-20", "2025-04-10", "2025-08-15", "2025-11-30"];
    let on: BTreeSet<&str> = (0..chance.below(4)).map(|_| *chance.of(&days)).collect();
    let one = |on: &str| {
        let (major, minor) = (chance.below(2), chance.below(3));
        json!({"subject": format!("试-{nth:02}"), "on": on, "重大": major, "一般": minor})
    };
    on.into_iter().map(one).collect()
}
