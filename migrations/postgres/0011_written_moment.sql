-- As the file of this name for SQLite, where it stands what each column is.

ALTER TABLE submission ADD COLUMN written TEXT COLLATE "C";

UPDATE wubu SET schema = 11;
