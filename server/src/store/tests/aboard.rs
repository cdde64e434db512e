//! A ride with its use cases: people who are signed in, a trip that was offered and a seat that was confirmed.

use super::Ground;
use super::ride::{TENANT, add_person, new_trip};
use crate::error::Result;
use crate::gathering::MarkKind;
use crate::messages::{DeleteMessage, EditMessage, ReadHistory, SendMessage, Which};
use crate::rooms::{RaiseMark, RaiseMarks, ReadHeads, ReadMarks, SetOwn};
use crate::store::Job;
use crate::store::tables::{object, session, stream};
use crate::tokens::Caller;
use crate::trips::{CancelBooking, ConfirmBooking, CreateTrip, RequestBooking};
use std::collections::BTreeMap;
use tripchat_protocol::frame::{Delete, Done, Edit, Mark, Marks, RoomHead, Send, Set};
use tripchat_protocol::rest::{NewBooking, NewTrip, Placed};
use tripchat_protocol::{
    Body, Booking, BookingId, DeviceId, ErrorCode, MarksNo, Membership, MessageId, Object, OperationId, Rev,
    RoomCursor, RoomId, Seq, SessionId, Setting, StreamId, TripId, UserId,
};

/// Somebody who is signed in, with an inbox.
pub async fn sign_up(ground: &Ground, email: &'static str, name: &'static str) -> Caller {
    let user = add_person(ground, email, name).await;
    let (id, device) = (SessionId(ground.sources.uuid()), DeviceId(ground.sources.uuid()));
    let stored = ground.write((id, user, device), |&(id, user, device), tx| {
        Box::pin(async move {
            tx.open_stream(StreamId::User(user)).await?;
            let refresh_hash = [0; 32];
            session::insert(
                tx,
                &session::NewSession { id, user, tenant: TENANT, device, app: None, refresh_hash },
            )
            .await
        })
    });
    stored.await.expect("the session is stored");
    Caller { user, session: id, tenant: TENANT.into(), expires_at: i64::MAX }
}

/// The driver and a passenger in the room of a trip. That the passenger came has seq 6. The two have a private room, too.
pub struct Aboard<'a> {
    pub ground: &'a Ground,
    pub driver: Caller,
    pub passenger: Caller,
    pub trip: TripId,
    pub room: RoomId,
    pub booking: BookingId,
    pub private: RoomId,
}

impl<'a> Aboard<'a> {
    pub async fn begin(ground: &'a Ground) -> Self {
        let driver = sign_up(ground, "aigerim@example.org", "Айгерім").await;
        let passenger = sign_up(ground, "daniyar@example.org", "Данияр").await;
        let (trip, room) = offer(ground, &driver).await;
        let mut aboard =
            Self { ground, driver, passenger, trip, room, booking: BookingId(room.0), private: room };
        let asked = aboard.ask_for(&aboard.passenger, 2).await.expect("it is asked for");
        (aboard.booking, aboard.private) = (asked.id, asked.room.expect("a room"));
        aboard.confirm(aboard.booking).await.expect("the seat is confirmed");
        aboard
    }

    /// The room of another trip of the driver.
    pub async fn another(&self) -> RoomId {
        offer(self.ground, &self.driver).await.1
    }

    /// Asks for two seats.
    pub async fn ask(&self, by: &Caller) -> BookingId {
        self.ask_for(by, 2).await.expect("it is asked for").id
    }

    pub async fn ask_for(&self, by: &Caller, seats: u16) -> Result<Booking> {
        let id = BookingId(self.ground.sources.uuid());
        let random = self.ground.sources.bytes();
        let asked =
            RequestBooking { by: by.clone(), trip: self.trip, wanted: NewBooking::of(seats), id, random };
        self.ground.store.write(asked).await
    }

    pub async fn confirm(&self, booking: BookingId) -> Result<Booking> {
        self.ground.store.write(ConfirmBooking { by: self.driver.clone(), booking }).await
    }

    pub async fn cancel(&self, by: &Caller, booking: BookingId) -> Result<Booking> {
        self.ground.store.write(CancelBooking { by: by.clone(), booking }).await
    }

    pub fn operation(&self) -> OperationId {
        OperationId(self.ground.sources.uuid())
    }

    pub fn written(&self, text: &str) -> Send {
        let id = MessageId(self.ground.sources.uuid());
        Send { id, room: self.room, body: body(text), written_at: 5, send_by: None }
    }

    pub async fn send_frame(&self, by: &Caller, frame: &Send) -> Result<Done> {
        self.ground.store.write(SendMessage { by: by.clone(), generation: 1, frame: frame.clone() }).await
    }

    pub async fn send(&self, by: &Caller, text: &str) -> (MessageId, Seq) {
        let frame = self.written(text);
        let done = self.send_frame(by, &frame).await.expect("it is sent");
        (frame.id, done.seq.expect("a place"))
    }

    pub async fn edit(&self, by: &Caller, message: MessageId, edit_no: u32, text: &str) -> Result<Done> {
        let frame = Edit { id: self.operation(), room: self.room, message, edit_no, body: body(text) };
        self.ground.store.write(EditMessage { by: by.clone(), generation: 1, frame }).await
    }

