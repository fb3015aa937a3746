//! What the bureau knows of those it supervises: subjects, their history, stations, grids, officers.
//!
//! Rows come from files through the import maps of the policy; ids are always text. A subject
//! keeps the `home` station of its first import for ever, because every key begins with it.

mod attribute;
mod history;

pub use attribute::{AttributeIx, AttributeKind, LevelIx};
pub use history::{History, Inspection, PastOrder, is_within, within_changes_on};

use std::sync::Arc;

use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::time::Day;

/// A value of an attribute, typed by its declaration.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is known; not the same as false, empty or zero.
    Missing,
    /// Text, a code or a choice.
    Text(Arc<str>),
    /// A whole number.
    Integer(i64),
    /// A decimal as it was written; rules see a float.
    Decimal(Arc<str>),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(Day),
}

impl Value {
    /// Types a text as the register keeps it, which [`import::read_attribute`] wrote.
    ///
    /// A text that does not fit, because the declaration changed since, is missing: rules then
    /// say so instead of judging by something else.
    pub fn of(kind: &AttributeKind, kept: Option<&str>) -> Self {
        let Some(kept) = kept else { return Self::Missing };
        match kind {
            AttributeKind::Text | AttributeKind::Code { .. } | AttributeKind::Length => {
                Self::Text(kept.into())
            }
            AttributeKind::Choice { of } if of.iter().any(|each| each == kept) => Self::Text(kept.into()),
            AttributeKind::Flag => kept.parse().map_or(Self::Missing, Self::Flag),
            AttributeKind::Integer { .. } => kept.parse().map_or(Self::Missing, Self::Integer),
            AttributeKind::Decimal { .. } if kept.parse::<f64>().is_ok_and(f64::is_finite) => {
                Self::Decimal(kept.into())
            }
            AttributeKind::Choice { .. } | AttributeKind::Decimal { .. } => Self::Missing,
            AttributeKind::Date => kept.parse().map_or(Self::Missing, Self::Day),
        }
    }
}

/// Whether a subject is in business. Its names stand in files, tables and JSON.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, EnumIter, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Status {
    /// In business.
    #[default]
    Active,
    /// 歇业: the cycle waits.
    Suspended,
    /// Gone for good.
    Closed,
}

/// Who is supervised, with all that a decision may read.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Unified credit code or another id; always text.
    pub id: String,
    pub name: String,
    /// Station of its first import; never changes.
    pub home: String,
    /// Station that supervises it now.
    pub station: String,
    /// Grid, when one is known.
    pub grid: Option<String>,
    /// Latitude in degrees, as written.
    pub lat: Option<String>,
    /// Longitude in degrees, as written.
    pub lon: Option<String>,
    /// Attributes in the order the policy declares them.
    pub attributes: Vec<Value>,
    /// Statuses, inspections and orders, by the date each carries.
    pub history: History,
}

impl Subject {
    /// Returns an attribute's value.
    pub fn attribute(&self, at: AttributeIx) -> &Value {
        self.attributes.get(at.ix()).unwrap_or(&Value::Missing)
    }
}
