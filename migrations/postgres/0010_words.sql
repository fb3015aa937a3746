-- As the file of this name for SQLite, where it stands what each column is.

ALTER TABLE inspection ADD COLUMN kind TEXT COLLATE "C";

ALTER TABLE document ADD COLUMN number_text TEXT COLLATE "C";

CREATE TABLE order_year (
    home TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    before BIGINT NOT NULL,
    PRIMARY KEY (home, year)
);

UPDATE wubu SET schema = 10;
