//! Words that somebody types and nothing has: each answer says so, and what was probably meant.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::moments::desk;
use super::{err, out};

/// What is typed, with the files it names, and what must be said of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedCommand {
    #[serde(default)]
    files: BTreeMap<String, String>,
    typed: String,
    said: Vec<String>,
    #[serde(default)]
    unsaid: Vec<String>,
}

#[test]
fn what_nothing_has_is_said_and_not_passed_over() {
    let desk = desk();
    let rows: Vec<TypedCommand> = serde_yaml::from_str(include_str!("words.yaml")).expect("rows");
    std::fs::write(desk.path("gbk.json"), b"{\"arrived\": \"\xcf\xd6\xb3\xa1\"}").expect("a file");
    std::fs::create_dir(desk.path("folder")).expect("a folder");
    for TypedCommand { files, typed, said, unsaid } in rows {
        for (name, text) in files {
            std::fs::write(desk.path(&name), text).expect("a file");
        }
        let done = desk.command().args(typed.split(' ')).output().expect("starts");
        let told = [out(&done), err(&done)].concat();
        for words in said {
            assert!(told.contains(&words), "{typed}: {words} is not in\n{told}");
        }
        for words in unsaid {
            assert!(!told.contains(&words), "{typed}: {words} is in\n{told}");
        }
    }
}
