-- One row a chain: where it goes on. A transaction that will append names these rows first.

PRAGMA user_version = 7;

CREATE TABLE head (
    chain TEXT    NOT NULL PRIMARY KEY,
    seq   INTEGER NOT NULL,                 -- of the newest entry, of which the rest is said, too
    hash  TEXT    NOT NULL,
    at    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- The newest entry of each chain, found by going from chain to chain in the index: the ledger itself
-- is not read through. What was kept of a chain in `meta` stands where it is further on or of another
-- hash: there entries were cut off or changed, and `verify` has to find it afterwards, too.
INSERT INTO head (chain, seq, hash, at)
WITH RECURSIVE
    known (chain) AS (
        SELECT MIN(chain) FROM ledger
        UNION ALL
        SELECT (SELECT MIN(l.chain) FROM ledger AS l WHERE l.chain > k.chain)
        FROM known AS k WHERE k.chain IS NOT NULL
    ),
    newest (chain, seq, hash, at) AS (
        SELECT l.chain, l.seq, l.hash, l.at FROM known AS k CROSS JOIN ledger AS l
        WHERE l.chain = k.chain AND l.seq = (SELECT MAX(n.seq) FROM ledger AS n WHERE n.chain = k.chain)
    ),
    kept (chain, seq, hash) AS (
        SELECT substr(key, length('head ') + 1), CAST(substr(value, 1, instr(value, ' ') - 1) AS INTEGER),
            substr(value, instr(value, ' ') + 1)
        FROM meta WHERE key >= 'head ' AND key < 'head!'
    )
SELECT n.chain, n.seq, n.hash, n.at FROM newest AS n
WHERE NOT EXISTS (SELECT 1 FROM kept AS k WHERE k.chain = n.chain AND k.seq >= n.seq)
UNION ALL
SELECT k.chain, k.seq, k.hash, COALESCE(n.at, '1970-01-01T00:00:00.000000Z')
FROM kept AS k LEFT JOIN newest AS n ON n.chain = k.chain
WHERE n.chain IS NULL OR k.seq >= n.seq;

DELETE FROM meta WHERE key >= 'head ' AND key < 'head!';
