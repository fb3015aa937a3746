//! What an answer is held against.

use serde_json::Value;

use crate::lang::Lang;
use crate::policy::{Form, Item, ItemAnswers, RowSource};
use crate::time::Tz;

#[derive(Clone, Copy)]
pub struct FormSpec<'a> {
    pub form: &'a Form,
    /// Its items on this order, as [`super::items_of`] puts them together.
    pub items: &'a [Item],
    /// What they are answered with.
    pub answers: &'a ItemAnswers,
    /// Where bad answers are entered as problems; none where they are not.
    pub problems: Option<ProblemTable<'a>>,
    /// The rows that a table answers.
    pub rows_of: &'a dyn Fn(&RowSource) -> &'a [Value],
    /// The bureau's zone, for moments written without an offset.
    pub zone: Tz,
    /// The bureau's language, in which lengths of time are kept.
    pub language: Lang,
    /// Whether a file of that reference is attached to the order.
    pub attached: &'a dyn Fn(&str) -> bool,
}

/// The table of a form that problems are written in.
#[derive(Clone, Copy, Debug)]
pub struct ProblemTable<'a> {
    /// Id of its field.
    pub field: &'a str,
    /// Its column with the level.
    pub level: &'a str,
    /// Levels, worst first.
    pub levels: &'a [String],
}
