//! What an order and a trigger are called, wherever they are named.
//!
//! An [`OrderId`] is the key of an order and of all that hangs on it (terms, documents, messages); it
//! is written and read in this one place. Both are generic in their text: a value that owns it is what
//! maps and rows hold, a value that borrows it (`OrderId<&str>`) is `Copy` and is what functions take.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// Returns the one spelling by which a person is known, however the id was typed: full-width and composed
/// letters alike, nothing that does not show, no blanks around it. Case stays as it is written.
///
/// # Source
/// Policy language, rule 31.
pub fn person_id(typed: &str) -> String {
    if typed.bytes().all(|byte| byte.is_ascii_graphic()) {
        return typed.to_owned();
    }
    let shown: String = typed.nfkc().filter(|letter| !is_invisible(*letter)).collect();
    shown.trim().to_owned()
}

/// Zero-width marks, marks that turn the direction of writing, and other letters that do not show.
pub fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Which order: the home station it is counted at, and its running number there.
///
/// # Shape
/// Written `<home>-<running number>`: `东门-17` is the seventeenth of 东门. A station's id may hold
/// hyphens itself, so that the last one parts the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderId<T = String> {
    /// Id of the station; it never changes, wherever the subject moves.
    pub home: T,
    /// Running number, from 1 without a gap.
    pub seq: i64,
}

impl<T: AsRef<str>> OrderId<T> {
    /// Borrows it.
    pub fn as_ref(&self) -> OrderId<&str> {
        OrderId { home: self.home.as_ref(), seq: self.seq }
    }

    /// Copies its text.
    pub fn to_owned(&self) -> OrderId {
        OrderId { home: self.home.as_ref().to_owned(), seq: self.seq }
    }
}

impl<T: fmt::Display> fmt::Display for OrderId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.home, self.seq)
    }
}

impl<'a> OrderId<&'a str> {
    /// Reads an id without copying its text.
    ///
    /// # Errors
    /// [`NotAnOrderId`] when no hyphen is followed by a whole number to the end.
    pub fn parse(text: &'a str) -> Result<Self, NotAnOrderId> {
        let (home, seq) = text.rsplit_once('-').ok_or(NotAnOrderId)?;
        Ok(Self { home, seq: seq.parse().map_err(|_| NotAnOrderId)? })
    }
}

impl FromStr for OrderId {
    type Err = NotAnOrderId;

    fn from_str(text: &str) -> Result<Self, NotAnOrderId> {
        OrderId::parse(text).map(|id| id.to_owned())
    }
}

/// A text is not an order's id; it may be the number that people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnOrderId;

/// Which trigger of which workflow.
///
/// # Shape
/// Written `<workflow>/<trigger>`, and ordered so. The fields stand in the order of their keys, as the ledger
/// writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TriggerId<T = String> {
    /// Id of the trigger in it.
    pub trigger: T,
    /// Id of the workflow.
    pub workflow: T,
}

impl<T: Ord> Ord for TriggerId<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.workflow, &self.trigger).cmp(&(&other.workflow, &other.trigger))
    }
}

impl<T: Ord> PartialOrd for TriggerId<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: AsRef<str>> TriggerId<T> {
    /// Borrows it.
    pub fn as_ref(&self) -> TriggerId<&str> {
        TriggerId { workflow: self.workflow.as_ref(), trigger: self.trigger.as_ref() }
    }

    /// Copies its texts.
    pub fn to_owned(&self) -> TriggerId {
        TriggerId { workflow: self.workflow.as_ref().to_owned(), trigger: self.trigger.as_ref().to_owned() }
    }
}

impl<T: fmt::Display> fmt::Display for TriggerId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.workflow, self.trigger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_id_is_read_as_it_is_written() {
        for (home, seq) in [("东门", 17), ("a-b", 1), ("", 0)] {
            let id = OrderId { home, seq };
            assert_eq!(OrderId::parse(&id.to_string()), Ok(id));
            assert_eq!(id.to_string().parse(), Ok(id.to_owned()));
        }
    }

    #[test]
    fn triggers_stand_by_their_workflow() {
        let [one, two] =
            [("guidance", "z"), ("penalty", "a")].map(|(workflow, trigger)| TriggerId { trigger, workflow });
        assert!(one < two && one.to_string() < two.to_string());
    }

    #[test]
    fn what_has_no_number_at_its_end_is_not_an_order_id() {
        for text in ["", "东门", "东门-", "东门-x", "〔2026〕17号"] {
            assert_eq!(OrderId::parse(text), Err(NotAnOrderId), "{text}");
        }
    }

    #[test]
    fn orders_stand_by_home_and_then_by_number() {
        let mut all = [("乙", 1), ("甲", 10), ("甲", 9)].map(|(home, seq)| OrderId { home, seq });
        all.sort_unstable();
        assert_eq!(all.map(|id| id.to_string()), ["乙-1", "甲-9", "甲-10"]);
    }
}
