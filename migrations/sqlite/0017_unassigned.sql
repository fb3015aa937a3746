-- Open orders that nobody has in hand: they go to whoever holds the duty when people come.

PRAGMA user_version = 17;

CREATE INDEX order_unassigned ON orders (home, seq) WHERE state = 'open' AND assignees = '[]';
