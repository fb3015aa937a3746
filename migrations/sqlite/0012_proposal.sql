-- Policies that wait for a second person, and those approved that wait for their day.
CREATE TABLE proposal (
    number      INTEGER NOT NULL PRIMARY KEY,
    policy      TEXT    NOT NULL,          -- digest of the whole
    about       TEXT    NOT NULL,          -- policy or calendar
    actor       TEXT    NOT NULL,
    proposed_at TEXT    NOT NULL,
    files       TEXT    NOT NULL,          -- JSON [[path, text digest], …]
    places      TEXT    NOT NULL,          -- the same of the lists of stations and grids
    approved_by TEXT,
    starts_at   TEXT
) STRICT;
PRAGMA user_version = 12;
