//! Rows as the screen gets them.

use super::*;
use crate::cache::outbox::Unsent;
use crate::view::{Reach, SendState};
use std::collections::BTreeMap;
use tripchat_protocol::{
    Body, ErrorCode, Member, Membership, Message, MessageId, Own, PersonMarks, Rev, Role, Room, RoomId,
    RoomType, Seq, Standing, UserId,
};
use uuid::Uuid;

fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn member(n: u128, name: &str, role: Role, state: Standing) -> Member {
    Member { user: user(n), name: name.into(), role, state, since: Rev(1) }
}

fn message(id: u128, author: u128, seq: i64) -> Message {
    let body = Body::Text { text: format!("m{id}") };
    let id = MessageId(Uuid::from_u128(id));
    let (seq, at) = (Seq(seq), seq * 10);
    Message { id, seq, author: user(author), body, at, written_at: 0, edit_no: 0, edited_at: None }
}

fn unsent(id: u128, position: i64, refusal: Option<ErrorCode>) -> Unsent {
    Unsent {
        position,
        id: MessageId(Uuid::from_u128(id)),
        room: RoomId(Uuid::from_u128(1)),
        text: format!("u{id}"),
        written_at: 15,
        send_by: None,
        attempted: false,
        refusal,
    }
}

fn people(members: &[Member]) -> Reader<'_> {
    Reader { me: user(1), my_name: "Me", state: Standing::Current, members, marks: &[] }
}

#[test]
fn sent_ones_by_place_then_unsent_ones_in_the_order_of_writing() {
    let members = [member(2, "Bek", Role::Owner, Standing::Ended)];
    let refused = Some(ErrorCode::RoomInactive);
    let rows = rows(
        people(&members),
        &[message(11, 1, 5), message(10, 2, 3)],
        &[unsent(21, 8, None), unsent(20, 7, refused)],
    );
    let seen: Vec<_> = rows
        .iter()
        .map(|row| (row.id.0.as_u128(), row.author_name.as_str(), row.mine, row.state, row.failure))
        .collect();
    assert_eq!(
        seen,
        [
            (10, "Bek", false, SendState::Sent, None),
            (11, "Me", true, SendState::Sent, None),
            (20, "Me", true, SendState::Failed, refused),
            (21, "Me", true, SendState::Waiting, None),
        ]
    );
}

#[test]
fn a_message_reaches_those_who_were_there_and_in_a_large_room_nobody_knows() {
    let marks = [2, 3].map(|n| PersonMarks { user: user(n), delivered: Seq(5), read: Seq(4) });
    let mut members = vec![
        member(1, "Me", Role::Member, Standing::Current),
        member(2, "Bek", Role::Owner, Standing::Current),
        Member { since: Rev(6), ..member(3, "Came later", Role::Member, Standing::Current) },
        member(4, "Left", Role::Member, Standing::Ended),
    ];
    let reach = |members: &[Member]| Reader { marks: &marks, ..people(members) }.reach(&message(10, 1, 5));
    assert_eq!(reach(&members), Some(Reach { of: 1, delivered: 1, read: 0 }));
    members.extend((5..102).map(|n| member(n, "One of many", Role::Member, Standing::Current)));
    assert_eq!(
        reach(&members).map(|reach| reach.of),
        Some(98),
        "a hundred people, oneself and who came later"
    );
    members.push(member(102, "One too many", Role::Member, Standing::Current));
    assert_eq!(reach(&members), None);
}

#[test]
fn a_message_shows_once() {
    let rows = rows(
        people(&[]),
        &[message(10, 1, 3), message(11, 2, 4)],
        &[unsent(10, 1, None), unsent(11, 2, None)],
    );
    let seen: Vec<_> = rows.iter().map(|row| (row.id.0.as_u128(), row.state)).collect();
    assert_eq!(seen, [(10, SendState::Sent), (11, SendState::Sent), (11, SendState::Waiting)]);
}

