//! The bureau of a story: the program, its database, and what changed since it was last looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::record;
use super::story::{Edit, Rows, Step, Story, Words};
use crate::cli::Desk;
use crate::database;

/// Columns of import files: the word in a story, the heading, what is meant when not told.
const OFFICERS: [(&str, &str, &str); 8] = [
    ("id", "工号", ""),
    ("name", "姓名", ""),
    ("station", "所属工商所", ""),
    ("roles", "角色", ""),
    ("certificate", "执法证号", ""),
    ("until", "执法证有效期至", ""),
    ("post_from", "任职起", ""),
    ("post_until", "任职止", ""),
];
const SUBJECTS: [(&str, &str, &str); 11] = [
    ("id", "统一社会信用代码", ""),
    ("name", "名称", ""),
    ("station", "管辖所", "dongguan"),
    ("grid", "片区", "G01"),
    ("industry", "行业代码", "5223"),
    ("registered", "成立日期", "2020-01-01"),
    ("credit", "信用等级", "B"),
    ("warned", "警示标志", "否"),
    ("status", "状态", "在业"),
    ("status_on", "状态日期", "2020-01-01"),
    ("last_patrol", "上次巡查", ""),
];
const INSPECTIONS: [(&str, &str, &str); 6] = [
    ("id", "编号", ""),
    ("subject", "统一社会信用代码", ""),
    ("on", "日期", ""),
    ("result", "结果", "符合"),
    ("major", "重大问题数", "0"),
    ("minor", "一般问题数", "0"),
];

/// How a picture begins; each gets bytes of its own after it.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What an order looked like when the story last looked.
#[derive(Default)]
struct Seen {
    /// Its version, and how many of its terms had fired.
    marks: (i64, i64),
    lines: usize,
    stands: Vec<String>,
}

/// A story under way.
pub(super) struct Teller<'a> {
    story: &'a Story,
    desk: Desk,
    seen: BTreeMap<String, Seen>,
    outbox: BTreeSet<(String, i64, i64, i64)>,
    /// Which time a step is done that is done several times.
    turn: usize,
    out: String,
}

/// What a command said.
struct HistoryEntry {
    code: i32,
    json: Value,
    err: String,
}

impl<'a> Teller<'a> {
    pub(super) fn new(story: &'a Story) -> Self {
        let desk = Desk::with_own_policy();
        let mut out = String::new();
        let _ = writeln!(out, "{}\n{}\n", story.title, story.source);
        let mut teller = Self { story, desk, seen: BTreeMap::new(), outbox: BTreeSet::new(), turn: 1, out };
        teller.edit(&story.policy);
        let said = teller.run(&story.given.at, &["tick"]);
        assert_eq!(said.code, 0, "{}", said.err);
        let imported = teller.import(&story.given.rows, &story.given.at);
        assert_eq!(imported.code, 0, "{}", imported.err);
        teller.look(&story.given.at);
        teller
    }

    pub(super) fn ended(self) -> String {
        self.out
    }

    /// Lets one step happen; returns what is not as the story says.
    pub(super) fn step(&mut self, step: &Step) -> Vec<String> {
        let heading = format!("── {}  {}", step.at.replace('T', " "), Self::what(step));
        let _ = writeln!(self.out, "{}", heading.trim_end());
        if let Some(note) = &step.note {
            let _ = writeln!(self.out, "   ({note})");
        }
        let mut wrong = Vec::new();
        for turn in 1..=step.times.unwrap_or(1) {
            self.turn = turn;
            if let Some(said) = self.happen(step) {
                wrong.extend(self.judged(step, &said));
            }
        }
        self.look(&step.at);
        for (name, wanted) in &step.expect {
            let found = self.order(&self.id_of(name), &step.at);
            if !record::holds(wanted, &found) {
                wrong.push(format!("{name} is {}", record::pick(wanted, &found)));
            }
        }
        self.out.push('\n');
        wrong
    }

    fn judged(&mut self, step: &Step, said: &HistoryEntry) -> Vec<String> {
        let mut wrong = Vec::new();
        match &step.refused {
            // Some answers are problems found, which the program ends with 1.
            None if said.code == 1 && said.err.is_empty() && step.says.is_some() => {}
            None if said.code != 0 => wrong.push(said.err.trim().to_owned()),
            None => {}
            Some(code) if said.code == 1 && said.json.to_string().contains(code.as_str()) => {}
            Some(code) if said.code == 1 && said.err.contains(code.as_str()) => {
                let _ = writeln!(
                    self.out,
                    "   不准：{}",
                    record::scrub(said.err.lines().next().unwrap_or_default())
                );
            }
            Some(code) => wrong.push(format!("not refused with {code}: {} {}", said.json, said.err)),
        }
        let page = said.json.to_string();
        wrong.extend(step.holds.iter().filter(|passage| !page.contains(*passage)).cloned());
        if let Some(wanted) = &step.says {
            let picked = record::pick(wanted, &said.json);
            let _ = writeln!(self.out, "   答：{}", record::scrub(&picked.to_string()));
            if !record::holds(wanted, &said.json) {
                wrong.push(format!("said {picked}"));
            }
        }
        wrong
    }

