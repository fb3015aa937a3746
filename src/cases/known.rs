//! The names that one case may use.

use crate::diag::codes;
use crate::engine::RefusalCode;
use crate::lang::spellings::ASSIGNEES;
use crate::people::PeopleRefusal;
use crate::policy::{Course, Policy};
use crate::terms::ClockRefusal;

pub(super) struct CaseNames<'a> {
    /// Its people.
    pub(super) officers: Vec<&'a str>,
    /// Who can be told: its people, every role, whoever has a step in hand.
    pub(super) addressees: Vec<&'a str>,
    /// Codes that an act can be refused with.
    pub(super) refusals: Vec<&'static str>,
}

impl<'a> CaseNames<'a> {
    pub(super) fn of(policy: &'a Policy, course: &'a Course) -> Self {
        let officers: Vec<&str> = course.officers.iter().map(|officer| officer.id.value.as_str()).collect();
        let roles = policy.roles.iter().map(|role| role.id.as_str());
        let addressees =
            officers.iter().copied().chain(roles).chain(ASSIGNEES.offered(ASSIGNEES.zh())).collect();
        let coded = codes::FORMS.iter().chain(codes::CALENDAR).map(|code| code.id);
        let refused = RefusalCode::ALL.iter().map(|code| code.id());
        let told = PeopleRefusal::IDS.iter().chain(ClockRefusal::IDS).copied();
        let refusals = refused.chain(told).chain(coded).collect();
        Self { officers, addressees, refusals }
    }
}
