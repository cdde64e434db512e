//! To whom the node may hand what is never stored: who writes, and who is there.

use super::{Members, ReadMembers};
use crate::error::Result;
use crate::rights;
use crate::store::tables::stay;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use std::collections::BTreeSet;
use tripchat_protocol::{RoomId, UserId};

/// Reads who is in `room`, for somebody who is.
#[derive(Debug)]
pub struct ReadAudience {
    /// Who asks.
    pub by: Caller,
    /// Which room.
    pub room: RoomId,
}

impl Job for ReadAudience {
    type Out = Members;

    async fn run(&self, tx: &mut Tx) -> Result<Members> {
        rights::session(tx, &self.by).await?;
        rights::member(tx, &self.by, self.room).await?;
        ReadMembers { room: self.room }.run(tx).await
    }
}

/// Reads who shares a room with `user` now, the person included. For the node itself.
#[derive(Debug)]
pub struct ReadCompanions {
    /// Whose companions.
    pub user: UserId,
}

impl Job for ReadCompanions {
    type Out = BTreeSet<UserId>;

    async fn run(&self, tx: &mut Tx) -> Result<BTreeSet<UserId>> {
        let shared = stay::shared_with(tx, self.user).await?;
        Ok(shared.into_iter().map(|(_, user)| user).collect())
    }
}
