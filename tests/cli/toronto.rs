//! A second, real policy: an excerpt of Toronto's food premises.

use serde_json::{Value, json};

use super::{Desk, out, program};

#[test]
fn the_excerpt_is_dispatched_once_and_verifies() {
    let desk = Desk::new("examples/toronto");
    let data = desk.policy.join("data");
    let file = |name: &str| data.join(name).display().to_string();
    let subjects = desk.json(["import", "subjects", &file("toronto-businesses.csv")]);
    assert_eq!(subjects["rejected"], 0);
    let inspections = desk.json(["import", "inspections", &file("toronto-inspections.csv")]);
    assert_eq!(inspections["rejected"], 0);

    let first = desk.json(["tick", "--at", "2012-12-31"]);
    assert_eq!(first["opened"], 19, "{first}");
    let orders = desk.json(["order", "list", "--at", "2012-12-31"]);
    let of_tier = |tier: &str| {
        let all = orders.as_array().expect("a bare array");
        all.iter().filter(|order| order["tier"] == tier).count()
    };
    assert_eq!((of_tier("high"), of_tier("medium"), of_tier("low")), (2, 17, 0));

    assert_eq!(desk.json(["tick", "--at", "2012-12-31"])["opened"], 0);
    let again = desk.json(["import", "subjects", &file("toronto-businesses.csv")]);
    assert_eq!((&again["added"], &again["changed"]), (&0.into(), &0.into()));
    assert_eq!(again["unchanged"], subjects["added"]);
    let verified = desk.run(["verify"]);
    assert!(verified.status.success(), "{}", out(&verified));
}

