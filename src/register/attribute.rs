//! How attributes and problem levels are named and typed; the policy declares them.

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
    Integer,
    /// A decimal, kept as text and seen as a float by rules.
    Decimal {
        /// Unit for display.
        unit: Option<String>,
    },
    /// A day.
    Date,
}
