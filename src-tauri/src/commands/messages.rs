//! What is written, and changed, and taken away.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]

use crate::core::Core;
use tauri::State;
use tripchat_core::CoreError;
use tripchat_protocol::{MessageId, OperationId, RoomId};

#[tauri::command]
pub async fn send(core: State<'_, Core>, room: RoomId, text: String) -> Result<MessageId, CoreError> {
    core.client()?.send(room, text).await
}

#[tauri::command]
pub async fn edit(
    core: State<'_, Core>,
    room: RoomId,
    message: MessageId,
    text: String,
) -> Result<OperationId, CoreError> {
    core.client()?.edit(room, message, text).await
}

#[tauri::command]
pub async fn delete_message(
    core: State<'_, Core>,
    room: RoomId,
    message: MessageId,
) -> Result<OperationId, CoreError> {
    core.client()?.delete(room, message).await
}

#[tauri::command]
pub async fn retry(core: State<'_, Core>, operation: OperationId) -> Result<(), CoreError> {
    core.client()?.retry(operation).await
}

#[tauri::command]
pub async fn discard(core: State<'_, Core>, operation: OperationId) -> Result<String, CoreError> {
    core.client()?.discard(operation).await
}
