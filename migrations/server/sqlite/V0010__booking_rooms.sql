-- The private room of a booking, passenger and driver: one each. Bookings of an older server have none until somebody
-- asks for it, or the booking moves.
ALTER TABLE room ADD COLUMN booking_id BLOB REFERENCES booking (id);
CREATE UNIQUE INDEX room_by_booking ON room (booking_id);

-- What the server says for the record only: it is not unread, and not the newest line of a list.
ALTER TABLE message ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
