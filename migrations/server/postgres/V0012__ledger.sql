-- What was taken away or ended is written into a ledger beside the data, so that a backup of before does not bring it
-- back: these find what is new.
CREATE INDEX message_deleted ON message (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX session_ended ON session (ended_at) WHERE ended_at IS NOT NULL;
