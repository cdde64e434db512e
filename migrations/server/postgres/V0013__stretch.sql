-- At which of the trip's stops a booking's people get in and out, by their positions; empty: at the first, at the last.
-- The seats are taken for the whole trip all the same.
ALTER TABLE booking ADD COLUMN pickup BIGINT;
ALTER TABLE booking ADD COLUMN dropoff BIGINT;
