//! The core's events, handed to the window.

use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::error::RecvError;
use tripchat_core::{Client, ClientEvent};

/// The name under which the window hears them.
const EVENT: &str = "tripchat";

/// Tells the window everything that the core tells, until the core ends.
pub fn forward(client: Client, app: AppHandle) {
    let mut events = client.subscribe();
    // Owned by the runtime of the window, and ended by the end of the core.
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => emit(&app, &event),
                Err(RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "the window is slow: it looks at everything again");
                    catch_up(&client, &app).await;
                }
                Err(RecvError::Closed) => break,
            }
        }
    });
}

/// What stands for everything that was missed: how the connection is now, and "look at it all".
async fn catch_up(client: &Client, app: &AppHandle) {
    match client.start_view().await {
        Ok(start) => emit(app, &ClientEvent::Connection { connection: start.connection }),
        Err(error) => tracing::warn!(code = ?error.code, "the core does not answer"),
    }
    emit(app, &ClientEvent::Inbox);
}

fn emit(app: &AppHandle, event: &ClientEvent) {
    if let Err(error) = app.emit(EVENT, event) {
        tracing::warn!(%error, "an event did not reach the window");
    }
}
