//! What a row says of one field: a value, that there is none, or nothing at all.

/// What a row says of one field.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum FieldChange<T> {
    /// Nothing: what the register knows stays.
    #[default]
    Keep,
    /// That nothing is known of it any more.
    Clear,
    /// What it is.
    Set(T),
}

impl<T> FieldChange<T> {
    /// Returns what it is after this, of what it was before.
    pub fn or(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Borrows it.
    pub const fn as_ref(&self) -> FieldChange<&T> {
        match self {
            Self::Keep => FieldChange::Keep,
            Self::Clear => FieldChange::Clear,
            Self::Set(value) => FieldChange::Set(value),
        }
    }

    /// Makes something else of what it says.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> FieldChange<U> {
        match self {
            Self::Keep => FieldChange::Keep,
            Self::Clear => FieldChange::Clear,
            Self::Set(value) => FieldChange::Set(make(value)),
        }
    }
}

impl<T> From<Option<T>> for FieldChange<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}
