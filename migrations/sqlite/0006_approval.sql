-- Releases: who approved one, besides who activated it.

PRAGMA user_version = 6;

ALTER TABLE release ADD COLUMN approved_by TEXT;

-- It stood twice; `order_children` is the same.
DROP INDEX order_opened_by;
