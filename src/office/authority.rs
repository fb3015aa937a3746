//! Who may do what beside the steps of an order: the one place of the office that asks.
//!
//! Whatever changes something and is no step of an order asks here, with the roster it has read, before
//! it writes. What a step asks of its people, the engine asks itself.

use crate::engine::{Order, Refusal};
use crate::office::refusal_names::{no_such_officer, with_names};
use crate::office::{ActContext, Answer, OfficeStop};
use crate::people::{self, PeopleRefusal, PowerRequest, Roster, RosterOnDay, may_use, operator};
use crate::store;

/// Returns who there is on the day of an act.
pub(crate) fn on_day<'a>(cx: ActContext<'a>, roster: &'a Roster) -> RosterOnDay<'a> {
    RosterOnDay { policy: cx.policy(), roster, today: cx.today }
}

/// Lets somebody do something beside the steps.
///
/// # Refusals
/// Those of [`may_use`].
pub(crate) fn allow(
    cx: ActContext<'_>,
    roster: &Roster,
    by: &str,
    wanted: PowerRequest<'_>,
) -> Result<(), PeopleRefusal> {
    may_use(on_day(cx, roster), by, &wanted)
}

/// Lets somebody act on orders at all: a person of the register, in service.
///
/// # Refusals
/// R153, R110, and R021 and R022 for whoever is gone or on leave.
pub(crate) fn allow_person(on: RosterOnDay<'_>, by: &str) -> Result<(), Refusal> {
    if !on.roster.is_kept() {
        return Err(PeopleRefusal::NobodyRegistered.into());
    }
    if !on.roster.officers.contains_key(by) {
        return Err(no_such_officer(on, by));
    }
    people::present(on.roster, by, on.today)?;
    Ok(())
}

/// Refuses whoever keeps away from the subject.
///
/// # Refusals
/// R025.
pub(crate) fn refuse_conflict(roster: &Roster, by: &str, subject: &str) -> Result<(), Refusal> {
    let (officer, document) = match roster.conflict(by, subject) {
        Some(conflict) => (by.to_owned(), conflict.document.clone()),
        None => return Ok(()),
    };
    Err(PeopleRefusal::Conflict { officer, document }.into())
}

/// Puts names beside the ids that a refusal names.
pub(crate) async fn named<T>(cx: ActContext<'_>, answer: Answer<T>) -> Answer<T> {
    let Err(OfficeStop::Refused(refusal)) = answer else { return answer };
    let roster = store::people::roster(&mut cx.store.read().await?).await?;
    Err(with_names(on_day(cx, &roster), refusal).into())
}

/// Lets whoever is named do what needs no name: a person of the register, once there is one.
///
/// # Refusals
/// R020 to R022.
pub async fn allow_named(cx: ActContext<'_>, by: Option<&str>) -> Answer<()> {
    let Some(by) = by else { return Ok(()) };
    let roster = store::people::roster(&mut cx.store.read().await?).await?;
    if roster.is_kept() {
        people::present(&roster, by, cx.today)?;
    }
    Ok(())
}

/// Lets an operator do what may go without a name, and returns in whose name it is recorded.
///
/// # Refusals
/// Those of [`operator`].
pub(crate) fn allow_operator<'a>(
    cx: ActContext<'a>,
    roster: &'a Roster,
    by: Option<&'a str>,
    wanted: PowerRequest<'_>,
) -> Result<&'a str, PeopleRefusal> {
    operator(on_day(cx, roster), by, &wanted)
}

/// Returns who has or had a duty of an order.
pub(crate) fn parties(order: &Order) -> Vec<String> {
    let duties = order.state.places().iter().filter_map(|place| place.duty());
    let mut all: Vec<String> = duties
        .flat_map(|duty| {
            let delegates = duty.delegates.iter().map(|delegate| &delegate.to);
            let signers = duty.signers.iter().map(|signer| &signer.officer);
            duty.assignees.iter().chain(&duty.claimed_by).chain(delegates).chain(signers).cloned()
        })
        .collect();
    let passed = order.record.steps.values().filter_map(|step| step.last.as_ref());
    all.extend(passed.flat_map(|last| last.done_by.iter().cloned()));
    all
}
