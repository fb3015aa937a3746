//! Who may do a duty, who does it, and who must not.
//!
//! [`choose`] finds the people of a duty when its step is entered, and says of everyone it
//! passed over why. [`may_act`] is asked again at every claim and every completion, because
//! between the two a certificate can lapse, a post can end and a conflict can come to light.
//! [`moves`] says who has a duty from here on when its people are on leave, gone or hold another post.
//! All are pure: the same roster, policy and day give the same answer. This room knows no
//! order, no database and no moment; a step's people reach it as names.
//!
//! An empty roster means that people are not kept in the system: nobody is chosen, nobody is
//! refused.
//!
//! To add a reason for passing somebody over: a variant of [`Exclusion`], its text in both
//! languages, and a case under `tests/people`.

mod act;
mod choose;
mod day;
mod exclusion;
mod leave;
mod pair;
mod personnel;
mod power;
mod refusal;
mod roster;
mod turnover;

pub use act::{
    Capacity, DutyAct, DutyRequest, known, may_act, may_confirm, may_decide, may_take, officers_needed,
    present,
};
pub use choose::{Choice, Shortfall, choose};
pub use day::{ExcludedOfficer, RosterOnDay, StaffRequest, posts_asked};
pub use exclusion::Exclusion;
pub use leave::{DutyMove, Handover, MoveCause, MoveWhy, OpenDuty, moves, signature_moves};
pub use pair::{NoPair, OrderToStaff, has_pair, reviewed_steps};
pub use personnel::{
    ChangeApproval, ServiceEnd, has_other_approver, is_backdated, may_address, may_approve_change,
    may_delegate, may_end_service, may_go, may_leave, may_post, may_record_recusal, may_recuse, may_stand_in,
    undated_before,
};
pub use power::{PowerRequest, may_give_role, may_use, may_use_named, operator, stands_above, who_may};
pub use refusal::{AbleOfficers, Nearest, PeopleRefusal, Substitute};
pub use roster::{Conflict, Decider, Delegation, EVERY_WORKFLOW, Grid, Leave, Officer, Post, Roster};
pub use turnover::{absent, back, began, came, changed, ended, heads_over, new_of_grids, without_grid};
