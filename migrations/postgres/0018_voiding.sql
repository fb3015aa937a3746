-- As the file of this name for SQLite, where it stands what each column is.

ALTER TABLE blank ADD COLUMN void_by TEXT COLLATE "C";

ALTER TABLE blank ADD COLUMN void_with TEXT COLLATE "C";

UPDATE wubu SET schema = 18;
