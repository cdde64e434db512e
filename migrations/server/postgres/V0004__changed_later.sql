-- Messages that changed after they were made, in the order of their changes: a client that was away for long is sent
-- those, while most of what was made since is left out (docs/protocol.md, rule 2.16). They are few among many.
CREATE INDEX message_changed_later ON message (room_id, rev) WHERE rev > seq;
