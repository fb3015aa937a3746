//! The database in files of their own: what it keeps, refuses and finds.

mod audit;
mod beside;
mod heads;
mod homes;
mod opening;
mod orders;
mod parts;
mod plans;
mod reading;
mod reads;
mod register;
mod several;
mod statements;

use tempfile::TempDir;
use wubu::store::{Access, Store};

/// A database in a folder that goes away with it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("wubu.db")
    }

    fn url(&self) -> String {
        crate::database::url(&self.file())
    }

    async fn open(&self) -> Store {
        Store::open(&self.url(), Access::Write).await.expect("opens")
    }

    /// A hand with the database's own tools, for which this program has no say.
    fn by_hand(&self, sql: &str) -> Result<(), String> {
        crate::database::by_hand(&self.file(), sql)
    }
}

/// Runs a test on one thread.
fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn day(text: &str) -> wubu::time::Day {
    text.parse().expect("a day")
}

fn stamp(text: &str) -> wubu::time::Stamp {
    text.parse().expect("a moment")
}
