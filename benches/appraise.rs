//! Tier and score of generated subjects against a hand-written `match` of the same rules.
//!
//! `cargo bench --bench appraise` prints, for one run: subjects a second, the ratio to the hand-written
//! form on as many threads, and how many sets of inputs were evaluated. An argument sets the
//! number of subjects; a million otherwise.

#[path = "../tests/rules/bureau.rs"]
mod bureau;

use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use wubu::calendar::{Length, Unit};
use wubu::policy::{Cell, LevelIx, Policy, TierIx};
use wubu::register::{Inspection, PastOrder, Subject, Value};
use wubu::rules::Rules;
use wubu::time::Day;

const SCRIPT: &str = include_str!("appraise.rhai");
const SUBJECTS: usize = 1_000_000;
/// Subjects in memory at once, as a tick reads them.
const BATCH: usize = 100_000;

/// Draws numbers the same way on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn subjects(dice: &mut Dice, count: usize, today: Day) -> Vec<Subject> {
    (0..count).map(|_| subject(dice, today)).collect()
}

fn subject(dice: &mut Dice, today: Day) -> Subject {
    let mut one = bureau::subject(["5223", "5299", "6210", "6220", "5211"][pick(dice, 5)]);
    one.id = format!("{:018}", dice.0);
    one.attributes[1] = Value::Text(["A", "B", "B", "B", "C", "D"][pick(dice, 6)].into());
    one.attributes[2] = Value::Flag(dice.below(20) == 0);
    one.attributes[3] = Value::Flag(dice.below(8) == 0);
    let days = |days: u64| today - chrono::Days::new(days);
    for id in 0..dice.below(4) {
        let problems = vec![u32::from(dice.below(10) == 0), u32::from(dice.below(4) == 0)];
        let on = days(dice.below(900));
        one.history.inspections.push(Inspection {
            id: id.to_string(),
            on,
            kind: None,
            result: String::new(),
            problems,
        });
    }
    one.history.inspections.sort_by_key(|visit| visit.on);
    for _ in 0..dice.below(3) {
        let due = days(dice.below(900));
        one.history.orders.push(PastOrder {
            workflow: "five-step".into(),
            trigger: "cycle".into(),
            nominal: Some(due),
            issued_on: due - chrono::Days::new(15),
            from: due - chrono::Days::new(15),
            due,
            is_open: false,
            is_cancelled: false,
        });
    }
    one
}

fn pick(dice: &mut Dice, sides: u64) -> usize {
    usize::try_from(dice.below(sides)).unwrap_or(0)
}

/// The same rules as a programmer would write them, reading the same history and tables.
fn by_hand(policy: &Policy, subject: &Subject, day: Day) -> (TierIx, f64) {
    let year = Length::new(12, Unit::Months);
    let (Value::Text(industry), Value::Text(credit)) = (&subject.attributes[0], &subject.attributes[1])
    else {
        return (TierIx(0), 0.0);
    };
    let industry = policy.tables[0].find(industry).expect("a row");
    let credit = policy.tables[1].find(credit).expect("a row");
    let major = i64::from(subject.history.problems(day, year, LevelIx(0)));
    let minor = i64::from(subject.history.problems(day, year, LevelIx(1)));
    let overdue = i64::from(subject.history.overdue_count(day, year));
    let warned = subject.attributes[2] == Value::Flag(true);
    let key_area = subject.attributes[3] == Value::Flag(true);
    let mut rank = match &industry.cells[0] {
        Cell::Text(tier) if tier == "甲" => 3,
        Cell::Text(tier) if tier == "乙" => 2,
        _ => 1,
    };
    rank += i32::from(credit.cells[1] == Cell::Flag(true)) + i32::from(warned) + i32::from(major >= 2);
    if key_area && rank < 2 {
        rank = 2;
    }
    let (Cell::Integer(points), Cell::Integer(more)) = (&industry.cells[1], &credit.cells[0]) else {
        return (TierIx(0), 0.0);
    };
    let mut score = points + more + (major * 8).min(16) + (minor * 2).min(8) + (overdue * 2).min(6);
    score += if warned { 6 } else { 0 } + if key_area { 4 } else { 0 };
    let tier = TierIx(match rank {
        3.. => 0,
        2 => 1,
        _ => 2,
    });
    #[expect(clippy::cast_precision_loss, reason = "scores are small")]
    (tier, score as f64)
}

fn main() {
    let wanted = std::env::args().find_map(|arg| arg.parse::<usize>().ok()).unwrap_or(SUBJECTS);
    let policy = bureau::policy(SCRIPT);
    let today = bureau::day("2026-03-01");
    let rules = Rules::compile(&policy).0.expect("the script is sound");
    let mut dice = Dice(7);
    let (mut ruled, mut by_hands, mut again) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut done = 0;
    while done < wanted {
        let many = subjects(&mut dice, BATCH.min(wanted - done), today);
        done += many.len();
        let begun = Instant::now();
        let judged = rules.judge(&policy, &many, today, &AtomicBool::new(false));
        ruled += begun.elapsed();
        let begun = Instant::now();
        let plain: Vec<_> = many.par_iter().map(|one| by_hand(&policy, one, today)).collect();
        by_hands += begun.elapsed();
        for (judgement, (tier, score)) in judged.iter().zip(&plain) {
            assert_eq!((judgement.tier.as_ref(), judgement.score.as_ref()), (Ok(tier), Ok(score)));
        }
        let begun = Instant::now();
        black_box(rules.judge(&policy, &many[..1], today, &AtomicBool::new(false)));
        again += begun.elapsed();
    }
    let per_second = |took: Duration| f64::from(u32::try_from(done).unwrap_or(u32::MAX)) / took.as_secs_f64();
    println!("subjects            {done}");
    println!("rules               {:.0} a second", per_second(ruled));
    println!("by hand             {:.0} a second", per_second(by_hands));
    println!("rules / by hand     {:.2} of its speed", by_hands.as_secs_f64() / ruled.as_secs_f64());
    println!("sets of inputs      {} evaluated", rules.evaluations());
    let batches = u32::try_from(done.div_ceil(BATCH)).unwrap_or(u32::MAX);
    println!("one known subject   {:?}", again / batches);
}
