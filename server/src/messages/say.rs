//! What the server says by itself, inside the transaction of what it is about.

use crate::error::{Error, Result};
use crate::store::{NewMessage, Tx};
use crate::tokens::sha256;
use tripchat_protocol::{Body, Message, MessageId, RoomId, System, UserId};

/// Records in `room` what `author` has done. It is a message like any other to those who read it.
///
/// # Errors
/// The failure of the database.
pub async fn say(tx: &mut Tx, room: RoomId, author: UserId, id: MessageId, said: System) -> Result<Message> {
    let body = Body::System(said);
    let json = serde_json::to_vec(&body).map_err(|error| Error::internal(error.to_string()))?;
    // Unlike that of any request: nobody who sends the same is told that it was taken.
    let request_hash = sha256(&[b"said by the server", id.0.as_bytes(), room.0.as_bytes(), &json]);
    let new = NewMessage { id, author, body, written_at: tx.now(), request_hash };
    tx.record_message(room, new).await
}
