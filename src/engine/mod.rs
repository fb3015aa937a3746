//! What one event does to one order: the only place where an order's state changes.
//!
//! ```text
//!            Open                 Complete, Ended, Retry, Signal
//!  NotYet ─────────▶ Open ──────────────────────────────────────▶ Done
//!                   │    ▲│
//!                   │    └┘ a place: Waiting ─▶ Duty ─▶ (next step)     Cancelled
//!                   │                Orders, Parts, Stuck                ▲
//!                   └────────────── Cancel, Signal ──────────────────────┘
//! ```
//!
//! `docs/order.md` draws the whole machine from [`machine`]. [`step`] is pure: the same ground,
//! order, event and moment give the same [`Outcome`], in the daemon, the simulator, the preview
//! and the tests. It never batches; a [`UnitOfWork`] holds many orders in memory, follows what one
//! does to another, and hands all changes to the store in one piece. This room must not know a
//! database, a clock or a language.
//!
//! To add an event: a variant of [`Event`] (or of [`Doing`], for an act of a person), its row in
//! [`machine`], its arm in [`step`] and a story under `tests/stories`.

mod addressee;
mod answer_end;
mod answer_term;
mod authority;
mod complete;
mod confirm;
mod duty;
mod enter;
mod event;
mod fired;
mod handover;
mod history;
pub mod machine;
mod migrate;
mod officer_ids;
mod order;
mod outcome;
mod read;
mod refusal;
mod rows;
mod rung;
mod signal;
pub mod signals;
mod tell;
mod term;
mod timing;
mod unit_of_work;
mod work;

pub use addressee::{Addressee, NoAddressee};
pub use answer_end::{AnswerEnd, AnswerLimit};
pub use authority::may_be_given;
pub use complete::refuse_late_visit;
pub use confirm::{TermRequest, refuse_unconfirmed, unconfirmed};
pub use event::{Act, ActKind, Doing, Event, Migration, OrderEnd, Signal};
pub use history::{HistoryEntry, HistoryEvent, StandIn};
pub use officer_ids::OfficerIds;
pub use order::{
    ActiveStep, Burden, Changes, Confirmation, ConfirmedAct, Delegate, Duty, OpenPause, Order, OrderHeader,
    OrderOrigin, OrderRecord, OrderState, Parent, ParentRecord, Signer, StepCompletion, StepRecord,
    StepStatus, TermExtension, WaitWaiver,
};
pub use outcome::{Child, ChoicePart, Effect, OutboxMessage, Outcome, StaffChoice};
pub use read::{ACTS, ActWords, ReadAct, WordMissing, read_act};
pub use refusal::{ActResult, Refusal, RefusalCode};
pub use rows::TermRows;
pub use rung::Rung;
pub use tell::HANDED_OVER;
pub use term::{TermKind, TermMoment, TermRow};
pub use timing::{TermEnd, Timing, first_due, recompute};
pub use unit_of_work::{BY_ORDER, ChangeCause, HeldOrder, Numbering, OrderChange, PinnedPolicy, UnitOfWork};

use crate::calendar::{Length, Unit};
use crate::people::Roster;
use crate::policy::{DueRule, LengthRef, Policy, Workflow};
use crate::register::Subject;
use crate::rules::Rules;
use crate::time::{Day, Stamp};
use machine::{EventKind, StateKind};
use work::StepWork;

/// What a decision rests on besides the order and the event.
#[derive(Clone, Copy, Debug)]
pub struct DecisionContext<'a> {
    /// The policy the order is pinned to.
    pub policy: &'a Policy,
    pub rules: &'a Rules,
    /// The people.
    pub roster: &'a Roster,
    /// The subject, where [`Rules::reads_subject`] asks for it.
    pub subject: Option<&'a Subject>,
    /// Choices of people that were made already, which a replay follows; none where it happens now.
    pub given: Option<&'a [StaffChoice]>,
}

/// Working time an order has when nothing says otherwise.
///
/// # Source
/// The command line's contract, `order open`.
pub const WINDOW: Length = Length::new(10, Unit::WorkDays);

/// What stands for the trigger in the key of an order opened by hand.
pub const HAND: &str = "hand";

/// Returns the end of the window of an order opened by hand today, when no day is wanted.
///
/// # Source
/// The command line's contract, `order open`.
pub fn hand_window(policy: &Policy, workflow: &Workflow, today: Day) -> Day {
    let own = workflow.window.as_ref().and_then(plain_length);
    let raised = workflow.start.iter().find_map(|trigger| Some(trigger.recur.as_ref()?.raised));
    policy.calendar.add(today, own.or(raised).unwrap_or(WINDOW))
}

/// Returns the length that needs no form.
fn plain_length(window: &LengthRef) -> Option<Length> {
    match window {
        LengthRef::Fixed(length) => Some(*length),
        LengthRef::Tier(_) => None,
        LengthRef::Answer(term) => match &term.otherwise {
            Some(DueRule::After(length)) => plain_length(length),
            Some(DueRule::WindowEnd | DueRule::Sooner { .. }) | None => None,
        },
    }
}

/// Decides what comes of opening an order, by itself or by the order that is its parent.
///
/// # Refusals
/// The order exists already, or orders would start orders too deep.
pub fn open(
    ground: &DecisionContext<'_>,
    order: &Order,
    parent: Option<&Parent>,
    now: Stamp,
) -> ActResult<Outcome> {
    let mut work = StepWork::new(ground, order, now)?;
    machine::admits(order, StateKind::at(order, None), EventKind::Open)?;
    work.open(parent)?;
    Ok(work.out)
}

/// Decides what one event does to one order.
///
/// # Refusals
/// See [`machine`] for which event meets which state, and [`RefusalCode`] for the reasons; nothing
/// has changed then.
///
/// # Source
/// Policy language, rules 11 to 19.
pub fn step(ground: &DecisionContext<'_>, order: &Order, event: &Event, now: Stamp) -> ActResult<Outcome> {
    let mut work = StepWork::new(ground, order, now)?;
    if !machine::admits(order, StateKind::met(order, event), EventKind::of(event))? {
        return Ok(work.out);
    }
    match event {
        Event::Act(act) => work.act(act)?,
        Event::Ended(ended) => work.ended(ended)?,
        Event::Signal(signal) => work.signal(signal)?,
        Event::Fired(fired) => work.fired(fired),
        Event::Retry => work.retry()?,
        Event::Migrated(migration) => work.migrated(migration)?,
    }
    Ok(work.out)
}

/// Computes the end of an order's window again; nothing when the policy does not know its workflow.
pub fn window(policy: &Policy, order: &Order) -> Option<TermRow> {
    let first = policy.workflow(&order.cover.workflow)?.steps.first()?;
    Some(timing::window(policy, order.record.original(&first.id), &order.cover))
}
