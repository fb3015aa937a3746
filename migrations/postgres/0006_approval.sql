-- As the file of this name for SQLite, where it stands what each column is.

ALTER TABLE release ADD COLUMN approved_by TEXT COLLATE "C";

DROP INDEX order_opened_by;

UPDATE wubu SET schema = 6;
