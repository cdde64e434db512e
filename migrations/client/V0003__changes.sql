-- The outbox also holds changes to one's own messages, in the same lane: what was written first leaves first.
ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT 'send' CHECK (kind IN ('send', 'edit', 'delete'));
-- The message that an edit or a delete is about; '' for a send, which is its own.
ALTER TABLE outbox ADD COLUMN message TEXT NOT NULL DEFAULT '';
-- The version that an edit replaces.
ALTER TABLE outbox ADD COLUMN edit_no INTEGER NOT NULL DEFAULT 0;
-- Until when a message is worth sending, by the server's clock; NULL for ever.
ALTER TABLE outbox ADD COLUMN send_by INTEGER;

-- What the person wants of a room and the server does not know yet: the last value stands, so there is one row for
-- each thing. A row is committed before any network and goes in the transaction that stores the answer, unless the
-- person has changed their mind meanwhile, which gives it another id.
CREATE TABLE intent (
    room TEXT NOT NULL,
    -- read, favourite, muted_until, archived, marked_unread, draft.
    what TEXT NOT NULL,
    -- Rises with each change of mind: reading clears a mark as unread that was set before it, and not one set after.
    position INTEGER NOT NULL UNIQUE,
    -- The operation's id.
    id TEXT NOT NULL UNIQUE,
    -- JSON of the value.
    value TEXT NOT NULL,
    PRIMARY KEY (room, what)
) STRICT;
