//! The compact JSON of next dates, as the store keeps it between appraisals.
//!
//! # Shape
//! `{"of":"five-step/cycle","nominal":"2026-03-15","due":"2026-03-13","issue_on":"2026-02-28"}`,
//! with `"provisional":true`, `"raised":true` and `"held":"when"` only where they say something;
//! `{"of":"five-step/cycle","none":"closed"}` where there is no date.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{HoldReason, NextDate, NextState, NoDate};
use crate::terms::PatrolDates;
use crate::time::Day;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    of: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nominal: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issue_on: Option<Day>,
    #[serde(default, skip_serializing_if = "is_false")]
    provisional: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    raised: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<HoldReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    none: Option<NoDate>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Serialize for NextDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (dates, raised, none) = match self.state {
            NextState::Due { dates, raised } => (Some(dates), raised, None),
            NextState::None(why) => (None, false, Some(why)),
        };
        Wire {
            of: self.of.to_string(),
            nominal: dates.map(|dates| dates.nominal),
            due: dates.map(|dates| dates.due),
            issue_on: dates.map(|dates| dates.issue_on),
            provisional: dates.is_some_and(|dates| dates.provisional),
            raised,
            held: self.held,
            none,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for NextDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Wire { of, nominal, due, issue_on, provisional, raised, held, none } =
            Wire::deserialize(deserializer)?;
        let state = match (nominal, due, issue_on, none) {
            (Some(nominal), Some(due), Some(issue_on), None) => {
                NextState::Due { dates: PatrolDates { nominal, due, issue_on, provisional }, raised }
            }
            (None, None, None, Some(why)) => NextState::None(why),
            _ => return Err(serde::de::Error::custom("a next date that this program did not write")),
        };
        Ok(Self { of: of.into(), state, held })
    }
}
