//! Which message an edit or a delete means.

use crate::error::Result;
use crate::store::Tx;
use crate::store::tables::{message, stay};
use crate::tokens::Caller;
use tripchat_protocol::frame::Done;
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{Body, ErrorCode, MessageId, Millis, OperationId, RoomId, StreamId};

/// The caller's own message. One that never was, and one that the caller may not see, are answered like one that is
/// no longer there: nobody learns an id by asking.
pub(super) async fn own_message(tx: &mut Tx, by: &Caller, room: RoomId, id: MessageId) -> Result<Placed> {
    let found = message::by_id(tx, room, id).await?.ok_or(ErrorCode::Gone)?;
    if found.message.author == by.user {
        // What the server said in somebody's name is not theirs to change.
        return match found.message.body {
            Body::Text { .. } | Body::Deleted => Ok(found),
            Body::System(_) | Body::Unknown(_) => Err(ErrorCode::Forbidden.into()),
        };
    }
    let seen = stay::intervals(tx, room, by.user).await?.iter().any(|it| it.holds(found.message.seq));
    Err(if seen { ErrorCode::Forbidden } else { ErrorCode::Gone }.into())
}

/// The answer once `message` of `room` stands as it was asked for.
pub(super) fn done(id: OperationId, room: RoomId, message: &Placed, at: Millis, duplicate: bool) -> Done {
    Done {
        id: Some(id),
        stream: Some(StreamId::Room(room)),
        rev: Some(message.rev),
        seq: Some(message.message.seq),
        at,
        duplicate,
    }
}
