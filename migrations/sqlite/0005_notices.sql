-- What leaves the building: which messages there are, what each holds, and how often it was tried.

PRAGMA user_version = 5;

-- Why an errand was given up, such as `nobody/role/法制科`.
ALTER TABLE errand ADD COLUMN cause TEXT;

CREATE INDEX errand_waiting ON errand (next_at) WHERE state = 'waiting';

CREATE INDEX errand_dead ON errand (cause) WHERE state = 'dead';

-- One message by one channel to one receiver. What it holds is fixed when it is sealed, before it
-- is first tried; from then on its key is the receiver's. One message lists errands of several
-- homes, so its key begins with none of them.
CREATE TABLE notice (
    channel  TEXT    NOT NULL,              -- inbox | mail | webhook
    receiver TEXT    NOT NULL,              -- officer, or the webhook's id
    key      TEXT    NOT NULL,              -- '' while it gathers
    holds    TEXT    NOT NULL,              -- JSON [[home, seq, version, ordinal], …], in order
    state    TEXT    NOT NULL,              -- gathering | waiting | done | dead
    attempts INTEGER NOT NULL,
    next_at  TEXT    NOT NULL,              -- gathering: since when; done, dead: when
    cause    TEXT,                          -- why it was not delivered the last time
    PRIMARY KEY (channel, receiver, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_gathering ON notice (channel, receiver) WHERE state = 'gathering';

CREATE INDEX notice_waiting ON notice (next_at) WHERE state = 'waiting';

CREATE INDEX notice_dead ON notice (cause) WHERE state = 'dead';
