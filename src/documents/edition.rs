//! Editions of the pages built in, so that what was issued prints as it was issued.
//!
//! A paper's facts name the edition it was made in; those that name none are of the first. New papers
//! are made in the newest. What a page printed, it prints for ever, byte by byte: whoever wants it
//! otherwise adds an edition, which is a folder `templates/<n>/` with what changes, and a list of it at
//! the end of [`EDITIONS`]. What an edition does not hold is as in the one before; where only a word
//! changes, the word moves to the page `words`, and the edition holds that alone.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// Pages by name: of a kind, of a family of kinds, or what these are made from.
pub(super) type Pages = &'static [(&'static str, &'static str)];

/// The pages that each edition changed, from the first on, which holds all.
const EDITIONS: [Pages; 3] = [
    &[
        ("base", include_str!("templates/1/base.html")),
        ("style", include_str!("templates/1/style.css")),
        ("parts", include_str!("templates/1/parts.html")),
        ("words", include_str!("templates/1/words.html")),
        ("letter", include_str!("templates/1/letter.html")),
        ("approval", include_str!("templates/1/approval.html")),
        ("record", include_str!("templates/1/record.html")),
        ("list", include_str!("templates/1/list.html")),
        ("reg.order", include_str!("templates/1/reg.order.html")),
        ("reg.patrol", include_str!("templates/1/reg.patrol.html")),
        ("reg.revisit", include_str!("templates/1/reg.revisit.html")),
        ("reg.archive", include_str!("templates/1/reg.archive.html")),
        ("gui.suggest", include_str!("templates/1/gui.suggest.html")),
        ("pen.rectify", include_str!("templates/1/pen.rectify.html")),
        ("pen.notice", include_str!("templates/1/pen.notice.html")),
        ("pen.decision", include_str!("templates/1/pen.decision.html")),
        ("pen.receipt", include_str!("templates/1/pen.receipt.html")),
    ],
    // An order is called as people call it, and a paper without an official number by the number of its order.
    &[("words", include_str!("templates/2/words.html"))],
    // A record says what its own visit found, and what the one before found apart from it; whoever signed it stands
    // on it by name.
    &[
        ("visits", include_str!("templates/3/visits.html")),
        ("visit_words", include_str!("templates/3/visit_words.html")),
        ("record", include_str!("templates/3/record.html")),
        ("reg.patrol", include_str!("templates/3/reg.patrol.html")),
        ("reg.revisit", include_str!("templates/3/reg.revisit.html")),
    ],
];

/// The same in English, where kinds are printed as their families; the order that begins a patrol has a page of its
/// own since the third edition.
const ENGLISH: [Pages; 3] = [
    &[
        ("base", include_str!("templates/en/1/base.html")),
        ("style", include_str!("templates/1/style.css")),
        ("parts", include_str!("templates/en/1/parts.html")),
        ("words", include_str!("templates/en/1/words.html")),
        ("letter", include_str!("templates/en/1/letter.html")),
        ("approval", include_str!("templates/en/1/approval.html")),
        ("record", include_str!("templates/en/1/record.html")),
        ("list", include_str!("templates/en/1/list.html")),
    ],
    &[("words", include_str!("templates/en/2/words.html"))],
    &[
        ("visits", include_str!("templates/3/visits.html")),
        ("visit_words", include_str!("templates/en/3/visit_words.html")),
        ("record", include_str!("templates/en/3/record.html")),
        ("reg.order", include_str!("templates/en/3/reg.order.html")),
    ],
];

/// Returns the editions of the pages in a language; all languages have as many.
pub(super) const fn editions(lang: Lang) -> &'static [Pages] {
    match lang {
        Lang::Zh => &EDITIONS,
        Lang::En => &ENGLISH,
    }
}

/// Which edition of the pages built in a paper is printed in, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Edition(usize);

impl Edition {
    /// The edition of papers that name none.
    pub const FIRST: Self = Self(1);
    /// The edition that new papers are made in.
    pub const NEWEST: Self = Self(EDITIONS.len());

    /// Returns its place among the editions, none for one that is not counted from 1.
    pub(super) const fn place(self) -> Option<usize> {
        self.0.checked_sub(1)
    }
}

impl Default for Edition {
    fn default() -> Self {
        Self::FIRST
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}
