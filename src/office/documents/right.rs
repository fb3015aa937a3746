//! Who signs papers of an order for a role: whoever holds it where the subject is now, or decides in its holder's stead.

use crate::documents::OfficerFacts;
use crate::engine::Order;
use crate::office::Answer;
use crate::people::{Capacity, PeopleRefusal, RosterOnDay, StaffRequest, may_decide, posts_asked};
use crate::policy::{Approver, DocumentKind, RoleIx, Step, StepKind, Who, WhoBy, Workflow};

/// That somebody signs what a role signs off, and by what right.
#[derive(Clone, Debug)]
pub(super) struct SigningRight {
    pub(super) role: String,
    capacity: Capacity,
}

impl SigningRight {
    /// Returns whether the role is his own.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.capacity, Capacity::Holder)
    }

    /// Says on the page for whose holder he signed.
    pub(super) fn mark(&self) -> OfficerFacts {
        OfficerFacts { stands_for: Some(self.role.clone()), ..OfficerFacts::default() }
    }

    /// Says in the record for whom and on what ground he signed.
    pub(super) fn noted(&self) -> Vec<(String, String)> {
        let ground = |ground: &str| vec![("ground", ground.to_owned())];
        let said = match &self.capacity {
            Capacity::Substitute { of } => [ground("substitute"), vec![("of", of.clone())]].concat(),
            Capacity::Authority { of, document } => {
                let written = vec![("of", of.clone()), ("document", document.clone())];
                [ground("delegation"), written].concat()
            }
            Capacity::Chief => ground("scope-up"),
            Capacity::NotKept
            | Capacity::Holder
            | Capacity::Assignee
            | Capacity::Claimant
            | Capacity::Delegate => ground("given"),
        };
        let said = [("for", self.role.clone())].into_iter().chain(said);
        said.map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

/// Returns for which roles whoever has just completed a step signs papers.
pub(super) fn rights_at(on: RosterOnDay<'_>, order: &Order, step: &str, by: &str) -> Vec<SigningRight> {
    let Some(workflow) = on.policy.workflow(&order.cover.workflow) else { return Vec::new() };
    let Some(StepKind::Duty { who, .. }) = workflow.step(step).map(|step| &step.kind) else {
        return Vec::new();
    };
    let roles = posts_asked(on.policy, workflow, who);
    if roles.is_empty() {
        return Vec::new();
    }
    // The engine has let him decide; here it is only asked by what right.
    let in_hand = [by.to_owned()];
    match may_decide(on, by, &wanted(workflow, who, order), &in_hand) {
        Ok(Capacity::NotKept) => Vec::new(),
        decided => {
            let capacity = decided.unwrap_or(Capacity::Assignee);
            let right = |role: &&str| SigningRight { role: (*role).to_owned(), capacity: capacity.clone() };
            roles.iter().map(right).collect()
        }
    }
}

/// Returns for which of the roles that sign a kind off somebody may sign papers of an order; his own first.
///
/// # Refusals
/// R025 for whoever keeps away from the subject, whatever he holds.
pub(super) fn rights_on(
    on: RosterOnDay<'_>,
    order: &Order,
    kind: &DocumentKind,
    by: &str,
) -> Answer<Vec<SigningRight>> {
    let (Some(workflow), Approver::Roles(asked)) =
        (on.policy.workflow(&order.cover.workflow), &kind.approver)
    else {
        return Ok(Vec::new());
    };
    let mut rights = Vec::new();
    for (at, role) in (0_u16..).map(RoleIx).zip(&on.policy.roles).filter(|(_, role)| asked.contains(&role.id))
    {
        let who = Who { by: WhoBy::Role(at), officers: 1, certified: false, avoid: Vec::new() };
        let in_hand = in_hand(on, workflow, order, &role.id);
        match may_decide(on, by, &wanted(workflow, &who, order), &in_hand) {
            Ok(Capacity::NotKept) => return Ok(Vec::new()),
            Ok(capacity) => rights.push(SigningRight { role: role.id.clone(), capacity }),
            Err(refusal @ PeopleRefusal::Conflict { .. }) => return Err(refusal.into()),
            Err(_) => {}
        }
    }
    rights.sort_by_key(|right| !right.is_own());
    Ok(rights)
}

/// Whose the duties of a role are or were on an order.
fn in_hand(on: RosterOnDay<'_>, workflow: &Workflow, order: &Order, role: &str) -> Vec<String> {
    let is_its = |step: &&Step| match &step.kind {
        StepKind::Duty { who, .. } => posts_asked(on.policy, workflow, who).contains(&role),
        _ => false,
    };
    let people = |step: &Step| {
        let places = order.state.places().iter().filter(|place| place.step == step.id);
        let duties = places.filter_map(|place| place.duty());
        let mut people: Vec<String> = duties
            .flat_map(|duty| duty.assignees.iter().chain(duty.delegates.iter().map(|to| &to.to)))
            .cloned()
            .collect();
        people.extend(order.passed(&step.id).map(|passed| passed.done_by.clone()).unwrap_or_default());
        people
    };
    workflow.steps.iter().filter(is_its).flat_map(people).collect()
}

/// A decision on an order that wants somebody.
fn wanted<'a>(workflow: &'a Workflow, who: &'a Who, order: &'a Order) -> StaffRequest<'a> {
    let cover = &order.cover;
    StaffRequest {
        workflow,
        who,
        approves: true,
        station: &cover.station,
        grid: cover.grid.as_deref(),
        subject: &cover.subject,
        same_as: &[],
        avoid: &[],
    }
}
