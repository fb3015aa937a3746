//! What a node has to look like: the containers, and the macro that declares maps.

use super::leaf::{At, Id, Word, id};
use super::node::{Key, Node, NodeKind};
use super::syntax_hints;
use crate::diag::Diagnostic;
use crate::diag::codes::{EXPECTED, MISSING_KEY, MISSING_VALUE, UNKNOWN_KEY};

/// Something that can be read from a node.
///
/// Reading reports every problem it meets and goes on; it answers none when nothing usable is
/// left. A file with any error is not looked at further, so a hole is never taken for a choice.
pub(in crate::policy) trait Shape: Sized {
    /// Reads the node.
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self>;

    /// What stands for a key that is not written; none when it has to be.
    fn absent() -> Option<Self> {
        None
    }
}

/// One or many, written `x` or `[x, y]`; none when the key is absent.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) struct Many<T>(pub(in crate::policy) Vec<T>);

/// A map with free keys, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) struct Pairs<T>(pub(in crate::policy) Vec<(Id, T)>);

/// A map whose keys are any text: column headings, codes, addresses.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) struct Headed<T>(pub(in crate::policy) Vec<(Word, T)>);

/// Declares a map with fixed keys: a struct, and the reading of it. `field("key")` when the key
/// is a word Rust keeps for itself; `Name [span]` when its place is wanted.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident $([$place:ident])? {
        $($(#[$field_doc:meta])* $field:ident $(($key:literal))? : $ty:ty,)+
    })+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(in crate::policy) struct $name {
            $(/// Where it begins.
            pub(in crate::policy) $place: $crate::diag::Span,)?
            $($(#[$field_doc])* pub(in crate::policy) $field: $ty,)+
        }

        impl $name {
            /// The keys it knows, in the order people write them.
            pub(in crate::policy) const KEYS: &'static [&'static str] =
                &[$($crate::policy::raw::shape::key!($field $(, $key)?)),+];
        }

        impl $crate::policy::raw::shape::Shape for $name {
            fn read(node: &$crate::policy::raw::node::Node, out: &mut Vec<$crate::diag::Diagnostic>) -> Option<Self> {
                let pairs = $crate::policy::raw::shape::map(node, out)?;
                $crate::policy::raw::shape::refuse_unknown(pairs, Self::KEYS, out);
                // Every field is read before any is missed, so that all problems are told at once.
                $(let $field = $crate::policy::raw::shape::field::<$ty>(
                    node, pairs, $crate::policy::raw::shape::key!($field $(, $key)?), Self::KEYS, out);)+
                Some(Self { $($place: node.span,)? $($field: $field?,)+ })
            }
        }
    )+ };
}
pub(in crate::policy) use shapes;

/// The key of a field: its name, or the literal given for it.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident, $key:literal) => {
        $key
    };
}
pub(in crate::policy) use key;

/// Returns the pairs of a map.
pub(in crate::policy) fn map<'n>(node: &'n Node, out: &mut Vec<Diagnostic>) -> Option<&'n [(Key, Node)]> {
    match &node.kind {
        NodeKind::Map(pairs) => Some(pairs),
        NodeKind::Scalar(_) | NodeKind::List(_) => {
            out.push(expected(node, "map"));
            None
        }
    }
}

/// Reads one key of a map.
pub(in crate::policy) fn field<T: Shape>(
    node: &Node,
    pairs: &[(Key, Node)],
    name: &str,
    known: &[&str],
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    let Some((_, value)) = pairs.iter().find(|(key, _)| key.text == name) else {
        let absent = T::absent();
        if absent.is_none() && !pairs.iter().any(|(key, _)| is_misspelt(key, name, known)) {
            out.push(Diagnostic::new(MISSING_KEY, node.span).with("key", name));
        }
        return absent;
    };
    // A value that cannot be read was reported; what is left stands for it until the file is refused.
    T::read(value, out).or_else(T::absent)
}

/// Returns whether a key is a typo for `name`; it is told as one, and `name` is not missed as well.
fn is_misspelt(key: &Key, name: &str, known: &[&str]) -> bool {
    let is_typo = key.plain && syntax_hints::in_key(&key.text).is_some();
    (is_typo && key.text.starts_with(name))
        || (!known.contains(&key.text.as_str()) && crate::diag::nearest(&key.text, [name]).is_some())
}

/// Reports every key that is not among `known`.
pub(in crate::policy) fn refuse_unknown(pairs: &[(Key, Node)], known: &[&str], out: &mut Vec<Diagnostic>) {
    for (key, _) in pairs {
        // A key with a typo inside was reported when it was read.
        let is_told = key.plain && (key.text == "<<" || syntax_hints::in_key(&key.text).is_some());
        if !is_told && !known.contains(&key.text.as_str()) {
            out.push(
                Diagnostic::new(UNKNOWN_KEY, key.span)
                    .with("key", &key.text)
                    .with_nearest(&key.text, known.iter().copied()),
            );
        }
    }
}

/// Returns the complaint that a node is not what was wanted there: `map`, `list`, `text`.
pub(in crate::policy) fn expected(node: &Node, want: &'static str) -> Diagnostic {
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

impl Shape for Node {
    fn read(node: &Node, _: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(node.clone())
    }
}

impl<T: Shape> Shape for Option<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        T::read(node, out).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
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
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            NodeKind::List(_) => Vec::read(node, out).map(Self),
            NodeKind::Scalar(_) | NodeKind::Map(_) => T::read(node, out).map(|one| Self(vec![one])),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl<T: Shape> Shape for Pairs<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let written = map(node, out)?;
        let mut pairs = Vec::with_capacity(written.len());
        for (key, value) in written {
            let name = id(&key.text, key.plain, key.span, out);
            pairs.extend(name.zip(T::read(value, out)));
        }
        Some(Self(pairs))
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl<T: Shape> Shape for Headed<T> {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let written = map(node, out)?;
        let mut pairs = Vec::with_capacity(written.len());
        for (key, value) in written {
            let name = At { value: key.text.clone(), span: key.span };
            pairs.extend(T::read(value, out).map(|value| (name, value)));
        }
        Some(Self(pairs))
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}
