-- Where platforms want to be told what happens (Standard Webhooks 1.0), and what is on its way there.

CREATE TABLE webhook (
    id               BYTEA NOT NULL PRIMARY KEY,
    tenant           TEXT NOT NULL,
    url              TEXT NOT NULL,
    events           TEXT NOT NULL,             -- parted by spaces: room.created booking.*; empty: all
    secret           BYTEA NOT NULL,             -- signs what is sent; the platform has it too
    old_secret       BYTEA,                      -- the one before it signs beside it until old_until
    old_until        BIGINT,
    created_at       BIGINT NOT NULL,
    disabled_at      BIGINT,
    disabled_because TEXT
);
CREATE INDEX webhook_by_tenant ON webhook (tenant);

-- Written in the transaction of what it tells of, and gone once the platform has taken it. Whoever sends one moves
-- due_at ahead first: another node does not send it meanwhile, and does if this one was killed.
CREATE TABLE webhook_message (
    id         BYTEA NOT NULL PRIMARY KEY,       -- the same at each attempt: a platform knows a repeat by it
    webhook_id BYTEA NOT NULL REFERENCES webhook (id),
    type       TEXT NOT NULL,
    subject    BYTEA NOT NULL,                   -- what it is about
    body       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,                -- that were begun
    due_at     BIGINT                          -- empty: given up
);
CREATE INDEX webhook_message_due ON webhook_message (due_at);
CREATE INDEX webhook_message_by_webhook ON webhook_message (webhook_id, due_at);
CREATE INDEX webhook_message_by_subject ON webhook_message (subject);
CREATE INDEX webhook_message_by_age ON webhook_message (created_at);
