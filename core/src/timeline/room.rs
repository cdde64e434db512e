//! A room's header, and who is there.

use super::rows::Reader;
use crate::view::{MemberView, RoomView};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tripchat_protocol::{
    Booking, Member, Membership, Own, PersonMarks, Presence, Rev, Room, RoomType, Seq, Standing, Trip, UserId,
};

/// What a header is made of.
#[derive(Debug)]
pub struct RoomParts<'a> {
    /// The membership.
    pub membership: &'a Membership,
    /// What the person set, with what was set here and is not answered yet.
    pub own: Own,
    /// The room.
    pub room: Room,
    /// Its trip.
    pub trip: Option<Trip>,
    /// What it is about, in a booking's room.
    pub booking: Option<Booking>,
    /// How many messages one has not read.
    pub unread: u32,
    /// Up to here one has read.
    pub read: Seq,
    /// Who is writing.
    pub typing: &'a [UserId],
    /// Whose presence was told.
    pub presence: &'a BTreeMap<UserId, Presence>,
}

/// A room's header: current members, the owner first, then by name.
pub fn room_view(reader: Reader<'_>, parts: RoomParts<'_>) -> RoomView {
    let mut here: Vec<&Member> =
        reader.members.iter().filter(|member| member.state == Standing::Current).collect();
    here.sort_by_key(|member| (Reverse(member.role), member.name.to_lowercase(), member.user));
    RoomView {
        room: parts.room.id,
        room_type: parts.room.room_type,
        can_write: parts.room.is_active && parts.membership.state == Standing::Current,
        name: name_of(reader, parts.room.room_type, Some(&parts.room)),
        trip: parts.trip,
        booking: parts.booking,
        members: here.into_iter().map(|member| member_view(reader, member, parts.presence)).collect(),
        state: parts.membership.state,
        unread: parts.unread,
        read: parts.read,
        draft: parts.own.draft,
        typing: parts.typing.iter().map(|user| reader.name(*user)).collect(),
        favourite: parts.own.favourite,
        archived: parts.own.archived,
        muted_until: parts.own.muted_until,
    }
}

/// What a room is called: a booking's by the other one of its two people, any other as it was named.
pub fn name_of(reader: Reader<'_>, room_type: RoomType, room: Option<&Room>) -> Option<String> {
    match room_type {
        RoomType::Booking => {
            reader.members.iter().find(|member| member.user != reader.me).map(|other| other.name.clone())
        }
        _ => room.and_then(|room| room.name.clone()),
    }
}

/// What it is called where nothing else tells of its booking: with the number that people can say.
pub fn full_name_of(name: Option<String>, booking: Option<&Booking>) -> Option<String> {
    match (name, booking) {
        (Some(name), Some(booking)) => Some(format!("{name} · {}", booking.number)),
        (name, _) => name,
    }
}

fn member_view(reader: Reader<'_>, member: &Member, presence: &BTreeMap<UserId, Presence>) -> MemberView {
    let nothing = PersonMarks { user: member.user, delivered: Seq(0), read: Seq(0) };
    let marks = reader.marks.iter().find(|marks| marks.user == member.user).copied().unwrap_or(nothing);
    let Rev(since) = member.since;
    MemberView {
        user: member.user,
        name: member.name.clone(),
        role: member.role,
        me: member.user == reader.me,
        presence: presence.get(&member.user).copied().unwrap_or_default(),
        delivered: marks.delivered,
        read: marks.read,
        since: Seq(since),
    }
}

/// Whether the other one is there: the only other member, else the driver of the trip; none where that is oneself.
pub fn presence_of(
    reader: Reader<'_>,
    trip: Option<&Trip>,
    presence: &BTreeMap<UserId, Presence>,
) -> Option<Presence> {
    let mut others = reader.members.iter().filter(|it| it.state == Standing::Current && it.user != reader.me);
    let other = match (others.next(), others.next()) {
        (Some(only), None) => Some(only.user),
        _ => trip.map(|trip| trip.driver).filter(|driver| *driver != reader.me),
    };
    other.map(|other| presence.get(&other).copied().unwrap_or_default())
}
