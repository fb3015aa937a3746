//! `P13x`: kinds of documents and their templates.

use super::codes;

codes! { DOCUMENT_KINDS:
    /// A numbered kind has no prefix.
    DOCUMENT_PREFIX_WANTED = "P130", Error;
    /// A kind without number has a prefix.
    DOCUMENT_PREFIX_NEEDLESS = "P131", Error;
    /// Two kinds would share their numbers.
    DOCUMENT_PREFIX_TAKEN = "P132", Error;
    /// `officers` stands beside roles.
    DOCUMENT_APPROVERS = "P133", Error;
    /// A part of official numbers holds a digit, a bracket or a blank.
    DOCUMENT_NUMBER_MARK = "P134", Error;
    /// A template is named after no kind of document.
    TEMPLATE_OF_NOTHING = "P135", Error;
    /// A template cannot be read.
    TEMPLATE_SYNTAX = "P136", Error;
    /// A template fails on a sample document.
    TEMPLATE_FAILS = "P137", Error;
}
