-- As the file of this name for SQLite, where it stands what each column is.

CREATE TABLE policy_version (
    digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    release BIGINT NOT NULL
);

CREATE INDEX subject_moved ON subject (station, home, id) WHERE station <> home;

ALTER TABLE proposal ADD COLUMN reason TEXT COLLATE "C";

UPDATE wubu SET schema = 16;
