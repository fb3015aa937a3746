-- As the file of this name for SQLite, where it stands what each column is.

CREATE TABLE daemon (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seen BIGINT NOT NULL
);

UPDATE wubu SET schema = 21022;
