-- The whole order: where each stands, who has it, what was done on it.

PRAGMA user_version = 2;

-- Officers who have the current step in hand, as shown in lists: JSON [id, …].
ALTER TABLE orders ADD COLUMN assignees TEXT NOT NULL DEFAULT '[]';

-- Orders that another one opened; their nominal begins with its running number.
CREATE INDEX order_opened_by ON orders (home, nominal) WHERE "trigger" = 'order';

-- What the engine knows of an order: what was done on it and where it stands. Derived; the ledger
-- can tell it again.
CREATE TABLE progress (
    home TEXT    NOT NULL,
    seq  INTEGER NOT NULL,
    body TEXT    NOT NULL,                  -- JSON {record, state}
    PRIMARY KEY (home, seq)
) STRICT, WITHOUT ROWID;

-- Open duties by officer: one's work, and how much everybody has.
CREATE TABLE duty (
    officer TEXT    NOT NULL,
    home    TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    step    TEXT    NOT NULL,
    visit   INTEGER NOT NULL,
    since   TEXT    NOT NULL,
    PRIMARY KEY (officer, home, seq, step, visit)
) STRICT, WITHOUT ROWID;

-- Orders that stand still because a rule failed, by what failed.
CREATE TABLE incident (
    cause TEXT    NOT NULL,
    home  TEXT    NOT NULL,
    seq   INTEGER NOT NULL,
    step  TEXT    NOT NULL,
    since TEXT    NOT NULL,
    PRIMARY KEY (cause, home, seq, step)
) STRICT, WITHOUT ROWID;

-- Acts by the key their sender gave: a repeated one gets the first one's answer.
CREATE TABLE act (
    home   TEXT    NOT NULL,
    seq    INTEGER NOT NULL,
    key    TEXT    NOT NULL,
    act    TEXT    NOT NULL,                -- digest of what was asked
    answer TEXT    NOT NULL,                -- JSON, as it was given
    at     TEXT    NOT NULL,
    PRIMARY KEY (home, seq, key)
) STRICT, WITHOUT ROWID;

-- Submissions for an order that has moved on: kept, and shown to whoever has it now.
CREATE TABLE submission (
    home   TEXT    NOT NULL,
    seq    INTEGER NOT NULL,
    key    TEXT    NOT NULL,
    step   TEXT    NOT NULL,
    visit  INTEGER NOT NULL,
    actor  TEXT    NOT NULL,
    at     TEXT    NOT NULL,
    reason TEXT    NOT NULL,                -- id of the refusal
    body   TEXT    NOT NULL,                -- JSON, the act as sent
    PRIMARY KEY (home, seq, key)
) STRICT, WITHOUT ROWID;

-- Files of an order; their bytes lie beside the database under their digest.
CREATE TABLE attachment (
    home     TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    digest   TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    kind     TEXT    NOT NULL,              -- media type
    bytes    INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    at       TEXT    NOT NULL,
    lat      TEXT,                          -- from the picture, kept apart from it
    lon      TEXT,
    taken_at TEXT,
    PRIMARY KEY (home, seq, digest)
) STRICT, WITHOUT ROWID;

-- Signals from outside that have not been carried to the orders they reach.
CREATE TABLE signal (
    number     INTEGER NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,            -- subject.closed, subject.moved, officer.left, …
    about      TEXT    NOT NULL,            -- subject, officer or bureau
    id         TEXT    NOT NULL,
    body       TEXT    NOT NULL,            -- JSON
    at         TEXT    NOT NULL,
    handled_at TEXT
) STRICT;

CREATE INDEX signal_waiting ON signal (number) WHERE handled_at IS NULL;

-- The order an entry is about, where it is about one.
ALTER TABLE ledger ADD COLUMN about INTEGER;

CREATE INDEX ledger_about ON ledger (chain, about, seq) WHERE about IS NOT NULL;

-- Batches, which are about many orders, by their moment: an order knows when it was opened and when
-- its terms fired, and so finds the entries that say so.
CREATE INDEX ledger_batches ON ledger (chain, at, seq) WHERE about IS NULL;

-- The orders that an order opened.
CREATE INDEX order_children ON orders (home, nominal) WHERE "trigger" = 'order';
