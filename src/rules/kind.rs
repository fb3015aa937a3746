//! The kinds of values rules meet, as far as they can be known before anything runs.
//!
//! What the policy declares of an attribute, a cell of a table or a field of a form becomes a
//! kind here; the analysis, the table of functions and the record of an order speak of kinds alone.

use std::sync::Arc;

use crate::policy::{AttributeKind, CellKind, ColumnKind, FieldKind};

/// What a checklist says of one item.
pub(super) const CHECKLIST_ITEM: [&str; 4] = ["id", "title", "result", "note"];

/// The type of a value, as far as it can be known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Any,
    /// `()`: what a statement without a value gives.
    Nothing,
    Flag,
    Integer,
    Float,
    /// One of the two kinds of numbers.
    Number,
    Text,
    /// Text out of a closed list.
    Word(Arc<Vec<String>>),
    Day,
    /// `days_since(…)` before it is compared.
    Count(bool),
    Subject,
    /// A row of the table at this position.
    Row(usize),
    /// Something with these fields and no others.
    Record(Arc<Vec<(String, Kind)>>),
    /// A list; of anything when nothing is known of its items.
    List(Option<Arc<Kind>>),
    Map,
    Lambda(String),
}

impl Kind {
    pub(super) fn words(list: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::Word(Arc::new(list.into_iter().map(Into::into).collect()))
    }

    pub(super) fn record(fields: impl IntoIterator<Item = (impl Into<String>, Kind)>) -> Self {
        Self::Record(Arc::new(fields.into_iter().map(|(name, kind)| (name.into(), kind)).collect()))
    }

    pub(super) fn list(of: Kind) -> Self {
        Self::List((of != Self::Any).then(|| Arc::new(of)))
    }

    /// The checklist of a form.
    pub(super) fn checklist() -> Self {
        Self::list(Self::record(CHECKLIST_ITEM.map(|name| (name, Self::Text))))
    }

    pub(super) fn of_attribute(kind: &AttributeKind) -> Self {
        match kind {
            AttributeKind::Text | AttributeKind::Code { .. } | AttributeKind::Length => Self::Text,
            AttributeKind::Choice { of } => Self::words(of.iter().cloned()),
            AttributeKind::Flag => Self::Flag,
            AttributeKind::Integer { .. } => Self::Integer,
            AttributeKind::Decimal { .. } => Self::Float,
            AttributeKind::Date => Self::Day,
        }
    }

    pub(super) const fn of_cell(kind: CellKind) -> Self {
        match kind {
            CellKind::Text => Self::Text,
            CellKind::Integer => Self::Integer,
            CellKind::Decimal => Self::Number,
            CellKind::Flag => Self::Flag,
        }
    }

    /// Returns the kind of what a form's field holds.
    pub(super) fn of_answer(kind: &FieldKind) -> Self {
        match kind {
            FieldKind::Text | FieldKind::Length | FieldKind::Signature => Self::Text,
            FieldKind::Number => Self::Number,
            FieldKind::Date | FieldKind::DateTime => Self::Day,
            FieldKind::Choice(of) => Self::words(of.iter().cloned()),
            FieldKind::Items => Self::checklist(),
            FieldKind::Table(columns) => {
                let columns = columns.iter().map(|column| {
                    let kind = match &column.kind {
                        ColumnKind::Any => Self::Any,
                        ColumnKind::Choice(of) => Self::words(of.iter().cloned()),
                        ColumnKind::Date => Self::Day,
                        ColumnKind::Length => Self::Text,
                    };
                    (column.id.clone(), kind)
                });
                Self::list(Self::record(columns))
            }
            FieldKind::Photo => Self::List(None),
            FieldKind::Location => Self::record([("lat", Self::Number), ("lon", Self::Number)]),
        }
    }

    /// Returns what a list of this kind holds.
    pub(super) fn item(&self) -> Self {
        match self {
            Self::List(Some(item)) => (**item).clone(),
            _ => Self::Any,
        }
    }

    pub(super) const fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Float | Self::Number)
    }

    pub(super) const fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Word(_))
    }

    /// Returns whether a value of this kind can be one of the other.
    pub(super) fn meets(&self, other: &Self) -> bool {
        *self == Self::Any
            || *other == Self::Any
            || self == other
            || (self.is_number() && other.is_number())
            || (self.is_text() && other.is_text())
            || matches!(
                (self, other),
                (Self::List(_), Self::List(_)) | (Self::Record(_) | Self::Map, Self::Map)
            )
    }

    /// Returns the kind of a value that is of either.
    pub(super) fn or(self, other: &Self) -> Self {
        if self == *other {
            self
        } else if self.is_number() && other.is_number() {
            Self::Number
        } else if self.is_text() && other.is_text() {
            Self::Text
        } else {
            Self::Any
        }
    }

    /// Returns the id of the text that names it to people.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Any => "kind-any",
            Self::Nothing => "kind-nothing",
            Self::Flag => "kind-flag",
            Self::Integer | Self::Float | Self::Number => "kind-number",
            Self::Text | Self::Word(_) => "kind-text",
            Self::Day => "kind-day",
            Self::Count(_) => "kind-count",
            Self::Subject => "kind-subject",
            Self::Row(_) => "kind-row",
            Self::Record(_) | Self::Map => "kind-record",
            Self::List(_) => "kind-list",
            Self::Lambda(_) => "kind-lambda",
        }
    }
}
