//! The desktops of macOS and Windows. They keep what they show to themselves: it can be neither replaced nor taken
//! away from here, and a room that was read keeps its notification until the person dismisses it.

use super::slip::Slip;
use crate::lead::lead;
use crate::links::Target;
use notify_rust::{Notification, NotificationResponse};
use std::collections::BTreeSet;
use std::future::pending;
use tauri::{AppHandle, Manager};
use tripchat_protocol::RoomId;

/// The desktop.
pub struct Desk {
    app: AppHandle,
}

impl Desk {
    /// Nothing is shown.
    pub fn new(app: AppHandle) -> Self {
        Self { app }
    }

    /// Shows it. A thread waits for the click, which these systems answer only to who waits.
    pub async fn show(&mut self, slip: &Slip) {
        let app = self.app.clone();
        let slip = slip.clone();
        tauri::async_runtime::spawn_blocking(move || {
            let mut notification = Notification::new();
            notification.summary(&slip.title).body(&slip.body);
            #[cfg(windows)]
            notification.app_id(&app.config().identifier);
            let room = slip.room;
            let clicked = |response: &NotificationResponse| {
                if response.is_default_action() {
                    lead(&app, Target::Room(room));
                }
            };
            let shown = notification.show().and_then(|shown| shown.wait_for_response(clicked));
            if let Err(error) = shown {
                tracing::info!(%error, "a notification was not shown");
            }
        });
    }

    /// Not offered here.
    pub async fn withdraw(&mut self, _room: RoomId) {}

    /// Not offered here.
    pub async fn keep_only(&mut self, _rooms: &BTreeSet<RoomId>) {}

    /// Clicks come to the thread that waits for them.
    pub async fn hear(&mut self) {
        pending().await
    }
}
