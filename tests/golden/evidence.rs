//! Every column of every table, changed once by hand: `verify` finds it, or docs/reliability.md says why not.
//!
//! The tables and columns are those of the schema, so what a migration adds is asked for without being named
//! here. A value is replaced by one that another row has in its place, which is as a person with the file
//! would do it; rows are taken out and put in; bytes of a kept file are changed. Of documents a draft that nobody has touched
//! since a step made it is changed, too. What the document lists must be what is not found, no more and no less.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use wubu::office;
use wubu::store::{Access, Store};

use super::bureau::{Bureau, JSON};
use crate::cli::{copy, out, root};

/// What is lived through after the kept bureau, so that this build has written to every table it writes to.
const SCRIPT: &str = "lived.txt";
/// The moment after it.
const AFTER: &str = "2026-08-04T12:00";
/// Tables that the bureau has no row of; rows are put into them.
const EMPTY: [&str; 5] = ["daemon", "order_floor", "order_year", "policy_version", "proposal"];
/// Threads that try edits beside each other.
const HANDS: usize = 2;

/// One thing done by hand.
#[derive(Clone, Debug)]
struct Edit {
    /// What docs/reliability.md calls it.
    name: String,
    table: String,
    /// Statements, of which the first that the database takes is the one; what they are given.
    tries: Vec<(String, Vec<Value>)>,
}

#[test]
fn what_is_changed_by_hand_is_found_or_listed_with_its_reason() {
    let bureau = Bureau::kept();
    let told = bureau.told(SCRIPT, &JSON);
    assert!(!told.contains("exit "), "{told}");
    let verified = bureau.run(AFTER, &["verify"], &JSON);
    assert!(verified.status.success(), "{}", out(&verified));
    let edits = edits(&bureau.path("wubu.db"));
    assert!(edits.len() > 350, "{} edits", edits.len());
    let hands: Vec<Vec<&Edit>> =
        (0..HANDS).map(|hand| edits.iter().skip(hand).step_by(HANDS).collect()).collect();
    let missed: BTreeSet<String> = std::thread::scope(|scope| {
        let all: Vec<_> = hands.iter().map(|edits| scope.spawn(|| missed(&bureau, edits))).collect();
        all.into_iter().flat_map(|hand| hand.join().expect("a hand")).collect()
    });
    let listed = listed();
    let unlisted: Vec<&String> = missed.difference(&listed).collect();
    let found: Vec<&String> = listed.difference(&missed).collect();
    assert!(
        unlisted.is_empty() && found.is_empty(),
        "not found, and not in docs/reliability.md: {unlisted:#?}\nin docs/reliability.md, and found: {found:#?}"
    );
}

#[test]
fn a_kept_file_that_was_changed_or_taken_away_is_found() {
    let bureau = Bureau::kept();
    let folder = bureau.path("wubu.db.files");
    let shelf = fs::read_dir(&folder).expect("shelves").next().expect("a shelf").expect("a shelf").path();
    let file = fs::read_dir(shelf).expect("files").next().expect("a file").expect("a file").path();
    let bytes = fs::read(&file).expect("bytes");
    let verify = || bureau.run(AFTER, &["verify"], &["--lang", "en"]);
    let mut changed = bytes.clone();
    *changed.last_mut().expect("a byte") ^= 1;
    for (hand, code) in [(Some(changed), "V012"), (None, "V012")] {
        match hand {
            Some(changed) => fs::write(&file, changed).expect("written"),
            None => fs::remove_file(&file).expect("taken away"),
        }
        let verified = verify();
        assert_eq!(verified.status.code(), Some(1), "{}", out(&verified));
        assert!(out(&verified).contains(code), "{}", out(&verified));
    }
    fs::write(&file, bytes).expect("written");
    assert!(verify().status.success());
}

