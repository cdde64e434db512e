-- What platforms were answered under which Idempotency-Key, in the transaction of what was done: a repeat gets the same
-- answer, also after a crash between the commit and the answer. Kept for a day.
CREATE TABLE answer (
    tenant       TEXT NOT NULL,
    key          TEXT NOT NULL,
    request_hash BLOB NOT NULL,            -- SHA-256 of method, path and body
    status       INTEGER NOT NULL,
    body         TEXT NOT NULL,            -- the JSON
    at           INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT;
CREATE INDEX answer_by_time ON answer (at);

-- The platform's own id of a trip.
ALTER TABLE trip ADD COLUMN reference TEXT;
CREATE UNIQUE INDEX trip_by_reference ON trip (tenant, reference);
