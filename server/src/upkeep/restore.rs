//! What a database that was put back from a backup needs before anybody is let in.

use super::ledger::Entry;
use crate::accounts;
use crate::error::Result;
use crate::store::tables::{ledger, message};
use crate::store::{Job, Store, Tx};
use tripchat_protocol::{Body, Message, MessageId, RoomId, UserId};
use tripchat_runtime::Sources;

/// Entries in one transaction.
const TOGETHER: usize = 1_000;
/// Epochs are numbers of 53 bits, so that a JavaScript number holds them.
const EPOCHS: u64 = (1 << 53) - 2;

/// What was done.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Streams that have another epoch now.
    pub streams: i64,
    /// Messages that were taken away again.
    pub messages: usize,
    /// Sign-ins and service tokens that were ended again.
    pub sessions: usize,
}

/// Gives every stream a new epoch: clients may have seen what comes after the backup, and its numbers are given anew.
/// Then does what the ledger says: what was taken away stays so.
///
/// # Errors
/// The failure of the database. It can be done again.
pub async fn make_anew(store: &Store, ledger: &[Entry], sources: &Sources) -> Result<Restored> {
    let step = i64::try_from(1 + sources.below(EPOCHS - 1)).unwrap_or(1);
    let mut restored = Restored { streams: store.write(NewEpochs { step }).await?, ..Restored::default() };
    for some in ledger.chunks(TOGETHER) {
        let (messages, sessions) = store.write(Replay { entries: some.to_vec() }).await?;
        restored.messages += messages;
        restored.sessions += sessions;
    }
    Ok(restored)
}

struct NewEpochs {
    step: i64,
}

impl Job for NewEpochs {
    type Out = i64;

    async fn run(&self, tx: &mut Tx) -> Result<i64> {
        ledger::new_epochs(tx, self.step).await
    }
}

struct Replay {
    entries: Vec<Entry>,
}

impl Job for Replay {
    type Out = (usize, usize);

    async fn run(&self, tx: &mut Tx) -> Result<(usize, usize)> {
        let (mut messages, mut sessions) = (0, 0);
        for entry in &self.entries {
            match *entry {
                Entry::Message { room, message, .. } => {
                    messages += usize::from(take_away(tx, room, message).await?)
                }
                Entry::Session { at, session } => {
                    sessions += usize::from(ledger::end_session(tx, session, at).await?);
                }
                Entry::Person { person, .. } => sessions += forget(tx, person).await?,
                Entry::Token { at, token } => sessions += usize::from(ledger::revoke(tx, token, at).await?),
            }
        }
        Ok((messages, sessions))
    }
}

/// Takes a message away as its writer did; whether it stood.
async fn take_away(tx: &mut Tx, room: RoomId, id: MessageId) -> Result<bool> {
    let Some(found) = message::by_id(tx, room, id).await? else { return Ok(false) };
    if found.message.body == Body::Deleted {
        return Ok(false);
    }
    tx.record_version(room, Message { body: Body::Deleted, ..found.message }).await?;
    Ok(true)
}

/// Deletes an account again; how many sign-ins that ended.
async fn forget(tx: &mut Tx, person: UserId) -> Result<usize> {
    match ledger::tenant_of(tx, person).await? {
        Some(tenant) => Ok(accounts::forget(tx, &tenant, person).await?.len()),
        None => Ok(0),
    }
}
