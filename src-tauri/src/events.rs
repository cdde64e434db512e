//! The core's events, handed to the window, the notifications and what can be seen from outside.

use crate::face::Face;
use crate::notices::Notices;
use crate::preferences::Preferences;
use crate::way::Way;
use std::collections::BTreeSet;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::broadcast::error::RecvError;
use tripchat_core::{Client, ClientEvent};

/// The name under which the window hears them.
const EVENT: &str = "tripchat";

/// Where events go.
struct Ears {
    app: AppHandle,
    face: Face,
    notices: Notices,
}

/// Hands on everything that the core tells, until the core ends.
pub fn forward(client: Client, app: AppHandle, face: Face, notices: Notices) {
    let mut events = client.subscribe();
    let ears = Ears { app, face, notices };
    // Owned by the runtime of the window, and ended by the end of the core.
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => ears.hear(&event),
                Err(RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "the window is slow: it looks at everything again");
                    ears.catch_up(&client).await;
                }
                Err(RecvError::Closed) => break,
            }
        }
    });
}

impl Ears {
    fn hear(&self, event: &ClientEvent) {
        match event {
            // A notification is no business of the page.
            ClientEvent::Notify { notice } => {
                self.notices.show(notice, &self.app.state::<Preferences>().now());
                return;
            }
            ClientEvent::Withdraw { room } => {
                self.notices.withdraw(*room);
                return;
            }
            ClientEvent::SignedOut { .. } => {
                self.app.state::<Way>().left();
                self.notices.keep_only(BTreeSet::new());
            }
            ClientEvent::Connection { .. } | ClientEvent::Inbox | ClientEvent::Room { .. } => {}
        }
        self.emit(event);
        self.face.changed();
    }

    /// What stands for everything that was missed: how the connection is now, and "look at it all".
    async fn catch_up(&self, client: &Client) {
        match client.start_view().await {
            Ok(start) => self.emit(&ClientEvent::Connection { connection: start.connection }),
            Err(error) => tracing::warn!(code = ?error.code, "the core does not answer"),
        }
        match client.inbox().await {
            Ok(inbox) => {
                let unread = inbox.iter().filter(|row| row.unread > 0).map(|row| row.room);
                self.notices.keep_only(unread.collect());
            }
            Err(error) => tracing::debug!(code = ?error.code, "there is no inbox"),
        }
        self.emit(&ClientEvent::Inbox);
        self.face.changed();
    }

    fn emit(&self, event: &ClientEvent) {
        if let Err(error) = self.app.emit(EVENT, event) {
            tracing::warn!(%error, "an event did not reach the window");
        }
    }
}
