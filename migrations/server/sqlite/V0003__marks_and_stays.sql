-- How far people have got, what they set, what became of their messages, and stays that end.

-- members_rev: the rev at which the room's members changed last; every hint carries it, so that a node that knows an
-- older list of them reads it before it hands anything on. marks: how often the marks of the room were changed.
ALTER TABLE stream ADD COLUMN members_rev INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN marks INTEGER NOT NULL DEFAULT 0;
UPDATE stream SET members_rev =
    COALESCE((SELECT MAX(rev) FROM object WHERE stream_id = stream.id AND kind = 'member'), 0);

-- Who may see what: one row a stay, from the first to the last change of the room that may be read. It takes the place
-- of membership, whose key was a time: two stays may begin within one millisecond.
CREATE TABLE stay (
    room_id   BLOB NOT NULL REFERENCES room (id),
    user_id   BLOB NOT NULL REFERENCES users (id),
    number    INTEGER NOT NULL,                -- 1 for the person's first stay in the room
    role      TEXT NOT NULL,
    from_rev  INTEGER NOT NULL,
    to_rev    INTEGER,                         -- empty while the stay goes on
    since     INTEGER NOT NULL,                -- the change of the room with which it began
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id, number)
) STRICT;
CREATE INDEX stay_by_user ON stay (user_id);
-- At most one stay of a person goes on at a time.
CREATE UNIQUE INDEX stay_current ON stay (room_id, user_id) WHERE to_rev IS NULL;
INSERT INTO stay (room_id, user_id, number, role, from_rev, to_rev, since, joined_at)
    SELECT room_id, user_id, ROW_NUMBER() OVER (PARTITION BY room_id, user_id ORDER BY joined_at), role, from_rev, to_rev,
           COALESCE((SELECT rev FROM object
                     WHERE stream_id = membership.room_id AND kind = 'member' AND id = membership.user_id), from_rev),
           joined_at
    FROM membership;
DROP TABLE membership;
-- The members say since when they are there, as the protocol now asks.
UPDATE object SET body = substr(body, 1, length(body) - 1) || ',"since":' || rev || '}' WHERE kind = 'member';

-- What a person has of a room, over all their stays and devices: how far they have got, and what they set. The marks
-- begin with the stay: what is older is not unread.
CREATE TABLE own (
    room_id       BLOB NOT NULL REFERENCES room (id),
    user_id       BLOB NOT NULL REFERENCES users (id),
    delivered     INTEGER NOT NULL,
    read          INTEGER NOT NULL,
    favourite     INTEGER NOT NULL,
    muted_until   INTEGER,
    archived      INTEGER NOT NULL,
    marked_unread INTEGER NOT NULL,
    draft         TEXT,
    PRIMARY KEY (room_id, user_id)
) STRICT;
INSERT INTO own (room_id, user_id, delivered, read, favourite, archived, marked_unread)
    SELECT room_id, user_id, MAX(since), MAX(since), 0, 0, 0 FROM stay GROUP BY room_id, user_id;

-- A message that was taken away keeps its row, its place and the hash of its request; only what it says is gone.
ALTER TABLE message ADD COLUMN edit_no INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN edited_at INTEGER;
ALTER TABLE message ADD COLUMN deleted_at INTEGER;

-- What messages said before, each version with the change that made it: for disputes, and for those who left before
-- a text was changed.
CREATE TABLE message_version (
    room_id   BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    rev       INTEGER NOT NULL,
    edit_no   INTEGER NOT NULL,
    edited_at INTEGER,
    body      TEXT NOT NULL,                   -- the JSON of the wire
    PRIMARY KEY (room_id, seq, rev),
    FOREIGN KEY (room_id, seq) REFERENCES message (room_id, seq)
) STRICT;
