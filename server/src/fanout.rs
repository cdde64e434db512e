//! From the bus to the connections of this node.

use crate::bus::{BusReader, Hint, Signal};
use crate::hub::Hub;
use std::sync::Arc;

/// Hands every committed change to those who listen, until the store is gone.
pub async fn run(mut bus: BusReader, hub: Arc<Hub>) {
    while let Some(signal) = bus.next().await {
        match signal {
            Signal::Committed(hints) => {
                for hint in hints {
                    if let Hint::Change(change) = hint {
                        hub.deliver(&change);
                    }
                }
            }
            Signal::Overflowed => {
                tracing::warn!("hints were lost; every connection reads again");
                hub.heal_all();
            }
        }
    }
}
