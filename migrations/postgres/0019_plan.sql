-- As the file of this name for SQLite, where it stands what each column is.

CREATE TABLE plan (
    number BIGINT NOT NULL PRIMARY KEY,
    made_at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    policy TEXT COLLATE "C" NOT NULL,
    against BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    report TEXT COLLATE "C" NOT NULL
);

ALTER TABLE release ADD COLUMN reason TEXT COLLATE "C";

ALTER TABLE release ADD COLUMN plan BIGINT;

ALTER TABLE proposal ADD COLUMN plan BIGINT;

UPDATE wubu SET schema = 19;
