//! Words that somebody types and nothing has: each answer says so, and what was probably meant.

use serde::Deserialize;

use super::moments::desk;
use super::{err, out};

/// What is typed, and what must be said of it.
#[derive(Deserialize)]
struct TypedCommand {
    typed: String,
    said: Vec<String>,
}

#[test]
fn what_nothing_has_is_said_and_not_passed_over() {
    let desk = desk();
    let rows: Vec<TypedCommand> = serde_yaml::from_str(include_str!("words.yaml")).expect("rows");
    for TypedCommand { typed, said } in rows {
        let done = desk.command().args(typed.split(' ')).output().expect("starts");
        let told = [out(&done), err(&done)].concat();
        for words in said {
            assert!(told.contains(&words), "{typed}: {words} is not in\n{told}");
        }
    }
}
