-- What a restore leaves behind. A restored database does not know what was told and numbered after its backup was
-- made: from a restore on messages carry the epoch that began with it, and numbers go on behind those that may have
-- been given.

PRAGMA user_version = 20;

-- In which epoch a message was made; 1 until the first restore.
ALTER TABLE outbox ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1;

-- Up to which running number orders of a home may have been opened before a restore.
CREATE TABLE order_floor (
    home TEXT    NOT NULL PRIMARY KEY,
    seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
