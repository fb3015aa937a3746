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

/// The Chinese name of a form's own checklist, which has no title of its own.
pub const CHECKLIST: &str = "检查项目";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: String,
    /// What is checked.
    pub title: String,
    pub basis: Option<String>,
    /// Id in the published list.
    pub published_item_id: Option<String>,
    /// What the officer is told to do when it is found wanting.
    pub if_bad: Option<String>,
}

impl Item {
    /// Makes an item of which no more than its title is known.
    pub fn titled(title: String) -> Self {
        Self { id: title.clone(), title, basis: None, published_item_id: None, if_bad: None }
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
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Number,
    Date,
    DateTime,
    Choice(Vec<String>),
    /// 符合 / 不符合 / 不适用.
    Items,
    /// Rows; each column has a name, a title and, for choices, its list.
    Table(Vec<(String, String, Vec<String>)>),
    Photo,
    Location,
    Signature,
}
