//! What clients without a core say to each other, and two of them in a room.

use crate::raw::{Answer, Raw};
use crate::world::World;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tripchat_protocol::frame::{Changes, Done, Marks};
use tripchat_protocol::rest::ErrorBody;
use tripchat_protocol::{Body, ErrorCode, Failure, Message, Object, RoomId, ServerFrame, StreamId};
use tripchat_runtime::Sources;

/// A fresh UUID as text.
#[must_use]
pub fn uuid() -> String {
    Sources::system().uuid().to_string()
}

/// A `send` of `text`.
#[must_use]
pub fn text(room: &str, text: &str) -> Value {
    json!({"type": "send", "id": uuid(), "room": room, "written_at": 5,
           "body": {"kind": "TEXT", "text": text}})
}

/// An `edit` of `message`.
#[must_use]
pub fn edit(room: &str, message: &Value, edit_no: u32, text: &str) -> Value {
    json!({"type": "edit", "id": uuid(), "room": room, "message": message, "edit_no": edit_no,
           "body": {"kind": "TEXT", "text": text}})
}

/// A `delete` of `message`.
#[must_use]
pub fn delete(room: &str, message: &Value) -> Value {
    json!({"type": "delete", "id": uuid(), "room": room, "message": message})
}

/// A `read` or `delivered` up to `seq`.
#[must_use]
pub fn mark(kind: &str, room: &str, epoch: i64, seq: i64) -> Value {
    json!({"type": kind, "id": uuid(), "room": room, "epoch": epoch, "seq": seq})
}

/// A `set` of one field.
#[must_use]
pub fn set(room: &str, setting: &Value) -> Value {
    json!({"type": "set", "id": uuid(), "room": room, "set": setting})
}

impl Raw {
    /// Says an operation and waits for its answer; what comes in between is passed over.
    ///
    /// # Errors
    /// If the socket closes, or no answer comes.
    pub async fn operate(&mut self, frame: &Value) -> Result<std::result::Result<Done, Failure>> {
        self.say(frame).await?;
        self.answer(frame).await
    }

    /// Waits for the answer to an operation that was said; what comes in between is passed over.
    ///
    /// # Errors
    /// If the socket closes, or no answer comes.
    pub async fn answer(&mut self, frame: &Value) -> Result<std::result::Result<Done, Failure>> {
        let id = Some(frame["id"].as_str().context("an operation without an id")?.parse()?);
        self.until(|heard| match heard {
            ServerFrame::Ok(done) if done.id == id => Some(Ok(done.clone())),
            ServerFrame::Error(failure) if failure.id == id => Some(Err(failure.clone())),
            _ => None,
        })
        .await
    }

    /// An operation that is taken.
    ///
    /// # Errors
    /// If it is refused.
    pub async fn does(&mut self, frame: &Value) -> Result<Done> {
        match self.operate(frame).await? {
            Ok(done) => Ok(done),
            Err(failure) => bail!("{frame} was refused: {failure:?}"),
        }
    }

    /// The code with which an operation is refused.
    ///
    /// # Errors
    /// If it is taken.
    pub async fn fails(&mut self, frame: &Value) -> Result<ErrorCode> {
        match self.operate(frame).await? {
            Ok(done) => bail!("{frame} was taken: {done:?}"),
            Err(failure) => Ok(failure.code),
        }
    }

    /// Waits for a version of a message that `wanted` accepts, live or in a page.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn until_message(&mut self, wanted: impl Fn(&Message) -> bool) -> Result<Message> {
        let object = |object: &Object| match object {
            Object::Message(message) if wanted(message) => Some(message.clone()),
            _ => None,
        };
        self.until(|frame| objects(frame).into_iter().find_map(object)).await
    }

    /// Waits for marks of a room that `wanted` accepts.
    ///
    /// # Errors
    /// If they do not come.
    pub async fn until_marks(&mut self, wanted: impl Fn(&Marks) -> bool) -> Result<Marks> {
        self.until(|frame| match frame {
            ServerFrame::Marks(marks) if wanted(marks) => Some(marks.clone()),
            _ => None,
        })
        .await
    }

    /// Reads the pages of a stream that come now, to the last.
    ///
    /// # Errors
    /// If they do not come.
    pub async fn until_pages(&mut self, stream: StreamId) -> Result<Vec<Changes>> {
        let mut pages = Vec::new();
        self.until(|frame| match frame {
            ServerFrame::Changes(page) if page.stream == stream => {
                pages.push(page.clone());
                (!page.more).then_some(())
            }
            _ => None,
        })
        .await?;
        Ok(pages)
    }

    /// Everything that was said to this client before the answer to a `ping` that is said now.
    ///
    /// # Errors
    /// If the socket closes.
    pub async fn heard_so_far(&mut self) -> Result<Vec<ServerFrame>> {
        self.say(&json!({"type": "ping"})).await?;
        let mut heard = Vec::new();
        self.until(|frame| match frame {
            ServerFrame::Pong(_) => Some(()),
            frame => {
                heard.push(frame.clone());
                None
            }
        })
        .await?;
        Ok(heard)
    }
}

