-- The same tables as for SQLite, by the same numbers; there it stands what each column is. Texts sort by their bytes, as
-- this program does; whole numbers are BIGINT. An index that is not of all rows ends with the key, which SQLite puts
-- there by itself. What only moves what an older file held has nothing to do here.

-- Marks the database as ours and names its schema, in the transaction of each change.
CREATE TABLE wubu (
    schema BIGINT NOT NULL
);

INSERT INTO wubu (schema) VALUES (1);

CREATE TABLE meta (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE policy_text (
    digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    text TEXT COLLATE "C" NOT NULL
);

CREATE TABLE release (
    number BIGINT NOT NULL PRIMARY KEY,
    policy TEXT COLLATE "C" NOT NULL,
    activated_at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    files TEXT COLLATE "C" NOT NULL
);

CREATE TABLE station (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    title TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL
);

CREATE TABLE grid (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    title TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    officer TEXT COLLATE "C",
    backup TEXT COLLATE "C",
    digest TEXT COLLATE "C" NOT NULL
);

CREATE TABLE officer (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C",
    roles TEXT COLLATE "C" NOT NULL,
    certificate TEXT COLLATE "C",
    certified_until TEXT COLLATE "C",
    digest TEXT COLLATE "C" NOT NULL
);

CREATE TABLE subject (
    home TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    grid TEXT COLLATE "C",
    lat TEXT COLLATE "C",
    lon TEXT COLLATE "C",
    statuses TEXT COLLATE "C" NOT NULL,
    last_patrol TEXT COLLATE "C",
    attributes TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (home, id)
);

CREATE INDEX subject_by_id ON subject (id, home);

CREATE TABLE inspection (
    home TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    on_day TEXT COLLATE "C" NOT NULL,
    result TEXT COLLATE "C" NOT NULL,
    problems TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (home, subject, id)
);

CREATE TABLE mark (
    home TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (home, subject)
);

CREATE TABLE decision (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    body TEXT COLLATE "C" NOT NULL
);

CREATE TABLE appraisal (
    home TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    tier TEXT COLLATE "C",
    score TEXT COLLATE "C",
    decision TEXT COLLATE "C",
    undecided TEXT COLLATE "C",
    decided_on TEXT COLLATE "C" NOT NULL,
    changes_on TEXT COLLATE "C",
    next TEXT COLLATE "C" NOT NULL,
    due_keys TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (home, subject)
);

CREATE INDEX appraisal_changes ON appraisal (changes_on, home, subject) WHERE changes_on IS NOT NULL;

CREATE INDEX appraisal_undecided ON appraisal (undecided, home, subject) WHERE undecided IS NOT NULL;

CREATE TABLE due (
    workflow TEXT COLLATE "C" NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    held BIGINT NOT NULL,
    issue_on TEXT COLLATE "C" NOT NULL,
    home TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    nominal TEXT COLLATE "C" NOT NULL,
    due_on TEXT COLLATE "C" NOT NULL,
    provisional BIGINT NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    grid TEXT COLLATE "C",
    tier TEXT COLLATE "C" NOT NULL,
    score TEXT COLLATE "C" NOT NULL,
    decision TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    PRIMARY KEY (workflow, "trigger", held, issue_on, home, subject)
        INCLUDE (nominal, due_on, provisional, station, grid, tier, score, decision, reason)
);

CREATE TABLE watermark (
    workflow TEXT COLLATE "C" NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    starts_at TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workflow, "trigger")
);

CREATE TABLE occurrence (
    workflow TEXT COLLATE "C" NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    nominal TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    at TEXT COLLATE "C" NOT NULL,
    opened BIGINT NOT NULL,
    PRIMARY KEY (workflow, "trigger", nominal)
);

CREATE TABLE skip (
    home TEXT COLLATE "C" NOT NULL,
    workflow TEXT COLLATE "C" NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    nominal TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    on_day TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (home, workflow, "trigger", subject, nominal, reason, on_day)
);

CREATE TABLE tally (
    workflow TEXT COLLATE "C" NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    per TEXT COLLATE "C" NOT NULL,
    whom TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    opened BIGINT NOT NULL,
    PRIMARY KEY (workflow, "trigger", per, whom, period)
);

CREATE TABLE orders (
    home TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    workflow TEXT COLLATE "C" NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    nominal TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    grid TEXT COLLATE "C",
    officer TEXT COLLATE "C",
    scheduled_for TEXT COLLATE "C" NOT NULL,
    issued_at TEXT COLLATE "C" NOT NULL,
    due_on TEXT COLLATE "C" NOT NULL,
    provisional BIGINT NOT NULL,
    tier TEXT COLLATE "C",
    score TEXT COLLATE "C",
    decision TEXT COLLATE "C",
    policy TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    visit BIGINT NOT NULL,
    step_due TEXT COLLATE "C",
    ended_on TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    version BIGINT NOT NULL,
    PRIMARY KEY (home, subject, workflow, "trigger", subject_kind, nominal)
);

CREATE UNIQUE INDEX order_seq ON orders (home, seq);

CREATE TABLE term (
    home TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    visit BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    level BIGINT NOT NULL,
    fires_at TEXT COLLATE "C" NOT NULL,
    end_on TEXT COLLATE "C" NOT NULL,
    basis TEXT COLLATE "C" NOT NULL,
    fired_at TEXT COLLATE "C",
    PRIMARY KEY (home, seq, step, visit, kind, level)
);

CREATE INDEX term_waiting ON term (fires_at, home, seq, step, visit, kind, level) WHERE fired_at IS NULL;

CREATE TABLE errand (
    home TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    version BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    addressee TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    next_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (home, seq, version, ordinal)
);

CREATE TABLE ledger (
    chain TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    prev TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX ledger_place ON ledger (chain, seq);

CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END
$$;

CREATE TRIGGER ledger_stays BEFORE UPDATE OR DELETE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_stays();
