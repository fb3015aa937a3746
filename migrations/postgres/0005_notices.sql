-- As the file of this name for SQLite, where it stands what each column is.

ALTER TABLE errand ADD COLUMN cause TEXT COLLATE "C";

CREATE INDEX errand_waiting ON errand (next_at, home, seq, version, ordinal) WHERE state = 'waiting';

CREATE INDEX errand_dead ON errand (cause, home, seq, version, ordinal) WHERE state = 'dead';

CREATE TABLE notice (
    channel TEXT COLLATE "C" NOT NULL,
    receiver TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    holds TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    next_at TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C",
    PRIMARY KEY (channel, receiver, key)
);

CREATE INDEX notice_gathering ON notice (channel, receiver) WHERE state = 'gathering';

CREATE INDEX notice_waiting ON notice (next_at, channel, receiver, key) WHERE state = 'waiting';

CREATE INDEX notice_dead ON notice (cause, channel, receiver, key) WHERE state = 'dead';

UPDATE wubu SET schema = 5;
