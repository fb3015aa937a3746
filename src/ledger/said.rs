//! What the engine says in an entry, as compact lists: who was chosen, and the lines of the history.
//!
//! # Shape
//! A choice is `["patrol",1,["P01","P02"],["P01","P02","P03"],[["P09","x-leave"]],true]`, and after it what
//! moved and what they have, if it is not the duty; what holds nothing is left out from the end; a line is `["entered",{"visit":1,"assignees":["P01"]},"patrol"]`, without
//! what is missing. Entries of the first format hold both as objects.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Deserialize, Serialize, Serializer};

use super::nested::nested;
use crate::engine::{HistoryEntry, HistoryEvent, StaffChoice};

/// Writes who was chosen; a list reads back as the object would.
pub(super) fn write_choices<S: Serializer>(
    choices: &[StaffChoice],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(choices.iter().map(ChoiceLine))
}

/// Writes lines of the history.
pub(super) fn write_history<S: Serializer>(lines: &[HistoryEntry], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(lines.iter().map(WrittenLine))
}

/// Reads lines of the history, in either format.
pub(super) fn read_history<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<HistoryEntry>, D::Error> {
    let lines: Vec<SaidLine> = nested(deserializer)?;
    Ok(lines.into_iter().map(|SaidLine(entry)| entry).collect())
}

struct ChoiceLine<'a>(&'a StaffChoice);

impl Serialize for ChoiceLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let StaffChoice { step, visit, officers, candidates, excluded, is_short, moves, part } = self.0;
        let has_moves = !moves.is_empty() || !part.is_duty();
        let has_short = *is_short || has_moves;
        let has_excluded = has_short || !excluded.is_empty();
        let has_candidates = has_excluded || !candidates.is_empty();
        let mut line = serializer.serialize_seq(None)?;
        line.serialize_element(step)?;
        line.serialize_element(visit)?;
        line.serialize_element(officers)?;
        if has_candidates {
            line.serialize_element(candidates)?;
        }
        if has_excluded {
            line.serialize_element(excluded)?;
        }
        if has_short {
            line.serialize_element(is_short)?;
        }
        if has_moves {
            line.serialize_element(moves)?;
        }
        if !part.is_duty() {
            line.serialize_element(part)?;
        }
        line.end()
    }
}

struct WrittenLine<'a>(&'a HistoryEntry);

impl Serialize for WrittenLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let HistoryEntry { event, step } = self.0;
        let mut event = serde_json::to_value(event).map_err(S::Error::custom)?;
        let (name, mut data) = (event["event"].take(), event["data"].take());
        if let Some(data) = data.as_object_mut() {
            data.retain(|_, value| !value.is_null());
        }
        let mut line = serializer.serialize_seq(None)?;
        line.serialize_element(&name)?;
        line.serialize_element(&data)?;
        if let Some(step) = step {
            line.serialize_element(step)?;
        }
        line.end()
    }
}

struct SaidLine(HistoryEntry);

impl<'de> Deserialize<'de> for SaidLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LineVisitor).map(Self)
    }
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = HistoryEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a line of the history")
    }

    fn visit_map<A: MapAccess<'de>>(self, pairs: A) -> Result<HistoryEntry, A::Error> {
        HistoryEntry::deserialize(MapAccessDeserializer::new(pairs))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<HistoryEntry, A::Error> {
        let event = HistoryEvent::deserialize(MapAccessDeserializer::new(LineStart::of(&mut items)))?;
        Ok(HistoryEntry { event, step: items.next_element()? })
    }
}

/// The first two items of a line as the pairs they are the values of.
struct LineStart<'a, A> {
    items: &'a mut A,
    names: std::slice::Iter<'static, &'static str>,
}

impl<'a, A> LineStart<'a, A> {
    fn of(items: &'a mut A) -> Self {
        Self { items, names: ["event", "data"].iter() }
    }
}

impl<'de, A: SeqAccess<'de>> MapAccess<'de> for LineStart<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.names.next().map(|name| seed.deserialize(StrDeserializer::new(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        let missing = || A::Error::invalid_length(1, &"a name and what is told");
        self.items.next_element_seed(seed)?.ok_or_else(missing)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::{ChoicePart, OfficerIds};
    use crate::people::{DutyMove, MoveCause, MoveWhy};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Said {
        #[serde(deserialize_with = "nested", serialize_with = "write_choices")]
        choices: Vec<StaffChoice>,
        #[serde(deserialize_with = "read_history", serialize_with = "write_history")]
        said: Vec<HistoryEntry>,
    }

    fn written(choice: StaffChoice, line: HistoryEntry) -> String {
        let said = Said { choices: vec![choice], said: vec![line] };
        let text = serde_json::to_string(&said).expect("JSON");
        assert_eq!(serde_json::from_str::<Said>(&text).expect("its own text"), said);
        text
    }

    #[test]
    fn what_holds_nothing_is_left_out_and_reads_back() {
        let plain = StaffChoice {
            step: "patrol".to_owned(),
            visit: 1,
            officers: vec!["P01".to_owned()],
            candidates: OfficerIds::default(),
            excluded: Vec::new(),
            is_short: false,
            moves: Vec::new(),
            part: ChoicePart::Duty,
        };
        let line = HistoryEntry { event: HistoryEvent::Nudged { note: None }, step: None };
        assert_eq!(
            written(plain.clone(), line),
            "{\"choices\":[[\"patrol\",1,[\"P01\"]]],\"said\":[[\"nudged\",{}]]}"
        );
        let excluded = vec![("P09".to_owned(), "x-leave".to_owned())];
        let went = HistoryEvent::Went {
            row: 0,
            facts: serde_json::Map::new(),
            inputs: json!({"action": null}),
            to: "archive".to_owned(),
            say: None,
        };
        let line = HistoryEntry { event: went, step: Some("review".to_owned()) };
        assert_eq!(
            written(StaffChoice { excluded, is_short: true, ..plain.clone() }, line),
            "{\"choices\":[[\"patrol\",1,[\"P01\"],[],[[\"P09\",\"x-leave\"]],true]],\
             \"said\":[[\"went\",{\"row\":0,\"facts\":{},\"inputs\":{\"action\":null},\"to\":\"archive\"},\"review\"]]}"
        );
        let (from, to) = ("P02".to_owned(), vec!["P01".to_owned()]);
        let moves = vec![DutyMove { from, to, because: MoveCause::Leave, why: MoveWhy::ScopeUp }];
        let line = HistoryEntry { event: HistoryEvent::Signed {}, step: None };
        assert_eq!(
            written(StaffChoice { moves, ..plain.clone() }, line.clone()),
            "{\"choices\":[[\"patrol\",1,[\"P01\"],[],[],false,[[\"P02\",[\"P01\"],\"leave\",\"scope-up\"]]]],\
             \"said\":[[\"signed\",{}]]}"
        );
        assert_eq!(
            written(StaffChoice { part: ChoicePart::Confirmation, ..plain }, line),
            "{\"choices\":[[\"patrol\",1,[\"P01\"],[],[],false,[],\"confirmation\"]],\"said\":[[\"signed\",{}]]}"
        );
    }
}
