//! Next dates: what they are counted from, what covers them, what holds them, what raises them.

use std::sync::atomic::AtomicBool;

use wubu::appraise::{Appraisal, Basis, HoldReason, NextDate, NextState, NoDate, Previous, appraise};
use wubu::diag::codes;
use wubu::policy::{Overlap, Policy, Since, TierIx};
use wubu::register::{Inspection, PastOrder, Status, Subject, Value};
use wubu::rules::Rules;

use super::bureau::{day, policy, subject, with_expressions};

const BY_INDUSTRY: &str = "fn tier(s) { if s.warned { \"甲\" } else { lookup(\"industries\", s.industry).tier } }\n\
                           fn score(s) { lookup(\"industries\", s.industry).points }";

fn appraised(policy: &Policy, one: &Subject, before: Option<Previous>, on: &str) -> Appraisal {
    let rules = Rules::compile(policy).0.expect("rules");
    let basis = Basis { policy, rules: &rules, day: day(on) };
    appraise(basis, std::slice::from_ref(one), &[before], &AtomicBool::new(false)).remove(0)
}

fn patrolled(on: &str) -> Subject {
    let mut one = subject("5223");
    one.history.inspections.push(visit(on));
    one
}

fn visit(on: &str) -> Inspection {
    Inspection { id: on.into(), on: day(on), kind: None, result: String::new(), problems: vec![0, 0] }
}

fn order(nominal: &str, issued: &str, is_open: bool) -> PastOrder {
    PastOrder {
        workflow: "five-step".into(),
        trigger: "cycle".into(),
        nominal: Some(day(nominal)),
        issued_on: day(issued),
        from: day(issued),
        due: day(nominal),
        is_open,
        is_cancelled: false,
    }
}

/// Shows the one next date as `nominal due issue_on`, with its marks.
fn shown(appraisal: &Appraisal) -> String {
    let [next] = &appraisal.next[..] else { panic!("one recurring trigger") };
    let held = next.held.map_or(String::new(), |held| format!(" held: {}", held.into_str()));
    match next.state {
        NextState::Due { dates, raised } => {
            let raised = if raised { " raised" } else { "" };
            format!("{} {} {}{raised}{held}", dates.nominal, dates.due, dates.issue_on)
        }
        NextState::None(why) => why.into_str().to_owned(),
    }
}

fn previous(appraisal: &Appraisal) -> Previous {
    let next = serde_json::to_string(&appraisal.next).expect("JSON");
    let next: Vec<NextDate> = serde_json::from_str(&next).expect("what was just written");
    assert_eq!(next, appraisal.next);
    Previous { tier: appraisal.tier, score: appraisal.score, next, is_other_policy: false, decided_on: None }
}

#[test]
fn the_next_date_counts_from_the_last_patrol() {
    let policy = policy(BY_INDUSTRY);
    let appraisal = appraised(&policy, &patrolled("2026-01-15"), None, "2026-02-01");
    assert_eq!(shown(&appraisal), "2026-03-15 2026-03-13 2026-02-27");
    assert_eq!((appraisal.tier, appraisal.score), (Some(TierIx(0)), Some(40.0)));
}

#[test]
fn only_inspections_of_the_kinds_a_trigger_names_count() {
    let mut one = patrolled("2026-01-15");
    one.history.inspections.push(Inspection { kind: Some("complaint".into()), ..visit("2026-01-20") });
    let counted = |kinds: &[&str]| {
        let mut policy = policy(BY_INDUSTRY);
        policy.inspection_kinds = vec!["patrol".into(), "complaint".into()];
        let recur = policy.workflows[0].start[0].recur.as_mut().expect("it recurs");
        recur.since = Since::Last(kinds.iter().map(|kind| (*kind).to_owned()).collect());
        shown(&appraised(&policy, &one, None, "2026-02-01"))
    };
    // What names no kind is of the first.
    assert!(counted(&["patrol"]).starts_with("2026-03-15"), "{}", counted(&["patrol"]));
    assert!(counted(&["complaint"]).starts_with("2026-03-20"), "{}", counted(&["complaint"]));
    assert!(counted(&["patrol", "complaint"]).starts_with("2026-03-20"));
    assert!(!counted(&["follow-up"]).starts_with("2026-03"), "{}", counted(&["follow-up"]));
}

