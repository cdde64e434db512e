//! What goes out to one connection: whatever waits leaves in one write.

use crate::ws::push_frame;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Notify;

/// See the module.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: Mutex<Vec<u8>>,
    wake: Notify,
}

impl Outbox {
    /// A text frame with `payload`.
    pub fn push(&self, payload: &[u8]) {
        let mut frame = Vec::with_capacity(payload.len() + 10);
        push_frame(&mut frame, false, payload);
        self.push_bytes(&frame);
    }

    /// A whole frame.
    pub fn push_bytes(&self, frame: &[u8]) {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(frame);
        self.wake.notify_one();
    }

    /// Writes until the connection is gone.
    pub async fn run(self: Arc<Self>, mut to: OwnedWriteHalf) {
        let mut bytes = Vec::new();
        loop {
            self.wake.notified().await;
            std::mem::swap(&mut bytes, &mut *self.bytes.lock().unwrap_or_else(PoisonError::into_inner));
            if to.write_all(&bytes).await.is_err() {
                return;
            }
            bytes.clear();
        }
    }
}
