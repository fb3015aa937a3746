-- As the file of this name for SQLite, where it stands what each column is.

ALTER TABLE outbox ADD COLUMN epoch BIGINT NOT NULL DEFAULT 1;

CREATE TABLE order_floor (
    home TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);

UPDATE wubu SET schema = 20;
