//! The chains as others check them: by what docs/reliability.md says, and nothing of this program.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::bureau::{Bureau, JSON};
use crate::cli::out;

const EVENING: &str = "2026-07-31T20:00";

/// The hash of an entry, by the description.
fn hash(entry: &Value) -> String {
    let text = |key: &str| entry[key].as_str().expect("a text");
    let quoted = |key: &str| serde_json::to_string(text(key)).expect("JSON");
    let frame = format!(
        "{{\"actor\":{},\"at\":{},\"chain\":{},\"kind\":{},\"seq\":{}}}",
        quoted("actor"),
        quoted("at"),
        quoted("chain"),
        quoted("kind"),
        entry["seq"]
    );
    let prev: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&text("prev")[2 * at..2 * at + 2], 16).expect("hex")).collect();
    let mut sum = Sha256::new();
    sum.update(b"wubu-ledger-v1\0");
    for part in [prev.as_slice(), frame.as_bytes(), text("body").as_bytes()] {
        sum.update((part.len() as u64).to_be_bytes());
        sum.update(part);
    }
    wubu::digest::Digest::from_bytes(sum.finalize().into()).to_string()
}

/// Checks lines as the description says; returns the first that does not hold.
fn broken(lines: &str) -> Option<String> {
    let mut heads: BTreeMap<String, (i64, String)> = BTreeMap::new();
    for line in lines.lines() {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        let (chain, seq) =
            (entry["chain"].as_str().expect("a name").to_owned(), entry["seq"].as_i64().expect("a number"));
        let (at, head) = heads.entry(chain.clone()).or_insert((0, "0".repeat(64)));
        if seq != *at + 1 || entry["prev"] != *head || entry["hash"] != hash(&entry) {
            return Some(format!("{chain} {seq}"));
        }
        (*at, *head) = (seq, entry["hash"].as_str().expect("a hash").to_owned());
    }
    None
}

#[test]
fn an_exported_ledger_is_checked_without_this_program() {
    let bureau = Bureau::kept();
    let told = bureau.run(EVENING, &["ledger", "export"], &["--lang", "en"]);
    assert!(told.status.success());
    let lines = out(&told);
    assert_eq!(lines.lines().count(), 196);
    assert_eq!(broken(&lines), None);
    let changed = lines.replacen("\"actor\":\"P001\"", "\"actor\":\"P002\"", 1);
    assert!(broken(&changed).is_some() && changed != lines);
    let mut removed: Vec<&str> = lines.lines().collect();
    removed.remove(3);
    assert!(broken(&removed.join("\n")).is_some());
}

#[test]
fn an_export_goes_into_a_file_and_begins_where_it_is_asked_to() {
    let bureau = Bureau::kept();
    let words = ["ledger", "export", "--out", ".", "--since", "2026-07-29"];
    let told = bureau.run(EVENING, &words, &JSON);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let lines = fs::read_to_string(bureau.path("ledger.jsonl")).expect("the file");
    let at = |line: &str| -> String {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        entry["at"].as_str().expect("a moment").to_owned()
    };
    // The day begins eight hours before Greenwich's.
    assert!(lines.lines().count() > 3 && lines.lines().all(|line| at(line).as_str() >= "2026-07-28T16:00"));
}
