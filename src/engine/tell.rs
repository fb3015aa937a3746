//! Who is told what: messages that go into the outbox, and are told after the commit.

use serde_json::{Value, json};

use super::order::Place;
use super::outcome::{OutboxMessage, TermRow};
use super::work::Work;
use crate::policy::{Addressee, RoleIx, Scope, Step, StepKind, WhoBy};

impl Work<'_> {
    /// Tells those who have a duty in hand that they have it.
    pub(super) fn assigned(&mut self, step: &Step, place: &Place) {
        for addressee in self.holders(step, Some(place)) {
            self.post("assigned", addressee, Some(step), Some(place), json!({}));
        }
    }

    /// Tells somebody the policy names about a step.
    pub(super) fn tell(
        &mut self,
        kind: &'static str,
        step: &Step,
        place: Option<&Place>,
        who: Addressee,
        row: Option<&TermRow>,
    ) {
        let addressees = match who {
            Addressee::Role(role) => vec![self.of_role(role)],
            Addressee::Assignees => self.holders(step, place),
        };
        let data = row.map_or_else(|| json!({}), |row| json!({"level": row.level}));
        for addressee in addressees {
            self.post(kind, addressee, Some(step), place, data.clone());
        }
    }

    /// Tells one officer something.
    pub(super) fn tell_officer(
        &mut self,
        kind: &'static str,
        officer: &str,
        step: &Step,
        place: &Place,
        data: Value,
    ) {
        self.post(kind, format!("officer/{officer}"), Some(step), Some(place), data);
    }

    /// Returns the addressees who have a step in hand: its people, else its role.
    pub(super) fn holders(&self, step: &Step, place: Option<&Place>) -> Vec<String> {
        let assignees = place.and_then(Place::duty).map(|duty| duty.assignees.as_slice()).unwrap_or_default();
        if !assignees.is_empty() {
            return assignees.iter().map(|officer| format!("officer/{officer}")).collect();
        }
        let StepKind::Duty { who, .. } = &step.kind else { return vec![self.of_grid()] };
        vec![match &who.by {
            WhoBy::Role(role) => self.of_role(*role),
            WhoBy::GridDuty | WhoBy::SameAs(_) => self.of_grid(),
            WhoBy::Duty(duty) => format!("duty/{duty}/{}", self.out.next.cover.station),
        }]
    }

    /// Puts a message into the outbox. Its body says what happened at which step; the order is known by its
    /// key.
    pub(super) fn post(
        &mut self,
        kind: &'static str,
        addressee: String,
        step: Option<&Step>,
        place: Option<&Place>,
        data: Value,
    ) {
        let mut body = json!({});
        if let Some(step) = step {
            body["step"] = json!(step.id);
            body["step_title"] = json!(step.title);
        }
        if let Some(due) = place.and_then(|place| place.due) {
            body["due"] = json!(due.to_string());
        }
        if let (Some(body), Value::Object(data)) = (body.as_object_mut(), data) {
            body.extend(data);
        }
        self.out.outbox.push(OutboxMessage { kind: kind.to_owned(), addressee, body: body.to_string() });
    }

    /// Returns the heads of the station, who are told when a rule fails.
    pub(super) fn chiefs(&self) -> Vec<String> {
        let heads = (0_u16..).map(RoleIx).zip(&self.policy.roles);
        let units = heads.filter(|(_, role)| role.head == Some(crate::policy::Head::Unit));
        units.map(|(at, _)| self.of_role(at)).collect()
    }

    pub(super) fn of_role(&self, role: RoleIx) -> String {
        let role = &self.policy.roles[role.ix()];
        match role.scope {
            Scope::Bureau => format!("role/{}", role.id),
            Scope::Station | Scope::Grid => format!("role/{}/{}", role.id, self.out.next.cover.station),
        }
    }

    fn of_grid(&self) -> String {
        let cover = &self.out.next.cover;
        cover
            .grid
            .as_ref()
            .map_or_else(|| format!("station/{}", cover.station), |grid| format!("grid/{grid}"))
    }
}
