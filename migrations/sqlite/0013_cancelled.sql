-- An order that was cancelled no longer counts as overdue: whoever has one is judged again by the next tick.
INSERT OR IGNORE INTO mark (home, subject)
SELECT DISTINCT home, subject FROM orders WHERE state = 'cancelled' AND subject_kind = 'subject';
PRAGMA user_version = 13;
