//! Who is told what: messages that go into the outbox, and are told after the commit.

use serde_json::{Value, json};

use super::addressee::Addressee;
use super::order::ActiveStep;
use super::outcome::OutboxMessage;
use super::work::StepWork;
use crate::policy::{RoleIx, Step, StepKind, TellTarget, WhoBy};

impl StepWork<'_> {
    /// Tells those who have a duty in hand that they have it.
    pub(super) fn assigned(&mut self, step: &Step, place: &ActiveStep) {
        for addressee in self.holders(step, Some(place)) {
            self.post("assigned", addressee, Some(step), Some(place), json!({}));
        }
    }

    /// Tells somebody the policy names about a step.
    pub(super) fn tell(
        &mut self,
        kind: &'static str,
        step: &Step,
        place: Option<&ActiveStep>,
        who: TellTarget,
        level: Option<u32>,
    ) {
        let addressees = match who {
            TellTarget::Role(role) => vec![self.of_role(role)],
            TellTarget::Assignees => self.holders(step, place),
        };
        let data = level.map_or_else(|| json!({}), |level| json!({"level": level}));
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
        place: &ActiveStep,
        data: Value,
    ) {
        self.post(kind, Addressee::Officer(officer.to_owned()), Some(step), Some(place), data);
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

    /// Puts a message into the outbox. Its body says what happened at which step; the order is known by its
    /// key.
    pub(super) fn post(
        &mut self,
        kind: &'static str,
        addressee: Addressee,
        step: Option<&Step>,
        place: Option<&ActiveStep>,
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
        self.out.outbox.push(OutboxMessage {
            kind: kind.to_owned(),
            addressee: addressee.to_string(),
            body: body.to_string(),
        });
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
