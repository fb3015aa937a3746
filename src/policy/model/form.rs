//! Forms that people fill.

use super::ExprIx;
use crate::diag::Span;

#[derive(Clone, Debug)]
pub struct Form {
    /// Id, such as `patrol`.
    pub id: String,
    pub title: String,
    /// Whether the items come from the tier.
    pub items_from_tier: bool,
    /// Items listed in the form itself.
    pub items: Vec<Item>,
    pub fields: Vec<Field>,
    /// Workflow it belongs to; none when shared.
    pub workflow: Option<String>,
    pub span: Span,
}

impl Form {
    /// Returns the field that its checklist is answered in.
    pub fn checklist(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.kind == FieldKind::Items)
    }
}

/// What an item of a checklist is answered with.
///
/// # Source
/// Policy language, rule 30.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemAnswers {
    /// It is as it should be.
    pub good: String,
    /// It is not.
    pub bad: String,
    /// It is not asked of this subject.
    pub none: String,
}

impl ItemAnswers {
    /// Returns them in the order people list them.
    pub const fn all(&self) -> [&String; 3] {
        [&self.good, &self.bad, &self.none]
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: String,
    /// What is checked.
    pub title: String,
    pub basis: Option<String>,
    /// Id in the published list.
    pub published_item_id: Option<String>,
    /// The level of the problem that a bad answer is; in texts of the first version any words.
    pub if_bad: Option<String>,
}

impl Item {
    /// Makes an item of which no more than its title is known.
    pub fn titled(title: String) -> Self {
        Self { id: title.clone(), title, basis: None, published_item_id: None, if_bad: None }
    }

    /// Returns whether another item goes by the same id.
    pub fn is_mistaken_for(&self, other: &Self) -> bool {
        let (one, two) = (&self.published_item_id, &other.published_item_id);
        let is_other_number = one.is_some() && two.is_some() && one != two;
        self.id == other.id && (self.title != other.title || is_other_number)
    }
}

#[derive(Clone, Debug)]
pub struct Field {
    /// Name in expressions.
    pub id: String,
    pub title: String,
    pub kind: FieldKind,
    pub required: bool,
    /// Must be filled when this holds.
    pub required_when: Option<ExprIx>,
    /// Least number of photos or rows.
    pub min: Option<u32>,
    /// The rows that its rows answer, one each.
    pub for_each: Option<RowSource>,
}

/// A table filled at another step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSource {
    /// Id of the step.
    pub step: String,
    /// Id of the field of its form.
    pub field: String,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Number,
    Date,
    DateTime,
    /// A length of time.
    Length,
    Choice(Vec<String>),
    /// One of [`ItemAnswers`] for each item of the form.
    Items,
    /// Rows.
    Table(Vec<TableColumn>),
    Photo,
    Location,
    Signature,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableColumn {
    /// Name in expressions.
    pub id: String,
    pub title: String,
    pub kind: ColumnKind,
}

/// What the cells of a column take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Anything that can be written.
    Any,
    /// One of these, which must be there.
    Choice(Vec<String>),
    Date,
    /// A length of time.
    Length,
}

impl ColumnKind {
    /// Returns what is chosen among; nothing where nothing is.
    pub fn choices(&self) -> &[String] {
        if let Self::Choice(of) = self { of } else { &[] }
    }
}
