//! The closed list of functions a script may call besides its own.

/// What a function answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    Flag,
    Integer,
    Float,
    Text,
    /// The same as its first argument.
    Same,
    /// An item of the list it is called on.
    Item,
    List,
    Nothing,
    Any,
}

/// What a function can be called on, which is its first argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    List,
    Text,
    Map,
    Number,
    Flag,
    Day,
}

/// A function of the language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Numbers of arguments, the first counted.
    pub(super) counts: &'static [usize],
    pub(super) on: &'static [On],
    pub(super) gives: Gives,
}

/// Name, numbers of arguments with the receiver counted, what it is called on, and answer.
const FUNCTIONS: [(&str, &[usize], &[On], Gives); 50] = [
    ("abs", &[1], &[On::Number], Gives::Same),
    ("all", &[2], &[On::List], Gives::Flag),
    ("ceiling", &[1], &[On::Number], Gives::Float),
    ("contains", &[2], &[On::List, On::Text, On::Map], Gives::Flag),
    ("dedup", &[1], &[On::List], Gives::Nothing),
    ("div", &[2], &[On::Number], Gives::Integer),
    ("ends_with", &[2], &[On::Text], Gives::Flag),
    ("exp", &[1], &[On::Number], Gives::Float),
    ("filter", &[2], &[On::List], Gives::Same),
    ("find", &[2], &[On::List], Gives::Item),
    ("floor", &[1], &[On::Number], Gives::Float),
    ("index_of", &[2], &[On::List, On::Text], Gives::Integer),
    ("is_empty", &[1], &[On::List, On::Text, On::Map], Gives::Flag),
    ("keys", &[1], &[On::Map], Gives::List),
    ("len", &[1], &[On::List, On::Text, On::Map], Gives::Integer),
    ("ln", &[1], &[On::Number], Gives::Float),
    ("log", &[2], &[On::Number], Gives::Float),
    ("log10", &[1], &[On::Number], Gives::Float),
    ("map", &[2], &[On::List], Gives::List),
    ("max", &[2], &[On::Number, On::Text], Gives::Any),
    ("min", &[2], &[On::Number, On::Text], Gives::Any),
    ("pad", &[3], &[On::List, On::Text], Gives::Nothing),
    ("parse_float", &[1], &[On::Text], Gives::Float),
    ("parse_int", &[1], &[On::Text], Gives::Integer),
    ("pop", &[1], &[On::List], Gives::Item),
    ("push", &[2], &[On::List], Gives::Nothing),
    ("range", &[2, 3], &[On::Number], Gives::List),
    ("reduce", &[2, 3], &[On::List], Gives::Any),
    ("replace", &[3], &[On::Text], Gives::Nothing),
    ("reverse", &[1], &[On::List], Gives::Nothing),
    ("round", &[1], &[On::Number], Gives::Float),
    ("shift", &[1], &[On::List], Gives::Item),
    ("some", &[2], &[On::List], Gives::Flag),
    ("sort", &[1, 2], &[On::List], Gives::Nothing),
    ("split", &[2], &[On::Text], Gives::List),
    ("sqrt", &[1], &[On::Number], Gives::Float),
    ("starts_with", &[2], &[On::Text], Gives::Flag),
    ("sub_string", &[2, 3], &[On::Text], Gives::Text),
    ("to_float", &[1], &[On::Number], Gives::Float),
    ("to_int", &[1], &[On::Number], Gives::Integer),
    ("to_lower", &[1], &[On::Text], Gives::Text),
    ("to_string", &[1], &[On::List, On::Text, On::Map, On::Number, On::Flag, On::Day], Gives::Text),
    ("to_upper", &[1], &[On::Text], Gives::Text),
    ("trim", &[1], &[On::Text], Gives::Nothing),
    ("values", &[1], &[On::Map], Gives::List),
    ("drain", &[2], &[On::List, On::Map], Gives::Same),
    ("retain", &[2], &[On::List, On::Map], Gives::Same),
    ("extract", &[2, 3], &[On::List], Gives::Same),
    ("chars", &[1], &[On::Text], Gives::List),
    ("append", &[2], &[On::List, On::Text], Gives::Nothing),
];

/// Functions that, called on a text, take a part of it.
pub(super) const PART_OF_TEXT: [&str; 5] = ["contains", "ends_with", "index_of", "split", "starts_with"];

/// Functions whose meaning the analysis knows exactly, with their numbers of arguments.
pub(super) const OWN: [(&str, usize); 6] =
    [("days_since", 1), ("days_until", 1), ("has", 1), ("lookup", 2), ("param", 1), ("within", 2)];

/// Questions to the subject's history, with their numbers of arguments.
pub(super) const HISTORY: [(&str, usize); 2] = [("overdue_count", 1), ("problems", 2)];

/// Returns what is known of a function of the language.
pub(super) fn function(name: &str) -> Option<Known> {
    let (_, counts, on, gives) = FUNCTIONS.iter().find(|(known, ..)| *known == name)?;
    Some(Known { counts, on, gives: *gives })
}

/// Returns every name that can be called.
pub(super) fn names<'a>() -> Vec<&'a str> {
    FUNCTIONS.iter().map(|(name, ..)| *name).chain(OWN.iter().map(|(name, _)| *name)).collect()
}
