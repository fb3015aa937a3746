-- What is told after commit stands in the outbox, as it is called everywhere.

PRAGMA user_version = 8;

-- Its two indexes keep their names: making them anew would read the whole table.
ALTER TABLE errand RENAME TO outbox;
