//! Who comes and goes, told to those who share a room with them.

use crate::context::Context;
use crate::rooms::ReadCompanions;
use std::sync::Arc;
use tripchat_protocol::ServerFrame;
use tripchat_protocol::frame::People;

/// Tells what changes, for ever.
pub async fn tell(context: Arc<Context>) {
    loop {
        for (user, presence) in context.presences.news().await {
            // Asked each time: who shares no room any more is told nothing.
            match context.store.read(ReadCompanions { user }).await {
                Ok(companions) => {
                    let frame = ServerFrame::Presence(People { people: [(user, presence)].into() });
                    context.hub.deliver_presence(user, &companions, &frame);
                }
                Err(error) => error.log(),
            }
        }
    }
}
