-- As the file of this name for SQLite, where it stands what each column is.

CREATE TABLE proposal (
    number BIGINT NOT NULL PRIMARY KEY,
    policy TEXT COLLATE "C" NOT NULL,
    about TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    proposed_at TEXT COLLATE "C" NOT NULL,
    files TEXT COLLATE "C" NOT NULL,
    places TEXT COLLATE "C" NOT NULL,
    approved_by TEXT COLLATE "C",
    starts_at TEXT COLLATE "C"
);

UPDATE wubu SET schema = 12;
