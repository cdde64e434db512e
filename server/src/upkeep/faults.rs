//! What must be so in every database, asked of the rows themselves. Each rule is one statement that gives what breaks it.

use crate::error::Result;
use crate::store::{Job, Tx};

/// A rule that is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, in words.
    pub what: &'static str,
    /// How often.
    pub count: i64,
}

/// The rules. Each statement counts the rows that break one.
const RULES: [(&str, &str); 13] = [
    (
        "streams whose last change is not there",
        "SELECT COUNT(*) FROM stream WHERE head <> COALESCE((SELECT MAX(rev) FROM
            (SELECT rev FROM object WHERE stream_id = stream.id
             UNION ALL SELECT rev FROM message WHERE room_id = stream.id) AS revs), 0)",
    ),
    (
        "changes of a stream with one number",
        "SELECT COUNT(*) FROM object JOIN message ON message.room_id = object.stream_id AND message.rev = object.rev",
    ),
    (
        "objects without a stream",
        "SELECT COUNT(*) FROM object WHERE stream_id NOT IN (SELECT id FROM stream)",
    ),
    ("rooms without a stream", "SELECT COUNT(*) FROM room WHERE id NOT IN (SELECT id FROM stream)"),
    (
        "people who have signed in and have no inbox",
        "SELECT COUNT(*) FROM users WHERE id NOT IN (SELECT id FROM stream)
            AND id IN (SELECT user_id FROM session)",
    ),
    (
        "messages that changed before they were made",
        "SELECT COUNT(*) FROM message WHERE rev < seq OR seq < 1",
    ),
    (
        "messages that were deleted and still say something",
        "SELECT COUNT(*) FROM message WHERE (deleted_at IS NOT NULL) <> (body LIKE '%\"kind\":\"DELETED\"%')",
    ),
    (
        "earlier versions of messages that are later than the last",
        "SELECT COUNT(*) FROM message_version
         JOIN message ON message.room_id = message_version.room_id AND message.seq = message_version.seq
         WHERE message_version.rev >= message.rev",
    ),
    (
        "streams whose members changed after the last change",
        "SELECT COUNT(*) FROM stream WHERE members_rev > head",
    ),
    (
        "stays that end before they begin, or after the room's last change",
        "SELECT COUNT(*) FROM stay JOIN stream ON stream.id = stay.room_id
         WHERE stay.to_rev IS NOT NULL AND (stay.to_rev > stream.head OR stay.to_rev < stay.since)",
    ),
    (
        "marks beyond the room's last change, or read but not delivered",
        "SELECT COUNT(*) FROM own JOIN stream ON stream.id = own.room_id
         WHERE own.delivered > stream.head OR own.read > own.delivered",
    ),
    (
        "trips whose seats are not those of their bookings",
        "SELECT COUNT(*) FROM trip WHERE seats_taken <> COALESCE((SELECT SUM(seats) FROM booking
            WHERE trip_id = trip.id AND status IN ('confirmed', 'boarded', 'no_show', 'completed')), 0)",
    ),
    (
        "streams with a number that is none",
        "SELECT COUNT(*) FROM stream WHERE epoch < 1 OR epoch > 9007199254740991 OR head < 0 OR marks < 0",
    ),
];

/// Looks for what is wrong; nothing, if all is well.
#[derive(Debug)]
pub struct FindFaults;

impl Job for FindFaults {
    type Out = Vec<Fault>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Fault>> {
        let mut faults = Vec::new();
        for (what, sql) in RULES {
            let row = tx.one(sql, &[]).await?;
            let count = row.map_or(Ok(0), |mut row| row.take(0))?;
            if count > 0 {
                faults.push(Fault { what, count });
            }
        }
        Ok(faults)
    }
}
