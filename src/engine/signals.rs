//! What signals the office itself gives are called; a workflow may hear others besides.

use strum::IntoEnumIterator as _;

use crate::register::Status;

/// The subject moved.
pub const MOVED: &str = "subject.moved";
/// An officer is no longer in service.
pub const OFFICER_LEFT: &str = "officer.left";
/// An officer is away; the office gives it to itself, and no workflow names it.
pub const OFFICER_AWAY: &str = "officer.away";
/// An officer lost a post or serves elsewhere; the office gives it to itself, and no workflow names it.
pub const OFFICER_CHANGED: &str = "officer.changed";
/// Somebody holds a post that he did not hold before; the office gives it to itself, and no workflow names it.
pub const OFFICER_CAME: &str = "officer.came";
/// The subject's tier changed.
pub const TIER_CHANGED: &str = "tier.changed";
/// The calendar changed.
pub const CALENDAR_CHANGED: &str = "calendar.changed";

/// Every name.
pub const ALL: [&str; 7] = [
    of_status(Status::Closed),
    of_status(Status::Suspended),
    of_status(Status::Active),
    MOVED,
    OFFICER_LEFT,
    CALENDAR_CHANGED,
    TIER_CHANGED,
];

/// What somebody may say of a subject whatever the workflows hear.
pub const OF_SUBJECTS: [&str; 5] =
    [of_status(Status::Closed), of_status(Status::Suspended), of_status(Status::Active), MOVED, TIER_CHANGED];

/// Returns the signal that a subject has another status now.
pub const fn of_status(status: Status) -> &'static str {
    match status {
        Status::Active => "subject.resumed",
        Status::Suspended => "subject.suspended",
        Status::Closed => "subject.closed",
    }
}

/// Returns the status that a subject has when a signal says so.
pub fn status_of(name: &str) -> Option<Status> {
    Status::iter().find(|status| of_status(*status) == name)
}
