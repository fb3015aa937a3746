-- As the file of this name for SQLite, where it stands what each column is.

CREATE TABLE number_series (
    prefix TEXT COLLATE "C" NOT NULL,
    organ TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (prefix, organ, year)
);

CREATE TABLE document (
    home TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    visit BIGINT NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C",
    organ TEXT COLLATE "C",
    year BIGINT,
    n BIGINT,
    blank_year BIGINT,
    blank_n BIGINT,
    made_by TEXT COLLATE "C" NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    marks TEXT COLLATE "C" NOT NULL,
    replaces BIGINT,
    replaces_how TEXT COLLATE "C",
    replaced_by BIGINT,
    policy TEXT COLLATE "C",
    facts TEXT COLLATE "C",
    printed TEXT COLLATE "C",
    version BIGINT NOT NULL,
    PRIMARY KEY (home, seq, ordinal)
);

CREATE UNIQUE INDEX document_number ON document (prefix, organ, year, n) WHERE n IS NOT NULL;

CREATE UNIQUE INDEX document_blank ON document (kind, blank_year, blank_n) WHERE blank_n IS NOT NULL;

CREATE TABLE blank_issue (
    kind TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, year, first)
);

CREATE TABLE blank (
    kind TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    n BIGINT NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    keeper TEXT COLLATE "C",
    officer TEXT COLLATE "C",
    home TEXT COLLATE "C",
    seq BIGINT,
    ordinal BIGINT,
    original BIGINT,
    moves BIGINT NOT NULL,
    PRIMARY KEY (kind, year, n)
);

CREATE INDEX blank_stock ON blank (station, kind, state, year, n);

CREATE INDEX blank_hand ON blank (officer, kind, year, n) WHERE state IN ('signed_out', 'in_use');

CREATE INDEX blank_order ON blank (home, seq, kind, year, n) WHERE home IS NOT NULL;

CREATE TABLE blank_move (
    kind TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    n BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    original BIGINT,
    PRIMARY KEY (kind, year, n, place)
);

CREATE TABLE blank_close (
    station TEXT COLLATE "C" NOT NULL,
    month TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    books TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (station, month)
);

UPDATE wubu SET schema = 4;
