//! The inbox and rooms, as they are read.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]
#![expect(clippy::needless_pass_by_value, reason = "a command owns what it is given")]

use crate::core::Core;
use tauri::State;
use tripchat_core::CoreError;
use tripchat_core::view::{Hit, InboxRow, Place, RoomView, TimelineView};
use tripchat_protocol::RoomId;

#[tauri::command]
pub async fn inbox(core: State<'_, Core>) -> Result<Vec<InboxRow>, CoreError> {
    core.client()?.inbox().await
}

#[tauri::command]
pub async fn room(core: State<'_, Core>, room: RoomId) -> Result<RoomView, CoreError> {
    core.client()?.room(room).await
}

#[tauri::command]
pub async fn timeline(
    core: State<'_, Core>,
    room: RoomId,
    place: Place,
    limit: u32,
) -> Result<TimelineView, CoreError> {
    core.client()?.timeline(room, place, limit).await
}

#[tauri::command]
pub async fn search(
    core: State<'_, Core>,
    query: String,
    room: Option<RoomId>,
    limit: u32,
) -> Result<Vec<Hit>, CoreError> {
    core.client()?.search(query, room, limit).await
}

#[tauri::command]
pub fn visible(core: State<'_, Core>, room: Option<RoomId>) -> Result<(), CoreError> {
    core.client()?.visible(room);
    Ok(())
}
