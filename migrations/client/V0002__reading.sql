-- What a room needs to be read in part, to be counted and to be searched.

-- How often a message was edited, and when last (0: never).
ALTER TABLE message ADD COLUMN edit_no INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN edited_at INTEGER NOT NULL DEFAULT 0;
-- Whether its writer took it away: what is left is its place.
ALTER TABLE message ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
UPDATE message SET deleted = 1 WHERE json_extract(body, '$.kind') = 'DELETED';

-- Unread messages are counted from this index alone: no row with its text is read for it.
CREATE INDEX message_standing ON message (room, seq, author) WHERE deleted = 0;

-- Whose presence changed is looked up in the rooms by this one.
CREATE INDEX object_by_id ON object (kind, id);

-- Stretches of rooms that may miss messages: those with a seq between the two, neither included. They never overlap
-- and are never empty. Written in the transaction that moves the cursor, or that stores what closes them.
CREATE TABLE hole (
    room TEXT NOT NULL,
    after INTEGER NOT NULL,
    before INTEGER NOT NULL CHECK (before > after + 1),
    -- In which the seqs count; NULL until the first answer tells it, for a room that was never read live here.
    epoch INTEGER,
    PRIMARY KEY (room, after)
) STRICT, WITHOUT ROWID;

-- How far the people of a room have got: the last `marks` that came, whole.
CREATE TABLE marks (
    room TEXT NOT NULL PRIMARY KEY,
    epoch INTEGER NOT NULL,
    -- Only rises within the epoch; an older one is ignored.
    number INTEGER NOT NULL,
    -- JSON: [{user, delivered, read}].
    people TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where rooms stood on the server when the last connection began: enough for a row of the list while a room's content
-- is not here, and the count of unread messages where it cannot be made here.
CREATE TABLE head (
    room TEXT NOT NULL PRIMARY KEY,
    epoch INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    -- At most 100, counted by the server at `rev`.
    unread INTEGER NOT NULL,
    -- JSON of the newest message, or '' if there was none.
    newest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Up to which message of a room the person was notified, so that a restart does not do it again.
CREATE TABLE notified (
    room TEXT NOT NULL PRIMARY KEY,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- 1 while a notification of the room may be on the screen.
    shown INTEGER NOT NULL CHECK (shown IN (0, 1))
) STRICT, WITHOUT ROWID;

-- The words of the messages' texts, as they are compared: without marks and case, parted by spaces.
CREATE TABLE words (
    -- The time of the message (ms) times 4096, and a number: the index below gives the newest first by it, and stops
    -- when it has found enough.
    id INTEGER PRIMARY KEY,
    room TEXT NOT NULL,
    seq INTEGER NOT NULL,
    -- The room's id without its dashes: one word, so that the index itself finds within a room.
    place TEXT NOT NULL,
    words TEXT NOT NULL,
    UNIQUE (room, seq)
) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (place, words, content = 'words', content_rowid = 'id', tokenize = 'ascii');
-- What is deleted leaves the index at once, and not when it is next merged.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- The index cannot fall out of step: whatever changes the rows changes it.
CREATE TRIGGER words_come AFTER INSERT ON words BEGIN
    INSERT INTO search (rowid, place, words) VALUES (new.id, new.place, new.words);
END;
CREATE TRIGGER words_go AFTER DELETE ON words BEGIN
    INSERT INTO search (search, rowid, place, words) VALUES ('delete', old.id, old.place, old.words);
END;
CREATE TRIGGER message_goes AFTER DELETE ON message BEGIN
    DELETE FROM words WHERE room = old.room AND seq = old.seq;
END;
CREATE TRIGGER message_changes AFTER UPDATE OF body ON message BEGIN
    DELETE FROM words WHERE room = old.room AND seq = old.seq;
END;
