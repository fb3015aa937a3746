//! What travels together is a struct that says what it is: no tuple among the parameters, and few of them.

use super::expect_none;
use super::source::{Source, line_at, sources};
use super::tokens::{Token, closing, split, text, tokens, without_definitions};

/// Parameters that a function may have, `self` among them.
const PARAMETERS_MAX: usize = 5;

/// Functions in a hundred that may have as many.
const SHARE_MAX: usize = 3;

/// The head of a function that has a body.
struct Signature {
    place: String,
    parameters: usize,
    has_tuple: bool,
}

#[test]
fn no_parameter_is_an_anonymous_tuple() {
    let found = places(&signatures(), |signature| signature.has_tuple);
    expect_none("functions with a tuple as a parameter", &found);
}

#[test]
fn no_function_has_more_than_five_parameters() {
    let found = places(&signatures(), |signature| signature.parameters > PARAMETERS_MAX);
    expect_none("functions with more than five parameters", &found);
}

#[test]
fn few_functions_have_five_parameters() {
    let signatures = signatures();
    let found = places(&signatures, |signature| signature.parameters >= PARAMETERS_MAX);
    if found.len() * 100 > signatures.len() * SHARE_MAX {
        expect_none("functions with five parameters or more, too large a share of all", &found);
    }
}

#[test]
fn planted_parameters_are_found() {
    let planted = "fn a(&self, (b, c): (&str, u8), d: &[(u8, u8)], e: impl Fn(u8) -> (u8, u8)) {}\n\
                   fn f<T: Fn() -> (u8, u8)>(g: &'a mut (T, u8), h: &(dyn Fn() + Sync), i: [u8; 2]) {}\n\
                   fn j(&(k, l): &Pair, m: BTreeMap<u8, (u8, u8)>, n: (), o: u8, p: u8, q: u8) {}\n\
                   fn r(s: (u8, u8));\nconst T: fn(u8, (u8, u8)) = u;\n";
    let found: Vec<(usize, bool)> = of_source(&Source::new("src/x.rs", planted))
        .iter()
        .map(|signature| (signature.parameters, signature.has_tuple))
        .collect();
    assert_eq!(found, [(4, true), (3, true), (6, true)]);
}

fn signatures() -> Vec<Signature> {
    sources().iter().flat_map(of_source).collect()
}

fn places(signatures: &[Signature], is_meant: impl Fn(&Signature) -> bool) -> Vec<String> {
    let meant = signatures.iter().filter(|signature| is_meant(signature));
    meant.map(|signature| format!("{} ({})", signature.place, signature.parameters)).collect()
}

fn of_source(source: &Source) -> Vec<Signature> {
    let tokens = without_definitions(&tokens(&source.code));
    let heads = (0..tokens.len()).filter(|ix| text(&tokens, *ix) == "fn" && text(&tokens, ix + 1) != "(");
    heads.filter_map(|ix| signature(source, &tokens, ix + 1)).collect()
}

/// Reads the head of the function whose name stands at `name`; none for a declaration.
fn signature(source: &Source, tokens: &[Token<'_>], name: usize) -> Option<Signature> {
    let open = if text(tokens, name + 1) == "<" { closing(tokens, name + 1) + 1 } else { name + 1 };
    let close = closing(tokens, open);
    let mut end = close;
    while !matches!(text(tokens, end), "{" | ";" | "") {
        end = if matches!(text(tokens, end), "[" | "(") { closing(tokens, end) + 1 } else { end + 1 };
    }
    let parameters = split(tokens.get(open + 1..close)?);
    (text(tokens, end) == "{").then(|| Signature {
        place: format!("{}:{}: {}", source.path, line_at(&source.code, tokens[name].at), tokens[name].text),
        parameters: parameters.len(),
        has_tuple: parameters.into_iter().any(is_tuple),
    })
}

/// Returns whether the pattern or the type of a parameter is a tuple or a reference to one.
fn is_tuple(parameter: &[Token<'_>]) -> bool {
    let mut first = 0;
    while text(parameter, first) == "#" {
        first = closing(parameter, first + 1) + 1;
    }
    let mut colon = first;
    while !matches!(text(parameter, colon), ":" | "") {
        colon = if text(parameter, colon) == "(" { closing(parameter, colon) + 1 } else { colon + 1 };
    }
    let pattern = &parameter[first..colon.min(parameter.len())];
    let kind = parameter.get(colon + 1..).unwrap_or_default();
    [pattern, kind].into_iter().any(begins_with_tuple)
}

fn begins_with_tuple(tokens: &[Token<'_>]) -> bool {
    let mut ix = 0;
    loop {
        ix += match text(tokens, ix) {
            "&" | "mut" => 1,
            "'" => 2,
            _ => break,
        };
    }
    // `(dyn Fn() + Sync)` is one type in brackets.
    text(tokens, ix) == "(" && {
        let inner = &tokens[ix + 1..closing(tokens, ix)];
        split(inner).len() > 1 || inner.last().is_some_and(|token| token.text == ",")
    }
}
