-- Every unique key of what orders and people fill begins with the home, so that a database that spreads rows over
-- several machines may spread them by it, and whoever writes one home's rows never waits for who writes another's.
-- Older programs do not know these keys. What is in the tables stays.

PRAGMA user_version = 21;

-- Covering: a tick goes from home to home, reads what is due there, in order, and nothing else.
CREATE TABLE due_of_homes (
    home        TEXT    NOT NULL,
    workflow    TEXT    NOT NULL,
    "trigger"   TEXT    NOT NULL,
    held        INTEGER NOT NULL,           -- 0 ready, 1 held and not yet recorded, 2 held and recorded
    issue_on    TEXT    NOT NULL,
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
    PRIMARY KEY (home, workflow, "trigger", held, issue_on, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO due_of_homes (home, workflow, "trigger", held, issue_on, subject, nominal, due_on, provisional, station,
    grid, tier, score, decision, reason)
SELECT home, workflow, "trigger", held, issue_on, subject, nominal, due_on, provisional, station, grid, tier, score,
    decision, reason
FROM due ORDER BY home, workflow, "trigger", held, issue_on, subject;
DROP TABLE due;
ALTER TABLE due_of_homes RENAME TO due;

CREATE TABLE duty_of_homes (
    home    TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    step    TEXT    NOT NULL,
    visit   INTEGER NOT NULL,
    officer TEXT    NOT NULL,
    since   TEXT    NOT NULL,
    PRIMARY KEY (home, seq, step, visit, officer)
) STRICT, WITHOUT ROWID;
INSERT INTO duty_of_homes (home, seq, step, visit, officer, since)
SELECT home, seq, step, visit, officer, since FROM duty ORDER BY home, seq, step, visit, officer;
DROP TABLE duty;
ALTER TABLE duty_of_homes RENAME TO duty;

-- What somebody has to do.
CREATE INDEX duty_officer ON duty (officer);

CREATE TABLE incident_of_homes (
    home  TEXT    NOT NULL,
    seq   INTEGER NOT NULL,
    step  TEXT    NOT NULL,
    cause TEXT    NOT NULL,
    since TEXT    NOT NULL,
    PRIMARY KEY (home, seq, step, cause)
) STRICT, WITHOUT ROWID;
INSERT INTO incident_of_homes (home, seq, step, cause, since) SELECT home, seq, step, cause, since FROM incident;
DROP TABLE incident;
ALTER TABLE incident_of_homes RENAME TO incident;

-- What was counted before stands under no home: of which homes the orders were, it does not say. What somebody had
-- is the sum over all.
CREATE TABLE tally_of_homes (
    home      TEXT    NOT NULL,
    workflow  TEXT    NOT NULL,
    "trigger" TEXT    NOT NULL,
    per       TEXT    NOT NULL,             -- officer | grid | station | subject
    period    TEXT    NOT NULL,             -- 2026-03-13, 2026-03 or 2026
    whom      TEXT    NOT NULL,
    opened    INTEGER NOT NULL,
    PRIMARY KEY (home, workflow, "trigger", per, period, whom)
) STRICT, WITHOUT ROWID;
INSERT INTO tally_of_homes (home, workflow, "trigger", per, period, whom, opened)
SELECT '', workflow, "trigger", per, period, whom, opened FROM tally;
DROP TABLE tally;
ALTER TABLE tally_of_homes RENAME TO tally;

-- Duties are counted anew by home; when somebody was given one last is kept under no home.
CREATE TABLE workload_of_homes (
    home    TEXT    NOT NULL,
    officer TEXT    NOT NULL,
    duties  INTEGER NOT NULL,
    last_at TEXT    NOT NULL,
    PRIMARY KEY (home, officer)
) STRICT, WITHOUT ROWID;
INSERT INTO workload_of_homes (home, officer, duties, last_at)
SELECT '', officer, 0, last_at FROM workload
UNION ALL
SELECT home, officer, COUNT(*), MAX(since) FROM duty GROUP BY home, officer;
DROP TABLE workload;
ALTER TABLE workload_of_homes RENAME TO workload;

-- That a number is given once over all homes, the one row of its series sees to, and that of a blank, the blank's.
DROP INDEX document_number;
CREATE UNIQUE INDEX document_number ON document (home, prefix, organ, year, n) WHERE n IS NOT NULL;
DROP INDEX document_blank;
CREATE UNIQUE INDEX document_blank ON document (home, kind, blank_year, blank_n) WHERE blank_n IS NOT NULL;
