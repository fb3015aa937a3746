//! The one table of limits; `wubu doctor --limits` prints it and every row has a test.
//!
//! # Source
//! `design.md` §7 of the founding papers: each bound is there because an input without it was
//! seen to abort, hang or exhaust the process.

/// Largest policy file, in bytes.
pub const POLICY_FILE_BYTES: usize = 256 * 1024;
/// Largest policy set, in bytes over all files.
pub const POLICY_SET_BYTES: usize = 16 * 1024 * 1024;
/// Deepest nesting of a policy file.
pub const POLICY_NESTING: usize = 32;

/// Largest script source, in bytes.
pub const SCRIPT_BYTES: usize = 32 * 1024;
/// Operations one evaluation may use, native callbacks included.
pub const SCRIPT_OPERATIONS: u64 = 50_000;
/// Deepest call in a script.
pub const SCRIPT_CALL_DEPTH: usize = 16;
/// Deepest expression in a script.
pub const SCRIPT_EXPRESSION_DEPTH: usize = 24;
/// Longest text a script may build, in bytes.
pub const SCRIPT_STRING_BYTES: usize = 16 * 1024;
/// Longest array a script may build.
pub const SCRIPT_ARRAY_ITEMS: usize = 1_000;
/// Largest map a script may build.
pub const SCRIPT_MAP_ITEMS: usize = 500;
/// Stack of the threads that evaluate scripts, in bytes.
pub const SCRIPT_STACK_BYTES: usize = 16 * 1024 * 1024;

/// Largest imported file, in bytes; it is streamed, never held.
pub const IMPORT_FILE_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Longest row of an imported file, in bytes.
pub const IMPORT_ROW_BYTES: usize = 64 * 1024;
/// Longest field of an imported file, in bytes.
pub const IMPORT_FIELD_BYTES: usize = 16 * 1024;
/// Rows of one imported file. Ids met are kept to find doubles, at some 13 bytes each.
pub const IMPORT_ROWS: u64 = 20_000_000;

/// Orders opened in one transaction.
pub const ORDERS_PER_TRANSACTION: usize = 10_000;
/// Steps in one workflow.
pub const STEPS_PER_WORKFLOW: usize = 200;
/// Visits of one step in one order.
pub const VISITS_PER_STEP: u32 = 50;
/// How deep orders may start sub-orders.
pub const SUB_ORDER_DEPTH: usize = 8;

/// Longest answer to a form, in bytes of JSON.
pub const FORM_ANSWER_BYTES: usize = 64 * 1024;
/// Largest attachment, in bytes.
pub const ATTACHMENT_BYTES: usize = 20 * 1024 * 1024;
/// Attachments of one order.
pub const ATTACHMENTS_PER_ORDER: usize = 100;

/// Attempts to deliver one message before it is given up.
pub const OUTBOX_ATTEMPTS: u64 = 20;
/// Longest wait between two attempts, in seconds.
pub const OUTBOX_BACKOFF_SECONDS: u64 = 3_600;

/// Every limit with its value and unit, in the order people read them.
pub const TABLE: [(&str, u64, &str); 23] = [
    ("policy-file", POLICY_FILE_BYTES as u64, "bytes"),
    ("policy-set", POLICY_SET_BYTES as u64, "bytes"),
    ("policy-nesting", POLICY_NESTING as u64, "levels"),
    ("script", SCRIPT_BYTES as u64, "bytes"),
    ("script-operations", SCRIPT_OPERATIONS, "operations"),
    ("script-calls", SCRIPT_CALL_DEPTH as u64, "levels"),
    ("script-expressions", SCRIPT_EXPRESSION_DEPTH as u64, "levels"),
    ("script-string", SCRIPT_STRING_BYTES as u64, "bytes"),
    ("script-array", SCRIPT_ARRAY_ITEMS as u64, "entries"),
    ("script-map", SCRIPT_MAP_ITEMS as u64, "entries"),
    ("script-stack", SCRIPT_STACK_BYTES as u64, "bytes"),
    ("import-file", IMPORT_FILE_BYTES, "bytes"),
    ("import-row", IMPORT_ROW_BYTES as u64, "bytes"),
    ("import-field", IMPORT_FIELD_BYTES as u64, "bytes"),
    ("orders-transaction", ORDERS_PER_TRANSACTION as u64, "entries"),
    ("steps", STEPS_PER_WORKFLOW as u64, "entries"),
    ("visits", VISITS_PER_STEP as u64, "entries"),
    ("sub-orders", SUB_ORDER_DEPTH as u64, "levels"),
    ("form-answer", FORM_ANSWER_BYTES as u64, "bytes"),
    ("attachment", ATTACHMENT_BYTES as u64, "bytes"),
    ("attachments", ATTACHMENTS_PER_ORDER as u64, "entries"),
    ("errand-attempts", OUTBOX_ATTEMPTS, "entries"),
    ("errand-backoff", OUTBOX_BACKOFF_SECONDS, "seconds"),
];