#[test]
fn a_subject_never_patrolled_counts_from_registration() {
    let policy = policy(BY_INDUSTRY);
    let mut one = subject("5223");
    one.attributes[4] = Value::Day(day("2026-01-05"));
    assert_eq!(shown(&appraised(&policy, &one, None, "2026-01-06")), "2026-02-04 2026-02-04 2026-01-20");
    one.attributes[4] = Value::Missing;
    assert_eq!(shown(&appraised(&policy, &one, None, "2026-01-06")), NoDate::NoAnchor.into_str());
}

#[test]
fn an_order_under_the_key_covers_it_while_it_is_open() {
    let policy = policy(BY_INDUSTRY);
    let mut one = patrolled("2026-01-15");
    one.history.orders.push(order("2026-03-15", "2026-02-27", true));
    assert_eq!(shown(&appraised(&policy, &one, None, "2026-03-01")), NoDate::Ordered.into_str());
    one.history.orders[0].is_open = false;
    let ended = appraised(&policy, &one, None, "2026-03-20");
    assert_eq!(shown(&ended), "2026-05-15 2026-05-15 2026-04-30", "ended without an inspection");
    one.history.inspections.push(visit("2026-03-10"));
    let visited = appraised(&policy, &one, None, "2026-03-20");
    assert_eq!(shown(&visited), "2026-05-10 2026-05-08 2026-04-24", "counted from the visit");
}

#[test]
fn an_order_ended_without_inspection_counts_after_a_tier_change_too() {
    let policy = policy(BY_INDUSTRY);
    let mut one = subject("62");
    one.history.inspections.push(visit("2026-01-15"));
    one.history.orders.push(order("2026-03-15", "2026-02-27", false));
    assert_eq!(shown(&appraised(&policy, &one, None, "2026-03-20")), "2026-06-15 2026-06-15 2026-05-29");
}

#[test]
fn a_suspended_subject_waits_and_a_closed_one_has_no_date() {
    let policy = policy(BY_INDUSTRY);
    let mut one = patrolled("2026-01-15");
    one.history.statuses.push((day("2026-02-10"), Status::Suspended));
    one.history.statuses.push((day("2026-06-01"), Status::Closed));
    let before = appraised(&policy, &one, None, "2026-02-01");
    assert_eq!(shown(&before), "2026-03-15 2026-03-13 2026-02-27");
    assert_eq!(before.changes_on, Some(day("2026-02-10")));
    let waiting = appraised(&policy, &one, None, "2026-03-01");
    assert_eq!(waiting.next[0].held, Some(HoldReason::Suspended));
    assert_eq!(shown(&appraised(&policy, &one, None, "2026-06-01")), NoDate::Closed.into_str());
}

#[test]
fn a_condition_and_an_open_order_hold_it() {
    let mut policy = with_expressions(BY_INDUSTRY, Some("subject.credit != \"A\""), &[], &[]);
    let mut one = patrolled("2026-01-15");
    one.attributes[1] = Value::Text("A".into());
    assert_eq!(appraised(&policy, &one, None, "2026-03-01").next[0].held, Some(HoldReason::When));
    one.attributes[1] = Value::Text("B".into());
    one.history.orders.push(PastOrder { trigger: "hand".into(), ..order("2026-02-20", "2026-02-01", true) });
    assert_eq!(appraised(&policy, &one, None, "2026-02-10").next[0].held, Some(HoldReason::Overlap));
    policy.workflows[0].start[0].overlap = Overlap::SkipUntilVisited;
    let held = |one: &Subject| appraised(&policy, one, None, "2026-02-10").next[0].held;
    assert_eq!(held(&one), Some(HoldReason::Overlap));
    let mut seen = one.clone();
    seen.history.inspections.push(visit("2026-02-03"));
    assert_eq!(held(&seen), None, "a case that follows the visit is in nobody's way");
    policy.workflows[0].start[0].overlap = Overlap::Queue;
    assert_eq!(appraised(&policy, &one, None, "2026-02-10").next[0].held, Some(HoldReason::Queue));
    policy.workflows[0].start[0].overlap = Overlap::Allow;
    assert_eq!(appraised(&policy, &one, None, "2026-02-10").next[0].held, None);
}

