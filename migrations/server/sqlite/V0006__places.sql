-- The words of a place as they are compared, without case and marks, a space before each: trips are found by their
-- beginnings. Empty for stops of an older server, until this one opens the database: SQL alone cannot fold them.
ALTER TABLE stop ADD COLUMN folded TEXT;
CREATE INDEX stop_by_time ON stop (at);
