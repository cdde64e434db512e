//! What a platform's backend reads and says in the rooms of its trips and bookings.

use super::say::say;
use crate::error::{Error, Result};
use crate::rights::{self, Acting};
use crate::store::tables::{message, stream};
use crate::store::{Job, Tx, to_json};
use crate::tokens::{Scope, Service};
use tripchat_protocol::rest::{History, Placed};
use tripchat_protocol::{ErrorCode, Message, MessageId, Object, RoomId, Seq, StreamId, System};
use uuid::Uuid;

/// Largest message that a platform words by parameters, in bytes of JSON.
const LARGEST: usize = 2_048;

/// Reads a page of a room's messages as they stand, the newest first asked for.
#[derive(Debug)]
pub struct ReadServed {
    /// The platform.
    pub by: Service,
    /// Which room.
    pub room: RoomId,
    /// Those just before this place; none: the newest.
    pub before: Option<Seq>,
    /// Those just after this place, in place of it.
    pub after: Option<Seq>,
    /// At most so many.
    pub limit: i64,
}

impl Job for ReadServed {
    type Out = History;

    async fn run(&self, tx: &mut Tx) -> Result<History> {
        let Self { by, room, before, after, limit } = self;
        rights::service(tx, by, Scope::RoomsRead).await?;
        rights::served(tx, by, *room).await?;
        let (epoch, _) = stream::head(tx, StreamId::Room(*room)).await?;
        let mut messages: Vec<Placed> = match after {
            Some(after) => message::all_after(tx, *room, *after, limit + 1).await?,
            None => {
                let before = before.unwrap_or(Seq(i64::MAX));
                message::all_before(tx, *room, before, limit + 1).await?
            }
        };
        let limit = usize::try_from(*limit).unwrap_or(0);
        let has_more = messages.len() > limit;
        messages.truncate(limit);
        if after.is_none() {
            messages.reverse();
        }
        Ok(History { epoch, messages, has_more })
    }
}

/// Posts what each reader's app words.
#[derive(Debug)]
pub struct PostSystem {
    /// The platform.
    pub by: Service,
    /// In which room.
    pub room: RoomId,
    /// What.
    pub said: System,
    /// The message's id.
    pub id: MessageId,
}

impl Job for PostSystem {
    type Out = Message;

    async fn run(&self, tx: &mut Tx) -> Result<Message> {
        let Self { by, room, said, id } = self;
        rights::service(tx, by, Scope::MessagesSystem).await?;
        if !rights::served(tx, by, *room).await?.is_active {
            return Err(ErrorCode::RoomInactive.into());
        }
        let message = say(tx, *room, by.author(), *id, said.clone()).await?;
        // Its parameters are somebody's texts; nobody reads a page of them.
        let object = Object::Message(message);
        if to_json(&object)?.len() > LARGEST {
            return Err(ErrorCode::TooLarge.into());
        }
        let Object::Message(message) = object else { return Err(Error::internal("not a message")) };
        Ok(message)
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.room.0)
    }
}
