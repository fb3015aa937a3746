//! Every statement is one the database understands, with the types it is given and gives back.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::postgres::PgTypeInfo;
use sqlx::{Column as _, Connection as _, Executor as _, SqlSafeStr as _, Statement as _, TypeInfo as _};
use wubu::store::{Dialect, is_whole, statements};

use super::{Place, run};

#[test]
fn every_statement_prepares_on_a_migrated_database() {
    run(async {
        let place = Place::new();
        place.open().await.close().await;
        if crate::database::is_postgres() {
            return prepare_on_postgresql(&place).await;
        }
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("connects");
        let all = statements(Dialect::Sqlite);
        let parts = all.iter().flat_map(|(name, text)| text.split("; ").map(move |part| (*name, part)));
        for (name, text) in parts {
            if let Err(problem) = (&mut connection).prepare(text.into_sql_str()).await {
                panic!("{name}: {problem}\n{text:.400}");
            }
        }
    });
}

/// Prepares each statement with the types of the values that `reads.txt` asks it with; columns are texts and whole
/// numbers.
async fn prepare_on_postgresql(place: &Place) {
    let asked: BTreeMap<&str, Vec<Value>> = include_str!("reads.txt").lines().map(asked).collect();
    let url = place.url();
    let url = url.split('?').next().expect("an address");
    let mut connection = sqlx::PgConnection::connect(url).await.expect("connects");
    let mut wrong = Vec::new();
    let all = statements(Dialect::Postgres);
    let parts = all.iter().flat_map(|(name, text)| text.split("; ").map(move |part| (*name, part)));
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, text) in parts {
        let nth = seen.entry(name).or_default();
        *nth += 1;
        let line = if *nth == 1 { name.to_owned() } else { format!("{name}#{nth}") };
        let types: Vec<PgTypeInfo> = match asked.get(line.as_str()) {
            // The columns of many rows say themselves what they are.
            Some(values) if !text.contains("UNNEST") => values.iter().map(kind).collect(),
            Some(_) | None => Vec::new(),
        };
        // What is missing is of a text or of a number, as the columns are that it is put into.
        let missing: Vec<usize> = match asked.get(line.as_str()) {
            Some(values) if !types.is_empty() => {
                (0..values.len()).filter(|at| values[*at].is_null()).collect()
            }
            _ => Vec::new(),
        };
        let mut prepared = (&mut connection).prepare_with(text.into_sql_str(), &types).await;
        for numbers in 1..1_u32 << missing.len() {
            if prepared.is_ok() {
                break;
            }
            let mut types = types.clone();
            for (_, at) in missing.iter().enumerate().filter(|(nth, _)| numbers & (1 << nth) != 0) {
                types[*at] = kind(&Value::from(0));
            }
            prepared = (&mut connection).prepare_with(text.into_sql_str(), &types).await;
        }
        match prepared {
            Ok(prepared) => {
                let columns = prepared.columns().iter();
                let odd =
                    columns.filter(|column| !["TEXT", "INT8", "INT4"].contains(&column.type_info().name()));
                let odd: Vec<String> =
                    odd.map(|column| format!("{}: {}", column.name(), column.type_info().name())).collect();
                if !odd.is_empty() {
                    wrong.push(format!("{name} gives {}", odd.join(", ")));
                }
            }
            Err(problem) => wrong.push(format!("{name}: {problem}\n{text:.300}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn asked(line: &str) -> (&str, Vec<Value>) {
    let mut words = line.splitn(3, ' ');
    let name = words.next().expect("a name");
    (name, serde_json::from_str(words.nth(1).expect("values")).expect("a list"))
}

fn kind(value: &Value) -> PgTypeInfo {
    match value {
        Value::Number(_) => <i64 as sqlx::Type<sqlx::Postgres>>::type_info(),
        _ => <String as sqlx::Type<sqlx::Postgres>>::type_info(),
    }
}

#[test]
fn a_column_is_of_the_kind_that_its_name_says() {
    run(async {
        let place = Place::new();
        place.open().await.close().await;
        let found: Vec<(String, String, String)> = if crate::database::is_postgres() {
            let url = place.url();
            let mut connection = sqlx::PgConnection::connect(url.split('?').next().expect("an address"))
                .await
                .expect("connects");
            let text = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
                        WHERE table_schema = current_schema()";
            sqlx::query_as(text).fetch_all(&mut connection).await.expect("reads")
        } else {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("connects");
            let text = "SELECT t.name, c.name, c.type FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c \
                        WHERE t.type = 'table'";
            sqlx::query_as(text).fetch_all(&mut connection).await.expect("reads")
        };
        let ours: Vec<_> =
            found.iter().filter(|(table, _, _)| table != "_sqlx_migrations" && table != "wubu").collect();
        assert!(ours.len() > 250, "{}", ours.len());
        for (table, column, kind) in ours {
            let is = match kind.as_str() {
                "INTEGER" | "bigint" => true,
                "TEXT" | "text" => false,
                other => panic!("{table}.{column} is {other}"),
            };
            // Where rows go through a table that the statement makes, only the name says it.
            let unnamed = is_whole("", column);
            assert!(
                is_whole(table, column) == is && (unnamed == is || !unnamed),
                "{table}.{column} is {kind}"
            );
        }
    });
}

#[test]
fn every_statement_in_the_sources_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store");
    let listed = statements(Dialect::Sqlite);
    for file in std::fs::read_dir(folder).expect("the room") {
        let path = file.expect("a file").path();
        if path.file_name().is_some_and(|name| name == "sql.rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("text");
        for line in source.lines() {
            let Some((_, rest)) = ["sql!(\"", "sql!(sqlite \"", "bulk!(\"", "shown!(\""]
                .iter()
                .find_map(|m| line.split_once(m))
            else {
                continue;
            };
            let name = rest.split('"').next().expect("a name");
            assert!(
                listed.iter().any(|(known, _)| *known == name),
                "{name} of {} is not in ALL",
                path.display()
            );
        }
    }
}
