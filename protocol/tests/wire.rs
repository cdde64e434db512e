//! The wire keeps its form: every frame stands in `fixtures/v1`, reads back, and stands in `docs/protocol.md`.
//!
//! The files of a released version are never changed, only joined by new ones. `TRIPCHAT_BLESS=1` writes them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test; the lints know only functions marked so"
)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use tripchat_protocol::frame::{
    Authenticate, CatchUp, Delete, Done, Drain, Edit, Empty, Gone, Heads, Hello, LiveChange, Mark, Marks,
    People, RoomHead, Send, Set, SetPresence, SomebodyTypes, Typing, Welcome,
};
use tripchat_protocol::limits::Limits;
use tripchat_protocol::{
    Availability, Body, Booking, BookingId, BookingStatus, Change, Changes, ClientFrame, ConnectionId,
    Cursor, DeviceId, Epoch, ErrorCode, Failure, Head, Hole, Kept, MarksNo, Member, Membership, Message,
    MessageId, Money, Object, Own, PersonMarks, Presence, Rev, Role, Room, RoomCursor, RoomId, RoomType, Seq,
    ServerFrame, Setting, Standing, Stop, StreamId, Trip, TripId, TripStatus, UserId, Vehicle,
};

const EPOCH: Epoch = Epoch(4_163_122_413_419_445);
const DOCUMENT: &str = include_str!("../../docs/protocol.md");
const AT: i64 = 1_795_190_726_106;

fn uuid<T: std::str::FromStr<Err: std::fmt::Debug>>(tail: u16) -> T {
    format!("01a1f9b4-9d70-7641-bf03-51b6e311{tail:04x}").parse().unwrap()
}

fn room() -> RoomId {
    uuid(1)
}

fn driver() -> UserId {
    uuid(2)
}

fn passenger() -> UserId {
    uuid(3)
}

fn message() -> Message {
    Message {
        id: uuid(4),
        seq: Seq(6),
        author: passenger(),
        body: Body::Text { text: "At exit 2, blue jacket".into() },
        at: AT,
        written_at: AT - 1_106,
        edit_no: 0,
        edited_at: None,
    }
}

fn edited() -> Message {
    Message {
        body: Body::Text { text: "At exit 3, blue jacket".into() },
        edit_no: 1,
        edited_at: Some(AT + 20_000),
        ..message()
    }
}

fn room_object() -> Room {
    Room {
        id: room(),
        room_type: RoomType::Trip,
        name: None,
        trip: Some(uuid(5)),
        booking: None,
        created_by: driver(),
        created_at: AT - 9_000,
        is_active: true,
    }
}

fn trip() -> Trip {
    let stop = |place: &str, zone: &str, at| Stop { place: place.into(), zone: zone.into(), at };
    Trip {
        id: uuid::<TripId>(5),
        room: room(),
        driver: driver(),
        driver_name: "Aigerim".into(),
        driver_rating: None,
        status: TripStatus::Planned,
        stops: vec![
            stop("Almaty", "Asia/Almaty", 1_795_230_000_000),
            stop("Bishkek", "Asia/Bishkek", 1_795_248_000_000),
        ],
        vehicle: Vehicle {
            model: "Toyota Alphard".into(),
            colour: "white".into(),
            plate: "123 ABC 02".into(),
        },
        seats: 6,
        seats_free: 5,
        price: Money { minor: 700_000, currency: "KZT".into() },
        luggage_note: "One suitcase each".into(),
    }
}

