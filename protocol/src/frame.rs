//! The frames of the socket: the only list. JSON text, `{"type": …}`.

use crate::error::{ErrorCode, Retry};
use crate::ids::{ConnectionId, DeviceId, MessageId, OperationId, RoomId, UserId};
use crate::limits::Limits;
use crate::member::{Availability, PersonMarks, Presence, Setting};
use crate::message::Body;
use crate::object::Object;
use crate::stream::{Cursor, Epoch, Head, Hole, MarksNo, Rev, RoomCursor, Seq, StreamId};
use crate::{Message, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a client sends. Unknown types and fields are refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of a connection.
    Hello(Hello),
    /// A new message.
    Send(Send),
    /// Another text for one's own message.
    Edit(Edit),
    /// Takes one's own message away, for everybody.
    Delete(Delete),
    /// The person has read up to a message.
    Read(Mark),
    /// The device has stored everything up to a message.
    Delivered(Mark),
    /// Changes something of one's own about a room.
    Set(Set),
    /// The person is writing. Never answered, never stored.
    Typing(Typing),
    /// How far the person wants to be seen as present. Never answered, never stored.
    Presence(SetPresence),
    /// Asks for the changes of a stream after a cursor.
    CatchUp(CatchUp),
    /// Hands in a fresh token for the same session.
    Authenticate(Authenticate),
    /// Asks for a sign of life.
    Ping(Empty),
    /// The answer to `ping`.
    Pong(Empty),
}

/// What the server sends. Clients ignore types that they do not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "one frame at a time is made, and sent or read at once")]
pub enum ServerFrame {
    /// The answer to `hello`.
    Welcome(Welcome),
    /// Where streams stand: at the beginning every room that moved, later whatever changed, at most 20 s after it.
    Heads(Heads),
    /// A page of changes.
    Changes(Changes),
    /// Everything that had happened before `hello` was sent.
    Synced(Empty),
    /// One live change.
    Change(LiveChange),
    /// The stream may not be read (any more).
    Gone(Gone),
    /// How far the people of a room have got: whole, and newer by its number. Lost ones are found by `heads`.
    Marks(Marks),
    /// Somebody is writing.
    Typing(SomebodyTypes),
    /// Who is there.
    Presence(People),
    /// An operation was done, and is durable.
    Ok(Done),
    /// An operation, or the connection, was refused.
    Error(Failure),
    /// The token is about to expire: send `authenticate`.
    Reauthenticate(Empty),
    /// The server is about to restart: come again, at a time of one's own choice within the span.
    Drain(Drain),
    /// Asks for a sign of life.
    Ping(Empty),
    /// The answer to `ping`.
    Pong(Empty),
    /// A type of a later version.
    #[serde(other)]
    Unknown,
}

/// A frame without fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// See [`ClientFrame::Hello`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// Protocol versions that the client speaks.
    pub versions: Vec<u16>,
    /// The installation.
    pub device: DeviceId,
    /// A number that the device stores and raises at each connect.
    pub generation: u64,
    /// Name and version of the app, for the logs; at most 64 characters.
    pub app: String,
    /// The access token, where headers cannot be set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// How far the inbox is stored; absent on a fresh device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox: Option<Cursor>,
    /// How far each room is stored; at most [`crate::limits::HELLO_ROOMS`].
    #[serde(default)]
    pub rooms: BTreeMap<RoomId, RoomCursor>,
}

/// See [`ClientFrame::Send`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// The message's id, made by the writer; a repeat returns the first result.
    pub id: MessageId,
    /// Where it goes.
    pub room: RoomId,
    /// What it says.
    #[serde(deserialize_with = "crate::strict::strict")]
    pub body: Body,
    /// When it was written, by the writer's clock.
    pub written_at: Millis,
    /// Until when it is worth sending, by the server's clock; refused with `TOO_LATE` afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_by: Option<Millis>,
}

/// See [`ClientFrame::Edit`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The operation.
    pub id: OperationId,
    /// The room of the message.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
    /// The version that it replaces; another one is a `CONFLICT`, unless the text is already so.
    pub edit_no: u32,
    /// What it says from now on.
    #[serde(deserialize_with = "crate::strict::strict")]
    pub body: Body,
}

/// See [`ClientFrame::Delete`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delete {
    /// The operation.
    pub id: OperationId,
    /// The room of the message.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
}

/// See [`ClientFrame::Read`] and [`ClientFrame::Delivered`]. Marks only rise; a lower one changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The operation.
    pub id: OperationId,
    /// The room.
    pub room: RoomId,
    /// The epoch in which the seq counts; in another one the mark means nothing, and is a `CONFLICT`.
    pub epoch: Epoch,
    /// The last message that is meant.
    pub seq: Seq,
}

/// See [`ClientFrame::Set`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// The operation.
    pub id: OperationId,
    /// The room.
    pub room: RoomId,
    /// What, and to what.
    pub set: Setting,
}

/// See [`ClientFrame::Typing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typing {
    /// Where.
    pub room: RoomId,
}

/// See [`ClientFrame::Presence`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPresence {
    /// At most this.
    pub state: Availability,
}

/// See [`ClientFrame::CatchUp`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatchUp {
    /// The stream.
    pub stream: StreamId,
    /// How far it is stored; absent for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Cursor>,
    /// The marks that are known; if the server has others, they follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<MarksNo>,
}

