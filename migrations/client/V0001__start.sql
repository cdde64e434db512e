-- What one account has on one device. All of it but the outbox is a copy of the server's truth and may be thrown
-- away and read again; the outbox is what the person wrote and the server does not have yet.

-- How far each stream (room:<id>, user:<id>) is stored. The row moves in the same transaction that stores the
-- objects, and never past what is stored.
CREATE TABLE cursor (
    stream TEXT NOT NULL PRIMARY KEY,
    -- Names one life of the stream; another epoch voids what is here.
    epoch INTEGER NOT NULL,
    rev INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every object but messages, as it last came: upserted by rev, newer wins.
CREATE TABLE object (
    stream TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    rev INTEGER NOT NULL,
    -- The object as JSON, its kind included; of a kind that this version does not know, word for word.
    body TEXT NOT NULL,
    PRIMARY KEY (stream, kind, id)
) STRICT, WITHOUT ROWID;

-- Messages, in the order of their rooms.
CREATE TABLE message (
    room TEXT NOT NULL,
    -- The rev at which it was made: its place, for ever.
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    author TEXT NOT NULL,
    -- The rev of its last change.
    rev INTEGER NOT NULL,
    -- JSON of the body.
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (room, seq),
    -- Ids are their writers': unique per author and room, and nothing more.
    UNIQUE (room, author, id)
) STRICT, WITHOUT ROWID;

-- What was written here and is not stored by the server yet. A row is committed before the input is cleared and
-- before any network, and goes only in the transaction that stores its result.
CREATE TABLE outbox (
    -- The order of writing; a room's rows are sent in it, one at a time.
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The message's id, the same at every attempt, so that the server knows a repeat.
    id TEXT NOT NULL UNIQUE,
    room TEXT NOT NULL,
    text TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    -- 1 from before the first byte left: from then on the server may have it.
    attempted INTEGER NOT NULL DEFAULT 0 CHECK (attempted IN (0, 1)),
    -- The code with which the server refused it, or '' while it waits.
    refusal TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX outbox_by_room ON outbox (room, position);
