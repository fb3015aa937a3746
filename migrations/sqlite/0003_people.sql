-- People: what is laid down about officers beyond the list that is imported.

PRAGMA user_version = 3;

-- Posts with dates. Where one of a role is kept, the undated one of the imported list does not count.
CREATE TABLE post (
    officer   TEXT NOT NULL,
    role      TEXT NOT NULL,                -- a role, or the name of a duty
    from_day  TEXT NOT NULL,                -- '' when it has no beginning
    until_day TEXT,
    PRIMARY KEY (officer, role, from_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE leave (
    officer    TEXT NOT NULL,
    from_day   TEXT NOT NULL,
    to_day     TEXT NOT NULL,
    substitute TEXT,
    PRIMARY KEY (officer, from_day)
) STRICT, WITHOUT ROWID;

-- Authority handed on in writing.
CREATE TABLE delegation (
    giver    TEXT NOT NULL,
    taker    TEXT NOT NULL,
    scope    TEXT NOT NULL,                 -- a workflow, or '*'
    from_day TEXT NOT NULL,
    to_day   TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (giver, taker, scope, from_day)
) STRICT, WITHOUT ROWID;

-- Recusals.
CREATE TABLE conflict (
    officer    TEXT NOT NULL,
    subject    TEXT NOT NULL,
    decided_by TEXT NOT NULL,               -- an officer, or '' for collective discussion
    document   TEXT NOT NULL,
    PRIMARY KEY (officer, subject)
) STRICT, WITHOUT ROWID;

-- What is known of an officer besides: the last day of service, where notices go.
CREATE TABLE service (
    officer TEXT NOT NULL PRIMARY KEY,
    left_on TEXT,
    email   TEXT
) STRICT, WITHOUT ROWID;
