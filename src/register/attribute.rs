//! How attributes and problem levels are named and typed; the policy declares them.

use super::Value;
use crate::calendar::{Length, Unit};

/// Position in the policy's list of attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeIx(pub u16);

impl AttributeIx {
    /// Returns the position in the list.
    pub const fn ix(self) -> usize {
        self.0 as usize
    }
}

/// Position in the policy's list of problem levels, 0 the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LevelIx(pub u16);

impl LevelIx {
    /// Returns the position in the list.
    pub const fn ix(self) -> usize {
        self.0 as usize
    }
}

/// The type of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// Any text.
    Text,
    /// A key of a table, by exact or longest-prefix match as the table says.
    Code {
        /// Id of the table.
        table: String,
    },
    /// One of a closed list.
    Choice {
        /// The list, in the order declared.
        of: Vec<String>,
    },
    /// Yes or no.
    Flag,
    /// A whole number.
    Integer {
        /// Unit for display; where it is one of lengths, a cycle may be the attribute's.
        unit: Option<String>,
    },
    /// A length of time, such as `3 个月`.
    Length,
    /// A decimal, kept as text and seen as a float by rules.
    Decimal {
        /// Unit for display.
        unit: Option<String>,
    },
    /// A day.
    Date,
}

impl AttributeKind {
    /// Returns the length of time that a value of this kind says; none where it says none, or the kind cannot.
    ///
    /// # Source
    /// Policy language, rule 24.
    pub fn length(&self, value: &Value) -> Option<Length> {
        let length: Length = match (self, value) {
            (Self::Length, Value::Text(text)) => text.parse().ok()?,
            (Self::Integer { unit: Some(unit) }, Value::Integer(count)) => {
                format!("{count} {unit}").parse().ok()?
            }
            _ => return None,
        };
        (length.count > 0 && length.unit != Unit::Hours).then_some(length)
    }

    /// Says whether values of this kind are lengths of time of days and more.
    pub fn is_length(&self) -> bool {
        *self == Self::Length || self.length(&Value::Integer(1)).is_some()
    }
}
