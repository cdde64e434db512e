//! Who is signed in.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]

use crate::core::Core;
use tauri::State;
use tripchat_core::view::{AccountView, StartView};
use tripchat_core::{CoreError, SecretString};

#[tauri::command]
pub async fn start(core: State<'_, Core>) -> Result<StartView, CoreError> {
    core.client()?.start_view().await
}

#[tauri::command]
pub async fn register(
    core: State<'_, Core>,
    server: String,
    email: String,
    password: String,
    name: String,
) -> Result<AccountView, CoreError> {
    core.client()?.register(server, email, SecretString::from(password), name).await
}

#[tauri::command]
pub async fn sign_in(
    core: State<'_, Core>,
    server: String,
    email: String,
    password: String,
) -> Result<AccountView, CoreError> {
    core.client()?.sign_in(server, email, SecretString::from(password)).await
}

#[tauri::command]
pub async fn sign_out(core: State<'_, Core>, discard_unsent: bool) -> Result<(), CoreError> {
    core.client()?.sign_out(discard_unsent).await
}
