//! What a change would do: the register is copied twice, one copy is changed, and the daemon's own passes live both
//! through the days ahead while nobody acts; where the days follow from what the register says, they are foreseen.

mod decided_anew;
mod foresee;
mod foreseeable;
mod happen;
mod keep;
mod live_through;
mod papers;
mod read_ahead;
mod rehearse;
mod report;

pub use happen::TriedChange;
pub use keep::{RegisterState, find_plan, keep_plan, plans, refuse_stale_plan};
pub use live_through::RunningOrders;
pub use papers::PaperChange;
pub use rehearse::{PlanOutcome, PlanWish, ReasonPair, rehearse};
pub use report::{
    CountOrList, NamedWeek, OrderReport, PlanFrame, PlanReport, PlanTelling, TierChanges, WeekTotal,
};
