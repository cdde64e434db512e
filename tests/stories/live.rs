//! What reaches a socket while it is open: to whom, how soon, and when it ends.

mod ends;
mod operations;
mod people;
mod streams;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tripchat_protocol::{Failure, Object, ServerFrame};
use tripchat_runtime::Sources;
use tripchat_server::config::Config;
use tripchat_tests::{Raw, World};

fn uuid() -> String {
    Sources::system().uuid().to_string()
}

fn text(room: &str, text: &str) -> Value {
    let body = json!({"kind": "TEXT", "text": text});
    json!({"type": "send", "id": uuid(), "room": room, "written_at": 5, "body": body})
}

/// The answer to the operation `id`: nothing, or its refusal.
async fn answer(raw: &mut Raw, id: &Value) -> Result<Option<Failure>> {
    let id = Some(id.as_str().context("no id")?.parse()?);
    raw.until(|frame| match frame {
        ServerFrame::Ok(done) if done.id == id => Some(None),
        ServerFrame::Error(failure) if failure.id == id => Some(Some(failure.clone())),
        _ => None,
    })
    .await
}

async fn say(raw: &mut Raw, room: &str, line: &str) -> Result<()> {
    let frame = text(room, line);
    raw.say(&frame).await?;
    ensure!(answer(raw, &frame["id"]).await?.is_none(), "{line} was refused");
    Ok(())
}

/// Takes `passenger` aboard of the driver's `trip`.
async fn board(driver: &Raw, passenger: &Raw, trip: &str) -> Result<()> {
    let booking = passenger.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": 1})).await?;
    let id = booking.body["id"].as_str().with_context(|| format!("{booking:?}"))?;
    let confirmed = driver.post(&format!("/api/v1/bookings/{id}/confirm"), &json!({})).await?;
    ensure!(confirmed.status == 200, "{confirmed:?}");
    Ok(())
}

/// The text of a live message or of the last one in a page.
fn said(frame: &ServerFrame) -> Option<String> {
    let object = match frame {
        ServerFrame::Change(change) => change.object.as_ref(),
        ServerFrame::Changes(page) => page.objects.last().and_then(|change| change.object.as_ref()),
        _ => None,
    };
    match object? {
        Object::Message(message) => {
            serde_json::to_value(&message.body).ok()?["text"].as_str().map(str::to_owned)
        }
        _ => None,
    }
}

async fn until_said(raw: &mut Raw, line: &str) -> Result<()> {
    raw.until(|frame| (said(frame).as_deref() == Some(line)).then_some(())).await
}

async fn restarted(world: &mut World, set: impl FnOnce(&mut Config)) -> Result<()> {
    world.server.kill();
    set(&mut world.server.config);
    world.server.restart().await
}
