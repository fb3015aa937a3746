//! The words and marks of a source, for the questions that a search for a text cannot answer.

use std::collections::BTreeSet;

use super::source::{Source, is_word};

/// A word, or one mark; `::`, `->` and `=>` are one.
#[derive(Clone, Copy)]
pub(crate) struct Token<'a> {
    pub(crate) at: usize,
    pub(crate) text: &'a str,
}

impl Token<'_> {
    /// Returns whether it is a name, a keyword or a number.
    pub(crate) fn is_word(&self) -> bool {
        self.text.starts_with(is_word)
    }
}

/// Cuts code with comments and literals blanked, see [`Source::code`].
pub(crate) fn tokens(code: &str) -> Vec<Token<'_>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        let length = match c {
            _ if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ if ["::", "->", "=>"].iter().any(|mark| rest.starts_with(mark)) => 2,
            _ => c.len_utf8(),
        };
        // The quotes of a blanked text are all that is left of it.
        if !c.is_whitespace() && c != '"' {
            found.push(Token { at, text: &rest[..length] });
        }
        at += length;
    }
    found
}

/// Returns the text at `ix`, empty past the end.
pub(crate) fn text<'a>(tokens: &[Token<'a>], ix: usize) -> &'a str {
    tokens.get(ix).map_or("", |token| token.text)
}

/// Returns the position of the bracket that closes the one at `open`; angles count only for an angle.
pub(crate) fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let angles = text(tokens, open) == "<";
    let mut depth = 0_usize;
    for (ix, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            "<" if angles => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            ">" if angles => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return ix;
        }
    }
    tokens.len()
}

/// Splits at the commas outside all brackets.
pub(crate) fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let (mut parts, mut first, mut depth) = (Vec::new(), 0, 0_i32);
    for (ix, token) in tokens.iter().enumerate() {
        match token.text {
            "(" | "[" | "{" | "<" => depth += 1,
            ")" | "]" | "}" | ">" => depth -= 1,
            "," if depth == 0 => {
                parts.push(&tokens[first..ix]);
                first = ix + 1;
            }
            _ => {}
        }
    }
    if first < tokens.len() {
        parts.push(&tokens[first..]);
    }
    parts
}

/// Returns the tokens without the bodies of macro definitions, which are patterns of code.
pub(crate) fn without_definitions<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let (mut kept, mut ix) = (Vec::with_capacity(tokens.len()), 0);
    while ix < tokens.len() {
        kept.push(tokens[ix]);
        ix += 1;
        if tokens[ix - 1].text == "macro_rules" && text(tokens, ix) == "!" {
            ix = closing(tokens, ix + 2) + 1;
        }
    }
    kept
}

/// Returns the macros that make types of the names they are called with.
pub(crate) fn declaring_macros(sources: &[Source]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources {
        let tokens = tokens(&source.code);
        for ix in (0..tokens.len()).filter(|ix| tokens[*ix].text == "macro_rules") {
            let body = &tokens[ix + 3..closing(&tokens, ix + 3)];
            let declares =
                body.windows(2).any(|pair| matches!(pair[0].text, "struct" | "enum") && pair[1].text == "$");
            if declares {
                found.insert(text(&tokens, ix + 2).to_owned());
            }
        }
    }
    found
}

/// Returns the names that the call of a declaring macro declares, when one stands at `ix`.
///
/// They stand directly in its body: first, after an attribute, or after the end of the one before.
pub(crate) fn declared_by_call<'a>(
    tokens: &[Token<'a>],
    ix: usize,
    declaring: &BTreeSet<String>,
) -> Vec<Token<'a>> {
    if text(tokens, ix + 1) != "!" || !declaring.contains(tokens[ix].text) {
        return Vec::new();
    }
    let (open, end) = (ix + 2, closing(tokens, ix + 2));
    let (mut found, mut at) = (Vec::new(), open + 1);
    while at < end {
        let token = tokens[at];
        match token.text {
            "(" | "[" | "{" => at = closing(tokens, at),
            name if name.starts_with(char::is_uppercase) => {
                let before = tokens[at - 1].text;
                if at == open + 1 || matches!(before, "]" | "}" | ")" | ";") {
                    found.push(token);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

#[test]
fn tokens_are_words_and_marks() {
    let code = "fn f<'a>(x: a::B) -> (C, D) { g::<u8>(x)[1] }";
    let found = tokens(code);
    let words: Vec<&str> = found.iter().filter(|token| token.is_word()).map(|token| token.text).collect();
    assert_eq!(words, ["fn", "f", "a", "x", "a", "B", "C", "D", "g", "u8", "x", "1"]);
    assert_eq!(text(&found, closing(&found, 2)), ">");
    assert_eq!(split(&tokens("a: (b, c), d: E<f, g>,")).len(), 2);
    let code = "macro_rules! shapes { ($name:ident) => { struct $name { x: u8 } } }\nshapes! { Aa [span] { x: Bb } Cc { y: Dd } }\n";
    let sources = [Source::new("src/x.rs", code)];
    let declaring = declaring_macros(&sources);
    let kept = without_definitions(&tokens(code));
    let call = kept.iter().position(|token| token.text == "shapes").expect("the call is kept");
    let names: Vec<&str> = declared_by_call(&kept, call, &declaring).iter().map(|token| token.text).collect();
    assert_eq!(names, ["Aa", "Cc"]);
}
