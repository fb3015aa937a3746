-- As the file of this name for SQLite, where it stands what each column is.

UPDATE wubu SET schema = 15;
