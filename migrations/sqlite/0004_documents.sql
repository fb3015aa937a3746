-- Documents, the numbers they carry, and the numbered blanks some are written on.

PRAGMA user_version = 4;

-- The newest number of each series. It is part of the transaction that gives numbers, so what
-- is rolled back leaves no gap. Blanks count under their kind, with no organ.
CREATE TABLE number_series (
    prefix TEXT    NOT NULL,
    organ  TEXT    NOT NULL,
    year   INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    PRIMARY KEY (prefix, organ, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
    home         TEXT    NOT NULL,
    seq          INTEGER NOT NULL,          -- the order
    ordinal      INTEGER NOT NULL,          -- its place among the order's documents, from 1
    kind         TEXT    NOT NULL,
    step         TEXT    NOT NULL,
    visit        INTEGER NOT NULL,
    station      TEXT    NOT NULL,
    state        TEXT    NOT NULL,          -- draft | submitted | signed | approved | sealed | served | filed | voided
    prefix       TEXT,                      -- official number, once signed off
    organ        TEXT,
    year         INTEGER,
    n            INTEGER,
    blank_year   INTEGER,                   -- the blank of its kind it is written on
    blank_n      INTEGER,
    made_by      TEXT    NOT NULL,          -- JSON [officer, …]
    made_at      TEXT    NOT NULL,
    marks        TEXT    NOT NULL,          -- JSON: approval, seal, service, filing
    replaces     INTEGER,
    replaces_how TEXT,                      -- corrects | revokes
    replaced_by  INTEGER,
    policy       TEXT,                      -- digest of the policy it was signed off under
    facts        TEXT,                      -- JSON: what it says, kept from the signature on
    printed      TEXT,                      -- digest of the page as printed at the signature
    version      INTEGER NOT NULL,
    PRIMARY KEY (home, seq, ordinal)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX document_number ON document (prefix, organ, year, n) WHERE n IS NOT NULL;

CREATE UNIQUE INDEX document_blank ON document (kind, blank_year, blank_n) WHERE blank_n IS NOT NULL;

CREATE TABLE blank_issue (
    kind    TEXT    NOT NULL,
    year    INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    station TEXT    NOT NULL,
    at      TEXT    NOT NULL,
    actor   TEXT    NOT NULL,
    PRIMARY KEY (kind, year, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE blank (
    kind     TEXT    NOT NULL,
    year     INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    station  TEXT    NOT NULL,
    state    TEXT    NOT NULL,              -- in_stock | signed_out | in_use | filed | voided | lost
    keeper   TEXT,
    officer  TEXT,
    home     TEXT,                          -- the order it was signed out for, or its document's
    seq      INTEGER,
    ordinal  INTEGER,
    original INTEGER,                       -- of a void one: whether its original was kept
    moves    INTEGER NOT NULL,
    PRIMARY KEY (kind, year, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX blank_stock ON blank (station, kind, state, year, n);

CREATE INDEX blank_hand ON blank (officer) WHERE state IN ('signed_out', 'in_use');

CREATE INDEX blank_order ON blank (home, seq) WHERE home IS NOT NULL;

-- Where each blank has been, so that the books of a month can be drawn up after it.
CREATE TABLE blank_move (
    kind     TEXT    NOT NULL,
    year     INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    place    INTEGER NOT NULL,              -- 1 is its issue
    at       TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    original INTEGER,
    PRIMARY KEY (kind, year, n, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE blank_close (
    station TEXT NOT NULL,
    month   TEXT NOT NULL,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    books   TEXT NOT NULL,                  -- JSON [[kind, issued, in stock, signed out, in use, filed, voided, lost], …]
    PRIMARY KEY (station, month)
) STRICT, WITHOUT ROWID;