fn objects() -> Vec<Object> {
    vec![
        Object::Room(room_object()),
        Object::Trip(trip()),
        Object::Booking(Booking {
            id: uuid::<BookingId>(6),
            number: "UW2-D72".into(),
            trip: uuid(5),
            room: Some(uuid(13)),
            passenger: passenger(),
            passenger_name: "Daniyar".into(),
            seats: 1,
            pickup: None,
            dropoff: None,
            status: BookingStatus::Confirmed,
            requested_at: AT - 5_000,
        }),
        Object::Member(Member {
            user: passenger(),
            name: "Daniyar".into(),
            role: Role::Member,
            state: Standing::Current,
            since: Rev(4),
        }),
        Object::Message(message()),
        Object::Message(Message { id: uuid(10), seq: Seq(5), body: Body::Deleted, ..message() }),
        Object::Membership(Membership {
            room: room(),
            room_type: RoomType::Trip,
            role: Role::Member,
            state: Standing::Current,
            from_rev: Rev(1),
            to_rev: None,
            own: Own { favourite: true, draft: Some("I am at".into()), ..Own::default() },
            kept: None,
        }),
        Object::Membership(Membership {
            room: uuid(11),
            room_type: RoomType::Trip,
            role: Role::Member,
            state: Standing::Ended,
            from_rev: Rev(1),
            to_rev: Some(Rev(31)),
            own: Own {
                muted_until: Some(AT + 3_600_000),
                archived: true,
                marked_unread: true,
                ..Own::default()
            },
            kept: Some(Kept { room: Room { id: uuid(11), ..room_object() }, trip: None }),
        }),
    ]
}

fn client_frames() -> Vec<ClientFrame> {
    vec![
        ClientFrame::Hello(Hello {
            versions: vec![1],
            device: uuid::<DeviceId>(7),
            generation: 12,
            app: "tripchat 0.1.0".into(),
            token: None,
            inbox: Some(Cursor(Epoch(2_416_281_749_286_251), Rev(1))),
            rooms: BTreeMap::from([(room(), RoomCursor(EPOCH, Rev(5), MarksNo(2)))]),
        }),
        ClientFrame::Send(Send {
            id: uuid::<MessageId>(4),
            room: room(),
            body: Body::Text { text: "At exit 2, blue jacket".into() },
            written_at: AT - 1_106,
            send_by: Some(AT + 600_000),
        }),
        ClientFrame::Edit(Edit {
            id: uuid(12),
            room: room(),
            message: uuid(4),
            edit_no: 0,
            body: edited().body,
        }),
        ClientFrame::Delete(Delete { id: uuid(13), room: room(), message: uuid(4) }),
        ClientFrame::Read(Mark { id: uuid(14), room: room(), epoch: EPOCH, seq: Seq(6) }),
        ClientFrame::Delivered(Mark { id: uuid(15), room: room(), epoch: EPOCH, seq: Seq(6) }),
        ClientFrame::Set(Set { id: uuid(16), room: room(), set: Setting::Draft(Some("I am at".into())) }),
        ClientFrame::Typing(Typing { room: room() }),
        ClientFrame::Presence(SetPresence { state: Availability::Away }),
        ClientFrame::CatchUp(CatchUp {
            stream: StreamId::Room(room()),
            since: Some(Cursor(EPOCH, Rev(5))),
            marks: Some(MarksNo(2)),
        }),
        ClientFrame::Authenticate(Authenticate {
            token: "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln".into(),
        }),
        ClientFrame::Ping(Empty {}),
        ClientFrame::Pong(Empty {}),
    ]
}

fn server_frames() -> Vec<ServerFrame> {
    let mut frames = streams();
    frames.extend(about_people());
    frames.extend(answers());
    frames
}

fn streams() -> Vec<ServerFrame> {
    let stream = StreamId::Room(room());
    vec![
        ServerFrame::Welcome(Welcome {
            version: 1,
            connection: uuid::<ConnectionId>(8),
            user: passenger(),
            server_time: AT,
            heartbeat_ms: 25_000,
            limits: Limits::default(),
            token_expires_at: AT + 900_000,
        }),
        ServerFrame::Heads(Heads {
            rooms: vec![RoomHead {
                room: room(),
                epoch: EPOCH,
                head: Rev(6),
                marks: MarksNo(3),
                unread: 1,
                newest: Some(message()),
            }],
            streams: BTreeMap::new(),
        }),
        ServerFrame::Changes(Changes {
            stream,
            epoch: EPOCH,
            from: Rev(0),
            upto: Rev(9),
            objects: (1..)
                .zip(objects())
                .map(|(rev, object)| Change { rev: Rev(rev), object: Some(object) })
                .chain([Change { rev: Rev(9), object: None }])
                .collect(),
            more: false,
            reset: true,
            hole: Some(Hole(Seq(0), Seq(5))),
        }),
        ServerFrame::Synced(Empty {}),
        ServerFrame::Change(LiveChange {
            stream,
            epoch: EPOCH,
            rev: Rev(6),
            object: Some(Object::Message(message())),
        }),
        ServerFrame::Gone(Gone { stream, to_rev: Some(Rev(6)) }),
    ]
}

