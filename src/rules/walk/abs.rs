//! What can be known of a value without running the script.

use crate::diag::Span;
use crate::rules::kind::Kind;
use crate::rules::slot::SubjectField;
use crate::rules::tree::{Node, Tree};
use crate::rules::value::Val;

/// What is known of one value.
#[derive(Clone, Debug)]
pub(super) struct Abs {
    pub(super) kind: Kind,
    /// Whether it may be missing.
    pub(super) missing: bool,
    /// The fields it may come from unchanged; for a date, every source a `??` chooses among.
    pub(super) fields: Vec<SubjectField>,
    /// Its value, when written out.
    pub(super) literal: Option<Val>,
    /// How to compute it without the interpreter.
    pub(super) tree: Option<Tree>,
    /// What it may be, one by one, when several ways lead here.
    pub(super) ways: Vec<Alternative>,
    /// The root it is, by position, as long as nothing was done with it.
    pub(super) root: Option<usize>,
    pub(super) span: Span,
}

/// One of several answers.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
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
    pub(super) fn each(&self) -> Vec<Alternative> {
        if !self.ways.is_empty() {
            return self.ways.clone();
        }
        let (kind, literal) = (self.kind.clone(), self.literal.clone());
        vec![Alternative { kind, missing: self.missing, literal, span: self.span }]
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
