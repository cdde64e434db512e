//! Notifications: one for each room with something new, replaced by the next, taken away when the room was read.
//!
//! A task of their own shows them: what the desktop does with one never holds up the window or the core.

mod board;
#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod desk;
#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod desk;
mod said;
mod slip;

use crate::preferences::Chosen;
use desk::Desk;
use slip::Slip;
use std::collections::BTreeSet;
use tauri::AppHandle;
use tokio::sync::{mpsc, oneshot};
use tripchat_core::view::Notice;
use tripchat_protocol::RoomId;

/// What the task is asked.
#[derive(Debug)]
enum Ask {
    /// Show this in place of its room's last one.
    Show(Slip),
    /// Take the room's away.
    Withdraw(RoomId),
    /// Take all away but those of these rooms; tell when it is done.
    Keep(BTreeSet<RoomId>, Option<oneshot::Sender<()>>),
}

/// The way to the task.
#[derive(Debug, Clone)]
pub struct Notices(mpsc::UnboundedSender<Ask>);

impl Notices {
    /// Starts the task, which ends with the last of its handles.
    pub fn start(app: AppHandle) -> Self {
        let (asks, to_do) = mpsc::unbounded_channel();
        tauri::async_runtime::spawn(run(Desk::new(app), to_do));
        Self(asks)
    }

    /// Shows it, as the person wants notifications.
    pub fn show(&self, notice: &Notice, chosen: &Chosen) {
        self.ask(Ask::Show(Slip::of(notice, chosen)));
    }

    /// Takes the room's away.
    pub fn withdraw(&self, room: RoomId) {
        self.ask(Ask::Withdraw(room));
    }

    /// Takes away those of all other rooms.
    pub fn keep_only(&self, rooms: BTreeSet<RoomId>) {
        self.ask(Ask::Keep(rooms, None));
    }

    /// Takes all away, and waits until that is done: nobody hears a click once the app has ended.
    pub async fn end(&self) {
        let (done, wait) = oneshot::channel();
        self.ask(Ask::Keep(BTreeSet::new(), Some(done)));
        if wait.await.is_err() {
            tracing::debug!("the notifications had ended before");
        }
    }

    fn ask(&self, ask: Ask) {
        if self.0.send(ask).is_err() {
            tracing::debug!("the notifications have ended");
        }
    }
}

async fn run(mut desk: Desk, mut to_do: mpsc::UnboundedReceiver<Ask>) {
    loop {
        tokio::select! {
            biased;
            ask = to_do.recv() => match ask {
                Some(Ask::Show(slip)) => desk.show(&slip).await,
                Some(Ask::Withdraw(room)) => desk.withdraw(room).await,
                Some(Ask::Keep(rooms, done)) => {
                    desk.keep_only(&rooms).await;
                    if done.is_some_and(|done| done.send(()).is_err()) {
                        tracing::debug!("nobody waited for the last notification to go");
                    }
                }
                None => break,
            },
            () = desk.hear() => {}
        }
    }
}
