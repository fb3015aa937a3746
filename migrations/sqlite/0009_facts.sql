-- What papers say is kept in parts, each once, however many papers say it; and rows that grow long go to
-- tables with a rowid, whose pages hold what a table without one puts on a page of its own.

PRAGMA user_version = 9;

CREATE TABLE fact (
    id   TEXT NOT NULL PRIMARY KEY,         -- 32 hex digits of the digest of the text
    text TEXT NOT NULL                      -- JSON, some of what a document says
) STRICT;

-- The ids of the parts of a document signed off, one after the other; none of a draft, and of one signed
-- before they were kept apart. `facts` holds the rest, or all.
ALTER TABLE document ADD COLUMN parts TEXT;

CREATE TABLE progress_rows (
    home TEXT    NOT NULL,
    seq  INTEGER NOT NULL,
    body TEXT    NOT NULL,                  -- JSON {record, state}
    PRIMARY KEY (home, seq)
) STRICT;
INSERT INTO progress_rows (home, seq, body) SELECT home, seq, body FROM progress ORDER BY home, seq;
DROP TABLE progress;
ALTER TABLE progress_rows RENAME TO progress;
