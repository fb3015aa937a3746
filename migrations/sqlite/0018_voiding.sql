-- Two void a blank: who asked, and who has to confirm as himself. Empty while nobody asks; the column
-- `original` says then whether it is kept.

PRAGMA user_version = 18;

ALTER TABLE blank ADD COLUMN void_by TEXT;
ALTER TABLE blank ADD COLUMN void_with TEXT;