fn about_people() -> Vec<ServerFrame> {
    vec![
        ServerFrame::Marks(Marks {
            room: room(),
            epoch: EPOCH,
            marks: MarksNo(3),
            people: vec![
                PersonMarks { user: driver(), delivered: Seq(6), read: Seq(2) },
                PersonMarks { user: passenger(), delivered: Seq(6), read: Seq(6) },
            ],
        }),
        ServerFrame::Typing(SomebodyTypes { room: room(), user: driver() }),
        ServerFrame::Presence(People {
            people: BTreeMap::from([(driver(), Presence::Online), (passenger(), Presence::Away)]),
        }),
    ]
}

fn answers() -> Vec<ServerFrame> {
    vec![
        ServerFrame::Ok(Done {
            id: Some(uuid(4)),
            stream: Some(StreamId::Room(room())),
            rev: Some(Rev(6)),
            seq: Some(Seq(6)),
            at: AT,
            duplicate: true,
        }),
        ServerFrame::Error(Failure {
            retry_after_ms: Some(1_500),
            ..Failure::new(Some(uuid(4)), ErrorCode::RateLimited)
        }),
        ServerFrame::Reauthenticate(Empty {}),
        ServerFrame::Drain(Drain { within_ms: 5_000 }),
        ServerFrame::Ping(Empty {}),
        ServerFrame::Pong(Empty {}),
    ]
}

/// Every frame, by the name of its file.
fn frames() -> BTreeMap<String, Value> {
    let client = client_frames().into_iter().map(|frame| ("client", serde_json::to_value(frame).unwrap()));
    let server = server_frames().into_iter().map(|frame| ("server", serde_json::to_value(frame).unwrap()));
    client
        .chain(server)
        .map(|(end, json)| (format!("{end}-{}", json["type"].as_str().unwrap()), json))
        .collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/v1")
}

/// `heads` has a second shape later on: where the streams stand that changed.
#[test]
fn live_heads_name_streams() {
    let streams = BTreeMap::from([(StreamId::Room(room()), Head(EPOCH, Rev(7), MarksNo(3)))]);
    let json = serde_json::to_value(ServerFrame::Heads(Heads { rooms: Vec::new(), streams })).unwrap();
    let stream = StreamId::Room(room()).to_string();
    assert_eq!(json["streams"][&stream], serde_json::json!([EPOCH.0, 7, 3]));
    assert!(json.get("rooms").is_none());
    assert!(DOCUMENT.contains(&format!("\"{stream}\": [")), "docs/protocol.md does not show live heads");
}

