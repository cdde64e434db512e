-- What people say of themselves. name is what others see: the name of their business, if they gave one; their own name
-- then stands in own_name. Of who deleted their account the row stays, for what refers to it, and says nothing.
ALTER TABLE users ADD COLUMN own_name TEXT;
ALTER TABLE users ADD COLUMN username TEXT;                   -- in lower case, unique in a tenant
ALTER TABLE users ADD COLUMN deleted_at BIGINT;
CREATE UNIQUE INDEX users_by_username ON users (tenant, username);

-- One-time codes with which a forgotten password is replaced, as SHA-256; a new one takes the place of the last.
CREATE TABLE reset_code (
    user_id    BYTEA NOT NULL PRIMARY KEY REFERENCES users (id),
    hash       BYTEA NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);