    /// Says in a line what happens.
    fn what(step: &Step) -> String {
        let told = |name: &str, words: &Option<Words>| {
            words.as_ref().map(|words| format!("{name} {}", record::words(words)))
        };
        let named = |name: &str, is_done: bool| is_done.then(|| name.to_owned());
        [
            step.import.as_ref().map(|_| "登记簿有变动".to_owned()),
            step.apply.as_ref().map(|_| "规则改好，启用".to_owned()),
            named("系统运行", step.tick),
            told("开单", &step.open),
            told("办理", &step.act),
            told("文书", &step.document),
            told("人员", &step.officer),
            told("信号", &step.signal),
            told("重办", &step.retry),
            told("列表", &step.list),
            step.subject.as_ref().map(|subject| format!("主体 {subject}")),
            named("规则故障", step.incidents),
            named("核验", step.verify),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("；")
    }

    fn happen(&mut self, step: &Step) -> Option<HistoryEntry> {
        let at = &step.at;
        if let Some(rows) = &step.import {
            let said = self.import(rows, at);
            if said.code != 0 || !step.tick {
                return Some(said);
            }
        }
        if let Some(edits) = &step.apply {
            self.edit(edits);
            return Some(self.run(at, &["apply", "--as", "F01"]));
        }
        if step.tick {
            return Some(self.run(at, &["tick"]));
        }
        let command = |first: &[&str], words: &Words, places: &[&str]| self.command(at, first, words, places);
        if let Some(words) = &step.open {
            return Some(command(&["order", "open"], words, &["workflow"]));
        }
        if let Some(words) = &step.act {
            return Some(command(&["order", "act"], words, &["order", "do"]));
        }
        if let Some(words) = &step.document {
            return Some(command(&["document"], words, &["do", "what"]));
        }
        if let Some(words) = &step.officer {
            return Some(command(&["officer"], words, &["do", "what"]));
        }
        if let Some(words) = &step.signal {
            return Some(command(&["signal"], words, &["name"]));
        }
        if let Some(words) = &step.retry {
            return Some(command(&["order", "retry"], words, &[]));
        }
        if let Some(words) = &step.list {
            return Some(command(&["order", "list"], words, &[]));
        }
        if let Some(subject) = &step.subject {
            return Some(self.run(at, &["subject", "show", subject]));
        }
        if step.incidents {
            return Some(self.run(at, &["incident", "list"]));
        }
        step.verify.then(|| self.run(at, &["verify"]))
    }

    /// Runs a command whose words are given by name: those of `places` in their order, the others as
    /// options.
    fn command(&self, at: &str, first: &[&str], words: &Words, places: &[&str]) -> HistoryEntry {
        let mut args: Vec<String> = first.iter().map(|&word| word.to_owned()).collect();
        for place in places {
            match words.get(*place) {
                Some(Value::Array(all)) => args.extend(all.iter().map(|value| self.word(value))),
                Some(value) => args.push(self.word(value)),
                None => {}
            }
        }
        for (name, value) in words.iter().filter(|(name, _)| !places.contains(&name.as_str())) {
            match (name.as_str(), value) {
                ("form", form) => {
                    let path = self.desk.path("form.json");
                    std::fs::write(&path, form.to_string()).expect("written");
                    args.extend(["--form".to_owned(), path.display().to_string()]);
                }
                ("attach", Value::Array(all)) => {
                    for name in all {
                        self.photo(&record::text(name));
                    }
                }
                (_, Value::Bool(true)) => args.push(format!("--{name}")),
                (_, Value::Array(all)) => {
                    let all: Vec<String> = all.iter().map(|value| self.word(value)).collect();
                    args.push(format!("--{name}={}", all.join(",")));
                }
                (_, value) => args.push(format!("--{name}={}", self.word(value))),
            }
        }
        self.run(at, &args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Lays a picture that no other one equals beside the form, which names it.
    fn photo(&self, name: &str) {
        let bytes: Vec<u8> = PICTURE.iter().copied().chain(name.bytes()).collect();
        std::fs::write(self.desk.path(name), bytes).expect("written");
    }

    /// A word as the command line wants it; an order or one of its documents by the story's name.
    fn word(&self, value: &Value) -> String {
        let turn = (format!("{:06}", self.turn), (self.turn + 1).to_string());
        let text = record::text(value).replace("{n}", &turn.0).replace("{d}", &turn.1);
        match text.split_once('/') {
            Some((name, place)) => format!("{}/{place}", self.id_of(name)),
            None => self.id_of(&text),
        }
    }

    fn id_of(&self, name: &str) -> String {
        self.story.orders.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn name_of(&self, id: &str) -> String {
        let named = self.story.orders.iter().find(|(_, known)| *known == id);
        named.map_or_else(|| id.to_owned(), |(name, _)| name.clone())
    }

    fn run(&self, at: &str, args: &[&str]) -> HistoryEntry {
        let mut command = self.desk.command();
        let output = command.args(["--format", "json"]).args(args).args(["--at", at]).output();
        let output = output.expect("the program starts");
        HistoryEntry {
            code: output.status.code().unwrap_or(-1),
            json: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn edit(&self, edits: &[Edit]) {
        for Edit { file, replace, by } in edits {
            let path = self.desk.policy.join(file);
            let text = std::fs::read_to_string(&path).expect("a policy file");
            assert_eq!(text.matches(replace.as_str()).count(), 1, "{file} holds once: {replace}");
            std::fs::write(&path, text.replacen(replace.as_str(), by, 1)).expect("written");
        }
    }

    fn import(&self, rows: &Rows, at: &str) -> HistoryEntry {
        let mut last = HistoryEntry { code: 0, json: Value::Null, err: String::new() };
        let files = [
            ("officers", csv(&OFFICERS, &rows.officers)),
            ("subjects", csv(&SUBJECTS, &rows.subjects)),
            ("inspections", csv(&INSPECTIONS, &rows.inspections)),
        ];
        for (kind, text) in files {
            let Some(text) = text else { continue };
            let path = self.desk.path("rows.csv");
            std::fs::write(&path, text).expect("written");
            last = self.run(at, &["import", kind, &path.display().to_string()]);
            assert_eq!(last.json["rejected"], json!(0), "{kind}: {} {}", last.json, last.err);
        }
        last
    }

    fn order(&self, id: &str, at: &str) -> Value {
        self.run(at, &["order", "show", id]).json
    }

    /// What tells whether an order changed since it was last looked at.
    fn marks(&self) -> Vec<(String, (i64, i64))> {
        let rows = database::rows(
            &self.desk.path("wubu.db"),
            "SELECT home || '-' || seq, version, (SELECT COUNT(*) FROM term AS t WHERE t.home = o.home \
             AND t.seq = o.seq AND t.fired_at IS NOT NULL) FROM orders AS o ORDER BY home, seq",
        );
        let typed = |row| serde_json::from_value(row).expect("a key and two numbers");
        let typed = rows.into_iter().map(|row| typed(json!(row)));
        typed.map(|(id, version, fired)| (id, (version, fired))).collect()
    }

    /// Writes what is new: of each order its history and where it stands, and who is told what.
    fn look(&mut self, at: &str) {
        for (id, marks) in self.marks() {
            if self.seen.get(&id).is_some_and(|seen| seen.marks == marks) {
                continue;
            }
            let order = self.order(&id, at);
            let history = order["history"].as_array().cloned().unwrap_or_default();
            let seen = self.seen.entry(id.clone()).or_default();
            seen.marks = marks;
            let new: Vec<&Value> = history.iter().skip(seen.lines).collect();
            let stands = record::stands(&order);
            if new.is_empty() && stands == seen.stands {
                continue;
            }
            let heading = record::heading(&order);
            seen.lines = history.len();
            seen.stands.clone_from(&stands);
            let name = self.name_of(&id);
            let _ = writeln!(self.out, "   {name}  {heading}");
            for line in new {
                let _ = writeln!(self.out, "     · {}", record::line(&order, line));
            }
            for place in stands {
                let _ = writeln!(self.out, "     → {place}");
            }
        }
        self.tell_outbox();
    }

    fn tell_outbox(&mut self) {
        let rows = database::rows(
            &self.desk.path("wubu.db"),
            "SELECT home, seq, version, ordinal, kind, addressee, body FROM outbox \
             ORDER BY home, seq, version, ordinal",
        );
        for row in rows {
            let row: (String, i64, i64, i64, String, String, String) =
                serde_json::from_value(json!(row)).expect("a message");
            let (home, seq, version, ordinal, kind, addressee, body) = row;
            let key = (home, seq, version, ordinal);
            if !self.outbox.insert(key.clone()) {
                continue;
            }
            let order =
                if key.1 == 0 { String::new() } else { self.name_of(&format!("{}-{}", key.0, key.1)) };
            let body: Map<String, Value> = serde_json::from_str(&body).expect("an object");
            let _ = writeln!(self.out, "   告知 {}", record::message(&addressee, &kind, &order, &body));
        }
    }
}

fn csv(columns: &[(&str, &str, &str)], rows: &[Map<String, Value>]) -> Option<String> {
    let mut csv = columns.iter().map(|(_, heading, _)| *heading).collect::<Vec<_>>().join(",");
    for row in rows {
        for key in row.keys() {
            assert!(columns.iter().any(|(name, ..)| name == key), "no column {key}");
        }
        let cell = |(name, _, default): &(&str, &str, &str)| {
            row.get(*name).map_or_else(|| (*default).to_owned(), record::text)
        };
        let _ = write!(csv, "\n{}", columns.iter().map(cell).collect::<Vec<_>>().join(","));
    }
    (!rows.is_empty()).then_some(csv)
}
