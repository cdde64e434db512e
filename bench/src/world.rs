//! Who there is and where, before anything is measured.

use tripchat_runtime::Sources;
use uuid::Uuid;

/// The epoch of every stream that is prepared.
pub const EPOCH: i64 = 7;

/// A person with one device.
#[derive(Debug, Clone)]
pub struct Person {
    /// The account.
    pub user: Uuid,
    /// The sign-in.
    pub session: Uuid,
    /// The access token; empty for servers that ask for none.
    pub token: String,
    /// The place of their room in [`World::rooms`].
    pub room: usize,
}

/// A room.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its id.
    pub id: Uuid,
    /// Its last change before any message: the room itself and its people.
    pub begun: i64,
    /// Its last change.
    pub head: i64,
}

/// Rooms and their people; each person is in one room.
#[derive(Debug, Clone)]
pub struct World {
    /// The rooms.
    pub rooms: Vec<Room>,
    /// The people, room by room.
    pub people: Vec<Person>,
    /// People in each room.
    pub size: usize,
}

impl World {
    /// `rooms` rooms of `size` people, in each `messages` messages.
    pub fn new(rooms: usize, size: usize, messages: usize) -> Self {
        let sources = Sources::system();
        let begun = 1 + size as i64;
        let all = |_| Room { id: sources.uuid(), begun, head: begun + messages as i64 };
        let person = |place: usize| Person {
            user: sources.uuid(),
            session: sources.uuid(),
            token: String::new(),
            room: place / size,
        };
        Self { rooms: (0..rooms).map(all).collect(), people: (0..rooms * size).map(person).collect(), size }
    }

    /// The room of a person.
    pub fn room_of(&self, person: usize) -> &Room {
        &self.rooms[self.people[person].room]
    }
}

/// A text of 110 bytes that names its writer and its number.
pub fn text(writer: usize, number: u64) -> String {
    const REST: &str =
        "we wait at the east exit by the kiosk, blue jacket, two bags, and the bus leaves at a quarte";
    format!("s{writer:05} n{number:09} {REST}")
}

/// Who wrote a message and which of theirs it is, read from JSON with [`text`] in it.
pub fn mark(json: &[u8]) -> Option<(usize, u64)> {
    const BEFORE: &[u8] = b"\"text\":\"s";
    let at = json.windows(BEFORE.len()).position(|it| it == BEFORE)? + BEFORE.len();
    let number = |from: usize, to: usize| std::str::from_utf8(json.get(from..to)?).ok()?.parse::<u64>().ok();
    Some((usize::try_from(number(at, at + 5)?).ok()?, number(at + 7, at + 16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_long_as_promised_and_names_its_writer() {
        assert_eq!(text(12, 345).len(), 110);
        let json = format!(r#"{{"body":{{"kind":"TEXT","text":"{}"}}}}"#, text(12, 345));
        assert_eq!(mark(json.as_bytes()), Some((12, 345)));
        assert_eq!(mark(b"{}"), None);
    }
}