/// The answer is this refusal, in full: status, code, sentence, and the name of the request.
///
/// # Errors
/// If it is another one, or none.
pub fn refused(answer: &Answer, code: ErrorCode) -> Result<()> {
    let ErrorBody { error } = serde_json::from_value(answer.body.clone())
        .with_context(|| format!("no refusal: {} {}", answer.status, answer.body))?;
    anyhow::ensure!(error.code == code, "{:?} instead of {code:?}", error.code);
    anyhow::ensure!(answer.status == code.status(), "{code:?} with status {}", answer.status);
    anyhow::ensure!(ErrorCode::ALL.contains(&error.code), "{code:?}");
    anyhow::ensure!(error.message == code.message() && error.message.ends_with('.'), "{}", error.message);
    anyhow::ensure!(error.request_id.parse::<tripchat_protocol::RoomId>().is_ok(), "{}", error.request_id);
    Ok(())
}

/// The refusal of the operation `id`, or nothing if it is taken.
///
/// # Errors
/// If the socket closes, or no answer comes.
pub async fn answer(raw: &mut Raw, id: &Value) -> Result<Option<Failure>> {
    Ok(raw.answer(&json!({"id": id})).await?.err())
}

/// The objects that a frame brings.
#[must_use]
pub fn objects(frame: &ServerFrame) -> Vec<&Object> {
    match frame {
        ServerFrame::Change(change) => change.object.iter().collect(),
        ServerFrame::Changes(page) => page.objects.iter().filter_map(|it| it.object.as_ref()).collect(),
        _ => Vec::new(),
    }
}

/// What a message says; empty for anything but a text.
#[must_use]
pub fn words(message: &Message) -> &str {
    match &message.body {
        Body::Text { text } => text,
        _ => "",
    }
}

/// A driver and a passenger without cores, both connected and in the room of a trip.
pub struct RawRide {
    /// The driver.
    pub driver: Raw,
    /// The passenger.
    pub passenger: Raw,
    /// The trip.
    pub trip: String,
    /// Its room.
    pub room: String,
    /// The passenger's booking.
    pub booking: String,
    /// The epoch of the room.
    pub epoch: i64,
}

impl RawRide {
    /// Makes them.
    ///
    /// # Errors
    /// If that does not come about.
    pub async fn on(world: &World) -> Result<Self> {
        let mut driver = world.raw("Aigerim").await?;
        let mut passenger = world.raw("Daniyar").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        let booking = book(&driver, &passenger, &trip).await?;
        driver.connect().await?;
        passenger.connect().await?;
        let history = driver.get(&format!("/api/v1/rooms/{room}/messages")).await?;
        let epoch = history.body["epoch"].as_i64().with_context(|| format!("{history:?}"))?;
        Ok(Self { driver, passenger, trip, room, booking, epoch })
    }

    /// The room's stream.
    ///
    /// # Errors
    /// If its id is none.
    pub fn stream(&self) -> Result<StreamId> {
        Ok(StreamId::Room(self.room.parse::<RoomId>()?))
    }

    /// A `changes` page of the room that begins after `rev`, asked for by `who`.
    #[must_use]
    pub fn catch_up(&self, rev: i64) -> Value {
        json!({"type": "catch_up", "stream": format!("room:{}", self.room), "since": [self.epoch, rev]})
    }
}

/// A booking that is asked for and confirmed; its id.
///
/// # Errors
/// If the server refuses.
pub async fn book(driver: &Raw, passenger: &Raw, trip: &str) -> Result<String> {
    let booking = passenger.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": 1})).await?;
    let id = booking.body["id"].as_str().with_context(|| format!("{booking:?}"))?.to_owned();
    let confirmed = driver.post(&format!("/api/v1/bookings/{id}/confirm"), &json!({})).await?;
    anyhow::ensure!(confirmed.status == 200, "{confirmed:?}");
    Ok(id)
}
