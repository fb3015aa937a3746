//! Can the cycle be kept under the cap on visits to one subject?

use super::super::model::{CapPer, CapPeriod, Every, Policy, Workflow};
use super::tier::days;
use crate::calendar::Length;
use crate::diag::Diagnostic;
use crate::diag::codes::CYCLE_OVER_CAP;

/// Refuses a cycle that needs more visits a year than the cap allows (rule 23).
pub(super) fn check(policy: &Policy, workflow: &Workflow, out: &mut Vec<Diagnostic>) {
    for trigger in &workflow.start {
        let (Some(recur), Some(cap)) = (&trigger.recur, trigger.at_most) else { continue };
        if cap.per != CapPer::Subject {
            continue;
        }
        let allowed = i64::from(cap.count) * periods_a_year(cap.period);
        let tiers = policy.tiers.order.iter().map(|tier| (tier.id.as_str(), tier.cycle));
        let cycles: Vec<(&str, Length)> = match recur.every {
            Every::TierCycle => tiers.collect(),
            Every::Length(length) => vec![("none", length)],
        };
        for (tier, cycle) in cycles {
            let needed = 365 / days(cycle).max(1);
            if needed > allowed {
                out.push(
                    Diagnostic::new(CYCLE_OVER_CAP, recur.every_span)
                        .with("tier", tier)
                        .with("cycle", cycle.argument())
                        .with("needed", needed.to_string())
                        .with("allowed", allowed.to_string()),
                );
            }
        }
    }
}

const fn periods_a_year(period: CapPeriod) -> i64 {
    match period {
        CapPeriod::Day => 365,
        CapPeriod::Week => 52,
        CapPeriod::Month => 12,
        CapPeriod::Year => 1,
    }
}