    pub async fn delete(&self, by: &Caller, message: MessageId) -> Result<Done> {
        let frame = Delete { id: self.operation(), room: self.room, message };
        self.ground.store.write(DeleteMessage { by: by.clone(), generation: 1, frame }).await
    }

    pub async fn set(&self, by: &Caller, set: Setting) -> Result<Done> {
        let frame = Set { id: self.operation(), room: self.room, set };
        self.ground.store.write(SetOwn { by: by.clone(), generation: 1, frame }).await
    }

    /// The wish of `by` to have their mark at `seq`.
    pub async fn wish(&self, by: &Caller, kind: MarkKind, seq: i64) -> RaiseMark {
        let epoch = self.standing().await.epoch;
        let frame = Mark { id: self.operation(), room: self.room, epoch, seq: Seq(seq) };
        RaiseMark { by: by.clone(), generation: 1, kind, frame }
    }

    pub async fn raise_all(&self, marks: Vec<RaiseMark>) -> Vec<std::result::Result<Done, ErrorCode>> {
        self.ground.store.write(RaiseMarks { room: self.room, marks }).await.expect("it is committed")
    }

    pub async fn raise(&self, by: &Caller, kind: MarkKind, seq: i64) -> std::result::Result<Done, ErrorCode> {
        let wish = self.wish(by, kind, seq).await;
        self.raise_all(vec![wish]).await.remove(0)
    }

    pub async fn marks(&self, by: &Caller) -> Result<Marks> {
        self.ground.store.read(ReadMarks { by: by.clone(), room: self.room }).await
    }

    /// Delivered and read of `of`, as the driver is told.
    pub async fn reached(&self, of: UserId) -> (i64, i64) {
        let marks = self.marks(&self.driver).await.expect("it reads");
        let person = marks.people.iter().find(|it| it.user == of).expect("a current member");
        (person.delivered.0, person.read.0)
    }

    /// What stands in the room, that people came and left aside.
    pub async fn history(&self, by: &Caller) -> Result<Vec<Placed>> {
        let read = ReadHistory { by: by.clone(), room: self.room, which: Which::Newest, limit: 100 };
        let all = self.ground.store.read(read).await?.messages;
        Ok(all.into_iter().filter(|it| !it.message.body.is_silent()).collect())
    }

    pub async fn heads(&self, by: &Caller, known: BTreeMap<RoomId, RoomCursor>) -> <ReadHeads as Job>::Out {
        self.ground.store.read(ReadHeads { by: by.clone(), known }).await.expect("it reads")
    }

    pub async fn unread(&self, by: &Caller) -> u32 {
        self.head(by, self.room).await.unread
    }

    pub async fn head(&self, by: &Caller, room: RoomId) -> RoomHead {
        let heads = self.heads(by, BTreeMap::new()).await;
        heads.moved.into_iter().find(|it| it.room == room).expect("they are in it")
    }

    pub async fn standing(&self) -> stream::Standing {
        let found =
            self.ground.read(StreamId::Room(self.room), |&room, tx| Box::pin(stream::standing(tx, room)));
        found.await.expect("it reads").expect("there is a stream")
    }

    pub async fn marks_no(&self) -> MarksNo {
        self.standing().await.marks
    }

    /// The room in the inbox of `by`, with its rev.
    pub async fn membership(&self, by: &Caller) -> (Rev, Membership) {
        let all = objects(self.ground, StreamId::User(by.user)).await;
        let found = all.into_iter().find_map(|(rev, object)| match object {
            Object::Membership(it) if it.room == self.room => Some((rev, it)),
            _ => None,
        });
        found.expect("the room is in the inbox")
    }
}

async fn offer(ground: &Ground, driver: &Caller) -> (TripId, RoomId) {
    let (id, room) = (TripId(ground.sources.uuid()), RoomId(ground.sources.uuid()));
    let like = new_trip(&ground.sources, driver.user, room, 4);
    let trip = NewTrip {
        stops: like.stops,
        vehicle: like.vehicle,
        seats: like.seats,
        price: like.price,
        luggage_note: like.luggage_note,
    };
    let offered = CreateTrip { by: driver.clone(), trip, id, room };
    ground.store.write(offered).await.expect("the trip is offered");
    (id, room)
}

pub fn body(text: &str) -> Body {
    Body::Text { text: text.into() }
}

/// What a stream holds, messages aside.
pub async fn objects(ground: &Ground, stream: StreamId) -> Vec<(Rev, Object)> {
    let found = ground.read(stream, |&stream, tx| Box::pin(object::after(tx, stream, Rev(0), 1_000)));
    let read = |(rev, json): (Rev, String)| (rev, serde_json::from_str(&json).expect("an object"));
    found.await.expect("it reads").into_iter().map(read).collect()
}

/// The code of a refusal.
pub fn refusal<T: std::fmt::Debug>(answer: Result<T>) -> ErrorCode {
    answer.expect_err("it is refused").code()
}
