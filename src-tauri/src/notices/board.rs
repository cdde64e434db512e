//! Which notification belongs to which room: one for each.

use std::collections::{BTreeMap, BTreeSet};
use tripchat_protocol::RoomId;

/// What hangs there now, by the numbers that the system gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Board(BTreeMap<RoomId, u32>);

impl Board {
    /// The notification that a new one of `room` replaces.
    pub fn of(&self, room: RoomId) -> Option<u32> {
        self.0.get(&room).copied()
    }

    /// A notification of `room` is shown as number `id`.
    pub fn shown(&mut self, room: RoomId, id: u32) {
        // A number is given anew once its notification is gone, which we may not have been told.
        self.0.retain(|_, other| *other != id);
        self.0.insert(room, id);
    }

    /// Takes away that of `room`, which is to be closed.
    pub fn withdraw(&mut self, room: RoomId) -> Option<u32> {
        self.0.remove(&room)
    }

    /// Takes away those of all rooms but `kept`, which are to be closed.
    pub fn withdraw_others(&mut self, kept: &BTreeSet<RoomId>) -> Vec<u32> {
        let (stay, go) = std::mem::take(&mut self.0).into_iter().partition(|(room, _)| kept.contains(room));
        self.0 = stay;
        let go: BTreeMap<RoomId, u32> = go;
        go.into_values().collect()
    }

    /// The room of number `id`, when it was clicked.
    pub fn room(&self, id: u32) -> Option<RoomId> {
        self.0.iter().find(|(_, shown)| **shown == id).map(|(room, _)| *room)
    }

    /// Number `id` was closed by the person or the system.
    pub fn closed(&mut self, id: u32) {
        self.0.retain(|_, shown| *shown != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const A: RoomId = RoomId(Uuid::from_u128(1));
    const B: RoomId = RoomId(Uuid::from_u128(2));

    #[test]
    fn a_room_has_one_notification_which_the_next_replaces() {
        let mut board = Board::default();
        assert_eq!(board.of(A), None);
        board.shown(A, 5);
        assert_eq!((board.of(A), board.of(B)), (Some(5), None));
        board.shown(A, 6);
        assert_eq!((board.of(A), board.room(5), board.room(6)), (Some(6), None, Some(A)));
    }

    #[test]
    fn what_is_closed_or_withdrawn_is_not_replaced_any_more() {
        let mut board = Board::default();
        board.shown(A, 5);
        board.shown(B, 6);
        assert_eq!(board.withdraw(A), Some(5));
        assert_eq!(board.withdraw(A), None);
        board.closed(6);
        assert_eq!(board, Board::default());
    }

    #[test]
    fn a_number_that_is_given_again_belongs_to_its_new_room_only() {
        let mut board = Board::default();
        board.shown(A, 5);
        board.shown(B, 5);
        assert_eq!((board.of(A), board.room(5)), (None, Some(B)));
    }

    #[test]
    fn all_but_some_are_withdrawn_together() {
        let mut board = Board::default();
        board.shown(A, 5);
        board.shown(B, 6);
        assert_eq!(board.withdraw_others(&BTreeSet::from([B])), [5]);
        assert_eq!(board.withdraw_others(&BTreeSet::new()), [6]);
        assert_eq!(board, Board::default());
    }
}
