//! Tiers, parameters and the tables that rules look things up in.

use std::collections::BTreeMap;

use super::Item;
use crate::calendar::Length;
use crate::diag::{FileId, Span};

/// The tier table.
#[derive(Clone, Debug)]
pub struct Tiers {
    /// Tiers, strictest first.
    pub order: Vec<Tier>,
    /// The file it stands in.
    pub file: FileId,
}

#[derive(Clone, Debug)]
pub struct Tier {
    /// Id, such as 甲.
    pub id: String,
    /// Title, such as 高风险.
    pub title: String,
    /// English title; when none is given, a title without Chinese characters, else the id.
    pub title_en: String,
    /// Colour word for screens.
    pub colour: Option<String>,
    /// Shape word, so that colour is never the only sign.
    pub shape: Option<String>,
    /// How often it is patrolled.
    pub cycle: Length,
    /// Items every patrol of it covers, of which no more than a title is said.
    pub items: Vec<String>,
    /// Items of which more is said, and those that a station adds.
    pub added: Vec<Item>,
    /// Further lengths by name, such as `correction_term`.
    pub lengths: BTreeMap<String, Length>,
    pub span: Span,
    pub cycle_span: Span,
}

/// A table that rules look things up in.
#[derive(Clone, Debug)]
pub struct Table {
    /// Id, such as `industries`.
    pub id: String,
    pub title: String,
    /// Name of the key column.
    pub key: String,
    /// Whether a key that is not listed is looked up by its longest listed prefix.
    pub prefix: bool,
    /// The other columns with their types.
    pub columns: Vec<(String, CellKind)>,
    /// Rows by key; cells in the order of `columns`.
    pub rows: BTreeMap<String, TableRow>,
    /// The file it stands in.
    pub file: FileId,
}

#[derive(Clone, Debug)]
pub struct TableRow {
    /// Cells in the order of the table's columns.
    pub cells: Vec<Cell>,
    pub span: Span,
}

/// The type of a table's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    Text,
    Integer,
    Decimal,
    Flag,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is written there.
    Missing,
    Text(String),
    Integer(i64),
    /// Decimal, finite.
    Decimal(f64),
    Flag(bool),
}

impl Table {
    /// Returns the row of a key: the exact one, else by longest prefix where the table says so.
    pub fn find(&self, key: &str) -> Option<&TableRow> {
        if let Some(row) = self.rows.get(key) {
            return Some(row);
        }
        if !self.prefix {
            return None;
        }
        key.char_indices().rev().find_map(|(at, _)| self.rows.get(&key[..at]))
    }
}

/// A number with a name and a bound.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name used in `param("…")`.
    pub id: String,
    pub value: f64,
    /// Whether it was written without a decimal point, and so is a whole number to rules.
    pub whole: bool,
    /// Unit for display.
    pub unit: Option<String>,
    /// Bounds for stations.
    pub station: Option<(f64, f64)>,
    /// What it means, in a sentence.
    pub says: Option<String>,
    /// Where the value is written.
    pub span: Span,
}
