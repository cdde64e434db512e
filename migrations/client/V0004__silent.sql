-- Whether the server said it for the record only: it is not unread, and not the newest line of a list.
ALTER TABLE message ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
-- An older version of the app kept them as kinds that it did not know.
UPDATE message SET silent = 1
    WHERE json_extract(body, '$.kind') = 'SYSTEM'
      AND json_extract(body, '$.code') IN ('BOARDED', 'NO_SHOW', 'JOINED', 'LEFT');
DROP INDEX message_standing;
CREATE INDEX message_standing ON message (room, seq, author) WHERE deleted = 0 AND silent = 0;
