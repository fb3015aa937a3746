//! The kept bureau moves to another place and back: on PostgreSQL where the suite runs there, else to another file.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde_json::{Value, json};
use tokio::sync::Notify;
use wubu::store::{Access, CopiedRows, Holder, Store, StoreFault};
use wubu::time::Stamp;

use super::bureau::{Bureau, JSON};
use crate::cli::err;

const LATER: &str = "2026-08-05T08:00";

fn moved(bureau: &Bureau, from: &str, to: &str) -> Value {
    let output = bureau.run(LATER, &["copy", "--from", from, "--to", to], &JSON);
    assert!(output.status.success(), "{}", err(&output));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

/// Reads every row of every table of a file.
fn all_rows(file: &Path) -> BTreeMap<String, Vec<Vec<Cell>>> {
    let file = Connection::open(file).expect("a database");
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                  AND name <> '_sqlx_migrations'";
    let mut tables = file.prepare(tables).expect("a statement");
    let names = tables.query_map([], |row| row.get::<_, String>(0)).expect("tables");
    let mut all = BTreeMap::new();
    for name in names.map(|name| name.expect("a name")) {
        let mut rows = file.prepare(&format!("SELECT * FROM \"{name}\"")).expect("a statement");
        let width = rows.column_count();
        let found = rows.query_map([], |row| (0..width).map(|at| row.get(at)).collect()).expect("rows");
        let mut found: Vec<Vec<Cell>> = found.map(|row| row.expect("a row")).collect();
        found.sort_by_key(|row| format!("{row:?}"));
        all.insert(name, found);
    }
    all
}

fn filling() -> Access {
    let (pid, host) = (std::process::id(), "here".to_owned());
    Access::Fill { holder: Holder { pid, host, since: Stamp::from_micros(0) } }
}

#[test]
fn a_bureau_moves_and_comes_back_the_same() {
    let bureau = Bureau::untouched();
    let there = crate::database::url(&bureau.path("moved.db"));
    let report = moved(&bureau, "sqlite:wubu.db", &there);
    assert_eq!(report["problems"], json!([0, 0]), "{report}");
    assert!(report["files"]["count"].as_u64().is_some_and(|count| count > 0), "{report}");
    let verified = bureau.run(LATER, &["verify", "--db", &there], &JSON);
    assert!(verified.status.success(), "{}", err(&verified));
    let open = |db: &str| bureau.run(LATER, &["order", "list", "--db", db], &JSON).stdout;
    assert_eq!(open(&there), open("sqlite:wubu.db"));
    moved(&bureau, &there, "sqlite:back.db");
    assert_eq!(all_rows(&bureau.path("back.db")), all_rows(&bureau.path("wubu.db")));
    // It is whole: what may be missing yet are files, which were copied after the rows.
    assert_eq!(moved(&bureau, "sqlite:wubu.db", &there)["rows"], 0);
    // It lives on there, and what waits for a number by itself gets one of its own.
    let tick = bureau.run(LATER, &["tick", "--db", &there], &JSON);
    assert!(tick.status.success(), "{}", err(&tick));
    let again = bureau.run(LATER, &["copy", "--from", "sqlite:wubu.db", "--to", &there], &JSON);
    assert_eq!(again.status.code(), Some(3), "{}", err(&again));
    assert!(err(&again).contains("里已经有数据"), "{}", err(&again));
    let none = bureau.run(LATER, &["copy", "--from", "sqlite:none.db", "--to", "sqlite:new.db"], &JSON);
    assert_eq!(none.status.code(), Some(3), "{}", err(&none));
    assert!(!bureau.path("none.db").exists() && !bureau.path("new.db").exists());
}

#[test]
fn a_backup_is_a_file_whatever_the_database() {
    let bureau = Bureau::untouched();
    let there = crate::database::url(&bureau.path("moved.db"));
    moved(&bureau, "sqlite:wubu.db", &there);
    let made = bureau.run(LATER, &["backup", "kept-backup", "--verify", "--db", &there], &JSON);
    assert!(made.status.success(), "{}", err(&made));
    assert_eq!(all_rows(&bureau.path("kept-backup/wubu.db")), all_rows(&bureau.path("wubu.db")));
    let restored = bureau.run(LATER, &["restore", "kept-backup", "--db", "sqlite:new.db"], &JSON);
    assert!(restored.status.success(), "{}", err(&restored));
}

#[test]
fn a_copy_goes_on_where_it_stopped_and_is_nothing_before_its_end() {
    let bureau = Bureau::untouched();
    let there = crate::database::url(&bureau.path("moved.db"));
    let from = format!("sqlite:{}", bureau.path("wubu.db").display());
    crate::database::run(async {
        let source = Store::open(&from, Access::Write).await.expect("the kept bureau");
        let fill = async |stops_after: usize| {
            let target = Store::open(&there, filling()).await.expect("it is to be filled");
            let (stopped, mut pages) = (Notify::new(), 0);
            let mut moment = source.read().await.expect("a moment");
            let mut told = |_: CopiedRows<'_>| {
                pages += 1;
                if pages == stops_after {
                    stopped.notify_one();
                }
            };
            let written = tokio::select! {
                biased;
                () = stopped.notified() => None,
                written = target.fill_from(&mut moment, &mut told) => Some(written),
            };
            target.close().await;
            written
        };
        assert!(fill(12).await.is_none(), "some tables are filled");
        let part = Store::open(&there, Access::Read).await;
        assert!(matches!(part, Err(StoreFault::Unfinished { .. })), "{part:?}");
        assert!(fill(50).await.is_none(), "some more are filled");
        let rest = fill(usize::MAX).await.expect("nobody stops it").expect("it ends");
        assert!(rest > 0);
        source.close().await;
    });
    // The rows alone were filled in: the files of orders are missing, and that is said.
    let back = bureau.run(LATER, &["copy", "--from", &there, "--to", "sqlite:back.db"], &JSON);
    assert_eq!(back.status.code(), Some(1), "{}", err(&back));
    assert_eq!(all_rows(&bureau.path("back.db")), all_rows(&bureau.path("wubu.db")));
}

#[test]
fn a_copy_that_was_begun_does_not_go_on_with_another_state() {
    let bureau = Bureau::untouched();
    let there = crate::database::url(&bureau.path("moved.db"));
    let from = format!("sqlite:{}", bureau.path("wubu.db").display());
    crate::database::run(async {
        let source = Store::open(&from, Access::Write).await.expect("the kept bureau");
        let target = Store::open(&there, filling()).await.expect("it is to be filled");
        let stopped = Notify::new();
        let mut moment = source.read().await.expect("a moment");
        let mut told = |_: CopiedRows<'_>| stopped.notify_one();
        tokio::select! {
            biased;
            () = stopped.notified() => {}
            _ = target.fill_from(&mut moment, &mut told) => panic!("it is stopped"),
        }
        drop(moment);
        let mut tx = source.begin().await.expect("begins");
        wubu::store::meta::set(&mut tx, wubu::store::meta::LAST_TICK, "2026-08-05T07:00:00.000000Z")
            .await
            .expect("set");
        tx.commit().await.expect("committed");
        let mut moment = source.read().await.expect("a moment");
        let gone_on = target.fill_from(&mut moment, &mut |_| {}).await;
        assert!(matches!(gone_on, Err(StoreFault::Unfinished { .. })), "{gone_on:?}");
    });
}
