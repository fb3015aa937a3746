//! Can the cycle be kept under the cap on visits to one subject?

use super::super::model::{CapPer, CapPeriod, Every, Policy, Workflow};
use super::tier::days;
use crate::calendar::Length;
use crate::diag::codes::CYCLE_OVER_CAP;
use crate::diag::{Code, Diagnostic, Span};

/// A cycle that needs more visits a year than the cap allows.
pub(super) struct CycleOverCap<'p> {
    pub(super) trigger: &'p str,
    /// The tier whose cycle it is; none where the trigger says it itself.
    pub(super) tier: Option<&'p str>,
    cycle: Length,
    needed: i64,
    allowed: i64,
}

impl CycleOverCap<'_> {
    pub(super) fn tell(&self, code: Code, span: Span) -> Diagnostic {
        Diagnostic::new(code, span)
            .with("tier", self.tier.unwrap_or("none"))
            .with("cycle", self.cycle.argument())
            .with("needed", self.needed.to_string())
            .with("allowed", self.allowed.to_string())
    }
}

/// Refuses a cycle that needs more visits a year than the cap allows (rule 23).
pub(super) fn check(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    for over in over_cap(policy, workflow) {
        let trigger = workflow.start.iter().find(|trigger| trigger.id == over.trigger);
        let recur = trigger.and_then(|trigger| trigger.recur.as_ref());
        out.extend(recur.map(|recur| over.tell(CYCLE_OVER_CAP, recur.every_span)));
    }
}

/// Finds the cycles that cannot be kept.
pub(super) fn over_cap<'p>(policy: &'p Policy, workflow: &'p Workflow) -> Vec<CycleOverCap<'p>> {
    let mut found = Vec::new();
    for trigger in &workflow.start {
        let (Some(recur), Some(cap)) = (&trigger.recur, trigger.at_most) else { continue };
        if cap.per != CapPer::Subject {
            continue;
        }
        let allowed = i64::from(cap.count) * periods_a_year(cap.period);
        let tiers = policy.tiers.order.iter().map(|tier| (Some(tier.id.as_str()), tier.cycle));
        let cycles: Vec<(Option<&str>, Length)> = match recur.every {
            Every::TierCycle => tiers.collect(),
            Every::Length(length) => vec![(None, length)],
            Every::Attribute(_) => Vec::new(),
        };
        for (tier, cycle) in cycles {
            let needed = 365 / days(cycle).max(1);
            if needed > allowed {
                found.push(CycleOverCap { trigger: &trigger.id, tier, cycle, needed, allowed });
            }
        }
    }
    found
}

const fn periods_a_year(period: CapPeriod) -> i64 {
    match period {
        CapPeriod::Day => 365,
        CapPeriod::Week => 52,
        CapPeriod::Month => 12,
        CapPeriod::Year => 1,
    }
}
