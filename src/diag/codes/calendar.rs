//! `C…`: codes of the calendar room.

use super::codes;

codes! { CALENDAR:
}
