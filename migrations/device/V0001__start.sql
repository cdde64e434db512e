-- What one installation of the app knows about itself and about who uses it. No secret is kept here.

-- One row. The server tells the devices of a person apart by the id, and a connection that is stuck from the
-- newest one by the generation, which is raised at every connect.
CREATE TABLE device (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    -- The server that was used last, or '' before the first sign-in.
    server TEXT NOT NULL DEFAULT '',
    -- Who is signed in there, or '' when nobody is.
    account TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- Everyone who signed in here and has not signed out: their cache may hold unsent messages.
CREATE TABLE account (
    server TEXT NOT NULL,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (server, user)
) STRICT, WITHOUT ROWID;