/// Tries edits, each on a fresh copy; returns the names of those that were not found.
fn missed(bureau: &Bureau, edits: &[&Edit]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("wubu.db");
    copy(&bureau.path("wubu.db.files"), &folder.path().join("wubu.db.files"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let live = runtime.block_on(async {
        let store = open(&bureau.path("wubu.db")).await;
        office::live(&store).await.expect("readable").expect("a release")
    });
    let is_missed = |edit: &&&Edit| {
        for side in ["-wal", "-shm"] {
            let _ = fs::remove_file(folder.path().join(format!("wubu.db{side}")));
        }
        fs::copy(bureau.path("wubu.db"), &file).expect("a copy");
        let hand = Connection::open(&file).expect("the database");
        let guards = "DROP TRIGGER ledger_keeps_its_lines; DROP TRIGGER ledger_loses_no_line";
        hand.execute_batch(guards).expect("unguarded");
        let did = edit
            .tries
            .iter()
            .any(|(sql, values)| hand.execute(sql, params_from_iter(values)).is_ok_and(|rows| rows > 0));
        assert!(did, "{edit:?}");
        drop(hand);
        runtime.block_on(async {
            let store = open(&file).await;
            let read_anew = match edit.table.as_str() {
                "release" | "policy_text" => Some(office::live(&store).await),
                _ => None,
            };
            let live = match &read_anew {
                None => &live,
                Some(Ok(Some(live))) => live,
                // The door says so, and does not go on.
                Some(_) => {
                    store.close().await;
                    return false;
                }
            };
            // What cannot be read at all is said, too, and where it stands.
            let verified = office::verify(&store, live).await;
            store.close().await;
            verified.is_ok_and(|verified| verified.problems.is_empty())
        })
    };
    edits.iter().filter(is_missed).map(|edit| edit.name.clone()).collect()
}

async fn open(file: &Path) -> Store {
    Store::open(&crate::database::url(file), Access::Read).await.expect("it opens")
}

/// What the document says is not found: the names in the first column of its tables.
fn listed() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/reliability.md")).expect("the document");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let names = rows.flat_map(|row| {
        let cell = row.split('|').next().unwrap_or_default();
        format!("`{cell}").split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    });
    names.collect()
}

/// Makes an edit of each column, and of the rows of each table.
fn edits(file: &PathBuf) -> Vec<Edit> {
    let db = Connection::open(file).expect("the database");
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
        AND name <> '_sqlx_migrations' ORDER BY name";
    let mut statement = db.prepare(tables).expect("tables");
    let tables = statement.query_map([], |row| row.get::<_, String>(0)).expect("tables");
    let edits = tables.flat_map(|table| of_table(&db, &table.expect("a name")));
    edits.chain(of_untouched_draft(&db)).collect()
}

/// Changes each column of the newest draft, and takes it out.
fn of_untouched_draft(db: &Connection) -> Vec<Edit> {
    let columns = columns(db, "document");
    let names = names(&columns);
    let draft = format!(
        "SELECT {} FROM document WHERE state = 'draft' ORDER BY made_at DESC, seq DESC, ordinal DESC LIMIT 1",
        names.join(", ")
    );
    let draft: rusqlite::Result<Vec<Value>> =
        db.query_row(&draft, [], |row| (0..names.len()).map(|at| row.get(at)).collect());
    of_row(db, "document", &columns, &draft.expect("a draft"))
}

/// One column: its name, whether it holds numbers, and whether it is part of the key.
struct Column {
    name: String,
    is_number: bool,
    is_key: bool,
}

fn columns(db: &Connection, table: &str) -> Vec<Column> {
    let mut columns = db.prepare(&format!("PRAGMA table_info({table})")).expect("columns");
    let columns = columns.query_map([], |row| {
        let (name, is_number, is_key) =
            (row.get(1)?, row.get::<_, String>(2)? == "INTEGER", row.get::<_, i64>(5)? > 0);
        Ok(Column { name, is_number, is_key })
    });
    columns.expect("columns").map(|column| column.expect("a column")).collect()
}

fn names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| format!("\"{}\"", column.name)).collect()
}

fn edit(name: String, table: &str, tries: Vec<(String, Vec<Value>)>) -> Edit {
    Edit { name, table: table.to_owned(), tries }
}

