//! What starts orders, and how often.

use strum::IntoStaticStr;

use super::ExprIx;
use crate::calendar::{Length, Roll};
use crate::diag::Span;
use crate::register::AttributeIx;
use crate::schedule::{Cron, MissedPolicy};

/// What starts orders.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Id, such as `cycle`.
    pub id: String,
    pub title: String,
    pub cron: Cron,
    /// A firing on a rest day moves to the next working day.
    pub workdays_only: bool,
    /// When the next order of a subject falls due; none for plain periodic triggers.
    pub recur: Option<Recur>,
    /// Who is meant.
    pub when: Option<ExprIx>,
    /// What happens to firings that were missed.
    pub missed: MissedPolicy,
    /// What happens when the subject still has an open order of this workflow.
    pub overlap: Overlap,
    /// Order of picking; always total, ending in the subject's id.
    pub pick: Vec<Pick>,
    /// Most orders per officer and period.
    pub at_most: Option<Cap>,
    pub span: Span,
}

/// When the next order of a subject falls due.
#[derive(Clone, Debug)]
pub struct Recur {
    pub since: Since,
    pub every: Every,
    /// From the last visit, or always a day of the month.
    pub anchor: Anchor,
    /// For a subject never patrolled, counted from registration.
    pub first: Option<Length>,
    /// Rule 8a; 10 working days when not written.
    pub raised: Length,
    /// What happens when the nominal day is a rest day.
    pub roll: Roll,
    /// Issue date = nominal − lead, rolled back to a working day; none: the due day itself.
    pub lead: Option<Length>,
    /// Where `recur` stands.
    pub span: Span,
    pub every_span: Span,
}

impl Recur {
    /// Returns whether both give the same dates to whoever has the same cycle.
    pub fn counts_as(&self, other: &Self) -> bool {
        let said =
            |recur: &Self| (recur.every, recur.anchor, recur.first, recur.raised, recur.roll, recur.lead);
        self.since == other.since && said(self) == said(other)
    }
}

/// What a cycle is counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// `subject.last_patrol`.
    LastPatrol,
    /// `{last: [kinds]}`: the last inspection of one of these kinds.
    Last(Vec<String>),
    /// A date attribute.
    Attribute(AttributeIx),
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// `tier.cycle`.
    TierCycle,
    /// The same for all.
    Length(Length),
    /// `subject.<attribute>`: the subject's own.
    Attribute(AttributeIx),
}

/// What the cycle keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Counted from the last visit.
    Rolling,
    /// Always this day of the month, clamped to the month's end.
    Fixed(u32),
}

/// What happens when a subject still has an open order of this workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// No new order; recorded with the reason.
    Skip,
    /// No new order until the old one's visit was made; what follows from that visit, such as a case, stands in
    /// nobody's way.
    SkipUntilVisited,
    /// The new order waits for the end of the old.
    Queue,
    /// Both run.
    Allow,
}

/// One key of the order of picking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    pub key: PickKey,
    /// Largest first.
    pub descending: bool,
}

/// What the order of picking compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickKey {
    /// Days past the due day.
    Overdue,
    Score,
    /// The tier; ascending is strictest first.
    Tier,
    Due,
    SubjectId,
}

/// `at_most: 40 per officer per month`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    pub count: u32,
    pub per: CapPer,
    pub period: CapPeriod,
}

/// Whose orders a cap counts. Its names stand in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum CapPer {
    /// The grid's main officer.
    Officer,
    Grid,
    Station,
    /// Each subject by itself.
    Subject,
}

/// The local calendar period of a cap. Its names stand in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum CapPeriod {
    Day,
    /// Monday to Sunday.
    Week,
    Month,
    Year,
}
