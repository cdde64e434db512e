//! Who listens to which room.

use super::change;
use super::outbox::Outbox;
use crate::ws::push_frame;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// The rooms.
#[derive(Debug, Default)]
pub struct Rooms(Mutex<HashMap<Uuid, Arc<Mutex<Room>>>>);

#[derive(Debug, Default)]
struct Room {
    head: i64,
    listeners: Vec<Arc<Outbox>>,
}

/// A connection; dropping it ends its listening.
pub struct Guest<'a> {
    pub rooms: &'a Rooms,
    pub outbox: &'a Arc<Outbox>,
}

impl Rooms {
    /// `outbox` listens to `room` from now on.
    pub fn enter(&self, room: Uuid, outbox: &Arc<Outbox>) {
        let room = self.room(room);
        room.lock().unwrap_or_else(PoisonError::into_inner).listeners.push(outbox.clone());
    }

    /// Tells all who listen of a new message, worded once; its rev is the next one, if it has none.
    pub fn tell(&self, room: Uuid, rev: Option<i64>, message: impl FnOnce(i64) -> String) {
        let entry = self.room(room);
        let mut entry = entry.lock().unwrap_or_else(PoisonError::into_inner);
        entry.head = rev.unwrap_or(entry.head + 1);
        let mut frame = Vec::new();
        push_frame(&mut frame, false, change(room, entry.head, &message(entry.head)).as_bytes());
        entry.listeners.iter().for_each(|outbox| outbox.push_bytes(&frame));
    }

    fn room(&self, room: Uuid) -> Arc<Mutex<Room>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(room).or_default().clone()
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        for room in self.rooms.0.lock().unwrap_or_else(PoisonError::into_inner).values() {
            let mut room = room.lock().unwrap_or_else(PoisonError::into_inner);
            room.listeners.retain(|other| !Arc::ptr_eq(other, self.outbox));
        }
    }
}
