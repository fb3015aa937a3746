-- What a bureau of the second version says itself: kinds of inspections, and what numbers look like.

PRAGMA user_version = 10;

-- None for inspections of before, and of sources that know no kinds.
ALTER TABLE inspection ADD COLUMN kind TEXT;

-- The text a document's number is written by; none for the commonest.
ALTER TABLE document ADD COLUMN number_text TEXT;

-- Running numbers of orders that a home had given before a year began, where numbers begin anew with it.
CREATE TABLE order_year (
    home   TEXT    NOT NULL,
    year   INTEGER NOT NULL,
    before INTEGER NOT NULL,
    PRIMARY KEY (home, year)
) STRICT, WITHOUT ROWID;
