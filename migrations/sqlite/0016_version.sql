-- Texts that orders are pinned to and no release is named by: those of bureaus whose stations change
-- something, and those of the stations.
CREATE TABLE policy_version (
    digest  TEXT    NOT NULL PRIMARY KEY,  -- of the effective text
    release INTEGER NOT NULL               -- a release that holds it
) STRICT, WITHOUT ROWID;
-- What a station's overlay touches is the station's subjects: those of its home, and those that moved to it.
CREATE INDEX subject_moved ON subject (station) WHERE station <> home;
-- Overlays that were only kept until now are in force from the next pass on.
INSERT INTO mark (home, subject) SELECT home, id FROM subject WHERE EXISTS (
    SELECT 1 FROM release WHERE number = (SELECT MAX(number) FROM release) AND files LIKE '%"stations/%')
ON CONFLICT (home, subject) DO NOTHING;
-- Why a change was proposed; wanted where it drops a standing item.
ALTER TABLE proposal ADD COLUMN reason TEXT;
PRAGMA user_version = 16;
