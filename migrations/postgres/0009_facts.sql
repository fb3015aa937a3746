-- As the file of this name for SQLite, where it stands what each column is.

CREATE TABLE fact (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    text TEXT COLLATE "C" NOT NULL
);

ALTER TABLE document ADD COLUMN parts TEXT COLLATE "C";

UPDATE wubu SET schema = 9;
