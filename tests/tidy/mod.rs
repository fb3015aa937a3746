//! The plan of the house, read from its sources: floors, circles, names, signatures, sizes, words,
//! texts and documents.
//!
//! Each file asks one question and prints every place that answers it wrongly. A rule that has
//! to be relaxed is relaxed here, in its table, with the reason beside it.

mod arrows;
mod circles;
mod codes;
mod docs;
mod floors;
mod han;
mod language;
mod latin;
mod machine;
mod messages;
mod names;
mod purity;
mod shipped;
mod signatures;
mod size;
mod source;
mod texts;
mod tokens;
mod words;

/// Fails with one line for each place found.
fn expect_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}
