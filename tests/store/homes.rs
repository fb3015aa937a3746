//! Rows can be spread over several machines by their home: `docs/scale.md` says of each table how, and what is said
//! there is so.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Connection as _;
use wubu::store::{Dialect, statements};

use super::{Place, run};

const PAGE: &str = include_str!("../../docs/scale.md");
/// Words before the name of a table.
const BEFORE: [&str; 5] = ["FROM", "JOIN", "INTO", "UPDATE", "TABLE"];

/// Returns the cells of the rows of the tables of the page whose head begins so.
fn rows_under(head: &str) -> Vec<Vec<&'static str>> {
    let lines = PAGE.lines().skip_while(|line| !line.starts_with(head)).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|'));
    rows.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// Returns what stands between backticks.
fn names(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split('`').skip(1).step_by(2)
}

/// By which column the rows of each table are spread; none of a table that stays whole.
fn spread() -> BTreeMap<&'static str, Option<&'static str>> {
    let mut all = BTreeMap::new();
    for row in rows_under("| table | by |") {
        let [tables, by, why] = row[..] else { panic!("three cells: {row:?}") };
        assert!(!why.is_empty(), "{tables} has no reason");
        for table in names(tables) {
            assert!(all.insert(table, names(by).next()).is_none(), "{table} stands twice");
        }
    }
    all
}

/// The statements that go over all homes, as the page lists them.
fn over_all_homes() -> BTreeSet<&'static str> {
    rows_under("| statement | when |").iter().flat_map(|row| names(row[0])).collect()
}

/// Asks the schema for the columns of every unique key in their order: table, key, column.
const SQLITE_KEYS: &str = "SELECT t.name, i.name, c.name FROM sqlite_schema AS t \
    CROSS JOIN pragma_index_list(t.name) AS i CROSS JOIN pragma_index_info(i.name) AS c \
    WHERE t.type = 'table' AND i.\"unique\" = 1 \
    UNION ALL SELECT t.name, 'row', c.name FROM sqlite_schema AS t CROSS JOIN pragma_table_info(t.name) AS c \
    WHERE t.type = 'table' AND c.pk = 1 AND c.type = 'INTEGER' AND t.sql NOT LIKE '%WITHOUT ROWID%'";
const POSTGRES_KEYS: &str = "SELECT c.relname::text, n.relname::text, a.attname::text FROM pg_index AS i \
    JOIN pg_class AS c ON c.oid = i.indrelid JOIN pg_class AS n ON n.oid = i.indexrelid \
    CROSS JOIN generate_series(0, i.indnkeyatts - 1) AS at \
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[at] \
    WHERE i.indisunique AND c.relnamespace = current_schema()::regnamespace ORDER BY 1, 2, at";

/// Returns the columns of every unique key, by table.
async fn keys(place: &Place) -> BTreeMap<String, Vec<Vec<String>>> {
    let found: Vec<(String, String, String)> = if crate::database::is_postgres() {
        let url = place.url();
        let url = url.split('?').next().expect("an address");
        let mut link = sqlx::PgConnection::connect(url).await.expect("connects");
        sqlx::query_as(POSTGRES_KEYS).fetch_all(&mut link).await.expect("reads")
    } else {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
        let mut link = sqlx::SqliteConnection::connect_with(&options).await.expect("connects");
        sqlx::query_as(SQLITE_KEYS).fetch_all(&mut link).await.expect("reads")
    };
    let mut columns: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (table, key, column) in found.into_iter().filter(|(table, ..)| table != "_sqlx_migrations") {
        columns.entry((table, key)).or_default().push(column);
    }
    let mut keys: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for ((table, _), columns) in columns {
        keys.entry(table).or_default().push(columns);
    }
    keys
}

#[test]
fn every_unique_key_begins_with_what_its_rows_are_spread_by() {
    run(async {
        let place = Place::new();
        place.open().await.close().await;
        let (spread, keys) = (spread(), keys(&place).await);
        assert!(keys.len() > 45, "{keys:?}");
        for (table, keys) in &keys {
            let by = spread.get(table.as_str()).unwrap_or_else(|| panic!("{table} is not in docs/scale.md"));
            let holds = |key: &Vec<String>| match by {
                Some("home") => key[0] == "home",
                // A key that holds the column is unique over all machines, too.
                Some(by) => key.iter().any(|column| column == by),
                None => key[0] != "home",
            };
            assert!(keys.iter().all(holds), "{table} is spread by {by:?}, and its unique keys are {keys:?}");
        }
        // It names the schema on one of the two databases, and has one row.
        let is_gone = |table: &&&str| !keys.contains_key(**table) && **table != "wubu";
        let gone: Vec<_> = spread.keys().filter(is_gone).collect();
        assert!(gone.is_empty(), "in docs/scale.md, and no table: {gone:?}");
    });
}

