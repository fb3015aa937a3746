-- Columns are TEXT and INTEGER only: moments are fixed-width UTC text, days are ISO text,
-- flags are 0/1, decimals are text. What is searched is a column; JSON is never searched.
-- Every unique key of a hot table begins with the subject's home station.

-- Marks the file as ours ("Wubu") and names its schema; both are part of this transaction.
PRAGMA application_id = 1467310709;
PRAGMA user_version = 1;

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Policy texts by content, and the releases made of them. ---------------------------------

CREATE TABLE policy_text (
    digest TEXT NOT NULL PRIMARY KEY,
    text   TEXT NOT NULL
) STRICT;

CREATE TABLE release (
    number       INTEGER NOT NULL PRIMARY KEY,
    policy       TEXT    NOT NULL,          -- digest of the whole
    activated_at TEXT    NOT NULL,
    actor        TEXT    NOT NULL,
    files        TEXT    NOT NULL           -- JSON [[path, text digest], …]
) STRICT;

-- The register. -----------------------------------------------------------------------------

CREATE TABLE station (
    id     TEXT NOT NULL PRIMARY KEY,
    title  TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE grid (
    id      TEXT NOT NULL PRIMARY KEY,
    title   TEXT NOT NULL,
    station TEXT NOT NULL,
    officer TEXT,                           -- main officer
    backup  TEXT,
    digest  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE officer (
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    station         TEXT,
    roles           TEXT NOT NULL,          -- JSON [role, …]
    certificate     TEXT,
    certified_until TEXT,
    digest          TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subject (
    home         TEXT NOT NULL,
    id           TEXT NOT NULL,
    name         TEXT NOT NULL,
    station      TEXT NOT NULL,
    grid         TEXT,
    lat          TEXT,
    lon          TEXT,
    statuses     TEXT NOT NULL,             -- JSON [[day, status], …], oldest first
    last_patrol  TEXT,                      -- as imported; inspections count besides
    attributes   TEXT NOT NULL,             -- JSON {attribute id: text as imported}
    digest       TEXT NOT NULL,             -- of all columns above
    PRIMARY KEY (home, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX subject_by_id ON subject (id);

CREATE TABLE inspection (
    home     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    id       TEXT NOT NULL,
    on_day   TEXT NOT NULL,
    result   TEXT NOT NULL,
    problems TEXT NOT NULL,                 -- JSON {level: count}
    digest   TEXT NOT NULL,
    PRIMARY KEY (home, subject, id)
) STRICT, WITHOUT ROWID;

-- Appraisal: derived, can be recomputed. ----------------------------------------------------

-- Subjects whose appraisal may no longer hold.
CREATE TABLE mark (
    home    TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (home, subject)
) STRICT, WITHOUT ROWID;

-- What decided, once for all subjects with equal inputs.
CREATE TABLE decision (
    id     TEXT NOT NULL PRIMARY KEY,       -- 16 hex digits of the digest of the body
    body   TEXT NOT NULL                    -- JSON {policy, tier, score, inputs, …}
) STRICT, WITHOUT ROWID;

CREATE TABLE appraisal (
    home       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    tier       TEXT,                        -- last decided; none while never decided
    score      TEXT,
    decision   TEXT,
    undecided  TEXT,                        -- why the newest question has no answer: code and place
    decided_on TEXT NOT NULL,
    changes_on TEXT,                        -- first day on which time alone may change it
    next       TEXT NOT NULL,               -- JSON, one per recurring trigger
    due_keys   TEXT NOT NULL,               -- JSON [[workflow, trigger, issue_on], …] of its due rows
    PRIMARY KEY (home, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX appraisal_changes ON appraisal (changes_on) WHERE changes_on IS NOT NULL;

CREATE INDEX appraisal_undecided ON appraisal (undecided) WHERE undecided IS NOT NULL;

-- Covering: a tick reads what is due, in order, and nothing else.
CREATE TABLE due (
    workflow    TEXT    NOT NULL,
    "trigger"   TEXT    NOT NULL,
    held        INTEGER NOT NULL,           -- 0 ready, 1 held and not yet recorded, 2 held and recorded
    issue_on    TEXT    NOT NULL,
    home        TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    nominal     TEXT    NOT NULL,
    due_on      TEXT    NOT NULL,
    provisional INTEGER NOT NULL,
    station     TEXT    NOT NULL,
    grid        TEXT,
    tier        TEXT    NOT NULL,
    score       TEXT    NOT NULL,
    decision    TEXT    NOT NULL,
    reason      TEXT,                       -- why it is held
    PRIMARY KEY (workflow, "trigger", held, issue_on, home, subject)
) STRICT, WITHOUT ROWID;

-- Dispatch. ---------------------------------------------------------------------------------

CREATE TABLE watermark (
    workflow  TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    starts_at TEXT NOT NULL,                -- an edit never fires the past
    at        TEXT NOT NULL,                -- evaluated up to here
    PRIMARY KEY (workflow, "trigger")
) STRICT, WITHOUT ROWID;

CREATE TABLE occurrence (
    workflow  TEXT    NOT NULL,
    "trigger" TEXT    NOT NULL,
    nominal   TEXT    NOT NULL,             -- the instant meant
    outcome   TEXT    NOT NULL,             -- fired | missed | skipped
    reason    TEXT,
    at        TEXT    NOT NULL,
    opened    INTEGER NOT NULL,
    PRIMARY KEY (workflow, "trigger", nominal)
) STRICT, WITHOUT ROWID;

-- Candidates that did not become orders: one row when the reason begins.
CREATE TABLE skip (
    home      TEXT NOT NULL,
    workflow  TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    subject   TEXT NOT NULL,
    nominal   TEXT NOT NULL,
    reason    TEXT NOT NULL,
    on_day    TEXT NOT NULL,
    PRIMARY KEY (home, workflow, "trigger", subject, nominal, reason, on_day)
) STRICT, WITHOUT ROWID;

-- How many orders were opened for whom in which period: what caps count, kept with the orders
-- so that a tick need not count them again.
CREATE TABLE tally (
    workflow  TEXT    NOT NULL,
    "trigger" TEXT    NOT NULL,
    per       TEXT    NOT NULL,             -- officer | grid | station
    whom      TEXT    NOT NULL,
    period    TEXT    NOT NULL,             -- 2026-03-13, 2026-W11, 2026-03 or 2026
    opened    INTEGER NOT NULL,
    PRIMARY KEY (workflow, "trigger", per, whom, period)
) STRICT, WITHOUT ROWID;

-- Identity, not locking, gives exactly once: the key of an order is its primary key. It is
-- clustered by subject, so that a pass over the register reads orders beside it, in order.
CREATE TABLE orders (
    home          TEXT    NOT NULL,
    seq           INTEGER NOT NULL,         -- running number of the home station, gapless
    number        TEXT    NOT NULL,
    workflow      TEXT    NOT NULL,
    "trigger"     TEXT    NOT NULL,
    subject_kind  TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    nominal       TEXT    NOT NULL,         -- nominal due date; without recur, the nominal instant
    station       TEXT    NOT NULL,
    grid          TEXT,
    officer       TEXT,                     -- the grid's main officer at opening, whom caps count
    scheduled_for TEXT    NOT NULL,         -- issue date
    issued_at     TEXT    NOT NULL,
    due_on        TEXT    NOT NULL,         -- end of the window
    provisional   INTEGER NOT NULL,
    tier          TEXT,
    score         TEXT,
    decision      TEXT,
    policy        TEXT    NOT NULL,
    state         TEXT    NOT NULL,         -- open | done | cancelled
    step          TEXT    NOT NULL,
    visit         INTEGER NOT NULL,
    step_due      TEXT,
    ended_on      TEXT,
    reason        TEXT,
    version       INTEGER NOT NULL,
    PRIMARY KEY (home, subject, workflow, "trigger", subject_kind, nominal)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX order_seq ON orders (home, seq);

CREATE TABLE term (
    home     TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    step     TEXT    NOT NULL,
    visit    INTEGER NOT NULL,
    kind     TEXT    NOT NULL,              -- due | overdue | wait
    level    INTEGER NOT NULL,
    fires_at TEXT    NOT NULL,
    end_on   TEXT    NOT NULL,
    basis    TEXT    NOT NULL,              -- JSON: kind, count, anchor, calendar revision, raw end
    fired_at TEXT,
    PRIMARY KEY (home, seq, step, visit, kind, level)
) STRICT, WITHOUT ROWID;

CREATE INDEX term_waiting ON term (fires_at) WHERE fired_at IS NULL;

CREATE TABLE errand (
    home     TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    ordinal  INTEGER NOT NULL,              -- (home, seq, version, ordinal) is the receiver's key
    kind     TEXT    NOT NULL,
    addressee TEXT   NOT NULL,
    body     TEXT    NOT NULL,
    state    TEXT    NOT NULL,              -- waiting | done | dead
    attempts INTEGER NOT NULL,
    next_at  TEXT    NOT NULL,
    PRIMARY KEY (home, seq, version, ordinal)
) STRICT, WITHOUT ROWID;

-- The record. -------------------------------------------------------------------------------

-- One chain for each station and one, named '', for the bureau.
CREATE TABLE ledger (
    chain TEXT    NOT NULL,
    seq   INTEGER NOT NULL,
    at    TEXT    NOT NULL,
    actor TEXT    NOT NULL,
    kind  TEXT    NOT NULL,
    body  TEXT    NOT NULL,
    prev  TEXT    NOT NULL,
    hash  TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX ledger_place ON ledger (chain, seq);

CREATE TRIGGER ledger_keeps_its_lines BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER ledger_loses_no_line BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
