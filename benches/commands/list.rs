//! Every command, in an order in which each finds what it needs.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::json;
use wubu::id::OrderId;
use wubu::office;

use crate::fill::{self, Register};
use crate::ground::{STATIONS, credit_code};
use crate::measure::{Measured, Place};
use crate::register::officer;
use crate::words;

/// A quick command is run so often, and counts as the quickest of them.
const ROUNDS: usize = 3;
/// What is quick.
const QUICK_MS: u128 = 1_000;
/// The moment of what is done on the day of the tick.
const NOW: &str = "2026-03-13T08:00";
/// A week later, when steps are overdue.
const LATER: &str = "2026-03-20T08:00";

/// The commands of one register, on a copy of its database.
pub(crate) struct Session<'a> {
    register: &'a Register,
    database: PathBuf,
    only: Option<&'a str>,
    webhook: u16,
    took: Vec<(String, Measured)>,
}

/// An order to act on.
struct Pick {
    id: String,
    number: String,
    subject: String,
    tier: String,
    /// Who has its step in hand.
    by: Vec<String>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(register: &'a Register, only: Option<&'a str>, webhook: u16) -> Self {
        let database = register.folder.join("work.db");
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", database.display()));
        }
        fs::copy(register.database(), &database).expect("copies");
        let took = register.made.clone();
        Self { register, database, only, webhook, took }
    }

    /// Runs every command and returns what each took.
    pub(crate) fn run(mut self) -> Vec<(String, Measured)> {
        self.alone();
        self.lists();
        self.single();
        self.whole();
        self.acts();
        self.people();
        self.papers();
        self.intake();
        self.daemon();
        let _ = fs::remove_file(&self.database);
        self.took
    }

    fn once(&mut self, name: &str, args: &[&str]) {
        if self.only.is_none_or(|only| name.contains(only)) {
            let policy = self.register.policy();
            let took = Place { policy: &policy, database: &self.database }.run(&words(args));
            self.took.push((name.to_owned(), took));
        }
    }

    /// Runs what changes nothing, as text under its own name and as JSON beside it where it is a list.
    fn read(&mut self, args: &[&str]) {
        self.read_at(&args.join(" "), args);
    }

    fn read_at(&mut self, name: &str, args: &[&str]) {
        let args = [args, &["--at", NOW]].concat();
        for _ in 0..ROUNDS {
            let before = self.took.len();
            self.once(name, &args);
            let Some((_, now)) = self.took.get(before).cloned() else { return };
            if let Some((known, least)) = before.checked_sub(1).map(|at| &mut self.took[at])
                && known == name
            {
                if now.cpu < least.cpu {
                    *least = now.clone();
                }
                self.took.pop();
            }
            if now.wall.as_millis() > QUICK_MS {
                return;
            }
        }
    }

    fn list(&mut self, args: &[&str]) {
        self.read(args);
        self.read(&[args, &["--format", "json"]].concat());
    }

    fn write(&mut self, name: &str, args: &[&str]) {
        self.once(name, &[args, &["--at", NOW]].concat());
    }

    /// What needs no database, or reads only the release.
    fn alone(&mut self) {
        let folder = self.register.file("scratch");
        let _ = fs::remove_dir_all(&folder);
        self.once("init", &["init", &folder]);
        self.once("check", &["check"]);
        let place = Place { policy: Path::new(&folder), database: &self.database };
        let took = place.run(&words(&["test"]));
        self.took.push(("test".to_owned(), took));
        self.read(&["due", "--since", "2026-01-20", "--tier", "甲"]);
        self.read_at("clock", &["clock", "clue_verification", "--from", "2026-01-20"]);
        self.read(&["calendar", "show", "2026"]);
        self.read(&["completions", "bash"]);
        self.read(&["release", "list"]);
        self.read(&["doctor", "--limits"]);
    }

    fn lists(&mut self) {
        let person = "P00001";
        self.list(&["subject", "list"]);
        self.read(&["subject", "list", "--limit", "50"]);
        self.read(&["subject", "list", "--grid", "G0001"]);
        self.list(&["order", "list"]);
        self.read(&["order", "list", "--limit", "50"]);
        self.read(&["order", "list", "--state", "open", "--station", STATIONS[0]]);
        self.read(&["order", "list", "--officer", person]);
        self.read(&["order", "list", "--overdue"]);
        self.list(&["officer", "list"]);
        self.list(&["document", "list"]);
        self.read(&["document", "list", "--limit", "50"]);
        self.list(&["document", "list", "--blanks"]);
        self.list(&["inbox", "--as", &officer(STATIONS[0], "chief")]);
        self.list(&["inbox", "--as", &officer(STATIONS[0], "command")]);
        self.read(&["inbox", "--as", &officer(STATIONS[0], "command"), "--limit", "50"]);
        self.list(&["outbox", "list"]);
        self.list(&["incident", "list"]);
    }

    fn single(&mut self) {
        let done = &self.picks("done", "archive")[0];
        let open = &self.picks("open", "patrol")[0];
        let document = format!("{}/2", done.id);
        self.read_at("subject show", &["subject", "show", &credit_code(7)]);
        self.read_at("explain subject", &["explain", "subject", &credit_code(7)]);
        self.read_at("order show ID", &["order", "show", &done.id]);
        self.read_at("order show NUMBER", &["order", "show", &done.number]);
        self.read_at("explain order", &["explain", "order", &open.id]);
        self.read_at("officer show", &["officer", "show", "P00001"]);
        self.read_at("document list --order", &["document", "list", "--order", &done.id]);
        self.read_at("document missing", &["document", "missing", &done.id]);
        self.read_at("document render", &["document", "render", &document]);
    }

    /// What looks at everything.
    fn whole(&mut self) {
        self.read(&["verify"]);
        self.read(&["doctor"]);
        self.read(&["document", "reconcile", "--month", "2026-03"]);
        let next = self.register.file("next-year.yaml");
        let text = "calendar: cn\nyears:\n  2027:\n    notice: 量\n    rest: [2027-01-01]\n    work: []\n";
        fs::write(&next, text).expect("writes");
        self.read_at("calendar plan", &["calendar", "plan", &next]);
    }

    fn acts(&mut self) {
        let first = self.picks("open", "issue");
        let second = self.picks("open", "patrol");
        let to = "P00013";
        let form = self.register.file("form.json");
        self.write(
            "order act complete",
            &["order", "act", &first[0].id, "complete", "--as", &first[0].by[0]],
        );
        fs::write(&form, self.clean_form(&second[0].tier)).expect("writes");
        let [id, by] = [&second[0].id, &second[0].by[0]];
        self.write(
            "order act complete --form",
            &["order", "act", id, "complete", "--as", by, "--form", &form],
        );
        let chief = |pick: &Pick| officer(pick.id.rsplit_once('-').map_or("", |(home, _)| home), "chief");
        let act = |pick: &Pick, action: &'static str| {
            ["order", "act", &pick.id, action, "--as", &chief(pick), "--reason", "量"].map(str::to_owned)
        };
        for (at, action) in ["nudge", "cancel"].into_iter().enumerate() {
            let args = act(&second[1 + at], action);
            self.write(&format!("order act {action}"), &args.each_ref().map(String::as_str));
        }
        let closed = credit_code(1);
        self.write(
            "order open",
            &["order", "open", "five-step", "--subject", &closed, "--as", &officer(STATIONS[1], "chief")],
        );
        self.write("order retry --dry-run", &["order", "retry", "--dry-run", "--as", "head"]);
        let chief = officer(STATIONS[0], "chief");
        let bulk = [
            "order",
            "bulk",
            "reassign",
            "--to",
            to,
            "--reason",
            "量",
            "--as",
            &chief,
            "--station",
            STATIONS[0],
            "--step",
            "patrol",
        ];
        self.write("order bulk reassign, counted", &bulk);
        self.write(
            "order bulk reassign --limit 100 --yes",
            &[&bulk[..], &["--limit", "100", "--yes"]].concat(),
        );
        self.write("order bulk reassign --yes, 1/36 a subject", &[&bulk[..], &["--yes"]].concat());
        let subject = &second[5].subject;
        self.write("signal", &["signal", "subject.closed", "--subject", subject, "--as", "director"]);
    }

    fn people(&mut self) {
        let days = ["--from", "2026-03-16", "--to", "2026-03-20"];
        let act = |name: &'static str, id: &'static str| ["officer", name, id, "--as", "director"];
        let with = |first: [&'static str; 5], rest: &[&'static str]| [&first[..], rest].concat();
        self.write(
            "officer leave",
            &with(act("leave", "P00005"), &[&days[..], &["--substitute", "P00006"]].concat()),
        );
        self.write(
            "officer post",
            &with(act("post", "P00007"), &["--role", "监管人员", "--from", "2026-03-01"]),
        );
        let document = ["--document", "量"];
        let delegate = ["officer", "delegate", "director", "--taker", "P00005", "--as", "director"];
        self.write("officer delegate", &[&delegate[..], &days, &document].concat());
        let subject = credit_code(5);
        let conflict = [
            "officer",
            "conflict",
            "P00009",
            "--subject",
            &subject,
            "--decided-by",
            "director",
            "--as",
            "director",
        ];
        self.write("officer conflict", &[&conflict[..], &document].concat());
        self.write(
            "officer email",
            &with(["officer", "email", "P00005", "--as", "P00005"], &["--address", "p@example.org"]),
        );
        self.write("officer left", &with(act("left", "P00011"), &["--on", "2026-03-12"]));
    }

    fn papers(&mut self) {
        let Some(order) = self.picks("open", "patrol").pop() else { return };
        let (id, by, keeper) = (&order.id, &order.by[0], officer(STATIONS[0], "keeper"));
        let out = ["document", "sign-out", "pen.rectify", "--to", by, "--as", &keeper];
        for _ in 0..4 {
            self.write("document sign-out", &out);
        }
        let serial = |n: u32| format!("pen.rectify-2026-{n:06}");
        self.write("document use", &["document", "use", &serial(1), "--order", id, "--as", by]);
        self.write("document return", &["document", "return", &serial(2), "--as", &keeper]);
        let second = order.by.get(1).map_or("P00014", String::as_str);
        let void = words(&[
            "document",
            "void",
            &serial(3),
            "--original",
            "kept",
            "--reason",
            "量",
            "--with",
            "legal",
        ]);
        let void: Vec<&str> = void.iter().map(String::as_str).chain(["--as", &keeper]).collect();
        self.write("document void", &void);
        self.write("document lost", &["document", "lost", &serial(4), "--reason", "量", "--as", by]);
        // What the officers sign themselves is of another kind.
        self.once(
            "document issue",
            &["document", "issue", "pen.scene", "5", "--to", STATIONS[0], "--as", "legal", "--at", NOW],
        );
        self.once(
            "document sign-out",
            &["document", "sign-out", "pen.scene", "--to", by, "--as", &keeper, "--at", NOW],
        );
        self.write("document use", &["document", "use", "pen.scene-2026-000001", "--order", id, "--as", by]);
        let scene = format!("{id}/3");
        self.write("document sign", &["document", "sign", &scene, "--with", second, "--as", by]);
        let place = format!("{id}/2");
        let chief = officer(STATIONS[0], "chief");
        self.write("document submit", &["document", "submit", &place, "--as", by]);
        self.write("document approve", &["document", "approve", &place, "--as", &chief]);
        self.write("document seal", &["document", "seal", &place, "--as", &chief]);
        self.write("document serve", &["document", "serve", &place, "--receipt", "量", "--as", by]);
        self.write("document correct", &["document", "correct", &place, "--reason", "量", "--as", by]);
        self.write("document file", &["document", "file", &place, "--as", &officer(STATIONS[0], "archive")]);
        self.write(
            "document reconcile --close",
            &["document", "reconcile", "--month", "2026-02", "--close", "--as", "legal"],
        );
    }

    fn intake(&mut self) {
        for kind in ["stations", "grids", "officers"] {
            let file = self.register.file(&format!("policy/register/{kind}.csv"));
            self.write(&format!("import {kind}, unchanged"), &["import", kind, &file]);
        }
        for (name, kind, file) in [
            ("unchanged", "subjects", "subjects.csv"),
            ("1/100 changed", "subjects", "changed.csv"),
            ("unchanged", "inspections", "inspections.csv"),
        ] {
            let file = self.register.file(file);
            self.write(&format!("import {kind}, {name}"), &["import", kind, &file]);
        }
    }

    /// What the daemon does, pass by pass.
    fn daemon(&mut self) {
        self.write("tick, appraises 1/100 again and carries who left", &["tick"]);
        self.write("tick, nothing to do", &["tick"]);
        self.once("tick, fires terms and tells", &["tick", "--at", LATER]);
        self.read(&["outbox", "list"]);
        let rules = self.register.policy().join("rules/risk.rhai");
        let bureau = self.register.policy().join("bureau.yaml");
        let before = [&rules, &bureau].map(|path| fs::read_to_string(path).expect("reads"));
        fs::write(&rules, format!("{}\n// 改\n", before[0]).replace("分 += 4", "分 += 3")).expect("writes");
        let hook = format!(
            "\nnotices:\n  webhooks:\n    - {{id: bench, url: \"http://127.0.0.1:{}/\", roles: [所长, 指挥中心, 监管人员]}}\n",
            self.webhook
        );
        fs::write(&bureau, format!("{}{hook}", before[1])).expect("writes");
        self.once("apply, other rules", &["apply", "--as", "director", "--at", LATER]);
        self.once("tick, appraises all again", &["tick", "--at", LATER]);
        self.once("outbox deliver, nothing to carry", &["outbox", "deliver", "--at", LATER]);
        self.once("tick, fires terms again and tells", &["tick", "--at", "2026-03-23T08:00"]);
        self.once("outbox deliver, by webhook", &["outbox", "deliver", "--at", "2026-03-23T09:00"]);
        self.once(
            "outbox retry",
            &["outbox", "retry", "--cause", "nobody", "--as", "head", "--at", "2026-03-23T09:00"],
        );
        let chief = officer(STATIONS[1], "chief");
        let cancel =
            ["order", "bulk", "cancel", "--reason", "量", "--station", STATIONS[1], "--as", &chief, "--yes"];
        self.once(
            "order bulk cancel --yes, 1/18 a subject",
            &[&cancel[..], &["--at", "2026-03-23T09:00"]].concat(),
        );
        self.once("verify, at the end", &["verify", "--at", "2026-03-23T09:00"]);
        for (path, text) in [rules, bureau].iter().zip(before) {
            fs::write(path, text).expect("writes");
        }
    }

    fn clean_form(&self, tier: &str) -> String {
        let live = office::load_folder(&self.register.policy(), wubu::time::Day::MIN).expect("a policy");
        match live.policy.tier(tier) {
            Some(_) => fill::clean_form(&live, tier).to_string(),
            None => json!({}).to_string(),
        }
    }

    /// Finds some orders that stand at a step, of the first station.
    fn picks(&self, state: &str, step: &str) -> Vec<Pick> {
        let connection = Connection::open(&self.database).expect("opens");
        let mut found = connection
            .prepare(
                "SELECT home, seq, number, subject, tier, assignees FROM orders \
                 WHERE home = ? AND state = ? AND step = ? ORDER BY seq LIMIT 20",
            )
            .expect("prepares");
        let row = |row: &rusqlite::Row<'_>| {
            let id = OrderId { home: row.get::<_, String>(0)?, seq: row.get(1)? };
            let by: String = row.get(5)?;
            let by = serde_json::from_str(&by).expect("a list");
            Ok(Pick { id: id.to_string(), number: row.get(2)?, subject: row.get(3)?, tier: row.get(4)?, by })
        };
        let rows = found.query_map((STATIONS[0], state, step), row).expect("reads");
        rows.map(|row| row.expect("a row")).collect()
    }
}