#[test]
fn members_show_the_owner_first_then_by_name_without_those_who_left() {
    let room = Room {
        id: RoomId(Uuid::from_u128(1)),
        room_type: RoomType::Trip,
        name: None,
        trip: None,
        booking: None,
        created_by: user(2),
        created_at: 0,
        is_active: true,
    };
    let membership = |state| Membership {
        room: room.id,
        room_type: RoomType::Trip,
        role: Role::Member,
        state,
        from_rev: Rev(1),
        to_rev: None,
        own: Own::default(),
        kept: None,
    };
    let members = [
        member(4, "Zhan", Role::Member, Standing::Current),
        member(3, "aida", Role::Member, Standing::Current),
        member(2, "Bek", Role::Owner, Standing::Current),
        member(5, "Gone", Role::Member, Standing::Ended),
    ];
    let view = |state| {
        let membership = membership(state);
        let presence = BTreeMap::new();
        let parts = RoomParts {
            membership: &membership,
            own: Own::default(),
            room: room.clone(),
            trip: None,
            booking: None,
            unread: 0,
            read: Seq(0),
            typing: &[],
            presence: &presence,
        };
        room_view(people(&members), parts)
    };
    let ended = view(Standing::Ended);
    let view = view(Standing::Current);
    assert_eq!(view.members.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["Bek", "aida", "Zhan"]);
    assert!(view.can_write);
    assert!(!ended.can_write);
}

#[test]
fn an_inbox_row_shows_what_waits_and_not_what_was_refused_long_ago() {
    let membership = Membership {
        room: RoomId(Uuid::from_u128(1)),
        room_type: RoomType::Trip,
        role: Role::Member,
        state: Standing::Current,
        from_rev: Rev(1),
        to_rev: None,
        own: Own::default(),
        kept: None,
    };
    let row = |newest: Option<Message>, unsent: &[Unsent]| {
        let unsent = shown_unsent(unsent);
        let presence = BTreeMap::new();
        let parts = RowParts {
            changes: &[],
            membership: &membership,
            own: Own::default(),
            room: None,
            trip: None,
            booking: None,
            newest,
            unsent,
            unread: 0,
            typing: &[],
            presence: &presence,
        };
        inbox_row(people(&[]), parts)
    };
    let waiting = row(Some(message(10, 2, 9)), &[unsent(20, 1, None), unsent(21, 2, Some(ErrorCode::Gone))]);
    assert_eq!(waiting.last.unwrap().state, SendState::Waiting);
    let refused = [unsent(20, 1, Some(ErrorCode::Gone))];
    assert_eq!(row(Some(message(10, 2, 9)), &refused).last.unwrap().text.as_deref(), Some("m10"));
    assert_eq!(row(Some(message(10, 2, 1)), &refused).last.unwrap().state, SendState::Failed);
    assert_eq!(row(None, &[]).last, None);
    assert_eq!(row(Some(message(10, 2, 9)), &[]).active_at, 90);
}

#[test]
fn a_bookings_room_is_called_by_the_other_one() {
    let name = |members: &[Member], room_type, given: Option<&str>| {
        let room = Room {
            id: RoomId(Uuid::from_u128(1)),
            room_type,
            name: given.map(Into::into),
            trip: None,
            booking: None,
            created_by: user(2),
            created_at: 0,
            is_active: true,
        };
        name_of(people(members), room_type, Some(&room))
    };
    let both = [
        member(1, "Me", Role::Member, Standing::Current),
        member(2, "Aigerim", Role::Owner, Standing::Current),
    ];
    assert_eq!(name(&both, RoomType::Booking, None).as_deref(), Some("Aigerim"));
    assert_eq!(name(&both[..1], RoomType::Booking, None), None, "they are not here yet");
    assert_eq!(name(&both, RoomType::Group, Some("Skis")).as_deref(), Some("Skis"));
    assert_eq!(name(&both, RoomType::Trip, None), None);
}
