//! Making a register: imports and ticks by the program itself, acts by the office in bulk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::{Value, json};
use wubu::engine::{Act, Doing};
use wubu::id::OrderId;
use wubu::office::{self, ActContext, ActWish, ActiveRelease};
use wubu::store::{Checkpoint, Store};

use crate::ground;
use crate::measure::{Measured, Place, measure};
use crate::register::{self, WhosePolicy};
use crate::words;

/// Names the process that lets orders be lived through.
pub(crate) const LIVE: &str = "live-through";
/// Of three orders one goes to the archive and one stays at the second step.
const THIRDS: i64 = 3;
/// Acts handed over at once.
const AT_ONCE: usize = 2_000;

/// A register on disk.
pub(crate) struct Register {
    pub(crate) subjects: usize,
    /// Its folder: the database, and the policy in a folder below.
    pub(crate) folder: PathBuf,
    /// What making it took, by command.
    pub(crate) made: Vec<(String, Measured)>,
}

impl Register {
    /// Takes the register that is kept in a folder, or makes it there.
    pub(crate) fn of(folder: &Path, subjects: usize, whose: WhosePolicy) -> Self {
        let folder = folder.join(format!("{subjects}-{whose:?}"));
        let known = folder.join("made.json");
        let mut register = Self { subjects, folder, made: Vec::new() };
        if let Ok(text) = fs::read_to_string(&known) {
            register.made = serde_json::from_str(&text).expect("what was written");
            return register;
        }
        eprintln!("making a register of {subjects}");
        // What was begun and not finished is of no use.
        let _ = fs::remove_dir_all(&register.folder);
        register.make(whose);
        fs::write(known, serde_json::to_string(&register.made).expect("writes")).expect("writes");
        register
    }

    pub(crate) fn policy(&self) -> PathBuf {
        self.folder.join("policy")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("base.db")
    }

    /// A file beside the database.
    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn make(&mut self, whose: WhosePolicy) {
        register::write_policy(&self.policy(), whose, self.subjects);
        register::write_subjects(&self.folder.join("subjects.csv"), self.subjects, false);
        register::write_subjects(&self.folder.join("changed.csv"), self.subjects, true);
        register::write_inspections(&self.folder.join("inspections.csv"), self.subjects);
        for kind in ["stations", "grids", "officers"] {
            let file = self.policy().join(format!("register/{kind}.csv")).display().to_string();
            self.step(&format!("import {kind}, new"), &words(&["import", kind, &file, "--at", "2026-03-12"]));
        }
        for kind in ["subjects", "inspections"] {
            let file = self.file(&format!("{kind}.csv"));
            self.step(&format!("import {kind}, new"), &words(&["import", kind, &file, "--at", "2026-03-12"]));
        }
        self.step("tick, the first appraisal of all", &words(&["tick", "--at", "2026-03-13T06:00"]));
        self.step("tick, opens 0.5 a subject and tells", &words(&["tick", "--at", "2026-03-13T07:00"]));
        self.live();
        self.step("tick, tells of 5/6 acts a subject", &words(&["tick", "--at", "2026-03-13T07:30"]));
        for station in ground::STATIONS {
            // One lot holds 10,000 at most.
            let count = (self.subjects / 60).clamp(5, 10_000).to_string();
            let issue = [
                "document",
                "issue",
                "pen.rectify",
                &count,
                "--to",
                station,
                "--as",
                "legal",
                "--at",
                "2026-03-13T07:30",
            ];
            self.step("document issue, 1/60 a subject, at most 10,000", &words(&issue));
        }
        // Copies are made of the file alone.
        let database = Connection::open(self.database()).expect("opens");
        database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("checkpoints");
    }

    fn step(&mut self, name: &str, args: &[String]) {
        let (policy, database) = (self.policy(), self.database());
        let took = Place { policy: &policy, database: &database }.run(args);
        assert_eq!(took.exit, Some(0), "{name}: {}", took.said);
        self.made.retain(|(known, _)| known != name);
        self.made.push((name.to_owned(), took));
    }

