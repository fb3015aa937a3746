//! The record told again: each order folded through the same step that made it.

use super::trail::{Happening, Opening, Past};
use super::{Live, Stop};
use crate::engine::{
    self, Cover, Event, Ground, Order, Outcome, Record, Recorded, Refusal, RefusalCode, State, Timing,
};
use crate::ledger::TermMove;
use crate::people::Roster;
use crate::policy::SubjectKind;
use crate::register::Subject;
use crate::time::{Day, Stamp};

/// Opens an order again, with the people who were chosen then.
pub(super) fn open(live: &Live, past: &Past, opening: &Opening) -> Result<Outcome, Refusal> {
    let Live { policy, rules, .. } = live;
    let order = Order { cover: cover(past, opening), record: Record::default(), state: State::NotYet };
    let roster = Roster::default();
    let ground = Ground { policy, rules, roster: &roster, subject: None, given: &opening.given };
    engine::step(&ground, &order, &Event::Open(opening.parent.as_ref()), opened_at(past, opening))
}

fn opened_at(past: &Past, opening: &Opening) -> Stamp {
    opening.common.issued_at.parse().unwrap_or(past.at)
}

fn cover(past: &Past, Opening { common, order, parent, .. }: &Opening) -> Cover {
    let _ = parent;
    Cover {
        home: String::new(),
        seq: order.seq,
        number: order.number.clone(),
        workflow: common.workflow.clone(),
        subject_kind: SubjectKind::named(&common.subject_kind).unwrap_or(SubjectKind::Subject),
        subject: order.subject.clone(),
        station: order.station.clone(),
        grid: order.grid.clone(),
        tier: order.tier.clone(),
        scheduled_for: order.scheduled_for.parse().unwrap_or_default(),
        issued_at: common.issued_at.parse().unwrap_or(past.at),
        due_on: order.due_on.parse().unwrap_or_default(),
    }
}
