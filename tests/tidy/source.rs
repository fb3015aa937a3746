//! Rust sources as tidy reads them: code apart from comments, texts and test modules.

use std::fs;
use std::path::{Path, PathBuf};

/// One Rust file under `src/`.
pub(crate) struct Source {
    /// Path from the repository's root, with forward slashes.
    pub(crate) path: String,
    /// The file as written.
    pub(crate) text: String,
    /// The file with comments, literals and test modules blanked; every line keeps its number.
    pub(crate) code: String,
    /// Text literals outside comments and test modules, with the line each begins on.
    pub(crate) literals: Vec<(usize, String)>,
}

impl Source {
    /// Splits a text.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let (masked, literals) = mask(text);
        let code = without_tests(&masked);
        let kept: Vec<&str> = code.lines().collect();
        let literals = literals
            .into_iter()
            .filter(|(line, _)| kept.get(line - 1).is_some_and(|line| !line.trim().is_empty()))
            .collect();
        Self { path: path.to_owned(), text: text.to_owned(), code, literals }
    }

    /// Returns the room the file belongs to: the first name below `src/`.
    pub(crate) fn room(&self) -> &str {
        let below = self.path.trim_start_matches("src/");
        below.split(['/', '.']).next().unwrap_or(below)
    }

    /// Returns how many modules the file is below the crate's root.
    pub(crate) fn depth(&self) -> usize {
        let below = self.path.trim_start_matches("src/");
        match below {
            "lib.rs" | "main.rs" => 0,
            _ => below.matches('/').count() + usize::from(!below.ends_with("/mod.rs")),
        }
    }
}

/// Returns the repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file of the repository; empty when it is not there.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// Returns every Rust file under `src/`, sorted by path.
pub(crate) fn sources() -> Vec<Source> {
    let found: Vec<Source> = files("src", "rs").iter().map(|path| Source::new(path, &read(path))).collect();
    assert!(!found.is_empty(), "src/ holds no Rust file");
    found
}

/// Returns the paths under `folder` with that ending, sorted.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    let mut paths: Vec<String> = found
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .filter_map(|path| path.strip_prefix(root()).ok())
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .collect();
    paths.sort();
    paths
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Returns the line, from 1, that byte `at` stands on.
pub(crate) fn line_at(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Returns whether a character belongs to a word.
pub(crate) fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Returns every identifier of `code` with its byte offset.
pub(crate) fn identifiers(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + code[at..].find(is_word)?;
        let end = code[start..].find(|c| !is_word(c)).map_or(code.len(), |length| start + length);
        at = end;
        Some((start, &code[start..end]))
    })
}

/// Returns the offset just after the brace that closes the one at `open`.
pub(crate) fn block_end(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return open + at + 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    code.len()
}

fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    while let Some(at) = kept.find("#[cfg(test)]") {
        let end = match (kept[at..].find('{'), kept[at..].find(';')) {
            (Some(open), semicolon) if semicolon.is_none_or(|s| open < s) => block_end(&kept, at + open),
            (_, Some(semicolon)) => at + semicolon + 1,
            _ => kept.len(),
        };
        let blank = blanked(&kept[at..end]);
        kept.replace_range(at..end, &blank);
    }
    kept
}

fn blanked(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// Blanks comments and literals; returns the rest and the text literals with their lines.
fn mask(text: &str) -> (String, Vec<(usize, String)>) {
    let (mut code, mut literals) = (String::with_capacity(text.len()), Vec::new());
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let rest = &text[at..];
        let (length, literal) = token(rest, code.chars().next_back());
        let piece = &rest[..length];
        match literal {
            Token::Code => code.push_str(piece),
            Token::Comment => code.push_str(&blanked(piece)),
            Token::Literal(open, close) => {
                literals.push((line, piece[open..length - close].to_owned()));
                // The quotes stay, so that a line with a literal is never blank.
                code.push('"');
                code.push_str(&blanked(&piece[1..length - 1]));
                code.push('"');
            }
        }
        line += piece.matches('\n').count();
        at += length;
    }
    (code, literals)
}

enum Token {
    Code,
    Comment,
    /// Bytes of the opening and of the closing mark.
    Literal(usize, usize),
}

/// Returns the length of the first token and what it is.
fn token(rest: &str, before: Option<char>) -> (usize, Token) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Token::Comment);
    }
    if rest.starts_with("/*") {
        return (comment_end(rest), Token::Comment);
    }
    let follows_word = before.is_some_and(is_word);
    if !follows_word && let Some((length, hashes, prefix)) = raw_text(rest) {
        return (length, Token::Literal(prefix + hashes + 1, hashes + 1));
    }
    if rest.starts_with('"') {
        return (quoted_end(rest), Token::Literal(1, 1));
    }
    if rest.starts_with('\'') {
        // A lifetime's quote is code; a character such as `'{'` would upset the count of braces.
        let length = character(rest);
        return (length, if length == 1 { Token::Code } else { Token::Comment });
    }
    (rest.chars().next().map_or(1, char::len_utf8), Token::Code)
}

fn comment_end(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn raw_text(rest: &str) -> Option<(usize, usize, usize)> {
    let prefix = ["r", "br", "cr"].into_iter().find(|p| rest.starts_with(p))?.len();
    let hashes = rest[prefix..].bytes().take_while(|b| *b == b'#').count();
    let body = rest[prefix + hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = body.find(&close)?;
    Some((prefix + hashes + 1 + end + close.len(), hashes, prefix))
}

fn quoted_end(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character literal such as `'{'`, or the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => rest[2..].find('\'').map_or(1, |at| {
            // `'\''` closes one further.
            if rest[2..].starts_with('\'') { rest[3..].find('\'').map_or(1, |next| next + 4) } else { at + 3 }
        }),
        Some((_, _)) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

#[test]
fn code_is_told_from_comments_texts_and_tests() {
    let text = "use a; // use b\nlet s = \"crate::c { \\\" \";\nlet r = r#\"d \" \"#;\nlet q = ('\"', '{', '\\'');\n\
                fn f<'a>() {}\n#[cfg(test)]\nmod tests { use e; }\nuse g;\n";
    let source = Source::new("src/x.rs", text);
    let names: Vec<&str> = identifiers(&source.code).map(|(_, word)| word).collect();
    for kept in ["a", "s", "r", "q", "f", "g"] {
        assert!(names.contains(&kept), "{kept} is code: {names:?}");
    }
    for gone in ["b", "c", "d", "e"] {
        assert!(!names.contains(&gone), "{gone} is no code: {names:?}");
    }
    assert_eq!(source.literals, [(2, "crate::c { \\\" ".to_owned()), (3, "d \" ".to_owned())]);
    assert_eq!(source.code.matches('\n').count(), text.matches('\n').count());
}
