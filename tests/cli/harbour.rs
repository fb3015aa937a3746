//! Harbour City, an example in English: a cycle for each business, and what a complaint leads to.

use serde_json::Value;

use super::english::{english, is_chinese, paths};
use super::{Desk, err, root};

const VISIT: &str = "tests/cli/harbour-visit.json";

fn desk() -> Desk {
    let mut desk = Desk::new("examples/harbour");
    desk.lang = "en";
    desk
}

/// Runs to a good end at a moment; what is said then is English.
fn told(desk: &Desk, at: &str, words: &[&str]) -> String {
    let done = desk.command().args(["--at", at]).args(words).output().expect("the program starts");
    assert!(done.status.success(), "{words:?}: {}", err(&done));
    english(&done)
}

fn json(desk: &Desk, at: &str, words: &[&str]) -> Value {
    let said = desk.command().args(["--format", "json", "--at", at]).args(words).output();
    let said = said.expect("the program starts");
    assert!(said.status.success(), "{words:?}: {}", err(&said));
    english(&said);
    serde_json::from_slice(&said.stdout).expect("one JSON document")
}

/// Imports the register and lets three days pass; returns how many orders each of them opened.
fn three_days(desk: &Desk) -> Vec<Value> {
    let register = desk.policy.join("register");
    for (kind, name) in
        [("officers", "officers.csv"), ("subjects", "businesses.csv"), ("inspections", "visits.csv")]
    {
        let file = register.join(name).display().to_string();
        let read = json(desk, "2026-02-27T08:00", &["import", kind, &file]);
        assert_eq!((&read["rejected"], &read["added"]), (&0.into(), &read["read"]), "{name}: {read}");
    }
    let days = ["2026-03-02T08:00", "2026-03-03T08:00", "2026-03-04T08:00"];
    days.iter().map(|day| json(desk, day, &["tick"])["opened"].clone()).collect()
}

/// Returns one thing of every row of a list, in its order.
fn column<'j>(rows: &'j Value, name: &str) -> Vec<&'j str> {
    let rows = rows.as_array().expect("a list");
    rows.iter().map(|row| row[name].as_str().expect("a text")).collect()
}

#[test]
fn its_files_are_english_and_its_cases_reach_everything() {
    let desk = desk();
    for path in paths(&desk.policy, "") {
        let text = std::fs::read_to_string(desk.policy.join(&path)).expect("UTF-8");
        assert!(!is_chinese(&text), "{path}");
    }
    let checked = told(&desk, "2026-02-27", &["check"]);
    assert!(checked.contains("0 errors, 0 warnings"), "{checked}");
    let tested = told(&desk, "2026-02-27", &["test", "--coverage"]);
    assert!(tested.contains(" 0 failed"), "{tested}");
    let counts = tested.lines().filter(|line| line.starts_with("of "));
    let counts: Vec<Vec<u32>> = counts
        .map(|line| line.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect())
        .collect();
    assert_eq!(counts.len(), 3, "{tested}");
    assert!(counts.iter().all(|count| count.len() == 2 && count[0] == count[1]), "{tested}");
}

#[test]
fn each_business_is_due_by_its_own_cycle_and_who_has_none_is_listed() {
    let desk = desk();
    assert_eq!(three_days(&desk), [13, 1, 0]);
    let none = json(&desk, "2026-03-04T09:00", &["subject", "list", "--tier", "unclassified"]);
    assert_eq!(column(&none, "id"), ["L-1007", "L-1014", "L-1015", "L-1023", "L-1028", "L-1029"]);

    // Two restaurants: one is visited every quarter, one every half-year; the complaint visit of 11 February moves nothing.
    let orders = json(&desk, "2026-03-04T09:00", &["order", "list"]);
    let order = |subject: &str| {
        let mut all = orders.as_array().expect("a list").iter();
        all.find(|order| order["subject"] == subject).unwrap_or_else(|| panic!("none of {subject}")).clone()
    };
    let (quarterly, half_yearly, new) = (order("L-1009"), order("L-1002"), order("L-1007"));
    assert_eq!((&quarterly["trigger"], &quarterly["nominal"]), (&"cycle".into(), &"2026-03-16".into()));
    assert_eq!((&half_yearly["trigger"], &half_yearly["nominal"]), (&"cycle".into(), &"2026-03-17".into()));
    assert_eq!((&new["trigger"], &new["nominal"]), (&"first-visit".into(), &"2026-03-10".into()));
    assert!(!column(&orders, "subject").contains(&"L-1006"), "closed for the season");

    for words in [
        &["order", "list"][..],
        &["order", "show", "harbourside-3"],
        &["explain", "order", "harbourside-3"],
        &["explain", "subject", "L-1014"],
        &["subject", "show", "L-1014"],
        &["subject", "list"],
        &["inbox", "--as", "HC-10"],
        &["effective", "routine", "--station", "harbourside", "--on", "2026-07-01", "--prose"],
        &["verify"],
    ] {
        told(&desk, "2026-03-04T09:00", words);
    }
}

