-- The requests that wait for an answer, by when they were made: the server ends those that nobody answered in time.
CREATE INDEX booking_requested ON booking (requested_at) WHERE status = 'requested';
