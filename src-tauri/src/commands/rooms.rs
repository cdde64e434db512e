//! The inbox, rooms and their messages.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]

use crate::core::Core;
use tauri::State;
use tripchat_core::CoreError;
use tripchat_core::view::{InboxRow, Place, RoomView, TimelineView};
use tripchat_protocol::{MessageId, RoomId};

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
pub async fn send(core: State<'_, Core>, room: RoomId, text: String) -> Result<MessageId, CoreError> {
    core.client()?.send(room, text).await
}

#[tauri::command]
pub async fn retry(core: State<'_, Core>, message: MessageId) -> Result<(), CoreError> {
    core.client()?.retry(message).await
}

#[tauri::command]
pub async fn discard(core: State<'_, Core>, message: MessageId) -> Result<String, CoreError> {
    core.client()?.discard(message).await
}