fn of_table(db: &Connection, table: &str) -> Vec<Edit> {
    let columns = columns(db, table);
    let Some(rich) = richest(db, table, &names(&columns)) else {
        assert!(EMPTY.contains(&table), "{table} has no row; {SCRIPT} should make one");
        let values: Vec<&str> = columns.iter().map(|c| if c.is_number { "2030" } else { "'x'" }).collect();
        let sql = format!("INSERT INTO {table} VALUES ({})", values.join(", "));
        return vec![edit(format!("{table}: put in"), table, vec![(sql, vec![])])];
    };
    let mut edits = of_row(db, table, &columns, &rich);
    if table == "meta" {
        // Each of its values is something else.
        let mut keys = db.prepare("SELECT key FROM meta ORDER BY key").expect("keys");
        let keys = keys.query_map([], |row| row.get::<_, String>(0)).expect("keys");
        edits.extend(keys.map(|key| {
            let key = key.expect("a key");
            let sql =
                "UPDATE meta SET value = replace(replace(value, '2026', '2031'), '4', '5') WHERE key = ?";
            edit(format!("meta {key}"), table, vec![(sql.to_owned(), vec![key.into()])])
        }));
    }
    let keys = || columns.iter().enumerate().filter(|(_, column)| column.is_key || table == "ledger");
    let mut tries = Vec::new();
    for (at, column) in keys().collect::<Vec<_>>().into_iter().rev() {
        for to in odd(column, &rich[at]) {
            let mut row = rich.clone();
            row[at] = to;
            let marks = vec!["?"; row.len()].join(", ");
            tries.push((format!("INSERT INTO {table} VALUES ({marks})"), row));
        }
    }
    // Where something else may stand once alone, it is not put in twice.
    let plain = |row: &Vec<Value>| -> Vec<Value> { row.clone() };
    tries.extend(tries.clone().into_iter().map(|(sql, row)| {
        let mut row = plain(&row);
        for (at, column) in columns.iter().enumerate() {
            if !column.is_key && matches!(column.name.as_str(), "n" | "blank_n") {
                row[at] = Value::Null;
            }
            if table == "orders" && column.name == "seq" {
                row[at] = Value::Integer(9_999);
            }
        }
        (sql, row)
    }));
    edits.push(edit(format!("{table}: put in"), table, tries));
    edits
}

/// Changes each column of a row, and takes it out.
fn of_row(db: &Connection, table: &str, columns: &[Column], row: &[Value]) -> Vec<Edit> {
    let names = names(columns);
    let here: Vec<String> = names.iter().map(|name| format!("{name} IS ?")).collect();
    let here = here.join(" AND ");
    let change = |(at, column): (usize, &Column)| {
        let name = &names[at];
        let set = |to: Value| {
            let values = [vec![to], row.to_vec()].concat();
            (format!("UPDATE {table} SET {name} = ? WHERE {here}"), values)
        };
        let other =
            format!("SELECT {name} FROM {table} WHERE {name} IS NOT ? AND {name} IS NOT NULL LIMIT 1");
        let other = db.query_row(&other, [&row[at]], |row| row.get(0)).ok();
        let tries = other.into_iter().chain(odd(column, &row[at])).map(set);
        edit(format!("{table}.{}", column.name), table, tries.collect())
    };
    let changed = columns.iter().enumerate().filter(|_| table != "meta").map(change);
    let taken = (format!("DELETE FROM {table} WHERE {here}"), row.to_vec());
    changed.chain([edit(format!("{table}: taken out"), table, vec![taken])]).collect()
}

/// Values that may stand in a column and do not in this row: somewhat more, some other text.
fn odd(column: &Column, value: &Value) -> Vec<Value> {
    match value {
        Value::Integer(number) => vec![(number + 1).into(), (number - 1).into(), (number + 1_000).into()],
        Value::Text(text) if text.starts_with("20") => {
            vec![text.replacen("20", "21", 1).into(), text.replacen("2026-0", "2026-1", 1).into()]
        }
        Value::Text(text) => vec![format!("{text}x").into()],
        _ if column.is_number => vec![7.into()],
        _ => vec!["2026-07-07".to_owned().into()],
    }
}

/// Returns the row that says most; the newest of several.
fn richest(db: &Connection, table: &str, names: &[String]) -> Option<Vec<Value>> {
    let said: Vec<String> = names.iter().map(|name| format!("({name} IS NOT NULL)")).collect();
    let last: Vec<String> = (1..=names.len()).map(|at| format!("{at} DESC")).collect();
    let sql = format!(
        "SELECT {} FROM {table} ORDER BY {} DESC, {} LIMIT 1",
        names.join(", "),
        said.join(" + "),
        last.join(", ")
    );
    let row = db.query_row(&sql, [], |row| (0..names.len()).map(|at| row.get::<_, Value>(at)).collect());
    row.ok()
}
