//! What must stay the same to the byte: the record, a kept database, and what the commands say of it.
//!
//! `tests/data/ledger` holds one entry of every kind, `pages` every kind of document, `kept` a whole bureau
//! with its database; the README there says what is in it. Each golden file was written by an earlier
//! build. A difference is a change that somebody relies on; `WUBU_BLESS=1` writes the files anew, and the
//! diff then says what was changed.

mod bureau;
mod evidence;
mod export;
mod kept;
mod killed;
mod ledger;
mod moved;
mod pages;
mod restored;

use std::fs;
use std::path::PathBuf;

use wubu::ledger::{ChainHead, Entry, PriorHash};
use wubu::time::Stamp;

/// Returns the path of a golden file.
fn golden(name: &str) -> PathBuf {
    crate::cli::root().join("tests/data").join(name)
}

/// Puts a kept text into an entry of its chain, to be read.
fn entry(chain: &str, kind: &str, body: &str) -> Entry {
    let [chain, kind, body] = [chain, kind, body].map(str::to_owned);
    let (at, actor, hash) = (Stamp::from_micros(0), String::new(), ChainHead::START.hash);
    Entry { chain, seq: 1, at, actor, kind, body, prev: PriorHash::default(), hash }
}

/// Compares a text with its golden file, byte by byte; the first line that differs is told otherwise.
fn compare(name: &str, found: &str) -> Result<(), String> {
    let path = golden(name);
    if std::env::var_os("WUBU_BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, found).expect("written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if kept == found {
        return Ok(());
    }
    let same = kept.lines().zip(found.lines()).take_while(|(kept, found)| kept == found).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
    Err(format!("{name}:{}\n  was  {}\n  is   {}", same + 1, line(&kept), line(found)))
}

/// Fails with the first difference of each golden file that has one.
fn expect_same(all: impl IntoIterator<Item = (String, String)>) {
    let wrong: Vec<String> =
        all.into_iter().filter_map(|(name, found)| compare(&name, &found).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same for files that fill a folder.
fn expect_folder(folder: &str, all: Vec<(String, String)>) {
    let printed = all.len();
    expect_same(all);
    let kept = fs::read_dir(golden(folder)).expect("a folder").count();
    assert_eq!(kept, printed, "files under tests/data/{folder}");
}
