//! The node's own work: what was committed, on its way to the connections; marks, on their way to a commit; and who
//! is there.

mod marks;
mod presence;

use crate::bus::{BusReader, Hint, Signal};
use crate::context::Context;
use crate::hub::Members;
use crate::rooms::ReadMembers;
use std::sync::Arc;
use tripchat_protocol::{Rev, RoomId};

pub use marks::gather;
pub use presence::tell;

/// Hands everything committed to those who listen, until the store is gone.
pub async fn run(mut bus: BusReader, context: Arc<Context>) {
    while let Some(signal) = bus.next().await {
        match signal {
            Signal::Committed(hints) => {
                for hint in &hints {
                    deliver(&context, hint).await;
                }
            }
            Signal::Overflowed => {
                tracing::warn!("hints were lost; every connection reads again");
                context.hub.heal_all();
            }
        }
    }
}

async fn deliver(context: &Context, hint: &Hint) {
    match hint {
        Hint::Change(change) => {
            if let Some(room) = change.stream.room() {
                know_members(context, room, change.members_rev).await;
            }
            context.hub.deliver(change);
        }
        Hint::Marks(marks) => {
            know_members(context, marks.room, marks.members_rev).await;
            context.hub.deliver_marks(marks);
        }
    }
}

/// A node that knows less than a hint reads first: what happens after somebody has gone must not reach them, however
/// late the node hears of it.
async fn know_members(context: &Context, room: RoomId, members_rev: Rev) {
    if !context.hub.needs_members(room, members_rev) {
        return;
    }
    match context.store.read(ReadMembers { room }).await {
        Ok(now) => context.hub.set_members(room, Members { rev: now.members_rev, people: now.people }),
        Err(error) => {
            error.log();
            context.hub.distrust(room);
        }
    }
}
