-- The server's data. This file is the documentation of the data model; the PostgreSQL twin beside it differs in
-- types only. Ids are UUIDs as 16 bytes, times UTC milliseconds, money minor units.

-- People. An e-mail is kept in lower case, is unique in a tenant and is never shown to others.
CREATE TABLE users (
    id            BLOB NOT NULL PRIMARY KEY,
    tenant        TEXT NOT NULL,
    email         TEXT NOT NULL,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,           -- argon2id, PHC string
    created_at    INTEGER NOT NULL,
    UNIQUE (tenant, email)
) STRICT;

-- One sign-in on one device. The refresh token is kept as SHA-256; the one before it stays valid for a minute, so
-- that an answer lost on the road does not sign anyone out.
CREATE TABLE session (
    id            BLOB NOT NULL PRIMARY KEY,
    user_id       BLOB NOT NULL REFERENCES users (id),
    tenant        TEXT NOT NULL,
    device_id     BLOB NOT NULL,
    refresh_hash  BLOB NOT NULL,
    previous_hash BLOB,
    rotated_at    INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    ended_at      INTEGER                      -- signed out, or a stolen refresh token was noticed
) STRICT;
CREATE INDEX session_by_user ON session (user_id);

-- Secrets that the server makes for itself at its first start.
CREATE TABLE server_key (
    purpose    TEXT NOT NULL PRIMARY KEY,  -- sign (Ed25519 seed) or refresh (HMAC key)
    secret     BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- A numbered sequence of changes: a room's, or a person's inbox (docs/protocol.md, section 1). head is raised in
-- the transaction that makes the change, so the numbers have no gap.
CREATE TABLE stream (
    id         BLOB NOT NULL PRIMARY KEY,  -- of the room or the person
    epoch      INTEGER NOT NULL,
    head       INTEGER NOT NULL,
    touched_at INTEGER NOT NULL
) STRICT;

-- What streams hold, messages aside: each object as it was last announced, with the number of that change. A trip
-- stands in several streams, each with a number of its own.
CREATE TABLE object (
    stream_id BLOB NOT NULL REFERENCES stream (id),
    kind      TEXT NOT NULL,
    id        BLOB NOT NULL,
    rev       INTEGER NOT NULL,
    body      TEXT NOT NULL,               -- the JSON of the wire
    PRIMARY KEY (stream_id, kind, id)
) STRICT;
CREATE UNIQUE INDEX object_by_rev ON object (stream_id, rev);

CREATE TABLE room (
    id         BLOB NOT NULL PRIMARY KEY,
    tenant     TEXT NOT NULL,
    type       TEXT NOT NULL,
    name       TEXT,
    trip_id    BLOB,
    created_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    is_active  INTEGER NOT NULL
) STRICT;

-- Who may see what: one row a stay, from the first to the last change of the room that may be read.
CREATE TABLE membership (
    room_id   BLOB NOT NULL REFERENCES room (id),
    user_id   BLOB NOT NULL REFERENCES users (id),
    role      TEXT NOT NULL,
    from_rev  INTEGER NOT NULL,
    to_rev    INTEGER,                         -- empty while the stay goes on
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id, joined_at)
) STRICT;
CREATE INDEX membership_by_user ON membership (user_id);
-- At most one stay of a person goes on at a time.
CREATE UNIQUE INDEX membership_current ON membership (room_id, user_id) WHERE to_rev IS NULL;

-- Messages. seq is the number of the change that made it, rev that of its last change. The id is its writer's:
-- a repeat is recognised for ever, and request_hash tells whether it is the same request.
CREATE TABLE message (
    room_id      BLOB NOT NULL REFERENCES room (id),
    seq          INTEGER NOT NULL,
    rev          INTEGER NOT NULL,
    id           BLOB NOT NULL,
    author_id    BLOB NOT NULL REFERENCES users (id),
    body         TEXT NOT NULL,            -- the JSON of the wire
    at           INTEGER NOT NULL,
    written_at   INTEGER NOT NULL,
    request_hash BLOB NOT NULL,            -- SHA-256 of room and body as first sent
    PRIMARY KEY (room_id, seq)
) STRICT;
CREATE UNIQUE INDEX message_by_rev ON message (room_id, rev);
CREATE UNIQUE INDEX message_by_author ON message (author_id, id);
CREATE UNIQUE INDEX message_by_id ON message (room_id, id);

CREATE TABLE trip (
    id             BLOB NOT NULL PRIMARY KEY,
    tenant         TEXT NOT NULL,
    room_id        BLOB NOT NULL REFERENCES room (id),
    driver_id      BLOB NOT NULL REFERENCES users (id),
    status         TEXT NOT NULL,
    vehicle_model  TEXT NOT NULL,
    vehicle_colour TEXT NOT NULL,
    vehicle_plate  TEXT NOT NULL,
    seats          INTEGER NOT NULL,
    seats_taken    INTEGER NOT NULL CHECK (seats_taken >= 0 AND seats_taken <= seats),
    price_minor    INTEGER NOT NULL,
    currency       TEXT NOT NULL,
    luggage_note   TEXT NOT NULL,
    starts_at      INTEGER NOT NULL,           -- of its first stop, for the list
    created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX trip_by_start ON trip (tenant, starts_at);

-- The stops of a trip in order; the first is its origin, the last its destination.
CREATE TABLE stop (
    trip_id  BLOB NOT NULL REFERENCES trip (id),
    position INTEGER NOT NULL,
    place    TEXT NOT NULL,
    zone     TEXT NOT NULL,                -- IANA time zone of the place
    at       INTEGER NOT NULL,
    PRIMARY KEY (trip_id, position)
) STRICT;

CREATE TABLE booking (
    id           BLOB NOT NULL PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,     -- that people can say
    trip_id      BLOB NOT NULL REFERENCES trip (id),
    passenger_id BLOB NOT NULL REFERENCES users (id),
    seats        INTEGER NOT NULL,
    status       TEXT NOT NULL,
    requested_at INTEGER NOT NULL
) STRICT;
CREATE INDEX booking_by_trip ON booking (trip_id);
CREATE INDEX booking_by_passenger ON booking (passenger_id);
-- One request of a person for a trip at a time.
CREATE UNIQUE INDEX booking_open ON booking (trip_id, passenger_id) WHERE status IN ('requested', 'confirmed', 'boarded');
