//! Ids of officers by the hundred.

use std::fmt;

use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Ids of officers in one text: of a large station hundreds could have had an order, and say so in each of its entries.
///
/// # Shape
/// In JSON a list of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfficerIds(String);

/// Ends an id; none has a control character.
const END: char = '\u{1f}';

impl OfficerIds {
    /// Returns them in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_terminator(END)
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns them in the order of letters.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let mut all: Vec<&str> = self.iter().collect();
        all.sort_unstable();
        all.into_iter().collect()
    }

    fn push(&mut self, id: &str) {
        self.0.push_str(id);
        self.0.push(END);
    }
}

impl<S: AsRef<str>> FromIterator<S> for OfficerIds {
    fn from_iter<I: IntoIterator<Item = S>>(ids: I) -> Self {
        let mut all = Self::default();
        ids.into_iter().for_each(|id| all.push(id.as_ref()));
        all
    }
}

impl Serialize for OfficerIds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for OfficerIds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = OfficerIds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of ids")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OfficerIds, A::Error> {
        let mut all = OfficerIds::default();
        while list.next_element_seed(NextId(&mut all))?.is_some() {}
        Ok(all)
    }
}

/// Reads one id behind those that are there, without a text of its own.
struct NextId<'a>(&'a mut OfficerIds);

impl<'de> DeserializeSeed<'de> for NextId<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NextId<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }

    fn visit_str<E>(self, id: &str) -> Result<(), E> {
        self.0.push(id);
        Ok(())
    }
}