/// See [`ClientFrame::Authenticate`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authenticate {
    /// The access token.
    pub token: String,
}

/// See [`ServerFrame::Welcome`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The version that both speak from here on.
    pub version: u16,
    /// The connection, for the logs.
    pub connection: ConnectionId,
    /// Who is signed in.
    pub user: UserId,
    /// The server's clock.
    pub server_time: Millis,
    /// After this much quiet the server pings.
    pub heartbeat_ms: u64,
    /// Sizes to keep to.
    pub limits: Limits,
    /// When the token expires.
    pub token_expires_at: Millis,
}

/// See [`ServerFrame::Heads`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heads {
    /// At the beginning: the rooms that moved while the client was away, newest activity first; enough for the rows
    /// of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms: Vec<RoomHead>,
    /// Later: where the streams stand that changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub streams: BTreeMap<StreamId, Head>,
}

/// Where a room's stream stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoomHead {
    /// The room.
    pub room: RoomId,
    /// Its stream's epoch.
    pub epoch: Epoch,
    /// Its last change.
    pub head: Rev,
    /// The number of its marks.
    pub marks: MarksNo,
    /// How many messages the person has not read, at most [`crate::limits::UNREAD_MAX`].
    pub unread: u32,
    /// Its newest message.
    pub newest: Option<Message>,
}

/// One change: the object as it then stood, or `null` if it is withheld.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Its number.
    pub rev: Rev,
    /// The object.
    pub object: Option<Object>,
}

/// See [`ServerFrame::Change`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveChange {
    /// The stream.
    pub stream: StreamId,
    /// Its epoch.
    pub epoch: Epoch,
    /// The change's number.
    pub rev: Rev,
    /// The object, or `null` if it is withheld.
    pub object: Option<Object>,
}

/// See [`ServerFrame::Changes`]. Objects changed in `(from, upto]`, each once, in the order of their revs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// The stream.
    pub stream: StreamId,
    /// Its epoch.
    pub epoch: Epoch,
    /// The rev after which the page begins.
    pub from: Rev,
    /// The rev up to which the client is whole once it has stored the page.
    pub upto: Rev,
    /// The changes.
    pub objects: Vec<Change>,
    /// Whether another page follows.
    pub more: bool,
    /// Whether what the client has of this stream is void: forget it, then store the page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
    /// The catch-up is limited: messages between these may be missing. On every page of it, the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hole: Option<Hole>,
}

/// See [`ServerFrame::Gone`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// The stream.
    pub stream: StreamId,
    /// The last rev that may be kept, if any may.
    pub to_rev: Option<Rev>,
}

/// See [`ServerFrame::Marks`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// The room.
    pub room: RoomId,
    /// The epoch in which the seqs count.
    pub epoch: Epoch,
    /// The number of these marks: whoever has a higher one ignores them.
    pub marks: MarksNo,
    /// Everybody's; in rooms of more than [`crate::limits::RECEIPTS_ROOM`] people one's own alone.
    pub people: Vec<PersonMarks>,
}

/// See [`ServerFrame::Typing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SomebodyTypes {
    /// Where.
    pub room: RoomId,
    /// Who.
    pub user: UserId,
}

/// See [`ServerFrame::Presence`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Those whose presence is told now. Who was never told of is offline.
    pub people: BTreeMap<UserId, Presence>,
}

/// See [`ServerFrame::Drain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drain {
    /// The span.
    pub within_ms: u64,
}

/// See [`ServerFrame::Ok`]. It follows the durable commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The operation, for `send` the message's id; absent for `authenticate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<OperationId>,
    /// The stream that it changed; absent where it changed none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamId>,
    /// The number of the change; of a repeated `send`, of the last change of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<Rev>,
    /// The message's place in the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// When the server took it.
    pub at: Millis,
    /// Whether it had been done before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub duplicate: bool,
}

/// See [`ServerFrame::Error`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The operation; absent if the connection itself is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<OperationId>,
    /// What went wrong.
    pub code: ErrorCode,
    /// What to do with the operation.
    pub retry: Retry,
    /// How long to wait before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// One English sentence.
    pub message: String,
}

impl Failure {
    /// The refusal of `id` (or of the connection) with `code`.
    #[must_use]
    pub fn new(id: Option<OperationId>, code: ErrorCode) -> Self {
        Self { id, code, retry: code.retry(), retry_after_ms: None, message: code.message().into() }
    }
}

/// WebSocket close codes (RFC 6455, section 7.4.2: 4000–4999 are the application's).
pub mod close {
    /// A frame that cannot be read.
    pub const BAD_FRAME: u16 = 4001;
    /// No `hello` in time.
    pub const NO_HELLO: u16 = 4003;
    /// No token, a wrong one, or an expired one.
    pub const TOKEN: u16 = 4004;
    /// Too fast.
    pub const RATE: u16 = 4008;
    /// Silence.
    pub const IDLE: u16 = 4009;
    /// No common version: stop.
    pub const VERSION: u16 = 4010;
    /// The client does not read.
    pub const SLOW: u16 = 4011;
    /// The server is going away.
    pub const DRAIN: u16 = 4012;
    /// A newer connection of the device took over.
    pub const REPLACED: u16 = 4013;
    /// The session was ended: stop.
    pub const REVOKED: u16 = 4014;
}
