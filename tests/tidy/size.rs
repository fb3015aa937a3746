//! A file one can hold in mind, a function on one screen.

use super::expect_none;
use super::source::{Source, block_end, identifiers, line_at, sources};

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;

/// Files that may be longer, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Functions that may be longer: file, name, reason.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

#[test]
fn no_file_is_too_long() {
    let found: Vec<String> = sources()
        .iter()
        .map(|source| (&source.path, source.text.lines().count()))
        .filter(|(path, lines)| *lines > FILE_LINES_MAX && !LONG_FILES.iter().any(|(p, _)| p == path))
        .map(|(path, lines)| format!("{path}: {lines} lines; split it, or say why in LONG_FILES"))
        .collect();
    expect_none("files over 600 lines", &found);
}

#[test]
fn no_function_is_too_long() {
    let found: Vec<String> = sources()
        .iter()
        .flat_map(|source| {
            long_functions(source)
                .into_iter()
                .filter(|(_, name, _)| !is_excused(&source.path, name))
                .map(|(line, name, lines)| format!("{}:{line}: fn {name} has {lines} lines", source.path))
                .collect::<Vec<_>>()
        })
        .collect();
    expect_none("functions over 70 lines (split them, or say why in LONG_FUNCTIONS)", &found);
}

#[test]
fn no_excuse_outlives_its_need() {
    let sources = sources();
    let mut found = Vec::new();
    for (path, _) in LONG_FILES {
        let lines = sources.iter().find(|s| s.path == *path).map_or(0, |s| s.text.lines().count());
        if lines <= FILE_LINES_MAX {
            found.push(format!("{path} needs no excuse any more"));
        }
    }
    for (path, name, _) in LONG_FUNCTIONS {
        let source = sources.iter().find(|s| s.path == *path);
        if !source.is_some_and(|s| long_functions(s).iter().any(|(_, n, _)| n == name)) {
            found.push(format!("fn {name} in {path} needs no excuse any more"));
        }
    }
    expect_none("excuses without need", &found);
}

#[test]
fn a_planted_long_function_is_found() {
    let text = format!("fn short() {{}}\nfn long() {{\n{}}}\n", "    step();\n".repeat(FUNCTION_LINES_MAX));
    assert_eq!(long_functions(&Source::new("src/x.rs", &text)), [(2, "long".to_owned(), 72)]);
}

fn is_excused(path: &str, name: &str) -> bool {
    LONG_FUNCTIONS.iter().any(|(p, n, _)| *p == path && *n == name)
}

/// Returns line, name and length of each function that is too long.
fn long_functions(source: &Source) -> Vec<(usize, String, usize)> {
    let words: Vec<(usize, &str)> = identifiers(&source.code).collect();
    words
        .windows(2)
        .filter(|pair| pair[0].1 == "fn")
        .filter_map(|pair| {
            let (at, name) = pair[1];
            let open = body(&source.code, at)?;
            let first = line_at(&source.code, pair[0].0);
            let lines = line_at(&source.code, block_end(&source.code, open) - 1) - first + 1;
            (lines > FUNCTION_LINES_MAX).then(|| (first, name.to_owned(), lines))
        })
        .collect()
}

/// Returns where the body of the function named at `at` opens; none for a declaration.
fn body(code: &str, at: usize) -> Option<usize> {
    let open = at + code[at..].find('{')?;
    // A semicolon outside brackets comes first in a declaration; `[u8; 4]` is no such thing.
    let mut depth = 0_i32;
    for c in code[at..open].chars() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    Some(open)
}
