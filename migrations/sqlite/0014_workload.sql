-- How many open duties each officer has, and when the newest was given: kept with the duties, so that
-- nobody who looks for the one with the fewest has to count them all.

PRAGMA user_version = 14;

CREATE TABLE workload (
    officer TEXT    NOT NULL PRIMARY KEY,
    duties  INTEGER NOT NULL,
    last_at TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO workload (officer, duties, last_at)
SELECT officer, COUNT(*), MAX(since) FROM duty GROUP BY officer;
