//! The desktop that shows notifications, where it speaks D-Bus.

use super::board::Board;
use super::bus::{Bus, Heard};
use super::slip::Slip;
use crate::lead::lead;
use crate::links::Target;
use std::collections::BTreeSet;
use std::future::pending;
use tauri::AppHandle;
use tripchat_protocol::RoomId;

/// The desktop, and what it shows of ours.
pub struct Desk {
    app: AppHandle,
    bus: Option<Bus>,
    board: Board,
    /// Whether it was said already that there is none.
    said: bool,
}

impl Desk {
    /// Nothing is shown, and nothing connected before something is.
    pub fn new(app: AppHandle) -> Self {
        Self { app, bus: None, board: Board::default(), said: false }
    }

    /// Shows it in place of its room's last one.
    pub async fn show(&mut self, slip: &Slip) {
        match self.try_show(slip).await {
            Ok(id) => {
                self.said = false;
                self.board.shown(slip.room, id);
            }
            // Not every desktop shows notifications, and one that does may be starting.
            Err(error) if !self.said => {
                self.said = true;
                tracing::info!(%error, "there is nobody to show a notification");
            }
            Err(_) => {}
        }
    }

    /// Takes the room's away.
    pub async fn withdraw(&mut self, room: RoomId) {
        if let Some(id) = self.board.withdraw(room) {
            self.close(id).await;
        }
    }

    /// Takes away those of all other rooms.
    pub async fn keep_only(&mut self, rooms: &BTreeSet<RoomId>) {
        for id in self.board.withdraw_others(rooms) {
            self.close(id).await;
        }
    }

    /// Hears what the person does with one. Never ends while there is nothing to hear; may be dropped at any time.
    pub async fn hear(&mut self) {
        let Some(bus) = &mut self.bus else { return pending().await };
        match bus.hear().await {
            Heard::Clicked(id) => {
                if let Some(room) = self.board.room(id) {
                    lead(&self.app, Target::Room(room));
                }
            }
            Heard::Closed(id) => self.board.closed(id),
            Heard::Nothing => {}
            Heard::Silence => {
                self.bus = None;
                self.board = Board::default();
            }
        }
    }

    async fn try_show(&mut self, slip: &Slip) -> zbus::Result<u32> {
        let bus = match &self.bus {
            Some(bus) => bus,
            None => self.bus.insert(Bus::connect().await?),
        };
        bus.show(slip, self.board.of(slip.room).unwrap_or_default()).await
    }

    async fn close(&self, id: u32) {
        let Some(bus) = &self.bus else { return };
        if let Err(error) = bus.close(id).await {
            tracing::debug!(%error, "a notification could not be taken away");
        }
    }
}
