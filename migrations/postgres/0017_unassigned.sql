-- As the file of this name for SQLite, where it stands what each column is.

CREATE INDEX order_unassigned ON orders (home, seq) WHERE state = 'open' AND assignees = '[]';

UPDATE wubu SET schema = 17;
