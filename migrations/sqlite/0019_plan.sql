-- What a change would do, worked out before it is in force: which text, against which release, on which state of
-- the register, and what was told. Rows are written once; the entry `plan.made` has the digest of each.

PRAGMA user_version = 19;

CREATE TABLE plan (
    number  INTEGER NOT NULL PRIMARY KEY,
    made_at TEXT    NOT NULL,
    actor   TEXT    NOT NULL,
    policy  TEXT    NOT NULL,   -- digest of the text that was tried
    against INTEGER NOT NULL,   -- release that was in force
    state   TEXT    NOT NULL,   -- digest of what the answer rests on besides: register, people, last pass
    report  TEXT    NOT NULL    -- JSON: what was told
) STRICT;

-- Why a release was wanted, and the plan that was looked at before.
ALTER TABLE release ADD COLUMN reason TEXT;
ALTER TABLE release ADD COLUMN plan INTEGER;
ALTER TABLE proposal ADD COLUMN plan INTEGER;
