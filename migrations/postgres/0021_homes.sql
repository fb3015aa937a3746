-- As the file of this name for SQLite, where it stands what each column is, and what becomes of rows.

ALTER TABLE due DROP CONSTRAINT due_pkey;

ALTER TABLE due ADD PRIMARY KEY (home, workflow, "trigger", held, issue_on, subject)
    INCLUDE (nominal, due_on, provisional, station, grid, tier, score, decision, reason);

ALTER TABLE duty DROP CONSTRAINT duty_pkey;

ALTER TABLE duty ADD PRIMARY KEY (home, seq, step, visit, officer);

CREATE INDEX duty_officer ON duty (officer, home, seq, step, visit);

ALTER TABLE incident DROP CONSTRAINT incident_pkey;

ALTER TABLE incident ADD PRIMARY KEY (home, seq, step, cause);

ALTER TABLE tally ADD COLUMN home TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE tally ALTER COLUMN home DROP DEFAULT;

ALTER TABLE tally DROP CONSTRAINT tally_pkey;

ALTER TABLE tally ADD PRIMARY KEY (home, workflow, "trigger", per, period, whom);

ALTER TABLE workload ADD COLUMN home TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE workload ALTER COLUMN home DROP DEFAULT;

ALTER TABLE workload DROP CONSTRAINT workload_pkey;

ALTER TABLE workload ADD PRIMARY KEY (home, officer);

UPDATE workload SET duties = 0;

INSERT INTO workload (home, officer, duties, last_at)
SELECT home, officer, COUNT(*), MAX(since) FROM duty GROUP BY home, officer;

DROP INDEX document_number;

CREATE UNIQUE INDEX document_number ON document (home, prefix, organ, year, n) WHERE n IS NOT NULL;

DROP INDEX document_blank;

CREATE UNIQUE INDEX document_blank ON document (home, kind, blank_year, blank_n) WHERE blank_n IS NOT NULL;

UPDATE wubu SET schema = 21;
