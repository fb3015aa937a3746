//! Who is told what: messages that go into the outbox, and are told after the commit.

use serde_json::{Map, Value, json};

use super::addressee::Addressee;
use super::order::ActiveStep;
use super::outcome::OutboxMessage;
use super::timing::{self, TermEnd};
use super::work::{ReturnedWork, StepWork};
use crate::people::MoveCause;
use crate::policy::{RoleIx, Step, StepKind, TellTarget, WhoBy};

/// What a message says, whoever it is for.
pub(super) struct MessageText {
    kind: &'static str,
    body: String,
}

impl MessageText {
    /// Says what happened at a step; where a place is given, with its last day. The order is known by
    /// the message's key.
    pub(super) fn new(kind: &'static str, step: &Step, place: Option<&ActiveStep>, data: Value) -> Self {
        let mut body = json!({"step": step.id, "step_title": step.title});
        if let Some(due) = place.and_then(|place| place.due) {
            body["due"] = json!(due.to_string());
        }
        if let (Some(body), Value::Object(data)) = (body.as_object_mut(), data) {
            body.extend(data);
        }
        Self { kind, body: body.to_string() }
    }
}

/// What a message says of a level: which one, and of several terms when that one ends and what it is for.
pub(super) fn of_level(level: u32, ended: Option<&TermEnd>) -> Value {
    match ended {
        None => json!({"level": level}),
        Some(TermEnd { end_on, of }) if of.is_empty() => json!({"level": level, "due": end_on.to_string()}),
        Some(TermEnd { end_on, of }) => json!({"level": level, "due": end_on.to_string(), "of": of}),
    }
}

/// The kind of message by which whoever loses a duty is told so.
pub const HANDED_OVER: &str = "handed over";

/// What the message of work that was sent back is about.
const SENT_BACK: &str = "returned";
/// Where the message of a request about a term says what is asked for.
pub(super) const ASKED: &str = "asked";
/// Where the message of a signature says what was confirmed with it.
pub(super) const CONFIRMED: &str = "confirmed";

impl OutboxMessage {
    /// Returns what earlier programs wrote in its place, where they told less.
    pub fn as_told_before(&self) -> Option<Self> {
        let mut body: Map<String, Value> = serde_json::from_str(&self.body).ok()?;
        if body.get("about").and_then(Value::as_str) == Some(SENT_BACK) {
            for name in ["about", "by", "reason"] {
                body.remove(name);
            }
        } else {
            body.remove(ASKED).or_else(|| body.remove(CONFIRMED))?;
        }
        Some(Self { body: Value::Object(body).to_string(), ..self.clone() })
    }
}

/// Of whom something was asked, and by whom.
#[derive(Clone, Copy)]
pub(super) struct AskedOf<'a> {
    pub(super) officer: &'a str,
    pub(super) by: &'a str,
}

impl StepWork<'_> {
    /// Puts a message into the outbox for each addressee.
    pub(super) fn post(&mut self, addressees: impl IntoIterator<Item = Addressee>, text: &MessageText) {
        self.out.outbox.extend(addressees.into_iter().map(|addressee| OutboxMessage {
            kind: text.kind.to_owned(),
            addressee: addressee.to_string(),
            body: text.body.clone(),
        }));
    }

    /// Tells whoever loses what he was asked for, and the one who asked where it comes back to him.
    pub(super) fn tell_of_move(
        &mut self,
        step: &Step,
        asked: AskedOf<'_>,
        to: Option<&str>,
        because: MoveCause,
    ) {
        let AskedOf { officer, by } = asked;
        let data = json!({"to": [to.unwrap_or(by)], "because": because.into_str()});
        let text = MessageText::new(HANDED_OVER, step, None, data);
        self.post([Addressee::Officer(officer.to_owned())], &text);
        if to.is_none() {
            let text = MessageText::new("returned", step, None, json!({"by": officer}));
            self.post([Addressee::Officer(by.to_owned())], &text);
        }
    }

    /// Tells those who have a duty in hand that they have it.
    pub(super) fn assigned(&mut self, step: &Step, place: &ActiveStep) {
        // Of several terms each is told; the last day of the message is that of the first.
        let ends = timing::several(self.policy, step, &self.out.next.cover, place);
        let ends: Vec<Value> =
            ends.iter().map(|ended| json!({"due": ended.end_on.to_string(), "of": ended.of})).collect();
        let mut data = if ends.is_empty() { json!({}) } else { json!({"terms": ends}) };
        let is_back = |back: &&ReturnedWork| back.to.as_deref() == Some(&step.id) && place.visit > 1;
        if let Some(ReturnedWork { by, reason, to: _ }) = self.sent_back.as_ref().filter(is_back) {
            data["about"] = json!(SENT_BACK);
            data["by"] = json!(by);
            data["reason"] = json!(reason);
        }
        let text = MessageText::new("assigned", step, Some(place), data);
        self.post(self.holders(step, Some(place)), &text);
    }

    /// Returns whom the policy means when a step tells something.
    pub(super) fn meant_by(&self, who: TellTarget, step: &Step, at: Option<&ActiveStep>) -> Vec<Addressee> {
        match who {
            TellTarget::Role(role) => vec![self.of_role(role)],
            TellTarget::Assignees => self.holders(step, at),
        }
    }

    /// Returns the addressees who have a step in hand: its people, else its role.
    pub(super) fn holders(&self, step: &Step, place: Option<&ActiveStep>) -> Vec<Addressee> {
        let assignees =
            place.and_then(ActiveStep::duty).map(|duty| duty.assignees.as_slice()).unwrap_or_default();
        if !assignees.is_empty() {
            return assignees.iter().cloned().map(Addressee::Officer).collect();
        }
        let StepKind::Duty { who, .. } = &step.kind else { return vec![self.of_grid()] };
        vec![match &who.by {
            WhoBy::Role(role) => self.of_role(*role),
            WhoBy::GridDuty | WhoBy::SameAs(_) => self.of_grid(),
            WhoBy::Duty(duty) => {
                let station = Some(self.out.next.cover.station.clone());
                Addressee::Duty { duty: duty.clone(), station }
            }
        }]
    }

    /// Returns the heads of the station, who are told when a rule fails.
    pub(super) fn chiefs(&self) -> Vec<Addressee> {
        let heads = (0_u16..).map(RoleIx).zip(&self.policy.roles);
        let units = heads.filter(|(_, role)| role.head == Some(crate::policy::Head::Unit));
        units.map(|(at, _)| self.of_role(at)).collect()
    }

    pub(super) fn of_role(&self, role: RoleIx) -> Addressee {
        Addressee::of_role(&self.policy.roles[role.ix()], &self.out.next.cover.station)
    }

    fn of_grid(&self) -> Addressee {
        let cover = &self.out.next.cover;
        let of_station = || Addressee::Station(cover.station.clone());
        cover.grid.clone().map_or_else(of_station, Addressee::Grid)
    }
}