#[test]
fn the_calls_that_spread_tables_are_those_of_the_table() {
    let calls = PAGE.lines().filter_map(|line| line.trim().strip_prefix("SELECT create_distributed_table("));
    let calls: BTreeMap<&str, Option<&str>> = calls
        .map(|call| {
            let words: Vec<&str> = call.split('\'').skip(1).step_by(2).collect();
            (words[0], Some(words[1]))
        })
        .collect();
    let mut wanted = spread();
    wanted.retain(|_, by| by.is_some());
    assert_eq!(calls, wanted);
}

/// What a statement does to tables: which it names, and which it writes.
struct Touch<'t> {
    named: BTreeSet<&'t str>,
    written: Option<&'t str>,
}

fn touch(text: &str) -> Touch<'_> {
    let words: Vec<&str> = text.split([' ', '(', ')', ';', ',']).filter(|word| !word.is_empty()).collect();
    let (mut named, mut written) = (BTreeSet::new(), None);
    for pair in words.windows(2).filter(|pair| BEFORE.contains(&pair[0])) {
        named.insert(pair[1]);
    }
    for pair in words.windows(3) {
        match pair {
            ["INSERT", "INTO", table] | ["DELETE", "FROM", table] | ["UPDATE", table, "SET"] => {
                written = Some(*table);
            }
            _ => {}
        }
    }
    Touch { named, written }
}

/// Returns whether the rows that a statement writes are of homes that it is given.
fn is_confined(text: &str, table: &str) -> bool {
    if let Some((_, rest)) = text.split_once(&format!("INSERT INTO {table} (")) {
        let (columns, source) = rest.split_once(") ").expect("columns");
        let is_given =
            source.starts_with("VALUES") || source.contains("FROM new") || source.contains("FROM UNNEST(");
        return columns.split(", ").any(|column| column == "home") && is_given;
    }
    let given = ["home = $", "home = ?", "home = new.home", "home = k.value->>0", "home = e.value->>0"];
    let (_, condition) = text.split_once(" WHERE ").unwrap_or_default();
    let keys = |start: &str| {
        condition.split_once("(home, ").is_some_and(|(_, rest)| {
            rest.split_once(')').is_some_and(|(_, rest)| rest.starts_with(&format!(" IN (SELECT {start}")))
        })
    };
    given.iter().any(|given| condition.contains(given)) || keys("e.value->>0") || keys("home")
}

#[test]
fn what_is_written_to_homes_is_of_homes_that_are_named() {
    let (spread, over_all) = (spread(), over_all_homes());
    let is_of_home = |table: &str| spread.get(table).copied().flatten() == Some("home");
    let (mut wrong, mut listed) = (BTreeSet::new(), over_all.clone());
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        for (name, text) in statements(dialect) {
            let Some(table) = touch(text).written.filter(|table| is_of_home(table)) else { continue };
            if is_confined(text, table) == over_all.contains(name) {
                wrong.insert(name);
            }
            listed.remove(name);
        }
    }
    assert!(wrong.is_empty(), "confined to homes, or listed in docs/scale.md; not both: {wrong:?}");
    assert!(listed.is_empty(), "in docs/scale.md, and no statement writes so: {listed:?}");
}

#[test]
fn no_statement_joins_rows_of_homes_with_others() {
    let spread = spread();
    let lies_with_homes = |table: &str| matches!(spread[table], Some("home" | "chain"));
    for (name, text) in statements(Dialect::Postgres) {
        let named = touch(text).named;
        let known: Vec<&str> = named.into_iter().filter(|table| spread.contains_key(table)).collect();
        let maintenance = ["VACUUM", "LOCK", "BEGIN;"].iter().any(|word| text.starts_with(word));
        let together = known.iter().filter(|table| lies_with_homes(table)).count();
        assert!(maintenance || together == 0 || together == known.len(), "{name} names {known:?}");
    }
}
