-- What a platform's backend calls with. Only the hash of its secret is kept; a revoked one stays, so that the list says
-- what there was. Each is somebody in users too, by the same id: the author of what it does in rooms.
CREATE TABLE service_token (
    id           BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    tenant       TEXT NOT NULL,
    name         TEXT NOT NULL,
    scopes       TEXT NOT NULL,            -- with a space between them
    secret_hash  BLOB NOT NULL,            -- SHA-256
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER,                     -- to the minute
    revoked_at   INTEGER
) STRICT;

-- The language that a person reads (RFC 5646), as their platform or they themselves said.
ALTER TABLE users ADD COLUMN locale TEXT;
