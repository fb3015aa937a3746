-- As the file of this name for SQLite, where it stands what each column is.

CREATE TABLE head (
    chain TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

UPDATE wubu SET schema = 7;
