//! Maps: with fixed keys, with names for keys, and with any text for keys.

use super::leaf::{At, Id, Word, id};
use super::node::{NodeKind, YamlKey, YamlNode};
use super::shape::{Shape, expected};
use super::syntax_hints;
use crate::diag::Diagnostic;
use crate::diag::codes::{MISSING_KEY, UNKNOWN_KEY};

/// A map with free keys, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeMap<K, T>(pub Vec<(K, T)>);

/// One whose keys are names.
pub(in crate::policy) type Pairs<T> = FreeMap<Id, T>;

/// One whose keys are any text: column headings, codes, addresses.
pub(in crate::policy) type TextMap<T> = FreeMap<Word, T>;

/// What the key of a free map is read as.
pub(in crate::policy) trait FreeKey: Sized {
    fn of(key: &YamlKey, out: &mut Vec<Diagnostic>) -> Option<Self>;
}

impl FreeKey for Id {
    fn of(key: &YamlKey, out: &mut Vec<Diagnostic>) -> Option<Self> {
        id(&key.text, key.plain, key.span, out)
    }
}

impl FreeKey for Word {
    fn of(key: &YamlKey, _: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(At { value: key.text.clone(), span: key.span })
    }
}

/// A map with fixed keys: what was read of one is what `shapes!` declares.
pub(in crate::policy) trait FixedKeys: Sized {
    /// The keys it knows, in the order people write them.
    const KEYS: &'static [&'static str];

    fn of(map: &KeyedMap<'_>, out: &mut Vec<Diagnostic>) -> Option<Self>;
}

impl<T: FixedKeys> Shape for T {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        Self::of(&KeyedMap::new(node, T::KEYS, out)?, out)
    }
}

/// A map whose keys are known.
pub(in crate::policy) struct KeyedMap<'n> {
    pub(in crate::policy) node: &'n YamlNode,
    pairs: &'n [(YamlKey, YamlNode)],
    known: &'n [&'static str],
}

impl<'n> KeyedMap<'n> {
    /// Takes a node for a map; reports every key that is not among `known`.
    pub(in crate::policy) fn new(
        node: &'n YamlNode,
        known: &'n [&'static str],
        out: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let pairs = map(node, out)?;
        for (key, _) in pairs {
            // A key with a typo inside was reported when it was read.
            let is_told = key.plain && (key.text == "<<" || syntax_hints::in_key(&key.text).is_some());
            if !is_told && !known.contains(&key.text.as_str()) {
                let unknown = Diagnostic::new(UNKNOWN_KEY, key.span).with("key", &key.text);
                out.push(unknown.with_nearest(&key.text, known.iter().copied()));
            }
        }
        Some(Self { node, pairs, known })
    }

    pub(in crate::policy) fn field<T: Shape>(&self, name: &str, out: &mut Vec<Diagnostic>) -> Option<T> {
        let Some((_, value)) = self.pairs.iter().find(|(key, _)| key.text == name) else {
            let absent = T::absent();
            if absent.is_none() && !self.pairs.iter().any(|(key, _)| self.is_misspelt(key, name)) {
                out.push(Diagnostic::new(MISSING_KEY, self.node.span).with("key", name));
            }
            return absent;
        };
        // A value that cannot be read was reported; what is left stands for it until the file is refused.
        T::read(value, out).or_else(T::absent)
    }

    /// Returns whether a key is a typo for `name`; it is told as one, and `name` is not missed as well.
    fn is_misspelt(&self, key: &YamlKey, name: &str) -> bool {
        let is_typo = key.plain && syntax_hints::in_key(&key.text).is_some();
        (is_typo && key.text.starts_with(name))
            || (!self.known.contains(&key.text.as_str()) && crate::diag::nearest(&key.text, [name]).is_some())
    }
}

/// Declares a map with fixed keys: a struct, and the reading of it. `field("key")` when the key
/// is a word Rust keeps for itself; `Name [span]` when its place is wanted; `pub;` before those that
/// are of a policy as they are typed.
macro_rules! shapes {
    (pub; $($rest:tt)+) => { $crate::policy::raw::map::shapes! { @pub, $($rest)+ } };
    (@$see:vis, $($(#[$doc:meta])* $name:ident $([$place:ident])? {
        $($(#[$field_doc:meta])* $field:ident $(($key:literal))? : $ty:ty,)+
    })+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        $see struct $name {
            $(/// Where it begins.
            $see $place: $crate::diag::Span,)?
            $($(#[$field_doc])* $see $field: $ty,)+
        }

        impl $crate::policy::raw::map::FixedKeys for $name {
            const KEYS: &'static [&'static str] =
                &[$($crate::policy::raw::map::key!($field $(, $key)?)),+];

            fn of(map: &$crate::policy::raw::map::KeyedMap<'_>, out: &mut Vec<$crate::diag::Diagnostic>) -> Option<Self> {
                // Every field is read before any is missed, so that all problems are told at once.
                $(let $field = map.field::<$ty>($crate::policy::raw::map::key!($field $(, $key)?), out);)+
                Some(Self { $($place: map.node.span,)? $($field: $field?,)+ })
            }
        }
    )+ };
    ($($rest:tt)+) => { $crate::policy::raw::map::shapes! { @pub(in crate::policy), $($rest)+ } };
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

pub(in crate::policy) fn map<'n>(
    node: &'n YamlNode,
    out: &mut Vec<Diagnostic>,
) -> Option<&'n [(YamlKey, YamlNode)]> {
    match &node.kind {
        NodeKind::Map(pairs) => Some(pairs),
        NodeKind::Scalar(_) | NodeKind::List(_) => {
            out.push(expected(node, "map"));
            None
        }
    }
}

impl<K: FreeKey, T: Shape> Shape for FreeMap<K, T> {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let written = map(node, out)?;
        let mut pairs = Vec::with_capacity(written.len());
        for (key, value) in written {
            let key = K::of(key, out);
            pairs.extend(key.zip(T::read(value, out)));
        }
        Some(Self(pairs))
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}
