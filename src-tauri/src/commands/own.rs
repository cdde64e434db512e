//! What is one's own in a room: how far one has read, what one began, how one keeps it; and that one is there.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]
#![expect(clippy::needless_pass_by_value, reason = "a command owns what it is given")]

use crate::core::Core;
use tauri::State;
use tripchat_core::CoreError;
use tripchat_protocol::{Availability, RoomId, Seq, Setting};

#[tauri::command]
pub async fn seen(core: State<'_, Core>, room: RoomId, seq: Seq) -> Result<(), CoreError> {
    core.client()?.seen(room, seq).await
}

#[tauri::command]
pub async fn set_draft(core: State<'_, Core>, room: RoomId, text: Option<String>) -> Result<(), CoreError> {
    core.client()?.draft(room, text).await
}

#[tauri::command]
pub async fn set_room(core: State<'_, Core>, room: RoomId, setting: Setting) -> Result<(), CoreError> {
    core.client()?.set(room, setting).await
}

#[tauri::command]
pub fn typing(core: State<'_, Core>, room: RoomId) -> Result<(), CoreError> {
    core.client()?.typing(room);
    Ok(())
}

#[tauri::command]
pub fn availability(core: State<'_, Core>, state: Availability) -> Result<(), CoreError> {
    core.client()?.availability(state);
    Ok(())
}
