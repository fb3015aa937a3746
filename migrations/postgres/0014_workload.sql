-- As the file of this name for SQLite, where it stands what each column is.

CREATE TABLE workload (
    officer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    duties BIGINT NOT NULL,
    last_at TEXT COLLATE "C" NOT NULL
);

UPDATE wubu SET schema = 14;
