-- As the file of this name for SQLite, where it stands what each column is.

ALTER TABLE errand RENAME TO outbox;

UPDATE wubu SET schema = 8;
