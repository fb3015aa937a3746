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

/// Name, numbers of arguments with the receiver counted, and answer.
const FUNCTIONS: [(&str, &[usize], Gives); 50] = [
    ("abs", &[1], Gives::Same),
    ("all", &[2], Gives::Flag),
    ("ceiling", &[1], Gives::Float),
    ("contains", &[2], Gives::Flag),
    ("dedup", &[1], Gives::Nothing),
    ("div", &[2], Gives::Integer),
    ("ends_with", &[2], Gives::Flag),
    ("exp", &[1], Gives::Float),
    ("filter", &[2], Gives::Same),
    ("find", &[2], Gives::Item),
    ("floor", &[1], Gives::Float),
    ("index_of", &[2], Gives::Integer),
    ("is_empty", &[1], Gives::Flag),
    ("keys", &[1], Gives::List),
    ("len", &[1], Gives::Integer),
    ("ln", &[1], Gives::Float),
    ("log", &[2], Gives::Float),
    ("log10", &[1], Gives::Float),
    ("map", &[2], Gives::List),
    ("max", &[2], Gives::Any),
    ("min", &[2], Gives::Any),
    ("pad", &[3], Gives::Nothing),
    ("parse_float", &[1], Gives::Float),
    ("parse_int", &[1], Gives::Integer),
    ("pop", &[1], Gives::Item),
    ("push", &[2], Gives::Nothing),
    ("range", &[2, 3], Gives::List),
    ("reduce", &[2, 3], Gives::Any),
    ("replace", &[3], Gives::Nothing),
    ("reverse", &[1], Gives::Nothing),
    ("round", &[1], Gives::Float),
    ("shift", &[1], Gives::Item),
    ("some", &[2], Gives::Flag),
    ("sort", &[1, 2], Gives::Nothing),
    ("split", &[2], Gives::List),
    ("sqrt", &[1], Gives::Float),
    ("starts_with", &[2], Gives::Flag),
    ("sub_string", &[2, 3], Gives::Text),
    ("to_float", &[1], Gives::Float),
    ("to_int", &[1], Gives::Integer),
    ("to_lower", &[1], Gives::Text),
    ("to_string", &[1], Gives::Text),
    ("to_upper", &[1], Gives::Text),
    ("trim", &[1], Gives::Nothing),
    ("values", &[1], Gives::List),
    ("drain", &[2], Gives::Same),
    ("retain", &[2], Gives::Same),
    ("extract", &[2, 3], Gives::Same),
    ("chars", &[1], Gives::List),
    ("append", &[2], Gives::Nothing),
];

/// Functions whose meaning the analysis knows exactly, with their numbers of arguments.
pub(super) const OWN: [(&str, usize); 6] =
    [("days_since", 1), ("days_until", 1), ("has", 1), ("lookup", 2), ("param", 1), ("within", 2)];

/// Questions to the subject's history, with their numbers of arguments.
pub(super) const HISTORY: [(&str, usize); 2] = [("overdue_count", 1), ("problems", 2)];

/// Returns what is known of a function of the language.
pub(super) fn function(name: &str) -> Option<(&'static [usize], Gives)> {
    FUNCTIONS.iter().find(|(known, ..)| *known == name).map(|(_, counts, gives)| (*counts, *gives))
}

/// Returns every name that can be called.
pub(super) fn names<'a>() -> Vec<&'a str> {
    FUNCTIONS.iter().map(|(name, ..)| *name).chain(OWN.iter().map(|(name, _)| *name)).collect()
}
