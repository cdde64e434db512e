//! Where all the streams of a person stand, in one snapshot: what a connection compares with what it has told.

use crate::error::Result;
use crate::rights;
use crate::store::tables::stream;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use std::collections::BTreeMap;
use tripchat_protocol::{Head, MarksNo, StreamId};

/// Reads where the caller's streams stand: the inbox and the rooms they are in.
#[derive(Debug)]
pub struct ReadStands {
    /// For whom.
    pub by: Caller,
}

impl Job for ReadStands {
    type Out = BTreeMap<StreamId, Head>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        rights::session(tx, &self.by).await?;
        let inbox = StreamId::User(self.by.user);
        let (epoch, head) = stream::head(tx, inbox).await?;
        let mut stands = BTreeMap::from([(inbox, Head(epoch, head, MarksNo(0)))]);
        for (room, it) in stream::heads_of(tx, self.by.user).await? {
            stands.insert(StreamId::Room(room), Head(it.epoch, it.head, it.marks));
        }
        Ok(stands)
    }
}
