-- The server's data on PostgreSQL. The SQLite twin beside it differs in types only.

-- People. An e-mail is kept in lower case, is unique in a tenant and is never shown to others.
CREATE TABLE users (
    id            BYTEA NOT NULL PRIMARY KEY,
    tenant        TEXT NOT NULL,
    email         TEXT NOT NULL,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,           -- argon2id, PHC string
    created_at    BIGINT NOT NULL,
    UNIQUE (tenant, email)
);

-- One sign-in on one device. The refresh token is kept as SHA-256; the one before it stays valid for a minute, so
-- that an answer lost on the road does not sign anyone out.
CREATE TABLE session (
    id            BYTEA NOT NULL PRIMARY KEY,
    user_id       BYTEA NOT NULL REFERENCES users (id),
    tenant        TEXT NOT NULL,
    device_id     BYTEA NOT NULL,
    refresh_hash  BYTEA NOT NULL,
    previous_hash BYTEA,
    rotated_at    BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    ended_at      BIGINT                      -- signed out, or a stolen refresh token was noticed
);
CREATE INDEX session_by_user ON session (user_id);

-- Secrets that the server makes for itself at its first start.
CREATE TABLE server_key (
    purpose    TEXT NOT NULL PRIMARY KEY,  -- sign (Ed25519 seed) or refresh (HMAC key)
    secret     BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- A numbered sequence of changes: a room's, or a person's inbox (docs/protocol.md, section 1). head is raised in
-- the transaction that makes the change, so the numbers have no gap.
CREATE TABLE stream (
    id         BYTEA NOT NULL PRIMARY KEY,  -- of the room or the person
    epoch      BIGINT NOT NULL,
    head       BIGINT NOT NULL,
    touched_at BIGINT NOT NULL
);

-- What streams hold, messages aside: each object as it was last announced, with the number of that change. A trip
-- stands in several streams, each with a number of its own.
CREATE TABLE object (
    stream_id BYTEA NOT NULL REFERENCES stream (id),
    kind      TEXT NOT NULL,
    id        BYTEA NOT NULL,
    rev       BIGINT NOT NULL,
    body      TEXT NOT NULL,               -- the JSON of the wire
    PRIMARY KEY (stream_id, kind, id)
);
CREATE UNIQUE INDEX object_by_rev ON object (stream_id, rev);

CREATE TABLE room (
    id         BYTEA NOT NULL PRIMARY KEY,
    tenant     TEXT NOT NULL,
    type       TEXT NOT NULL,
    name       TEXT,
    trip_id    BYTEA,
    created_by BYTEA NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    is_active  BIGINT NOT NULL
);

-- Who may see what: one row a stay, from the first to the last change of the room that may be read.
CREATE TABLE membership (
    room_id   BYTEA NOT NULL REFERENCES room (id),
    user_id   BYTEA NOT NULL REFERENCES users (id),
    role      TEXT NOT NULL,
    from_rev  BIGINT NOT NULL,
    to_rev    BIGINT,                         -- empty while the stay goes on
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (room_id, user_id, joined_at)
);
CREATE INDEX membership_by_user ON membership (user_id);
-- At most one stay of a person goes on at a time.
CREATE UNIQUE INDEX membership_current ON membership (room_id, user_id) WHERE to_rev IS NULL;

-- Messages. seq is the number of the change that made it, rev that of its last change. The id is its writer's:
-- a repeat is recognised for ever, and request_hash tells whether it is the same request.
CREATE TABLE message (
    room_id      BYTEA NOT NULL REFERENCES room (id),
    seq          BIGINT NOT NULL,
    rev          BIGINT NOT NULL,
    id           BYTEA NOT NULL,
    author_id    BYTEA NOT NULL REFERENCES users (id),
    body         TEXT NOT NULL,            -- the JSON of the wire
    at           BIGINT NOT NULL,
    written_at   BIGINT NOT NULL,
    request_hash BYTEA NOT NULL,            -- SHA-256 of room and body as first sent
    PRIMARY KEY (room_id, seq)
);
CREATE UNIQUE INDEX message_by_rev ON message (room_id, rev);
CREATE UNIQUE INDEX message_by_author ON message (author_id, id);
CREATE UNIQUE INDEX message_by_id ON message (room_id, id);

CREATE TABLE trip (
    id             BYTEA NOT NULL PRIMARY KEY,
    tenant         TEXT NOT NULL,
    room_id        BYTEA NOT NULL REFERENCES room (id),
    driver_id      BYTEA NOT NULL REFERENCES users (id),
    status         TEXT NOT NULL,
    vehicle_model  TEXT NOT NULL,
    vehicle_colour TEXT NOT NULL,
    vehicle_plate  TEXT NOT NULL,
    seats          BIGINT NOT NULL,
    seats_taken    BIGINT NOT NULL CHECK (seats_taken >= 0 AND seats_taken <= seats),
    price_minor    BIGINT NOT NULL,
    currency       TEXT NOT NULL,
    luggage_note   TEXT NOT NULL,
    starts_at      BIGINT NOT NULL,           -- of its first stop, for the list
    created_at     BIGINT NOT NULL
);
CREATE INDEX trip_by_start ON trip (tenant, starts_at);

-- The stops of a trip in order; the first is its origin, the last its destination.
CREATE TABLE stop (
    trip_id  BYTEA NOT NULL REFERENCES trip (id),
    position BIGINT NOT NULL,
    place    TEXT NOT NULL,
    zone     TEXT NOT NULL,                -- IANA time zone of the place
    at       BIGINT NOT NULL,
    PRIMARY KEY (trip_id, position)
);

CREATE TABLE booking (
    id           BYTEA NOT NULL PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,     -- that people can say
    trip_id      BYTEA NOT NULL REFERENCES trip (id),
    passenger_id BYTEA NOT NULL REFERENCES users (id),
    seats        BIGINT NOT NULL,
    status       TEXT NOT NULL,
    requested_at BIGINT NOT NULL
);
CREATE INDEX booking_by_trip ON booking (trip_id);
CREATE INDEX booking_by_passenger ON booking (passenger_id);
-- One request of a person for a trip at a time.
CREATE UNIQUE INDEX booking_open ON booking (trip_id, passenger_id) WHERE status IN ('requested', 'confirmed', 'boarded');
