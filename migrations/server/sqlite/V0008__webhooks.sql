-- Where platforms want to be told what happens (Standard Webhooks 1.0), and what is on its way there.

CREATE TABLE webhook (
    id               BLOB NOT NULL PRIMARY KEY,
    tenant           TEXT NOT NULL,
    url              TEXT NOT NULL,
    events           TEXT NOT NULL,             -- parted by spaces: room.created booking.*; empty: all
    secret           BLOB NOT NULL,             -- signs what is sent; the platform has it too
    old_secret       BLOB,                      -- the one before it signs beside it until old_until
    old_until        INTEGER,
    created_at       INTEGER NOT NULL,
    disabled_at      INTEGER,
    disabled_because TEXT
) STRICT;
CREATE INDEX webhook_by_tenant ON webhook (tenant);

-- Written in the transaction of what it tells of, and gone once the platform has taken it. Whoever sends one moves
-- due_at ahead first: another node does not send it meanwhile, and does if this one was killed.
CREATE TABLE webhook_message (
    id         BLOB NOT NULL PRIMARY KEY,       -- the same at each attempt: a platform knows a repeat by it
    webhook_id BLOB NOT NULL REFERENCES webhook (id),
    type       TEXT NOT NULL,
    subject    BLOB NOT NULL,                   -- what it is about
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,                -- that were begun
    due_at     INTEGER                          -- empty: given up
) STRICT;
CREATE INDEX webhook_message_due ON webhook_message (due_at);
CREATE INDEX webhook_message_by_webhook ON webhook_message (webhook_id, due_at);
CREATE INDEX webhook_message_by_subject ON webhook_message (subject);
CREATE INDEX webhook_message_by_age ON webhook_message (created_at);
