-- What was handed in late keeps both moments: when it came, and the earlier one its sender wrote.
ALTER TABLE submission ADD COLUMN written TEXT;
PRAGMA user_version = 11;