    /// Lets people act on the orders, in a process of its own.
    fn live(&mut self) {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg(LIVE).arg(self.database());
        let took = measure(&command);
        assert_eq!(took.exit, Some(0), "{}", took.said);
        self.made.push(("(acts of people, 5/6 a subject)".to_owned(), took));
    }
}

/// An order that is lived through.
struct OpenOrder {
    id: OrderId,
    tier: String,
}

/// Lets one order of three go to the archive, and another one to the second step.
pub(crate) async fn live_through(database: &Path) {
    let store = ground::open(database).await;
    let live = office::live(&store).await.expect("reads").expect("a release");
    let (whole, begun): (Vec<OpenOrder>, Vec<OpenOrder>) = open_orders(database)
        .into_iter()
        .filter(|order| order.id.seq % THIRDS != 0)
        .partition(|order| order.id.seq % THIRDS == 1);
    for some in whole.chunks(AT_ONCE) {
        for step in ["issue", "patrol", SIGN, "review", "archive"] {
            act(&store, &live, database, some, step).await;
        }
        store.checkpoint(Checkpoint::Passive).await.expect("checkpoints");
    }
    for some in begun.chunks(AT_ONCE) {
        act(&store, &live, database, some, "issue").await;
    }
    store.checkpoint(Checkpoint::Truncate).await.expect("checkpoints");
    store.close().await;
}

fn open_orders(database: &Path) -> Vec<OpenOrder> {
    let connection = Connection::open(database).expect("opens");
    let mut found = connection
        .prepare("SELECT home, seq, tier FROM orders WHERE state = 'open' ORDER BY home, seq")
        .expect("prepares");
    let row = |row: &rusqlite::Row<'_>| {
        Ok(OpenOrder { id: OrderId { home: row.get(0)?, seq: row.get(1)? }, tier: row.get(2)? })
    };
    let rows = found.query_map([], row).expect("reads");
    rows.map(|row| row.expect("a row")).collect()
}

/// What the second officer of a patrol does before the chief agrees.
const SIGN: &str = "sign";

/// Lets whoever has a step of each order in hand complete it, or the second of two sign.
async fn act(store: &Store, live: &ActiveRelease, database: &Path, orders: &[OpenOrder], step: &str) {
    let connection = Connection::open(database).expect("opens");
    let mut found = connection
        .prepare(if step == SIGN {
            "SELECT json_group_array(officer) FROM duty WHERE home = ? AND seq = ? AND step = 'patrol' AND ? <> ''"
        } else {
            "SELECT assignees FROM orders WHERE home = ? AND seq = ? AND step = ?"
        })
        .expect("prepares");
    let wish = |order: &OpenOrder| {
        let assignees: String = found
            .query_row((&order.id.home, order.id.seq, step), |row| row.get(0))
            .unwrap_or_else(|_| panic!("{} is not at {step}", order.id));
        let assignees: Vec<String> = serde_json::from_str(&assignees).expect("a list");
        let (action, answer) = match step {
            "patrol" => (None, Some(Arc::new(clean_form(live, &order.tier)))),
            "review" => (Some("同意".to_owned()), None),
            _ => (None, None),
        };
        let doing =
            if step == SIGN { Doing::Sign } else { Doing::Complete { action, answer, attached: Vec::new() } };
        let by = assignees.into_iter().next().expect("somebody has it");
        let act = Act { by, step: None, visit: None, note: None, doing };
        ActWish { order: order.id.clone(), act, key: None, version: None, files: Vec::new() }
    };
    let wishes = orders.iter().map(wish).collect();
    for answer in office::act_many(ActContext::new(store, live, ground::now()), wishes).await {
        answer.expect("an act that is lawful");
    }
}

/// A patrol without problems.
pub(crate) fn clean_form(live: &ActiveRelease, tier: &str) -> Value {
    let (_, tier) = live.policy.tier(tier).expect("a tier");
    let items: serde_json::Map<String, Value> =
        tier.items.iter().map(|item| (item.clone(), json!("符合"))).collect();
    json!({"arrived": "2026-03-13T07:00", "items": items, "problems": []})
}
