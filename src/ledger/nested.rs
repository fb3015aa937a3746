//! What the engine says inside an entry: a value of its own, or in entries of the first format a text
//! that holds it as JSON.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Reads a value that stands as itself or as a text; nothing in a text is an empty list.
pub(super) fn nested<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(NestedVisitor(PhantomData))
}

/// Reads such a value, or that there is none.
pub(super) fn nested_or_none<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(Option::<NestedValue<T>>::deserialize(deserializer)?.map(|NestedValue(value)| value))
}

struct NestedValue<T>(T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for NestedValue<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        nested(deserializer).map(Self)
    }
}

struct NestedVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for NestedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or JSON of one in a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        let text = if text.is_empty() { "[]" } else { text };
        serde_json::from_str(text).or_else(|_| T::deserialize(StrDeserializer::new(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, pairs: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(pairs))
    }
}
