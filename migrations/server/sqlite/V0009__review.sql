-- What the two people of a booking said of each other once the ride was over, each once.
CREATE TABLE review (
    booking_id BLOB NOT NULL REFERENCES booking (id),
    author_id  BLOB NOT NULL REFERENCES users (id),
    subject_id BLOB NOT NULL REFERENCES users (id),
    stars      INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    text       TEXT NOT NULL,
    at         INTEGER NOT NULL,           -- when it was first written; from then on its time to be changed runs
    PRIMARY KEY (booking_id, author_id)
) STRICT;
-- A person's reviews are counted with every trip of theirs that is shown, and read newest first.
CREATE INDEX review_by_subject ON review (subject_id, at, booking_id, stars);
