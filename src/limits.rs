//! The one table of limits; `wubu doctor --limits` prints it and every row has a test.
//!
//! # Source
//! `design.md` §7 of the founding papers: each bound is there because an input without it was
//! seen to abort, hang or exhaust the process.

/// Makes the constants, and the table of those that people are shown: by which name, in which unit.
macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $value:expr $(, $shown:literal in $unit:literal)?;)+) => {
        $($(#[$doc])* pub const $name: $type = $value;)+

        /// Every limit with its value and unit, in the order people read them.
        pub const TABLE: &[(&str, u64, &str)] = &[$($(($shown, $name as u64, $unit),)?)+];
    };
}

limits! {
    /// Largest policy file, in bytes.
    POLICY_FILE_BYTES: usize = 256 * 1024, "policy-file" in "bytes";
    /// Largest policy set, in bytes over all files.
    POLICY_SET_BYTES: usize = 16 * 1024 * 1024, "policy-set" in "bytes";
    /// Deepest nesting of a policy file.
    POLICY_NESTING: usize = 32, "policy-nesting" in "levels";

    /// Largest script source, in bytes.
    SCRIPT_BYTES: usize = 32 * 1024, "script" in "bytes";
    /// Operations one evaluation may use, native callbacks included.
    SCRIPT_OPERATIONS: u64 = 50_000, "script-operations" in "operations";
    /// Time one evaluation may take, in milliseconds; one that took longer is asked once more.
    SCRIPT_MILLISECONDS: u64 = 2_000;
    /// Deepest call in a script.
    SCRIPT_CALL_DEPTH: usize = 16, "script-calls" in "levels";
    /// Deepest expression in a script.
    SCRIPT_EXPRESSION_DEPTH: usize = 24, "script-expressions" in "levels";
    /// Longest text a script may build, in bytes.
    SCRIPT_STRING_BYTES: usize = 16 * 1024, "script-string" in "bytes";
    /// Longest array a script may build.
    SCRIPT_ARRAY_ITEMS: usize = 1_000, "script-array" in "entries";
    /// Largest map a script may build.
    SCRIPT_MAP_ITEMS: usize = 500, "script-map" in "entries";
    /// Stack of the threads that evaluate scripts, in bytes.
    SCRIPT_STACK_BYTES: usize = 16 * 1024 * 1024, "script-stack" in "bytes";

    /// Largest imported file, in bytes; it is streamed, never held.
    IMPORT_FILE_BYTES: u64 = 2 * 1024 * 1024 * 1024, "import-file" in "bytes";
    /// Longest row of an imported file, in bytes.
    IMPORT_ROW_BYTES: usize = 64 * 1024, "import-row" in "bytes";
    /// Longest field of an imported file, in bytes.
    IMPORT_FIELD_BYTES: usize = 16 * 1024, "import-field" in "bytes";
    /// Rows of one imported file. Ids met are kept to find doubles, at some eleven bytes each.
    IMPORT_ROWS: u64 = 20_000_000;

    /// Days that a plan looks ahead.
    PLAN_DAYS: u32 = 400, "plan" in "days";

    /// Orders opened in one transaction.
    ORDERS_PER_TRANSACTION: usize = 10_000, "orders-transaction" in "entries";
    /// Steps in one workflow.
    STEPS_PER_WORKFLOW: usize = 200, "steps" in "entries";
    /// Visits of one step in one order.
    VISITS_PER_STEP: u32 = 50, "visits" in "entries";
    /// How deep orders may start sub-orders.
    SUB_ORDER_DEPTH: usize = 8, "sub-orders" in "levels";

    /// Longest answer to a form, in bytes of JSON.
    FORM_ANSWER_BYTES: usize = 64 * 1024, "form-answer" in "bytes";
    /// Largest attachment, in bytes.
    ATTACHMENT_BYTES: usize = 20 * 1024 * 1024, "attachment" in "bytes";
    /// Attachments of one order.
    ATTACHMENTS_PER_ORDER: usize = 100, "attachments" in "entries";

    /// Attempts to deliver one message before it is given up.
    OUTBOX_ATTEMPTS: u64 = 20, "errand-attempts" in "entries";
    /// Longest wait between two attempts, in seconds.
    OUTBOX_BACKOFF_SECONDS: u64 = 3_600, "errand-backoff" in "seconds";

    /// Connections that the HTTP door serves at once; more wait.
    HTTP_CONNECTIONS: usize = 256, "http-connections" in "entries";
    /// How long the head of a request may take, and a connection may say nothing, in seconds.
    HTTP_HEAD_SECONDS: u64 = 10, "http-head" in "seconds";
    /// Longest head of a request, in bytes.
    HTTP_HEAD_BYTES: usize = 64 * 1024, "http-head-bytes" in "bytes";
    /// How long an answer may wait for the database, in seconds.
    HTTP_ANSWER_SECONDS: u64 = 15, "http-answer" in "seconds";
    /// How long those who are being answered are awaited at the end, in seconds.
    HTTP_STOP_SECONDS: u64 = 5;
}
