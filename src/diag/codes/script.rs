//! `S…`: codes of the script room.

use super::codes;

codes! { SCRIPT:
}
