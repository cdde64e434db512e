//! The engine: one loop that owns everything.

use super::Parts;
use super::command::Command;
use crate::event::ClientEvent;
use tokio::sync::{broadcast, mpsc};
use tripchat_protocol::ErrorCode;

/// See the module.
pub struct Engine;

impl Engine {
    /// Runs until it is closed or nobody is left who could ask.
    pub async fn run(
        _parts: Parts,
        mut to_do: mpsc::UnboundedReceiver<Command>,
        _events: broadcast::Sender<ClientEvent>,
    ) {
        while let Some(command) = to_do.recv().await {
            command.refuse(ErrorCode::NotSignedIn);
        }
    }
}