#[test]
fn a_complaint_leads_to_a_closure_that_is_drafted_signed_and_served() {
    let desk = desk();
    three_days(&desk);
    let at = |time: &str| format!("2026-03-04T{time}");
    let act = |time: &str, order: &str, words: &[&str]| {
        let all: Vec<&str> = ["order", "act", order].iter().chain(words).copied().collect();
        json(&desk, &at(time), &all)
    };
    let complaint = ["signal", "complaint.received", "--subject", "L-1012", "--as", "HC-04"];
    // One routine order is open for it, and does not hear of complaints.
    let done = json(&desk, &at("10:00"), &complaint);
    assert_eq!(
        (done["opened"].as_array().map(Vec::len), &done["reached"]),
        (Some(1), &serde_json::json!([]))
    );
    let again = json(&desk, &at("10:01"), &complaint);
    assert_eq!((&again["opened"], &again["already"]), (&serde_json::json!([]), &done["opened"]));
    assert!(told(&desk, &at("10:02"), &complaint).contains("open already"));
    act("10:10", "harbourside-11", &["visit", "--as", "HC-10"]);
    act("10:20", "harbourside-11", &["not a fire matter", "--as", "HC-03"]);
    act("10:30", "harbourside-11", &["let in", "--as", "HC-12"]);
    let form = root().join(VISIT).display().to_string();
    let after = act("11:00", "harbourside-11", &["complete", "--as", "HC-12", "--form", &form]);
    assert_eq!(after["step"], "fix", "{after}");

    let shown = told(&desk, &at("11:10"), &["order", "show", "harbourside-11"]);
    for term in ["2026-03-05 11:00  escalation, level 1", "critical, Electrical safety", "2026-04-03  due"] {
        assert!(shown.contains(term), "{term}: {shown}");
    }
    let after = act("11:30", "harbourside-12", &["complete", "--as", "HC-12"]);
    assert_eq!(after["step"], "decide", "something critical was found by the parent: {after}");
    act("12:00", "harbourside-12", &["close", "--as", "HC-10"]);
    act("12:10", "harbourside-12", &["complete", "--as", "HC-12"]);
    let papers = json(&desk, &at("12:20"), &["document", "list", "--order", "harbourside-12"]);
    assert_eq!((&papers[0]["number"], &papers[0]["state"]), (&"HCI-CO 2026-1".into(), &"served".into()));
    told(&desk, &at("12:20"), &["document", "render", "harbourside-12/1", "--out", "page.html"]);
    let page = std::fs::read_to_string(desk.path("page.html")).expect("the page");
    assert!(page.contains("These premises are closed") && !is_chinese(&page), "{page}");

    for words in [
        &["order", "show", "harbourside-12"][..],
        &["explain", "order", "harbourside-12"],
        &["document", "list", "--order", "harbourside-11"],
        &["subject", "show", "L-1012"],
        &["verify"],
    ] {
        told(&desk, &at("12:30"), words);
    }
}

#[test]
fn a_row_of_the_licence_office_is_translated_or_refused_in_its_own_words() {
    let desk = desk();
    let rows = "Licence,Trading name,District,Beat,Trade,Inspected,Licensed on,State\n\
        L-1,The Moorings,Harbourside,H1,guest house,Half-yearly,2026-01-05,Closed for the season\n\
        L-2,Lantern Inn,Harbourside,H1,guest house,Weekly,2026-01-05,Open\n\
        L-3,Ship's Bell,Harbourside,H1,guest house,Yearly,2026-01-05,Burnt down\n";
    std::fs::write(desk.path("rows.csv"), rows).expect("written");
    let read = json(&desk, "2026-02-27T08:00", &["import", "subjects", "rows.csv"]);
    assert_eq!((&read["added"], &read["rejected"]), (&1.into(), &2.into()));
    let known = json(&desk, "2026-02-27T09:00", &["subject", "show", "L-1"]);
    assert_eq!((&known["status"], &known["attributes"]["cycle"]), (&"suspended".into(), &"6 months".into()));
    let refused = std::fs::read_to_string(desk.path("rows.rejects.csv")).expect("the rejects");
    assert!(
        refused.contains("there are: Open, Closed for the season, Gone") && !is_chinese(&refused),
        "{refused}"
    );
    assert!(refused.contains("“Weekly” is no length of time"), "{refused}");
}
