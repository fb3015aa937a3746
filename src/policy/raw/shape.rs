//! What a node has to look like, and lists.

use super::node::{NodeKind, YamlNode};
use super::syntax_hints;
use crate::diag::Diagnostic;
use crate::diag::codes::{EXPECTED, MISSING_VALUE};

/// Something that can be read from a node.
///
/// Reading reports every problem it meets and goes on; it answers none when nothing usable is
/// left. A file with any error is not looked at further, so a hole is never taken for a choice.
pub(in crate::policy) trait Shape: Sized {
    /// Reads the node.
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self>;

    /// What stands for a key that is not written; none when it has to be.
    fn absent() -> Option<Self> {
        None
    }
}

/// One or many, written `x` or `[x, y]`; none when the key is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many<T>(pub Vec<T>);

/// A map, or what may be written in its place.
#[derive(Clone, Debug)]
pub(in crate::policy) enum MapOr<M, T> {
    Map(M),
    Other(T),
}

/// Returns the complaint that a node is not what was wanted there: `map`, `list`, `text`.
pub(in crate::policy) fn expected(node: &YamlNode, want: &'static str) -> Diagnostic {
    let got = match &node.kind {
        NodeKind::Scalar(scalar) if scalar.is_nothing() => return Diagnostic::new(MISSING_VALUE, node.span),
        NodeKind::Scalar(scalar) => {
            let may_be_map = scalar.plain && want != "text";
            if let Some(typo) = syntax_hints::in_place_of_map(&scalar.text).filter(|_| may_be_map) {
                return typo.at(node.span.file, node.span.start as usize);
            }
            "text"
        }
        NodeKind::List(_) => "list",
        NodeKind::Map(_) => "map",
    };
    Diagnostic::new(EXPECTED, node.span).with("want", want).with("got", got)
}

impl Shape for YamlNode {
    fn read(node: &YamlNode, _: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(node.clone())
    }
}

impl<T: Shape> Shape for Option<T> {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        T::read(node, out).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::List(items) => Some(items.iter().filter_map(|item| T::read(item, out)).collect()),
            NodeKind::Scalar(_) | NodeKind::Map(_) => {
                out.push(expected(node, "list"));
                None
            }
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Shape> Shape for Many<T> {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::List(_) => Vec::read(node, out).map(Self),
            NodeKind::Scalar(_) | NodeKind::Map(_) => T::read(node, out).map(|one| Self(vec![one])),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl<M: Shape, T: Shape> Shape for MapOr<M, T> {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => M::read(node, out).map(Self::Map),
            NodeKind::Scalar(_) | NodeKind::List(_) => T::read(node, out).map(Self::Other),
        }
    }
}
