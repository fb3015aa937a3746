//! `I…`: codes of the import room.

use super::codes;

codes! { IMPORT:
}