/// A setting is an object with one field; another one, or two, are refused.
#[test]
fn a_setting_is_one_field() {
    let read = |json: &str| serde_json::from_str::<Setting>(json).ok();
    assert_eq!(read(r#"{"draft":null}"#), Some(Setting::Draft(None)));
    assert_eq!(read(r#"{"muted_until":5}"#), Some(Setting::MutedUntil(Some(5))));
    assert_eq!(read(r#"{"draft":null,"archived":true}"#), None);
    assert_eq!(read(r#"{"role":"OWNER"}"#), None);
}

/// A match without a wildcard: a new frame does not compile until it has a sample above.
#[test]
fn every_frame_has_a_sample() {
    let client = |frame: &ClientFrame| match frame {
        ClientFrame::Hello(_) => 0,
        ClientFrame::Send(_) => 1,
        ClientFrame::Edit(_) => 2,
        ClientFrame::Delete(_) => 3,
        ClientFrame::Read(_) => 4,
        ClientFrame::Delivered(_) => 5,
        ClientFrame::Set(_) => 6,
        ClientFrame::Typing(_) => 7,
        ClientFrame::Presence(_) => 8,
        ClientFrame::CatchUp(_) => 9,
        ClientFrame::Authenticate(_) => 10,
        ClientFrame::Ping(_) => 11,
        ClientFrame::Pong(_) => 12,
    };
    let server = |frame: &ServerFrame| match frame {
        ServerFrame::Welcome(_) => 0,
        ServerFrame::Heads(_) => 1,
        ServerFrame::Changes(_) => 2,
        ServerFrame::Synced(_) => 3,
        ServerFrame::Change(_) => 4,
        ServerFrame::Gone(_) => 5,
        ServerFrame::Marks(_) => 6,
        ServerFrame::Typing(_) => 7,
        ServerFrame::Presence(_) => 8,
        ServerFrame::Ok(_) => 9,
        ServerFrame::Error(_) => 10,
        ServerFrame::Reauthenticate(_) => 11,
        ServerFrame::Drain(_) => 12,
        ServerFrame::Ping(_) => 13,
        ServerFrame::Pong(_) => 14,
        ServerFrame::Unknown => 15,
    };
    assert!(client_frames().iter().map(client).eq(0..13));
    assert!(server_frames().iter().map(server).eq(0..15));
}

#[test]
fn frames_keep_their_form() {
    if std::env::var("TRIPCHAT_BLESS").is_ok_and(|it| it == "1") {
        std::fs::create_dir_all(folder()).unwrap();
        for (name, json) in frames() {
            let text = format!("{}\n", serde_json::to_string_pretty(&json).unwrap());
            std::fs::write(folder().join(format!("{name}.json")), text).unwrap();
        }
    }
    for (name, json) in frames() {
        let file = folder().join(format!("{name}.json"));
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect(&name)).unwrap();
        assert_eq!(json, kept, "{name} has changed");
    }
}

/// Files of released versions stay readable for ever, those that no sample makes any more included.
#[test]
fn what_was_ever_written_reads_back() {
    let mut count = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let kept: Value = serde_json::from_str(&text).unwrap();
        let read = if path.file_name().unwrap().to_string_lossy().starts_with("client-") {
            serde_json::to_value(serde_json::from_str::<ClientFrame>(&text).unwrap())
        } else {
            serde_json::to_value(serde_json::from_str::<ServerFrame>(&text).unwrap())
        };
        assert_eq!(read.unwrap(), kept, "{}", path.display());
        count += 1;
    }
    assert!(count >= frames().len());
}

#[test]
fn the_document_shows_every_frame_as_it_is() {
    let shown: Vec<Value> = DOCUMENT
        .split("```json\n")
        .skip(1)
        .filter_map(|block| serde_json::from_str(block.split("```").next().unwrap_or("")).ok())
        .collect();
    for (name, json) in frames() {
        assert!(shown.contains(&json), "docs/protocol.md does not show {name} as it is: {json}");
    }
    for code in ErrorCode::ALL {
        let code = serde_json::to_value(code).unwrap();
        assert!(DOCUMENT.contains(&format!("`{}`", code.as_str().unwrap())), "docs/protocol.md lacks {code}");
    }
}

#[test]
fn clients_ignore_what_they_do_not_know_and_the_server_refuses_it() {
    let mut later = serde_json::to_value(&server_frames()[0]).unwrap();
    later["later"] = Value::from(1);
    assert!(serde_json::from_value::<ServerFrame>(later).is_ok());
    let unknown = serde_json::from_str::<ServerFrame>(r#"{"type":"fireworks","bang":true}"#).unwrap();
    assert_eq!(unknown, ServerFrame::Unknown);
    let object =
        serde_json::from_str::<Object>(r#"{"kind":"poll","id":"01a1f9b4-9d70-7641-bf03-51b6e3110009"}"#)
            .unwrap();
    assert_eq!((object.kind(), object.id()), ("poll", uuid(9)));
    let mut body = serde_json::to_value(message()).unwrap();
    body["body"]["later"] = Value::from(1);
    assert_eq!(serde_json::from_value::<Message>(body).unwrap(), message());
    let mut send = serde_json::to_value(&client_frames()[1]).unwrap();
    send["body"]["later"] = Value::from(1);
    assert!(serde_json::from_value::<ClientFrame>(send).is_err());
    for frame in client_frames() {
        let mut json = serde_json::to_value(frame).unwrap();
        json["later"] = Value::from(1);
        assert!(serde_json::from_value::<ClientFrame>(json.clone()).is_err(), "{json}");
    }
}
