//! What can be known of a value without running the script.

use std::sync::Arc;

use crate::diag::Span;
use crate::policy::{CellKind, Policy};
use crate::rules::slot::{Field, FieldType};
use crate::rules::tree::{Node, Tree};
use crate::rules::value::Val;

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
    List(Arc<Kind>),
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
        Self::List(Arc::new(of))
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

    fn or(self, other: &Self) -> Self {
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

/// What is known of one value.
#[derive(Clone, Debug)]
pub(super) struct Abs {
    pub(super) kind: Kind,
    /// Whether it may be missing.
    pub(super) missing: bool,
    /// The fields it may come from unchanged; for a date, every source a `??` chooses among.
    pub(super) fields: Vec<Field>,
    /// Its value, when written out.
    pub(super) literal: Option<Val>,
    /// How to compute it without the interpreter.
    pub(super) tree: Option<Tree>,
    /// What it may be, one by one, when several ways lead here.
    pub(super) ways: Vec<Way>,
    /// The root it is, by position, as long as nothing was done with it.
    pub(super) root: Option<usize>,
    pub(super) span: Span,
}

/// One of several answers.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) kind: Kind,
    pub(super) missing: bool,
    pub(super) literal: Option<Val>,
    pub(super) span: Span,
}

/// Ways remembered of one value; more than a person writes in one function.
const WAYS_MAX: usize = 256;

impl Abs {
    pub(super) const fn of(kind: Kind, span: Span) -> Self {
        Self {
            kind,
            missing: false,
            fields: Vec::new(),
            literal: None,
            tree: None,
            ways: Vec::new(),
            root: None,
            span,
        }
    }

    pub(super) fn literal(kind: Kind, value: Val, span: Span) -> Self {
        Self::of(kind, span).known_as(value)
    }

    fn known_as(mut self, value: Val) -> Self {
        self.literal = Some(value.clone());
        self.lowered(Some(Node::Const(value)))
    }

    pub(super) fn lowered(mut self, node: Option<Node>) -> Self {
        let span = self.span;
        self.tree = node.map(|node| Tree { node: Box::new(node), span });
        self
    }

    pub(super) const fn may_miss(mut self, missing: bool) -> Self {
        self.missing = missing;
        self
    }

    /// Returns each way it may be.
    pub(super) fn each(&self) -> Vec<Way> {
        if !self.ways.is_empty() {
            return self.ways.clone();
        }
        let (kind, literal) = (self.kind.clone(), self.literal.clone());
        vec![Way { kind, missing: self.missing, literal, span: self.span }]
    }

    /// Returns what is known of a value that is either of the two; without a tree.
    pub(super) fn joined(self, other: Self) -> Self {
        let mut ways = self.each();
        ways.extend(other.each());
        ways.truncate(WAYS_MAX);
        let mut fields = self.fields;
        for field in other.fields {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        let literal = if self.literal == other.literal { self.literal } else { None };
        let nothing = self.kind == Kind::Nothing || other.kind == Kind::Nothing;
        let kind = match (self.kind, other.kind) {
            (Kind::Nothing, kind) | (kind, Kind::Nothing) => kind,
            (one, two) => one.or(&two),
        };
        let missing = self.missing || other.missing || nothing;
        Self { kind, missing, fields, literal, tree: None, ways, root: None, span: self.span }
    }
}

pub(super) fn of_field(policy: &Policy, field: Field) -> Kind {
    use crate::policy::AttributeKind;
    if field == Field::Status {
        return Kind::words(["active", "suspended", "closed"]);
    }
    if let Field::Attribute(at) = field
        && let AttributeKind::Choice { of } = &policy.attributes[at.ix()].kind
    {
        return Kind::words(of.iter().cloned());
    }
    match field.kind(policy) {
        FieldType::Text => Kind::Text,
        FieldType::Flag => Kind::Flag,
        FieldType::Integer => Kind::Integer,
        FieldType::Float => Kind::Float,
        FieldType::Day => Kind::Day,
    }
}

pub(super) const fn of_cell(kind: CellKind) -> Kind {
    match kind {
        CellKind::Text => Kind::Text,
        CellKind::Integer => Kind::Integer,
        CellKind::Decimal => Kind::Number,
        CellKind::Flag => Kind::Flag,
    }
}
