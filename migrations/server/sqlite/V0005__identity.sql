-- Who people are: their sign-ins, the keys that sign their tokens, and those who come from other issuers.

-- Which app signed in, as its User-Agent says: a person recognises the devices in the list of their sessions by it.
ALTER TABLE session ADD COLUMN app TEXT;

-- The keys that sign access tokens, several so that one takes over from the other without a token being refused: a new
-- one is published before it signs, an old one verifies until the last token that it signed has expired.
CREATE TABLE signing_key (
    seed          BLOB NOT NULL PRIMARY KEY,    -- Ed25519
    created_at    INTEGER NOT NULL,
    signs_from    INTEGER NOT NULL,             -- until the next one does
    token_seconds INTEGER NOT NULL              -- the longest life of a token that it signs
) STRICT;
-- Tokens live for an hour at most.
INSERT INTO signing_key (seed, created_at, signs_from, token_seconds)
    SELECT secret, created_at, created_at, 3600 FROM server_key WHERE purpose = 'sign';
DELETE FROM server_key WHERE purpose = 'sign';

-- People who come with a token of another issuer: its name and its name for the person say who it is, and there is
-- neither an e-mail nor a password here.
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;

CREATE TABLE identity (
    tenant     TEXT NOT NULL,
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    user_id    BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, issuer, subject)
) STRICT;
CREATE INDEX identity_by_user ON identity (user_id);