#[test]
fn a_tick_before_the_last_one_is_refused_and_names_both() {
    let desk = Desk::new("examples/toronto");
    desk.json(["tick", "--at", "2012-12-31"]);
    let refused = desk.run(["tick", "--at", "2012-12-30"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = super::err(&refused);
    assert!(said.contains("2012-12-30 23:59:59") && said.contains("2012-12-31 23:59:59"), "{said}");
}

/// The example as people who read English use it; everything it writes is kept and looked at.
struct EnglishDesk {
    desk: Desk,
    /// What was asked, and all that came of it.
    said: Vec<(String, String)>,
}

impl EnglishDesk {
    fn new() -> Self {
        Self { desk: Desk::new("examples/toronto"), said: Vec::new() }
    }

    /// Runs a command at a moment and returns its exit code and what it wrote.
    fn tell(&mut self, at: &str, line: &str) -> (i32, String) {
        self.run(at, &line.split_whitespace().collect::<Vec<_>>())
    }

    fn run(&mut self, at: &str, words: &[&str]) -> (i32, String) {
        let output = std::process::Command::new(program())
            .current_dir(self.desk.dir.path())
            .env("WUBU_POLICY", &self.desk.policy)
            .env("WUBU_DB", crate::database::url(&self.desk.path("wubu.db")))
            .args(["--lang", "en", "--at", at])
            .args(words)
            .output()
            .expect("the program starts");
        let written = format!("{}{}", out(&output), super::err(&output));
        self.said.push((words.join(" "), written.clone()));
        (output.status.code().unwrap_or(-1), written)
    }

    /// The same, to a good end.
    fn done(&mut self, at: &str, words: &[&str]) -> String {
        let (code, written) = self.run(at, words);
        assert_eq!(code, 0, "{words:?}: {written}");
        written
    }

    fn json(&mut self, at: &str, words: &[&str]) -> Value {
        let mut all = vec!["--format", "json"];
        all.extend(words);
        let written = self.done(at, &all);
        let from = written.find(['{', '[']).expect("JSON");
        let mut read = serde_json::Deserializer::from_str(&written[from..]).into_iter::<Value>();
        read.next().expect("one document").expect("JSON")
    }
}

/// Returns the first text that is Chinese, or has a mark that only stands among Chinese.
fn chinese(text: &str) -> Option<&str> {
    let is_mark = |c: char| matches!(c, '\u{2e80}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}');
    text.lines().find(|line| line.contains(is_mark))
}

/// Writes what an inspector found: everything is in order but the temperature of the food.
fn found(desk: &Desk, items: &[&str]) -> String {
    let bad = |item: &&str| if *item == items[0] { "not in compliance" } else { "in compliance" };
    let answers: serde_json::Map<String, Value> =
        items.iter().map(|item| ((*item).to_owned(), Value::from(bad(item)))).collect();
    let form = json!({
        "Arrived at": "2013-01-02T10:15",
        "Checklist": answers,
        "Infractions": [{"Item": items[0], "level": "critical", "Note": "cold food at 12 degrees"}],
    });
    let path = desk.path("found.json");
    std::fs::write(&path, form.to_string()).expect("written");
    path.display().to_string()
}

#[test]
fn one_order_is_lived_through_in_english_to_its_papers() {
    let mut city = EnglishDesk::new();
    let folder = city.desk.policy.clone();
    let file = |name: &str| folder.join(name).display().to_string();
    let begin = "2012-12-31T08:00";
    city.done(begin, &["check"]);
    city.done(begin, &["test", "--coverage"]);
    for (kind, name) in [
        ("subjects", "data/toronto-businesses.csv"),
        ("inspections", "data/toronto-inspections.csv"),
        ("officers", "officers.csv"),
    ] {
        assert_eq!(city.json(begin, &["import", kind, &file(name)])["rejected"], 0, "{kind}");
    }
    assert_eq!(city.json("2012-12-31T09:00", &["tick"])["opened"], 19);
    let orders = city.json("2012-12-31T09:00", &["order", "list"]);
    let order =
        orders.as_array().expect("a list").iter().find(|order| order["tier"] == "high").expect("one").clone();
    let id = order["id"].as_str().expect("an id").to_owned();
    assert_eq!(order["number"], format!("Toronto Public Health 2012-{}", id.trim_start_matches("toronto-")));
    let inspector = order["assignees"][0].as_str().expect("somebody has it in hand").to_owned();
    let form = found(
        &city.desk,
        &["Food temperature", "Hand washing", "Pest control", "Food protection", "Sanitation"],
    );
    let act = |action: &'static str, by: &str, more: &[&str]| -> Vec<String> {
        let words = ["order", "act", &id, action, "--as", by];
        words.iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    let lived = |city: &mut EnglishDesk, at: &str, words: Vec<String>| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        city.json(at, &words)
    };
    // What is refused is told in English as well.
    let (code, refused) =
        city.run("2013-01-02T10:00", &["order", "act", &id, "complete", "--as", &inspector]);
    assert_eq!(code, 1, "{refused}");
    let after = lived(&mut city, "2013-01-02T11:00", act("complete", &inspector, &["--form", &form]));
    assert_eq!(after["step"], "notice");
    let after = lived(&mut city, "2013-01-02T12:00", act("complete", &inspector, &[]));
    assert_eq!(after["step"], "close");
    let after = lived(&mut city, "2013-01-02T15:00", act("close", "SUP-1", &[]));
    assert_eq!(after["step"], "serve");
    let after = lived(&mut city, "2013-01-03T09:00", act("complete", &inspector, &[]));
    assert_eq!(after["step"], "file");
    let after = lived(&mut city, "2013-01-03T10:00", act("complete", "CLK-1", &[]));
    assert_eq!(after["state"], "done");

    let papers = city.json("2013-01-03T11:00", &["document", "list", "--order", &id]);
    let papers = papers.as_array().expect("a list").clone();
    let told: Vec<(&str, &str)> = papers
        .iter()
        .map(|paper| (paper["kind"].as_str().expect("a kind"), paper["number"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(told, [("food.report", "TPH R 2013-1"), ("food.notice", "TPH N 2013-1"), ("food.file", "")]);
    for paper in &papers {
        let name = paper["id"].as_str().expect("an id").to_owned();
        let page = city.desk.path("page.html").display().to_string();
        city.done("2013-01-03T11:00", &["document", "render", &name, "--out", &page]);
        let html = std::fs::read_to_string(&page).expect("the page");
        assert!(html.contains("lang=\"en\""), "{html}");
        city.said.push((page, html));
    }
    let subject = order["subject"].as_str().expect("a subject").to_owned();
    let late = "2013-01-20T09:00";
    city.done(late, &["tick"]);
    std::fs::write(city.desk.path("bad.csv"), "business_id,name,grid_id,industry,risk_class,min_inspections_per_year,lat,lon,address\nX-1,Cafe,TOR-N-001,Restaurant,9,three,,,\n").expect("written");
    let bad = city.desk.path("bad.csv").display().to_string();
    city.run(late, &["import", "subjects", &bad]);
    for line in [
        "order list",
        "order list --overdue",
        "subject list --limit 5",
        "due --since 2012-12-31 --tier high",
        "calendar show 2013",
        "inbox --as SUP-1",
        "outbox list",
        "officer list",
        "officer show INS-1",
        "incident list",
        "release list",
        "doctor",
        "doctor --limits",
        "verify",
        "help",
        "order act --help",
        "import --help",
        "document missing toronto-1",
        "order act toronto-2 conditional --as SUP-1",
        "order act toronto-2 cancel --as SUP-1",
        "due --since 2012-12-31 --tier none",
        "clock nothing --from 2013-01-01",
        "calendar show 2013x",
        "document reconcile --month 2013-01",
        "test nothing-of-that-name",
        "order bulk cancel --as SUP-1",
    ] {
        city.tell(late, line);
    }
    city.done(late, &["order", "show", &id]);
    city.done(late, &["explain", "order", &id]);
    city.done(late, &["explain", "subject", &subject]);
    city.done(late, &["subject", "show", &subject]);
    for entry in std::fs::read_dir(city.desk.dir.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let is_text =
            path.extension().is_some_and(|end| ["csv", "json", "html"].iter().any(|known| end == *known));
        if is_text {
            city.said.push((path.display().to_string(), std::fs::read_to_string(&path).expect("text")));
        }
    }
    let found: Vec<String> =
        city.said.iter().filter_map(|(asked, text)| Some(format!("{asked}: {}", chinese(text)?))).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(city.said.len() > 50);
}
