//! Every statement is one the database understands.

use sqlx::{Connection as _, Executor as _, SqlSafeStr as _};
use wubu::store::statements;

use super::{Place, run};

#[test]
fn every_statement_prepares_on_a_migrated_database() {
    run(async {
        let place = Place::new();
        place.open().await.close().await;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("connects");
        let all = statements();
        let parts = all.iter().flat_map(|(name, text)| text.split("; ").map(move |part| (*name, part)));
        for (name, text) in parts {
            if let Err(problem) = (&mut connection).prepare(text.into_sql_str()).await {
                panic!("{name}: {problem}\n{text:.400}");
            }
        }
    });
}

#[test]
fn every_statement_in_the_sources_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store");
    let listed = statements();
    for file in std::fs::read_dir(folder).expect("the room") {
        let path = file.expect("a file").path();
        if path.file_name().is_some_and(|name| name == "sql.rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("text");
        for line in source.lines() {
            let Some((_, rest)) =
                ["sql!(\"", "bulk!(\"", "shown!(\""].iter().find_map(|m| line.split_once(m))
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
