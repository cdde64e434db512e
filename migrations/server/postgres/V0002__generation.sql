-- Which of a device's connections counts. A device raises its generation at each connect; an operation of an older
-- connection, one that hung somewhere on the road while a newer one was made, is refused (docs/protocol.md, section 2).
ALTER TABLE session ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