#[test]
fn a_stricter_tier_that_puts_it_into_the_past_gives_a_new_start() {
    let policy = policy(BY_INDUSTRY);
    let mut one = subject("52");
    one.history.inspections.push(visit("2025-10-15"));
    let calm = appraised(&policy, &one, None, "2026-03-02");
    assert_eq!(shown(&calm), "2026-04-15 2026-04-15 2026-03-31");
    one.attributes[2] = Value::Flag(true);
    let first = appraised(&policy, &one, None, "2026-03-02");
    assert_eq!(shown(&first), "2025-12-15 2025-12-15 2025-11-28", "not at the first appraisal");
    let raised = appraised(&policy, &one, Some(previous(&calm)), "2026-03-02");
    assert_eq!(shown(&raised), "2025-12-15 2026-03-16 2026-03-02 raised");
    let later = appraised(&policy, &one, Some(previous(&raised)), "2026-03-20");
    assert_eq!(shown(&later), shown(&raised), "the mark stays with the key");
    one.history.inspections.push(visit("2026-03-10"));
    let visited = appraised(&policy, &one, Some(previous(&raised)), "2026-03-20");
    assert_eq!(shown(&visited), "2026-05-10 2026-05-08 2026-04-24");
}

#[test]
fn what_is_overdue_already_is_not_raised() {
    let policy = policy(BY_INDUSTRY);
    let mut one = subject("62");
    one.history.inspections.push(visit("2025-10-15"));
    let late = appraised(&policy, &one, None, "2026-03-02");
    one.attributes[2] = Value::Flag(true);
    let stricter = appraised(&policy, &one, Some(previous(&late)), "2026-03-02");
    assert_eq!(shown(&stricter), "2025-12-15 2025-12-15 2025-11-28");
}

/// Found by random histories: the day before is then its own, and nobody waited for that one.
#[test]
fn who_is_overdue_since_business_began_again_stays_so_when_asked_twice() {
    let policy = policy(BY_INDUSTRY);
    let mut one = patrolled("2026-01-15");
    let late = appraised(&policy, &one, None, "2026-03-18");
    one.history.statuses.push((day("2026-03-20"), Status::Suspended));
    one.history.statuses.push((day("2026-06-01"), Status::Active));
    one.history.inspections.push(visit("2026-02-10"));
    let asked = |before: &Appraisal, decided_on: &str| {
        let before = Previous { decided_on: Some(day(decided_on)), ..previous(before) };
        appraised(&policy, &one, Some(before), "2026-06-02")
    };
    let first = asked(&late, "2026-03-18");
    assert_eq!(shown(&first), "2026-04-10 2026-04-10 2026-03-26");
    assert_eq!(shown(&asked(&first, "2026-06-02")), shown(&first));
}

#[test]
fn a_condition_without_an_answer_matters_only_where_there_is_a_date() {
    let when = "within(subject.last_patrol, \"1 年\")";
    let policy = with_expressions(BY_INDUSTRY, Some(when), &[], &[]);
    let mut never = subject("5223");
    let undecided = appraised(&policy, &never, None, "2026-03-01");
    assert_eq!(undecided.next[0].held, Some(HoldReason::Undecided));
    assert_eq!(undecided.undecided.map(|fault| fault.code), Some(codes::RULE_MISSING));
    never.attributes[4] = Value::Missing;
    let without = appraised(&policy, &never, None, "2026-03-01");
    assert_eq!((shown(&without), without.undecided), (NoDate::NoAnchor.into_str().to_owned(), None));
}

#[test]
fn an_undecided_subject_keeps_its_tier_and_is_flagged() {
    let policy = policy("fn tier(s) { if s.area > 500 { \"甲\" } else { \"乙\" } }\nfn score(s) { 1 }");
    let mut one = patrolled("2026-01-15");
    one.attributes[5] = Value::Decimal("600".into());
    let decided = appraised(&policy, &one, None, "2026-02-01");
    one.attributes[5] = Value::Missing;
    let undecided = appraised(&policy, &one, Some(previous(&decided)), "2026-02-02");
    assert_eq!(undecided.tier, Some(TierIx(0)));
    assert_eq!(shown(&undecided), shown(&decided));
    assert_eq!(undecided.undecided.map(|fault| fault.code), Some(codes::RULE_MISSING));
    let never = appraised(&policy, &one, None, "2026-02-02");
    assert_eq!((never.tier, shown(&never)), (None, NoDate::NoTier.into_str().to_owned()));
}
