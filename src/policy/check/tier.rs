//! Does the tier table make sense: positive cycles in days or longer, the strictest the shortest?

use super::super::model::{Anchor, Every, Policy};
use crate::calendar::{Length, Unit};
use crate::diag::Diagnostic;
use crate::diag::codes::{FIXED_NEEDS_MONTHS, LENGTH_NOT_POSITIVE, LENGTH_UNIT, TIER_CYCLE_LONGER};

pub(super) fn check(policy: &Policy, out: &mut Vec<Diagnostic>) {
    for tier in &policy.tiers.order {
        if tier.cycle.count <= 0 {
            let wrong = Diagnostic::new(LENGTH_NOT_POSITIVE, tier.cycle_span);
            out.push(wrong.with("word", tier.cycle.argument()));
        }
        if tier.cycle.unit == Unit::Hours {
            out.push(Diagnostic::new(LENGTH_UNIT, tier.cycle_span).with("word", tier.cycle.argument()));
        }
        for length in tier.lengths.values().filter(|length| length.count <= 0) {
            out.push(Diagnostic::new(LENGTH_NOT_POSITIVE, tier.span).with("word", length.argument()));
        }
    }
    for pair in policy.tiers.order.windows(2) {
        if days(pair[0].cycle) > days(pair[1].cycle) {
            out.push(
                Diagnostic::new(TIER_CYCLE_LONGER, pair[0].cycle_span)
                    .with("tier", &pair[0].id)
                    .with("other", &pair[1].id)
                    .related(pair[1].cycle_span, "label-other"),
            );
        }
    }
    fixed_anchors(policy, out);
}

/// A fixed day of the month has no meaning for a cycle of days.
fn fixed_anchors(policy: &Policy, out: &mut Vec<Diagnostic>) {
    let has_months = |length: Length| matches!(length.unit, Unit::Months | Unit::Years);
    for (_, _, recur) in policy.recurring().filter(|(_, _, recur)| matches!(recur.anchor, Anchor::Fixed(_))) {
        let odd = match recur.every {
            Every::TierCycle => {
                policy.tiers.order.iter().map(|tier| tier.cycle).find(|cycle| !has_months(*cycle))
            }
            Every::Length(length) => Some(length).filter(|length| !has_months(*length)),
            // What is no month is told with the subject that has it.
            Every::Attribute(_) => None,
        };
        if let Some(length) = odd {
            out.push(Diagnostic::new(FIXED_NEEDS_MONTHS, recur.every_span).with("word", length.argument()));
        }
    }
}

/// Roughly how many days, to compare different units.
pub(in crate::policy) fn days(length: Length) -> i64 {
    let count = i64::from(length.count);
    match length.unit {
        Unit::Hours => count / 24,
        Unit::Days => count,
        Unit::WorkDays => count * 7 / 5,
        Unit::Months => count * 365 / 12,
        Unit::Years => count * 365,
    }
}
