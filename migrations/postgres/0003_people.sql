-- As the file of this name for SQLite, where it stands what each column is.

CREATE TABLE post (
    officer TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    from_day TEXT COLLATE "C" NOT NULL,
    until_day TEXT COLLATE "C",
    PRIMARY KEY (officer, role, from_day)
);

CREATE TABLE leave (
    officer TEXT COLLATE "C" NOT NULL,
    from_day TEXT COLLATE "C" NOT NULL,
    to_day TEXT COLLATE "C" NOT NULL,
    substitute TEXT COLLATE "C",
    PRIMARY KEY (officer, from_day)
);

CREATE TABLE delegation (
    giver TEXT COLLATE "C" NOT NULL,
    taker TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    from_day TEXT COLLATE "C" NOT NULL,
    to_day TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (giver, taker, scope, from_day)
);

CREATE TABLE conflict (
    officer TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (officer, subject)
);

CREATE TABLE service (
    officer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    left_on TEXT COLLATE "C",
    email TEXT COLLATE "C"
);

UPDATE wubu SET schema = 3;
