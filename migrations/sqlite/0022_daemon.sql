-- The daemons that are there, so that they share the work. On a file there is one at most, and it says nothing here.

PRAGMA user_version = 21022;

CREATE TABLE daemon (
    -- Given by the server when it first signs in.
    id   TEXT    NOT NULL PRIMARY KEY,
    -- When it was last there, by the server's clock, in microseconds.
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
