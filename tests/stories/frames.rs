//! Frames that no honest app sends: each is refused with a code and a sentence, and costs nobody else anything.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tripchat_protocol::frame::{Changes, close};
use tripchat_protocol::{ErrorCode, Failure, Object, RoomId, ServerFrame};
use tripchat_tests::talk::{answer, text, uuid};
use tripchat_tests::{Raw, World, on_both};

fn send(room: &str, body: Value) -> Value {
    json!({"type": "send", "id": uuid(), "room": room, "written_at": 5, "body": body})
}

/// The server still answers on this connection.
pub async fn is_alive(raw: &mut Raw) -> Result<()> {
    raw.say(&json!({"type": "ping"})).await?;
    raw.until(|frame| matches!(frame, ServerFrame::Pong(_)).then_some(())).await
}

/// The connection ended with `code`, and the last thing that it said was `error`, with a sentence.
async fn ended(raw: &mut Raw, code: u16, error: ErrorCode) -> Result<()> {
    let (closed, refusals) = raw.until_end().await?;
    let last = refusals.last().context("closed without a word")?;
    assert_eq!((closed, last.code, last.id), (Some(code), error, None));
    assert!(last.message.ends_with('.'), "{last:?}");
    Ok(())
}

async fn driver_in_a_room(world: &World) -> Result<(Raw, String)> {
    let driver = world.raw("Aigerim").await?;
    let (_, room) = driver.trip(&world.trip()).await?;
    Ok((driver, room))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_frame_ends_the_connection_with_a_sentence() -> Result<()> {
    let world = World::new().await?;
    let (driver, room) = driver_in_a_room(&world).await?;
    let good = text(&room, "hidden in binary").to_string();
    let no_id = json!({"type": "send", "room": room, "written_at": 5, "body": {"kind": "TEXT", "text": "x"}});
    let too_large = text(&room, &"x".repeat(65 * 1024)).to_string();
    let deep = "[".repeat(30_000);
    let cases = [
        Message::text("no JSON"),
        Message::text(""),
        Message::text("{"),
        Message::text("[]"),
        Message::text("42"),
        Message::text("null"),
        Message::text(deep),
        Message::text(r#"{"type":"fly"}"#),
        Message::text(r#"{"type":7}"#),
        Message::text(r#"{"type":"ping","more":1}"#),
        Message::text(r#"{"type":"catch_up","stream":"street:1"}"#),
        Message::text(r#"{"type":"catch_up","stream":5}"#),
        Message::text(r#"{"type":"authenticate","token":["x"]}"#),
        Message::text(r#"{"type":"send","id":"mine","room":"that one"}"#),
        Message::text(no_id.to_string()),
        Message::text(format!(
            r#"{{"type":"hello","versions":[1],"device":"{}","generation":2,"app":"raw"}}"#,
            uuid()
        )),
        Message::binary(vec![0, 159, 146, 150]),
        Message::binary(good.into_bytes()),
    ];
    for case in cases {
        let mut raw = driver.twin();
        raw.connect().await?;
        raw.say_message(case.clone()).await?;
        ended(&mut raw, close::BAD_FRAME, ErrorCode::InvalidInput)
            .await
            .with_context(|| format!("{case:?}"))?;
    }
    let mut raw = driver.twin();
    raw.connect().await?;
    raw.say_message(Message::text(too_large)).await?;
    ended(&mut raw, close::BAD_FRAME, ErrorCode::TooLarge).await.context("65 KiB at once")?;
    assert_eq!(world.server.stored(room.parse()?).await?.len(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fragments_are_put_together_up_to_the_limit_and_no_further() -> Result<()> {
    let world = World::new().await?;
    let (mut driver, room) = driver_in_a_room(&world).await?;
    driver.connect().await?;
    let message = text(&room, "byte by byte 🚌");
    driver.say_fragments(message.to_string().as_bytes(), 1).await?;
    assert_eq!(answer(&mut driver, &message["id"]).await?, None);
    driver.say_fragments(&vec![b' '; 70 * 1024], 16).await?;
    ended(&mut driver, close::BAD_FRAME, ErrorCode::TooLarge).await?;
    // Who goes on far beyond it is cut off, and need not hear why.
    let mut flood = driver.twin();
    flood.connect().await?;
    flood.say_fragments(&vec![b' '; 1024 * 1024], 16).await?;
    flood.until_end().await?;
    driver.connect().await?;
    is_alive(&mut driver).await?;
    assert_eq!(world.server.stored(room.parse()?).await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_that_cannot_be_read_is_refused_alone() -> Result<()> {
    let world = World::new().await?;
    let (mut driver, room) = driver_in_a_room(&world).await?;
    driver.connect().await?;
    let with = |field: &str, value: Value| {
        let mut frame = text(&room, "never stored");
        frame[field] = value;
        frame
    };
    let cases = [
        with("author", json!(uuid())),
        with("seq", json!(1)),
        with("at", json!(1)),
        with("type", json!("fly")),
        with("room", json!("that one")),
        with("room", Value::Null),
        with("written_at", json!("now")),
        with("written_at", json!(1e30)),
        with("body", json!("text")),
        with("body", json!({})),
        with("body", json!({"kind": "TEXT"})),
        with("body", json!({"kind": "TEXT", "text": 5})),
        with("body", json!({"kind": "TEXT", "text": "x", "bold": true})),
    ];
    for case in cases {
        driver.say(&case).await?;
        let failure = answer(&mut driver, &case["id"]).await?.with_context(|| format!("taken: {case}"))?;
        assert_eq!(failure.code, ErrorCode::InvalidInput, "{case}");
        assert_eq!((failure.retry, failure.message.ends_with('.')), (failure.code.retry(), true));
        is_alive(&mut driver).await?;
    }
    assert_eq!(world.server.stored(room.parse()?).await?.len(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hello_that_is_none_is_told_why() -> Result<()> {
    let world = World::new().await?;
    let (driver, _) = driver_in_a_room(&world).await?;
    let mut raw = driver.twin();
    raw.dial("/api/v1/ws", &[("authorization", &format!("Bearer {}", driver.token))]).await?;
    raw.say(&json!({"type": "ping"})).await?;
    ended(&mut raw, close::NO_HELLO, ErrorCode::InvalidInput).await.context("no hello")?;

    let rooms: serde_json::Map<_, _> = (0..301).map(|_| (uuid(), json!([1, 1, 0]))).collect();
    let cases = [
        (json!({"versions": [99]}), close::VERSION, ErrorCode::VersionUnsupported),
        (json!({"versions": []}), close::VERSION, ErrorCode::VersionUnsupported),
        (json!({"versions": [99, 1], "rooms": rooms}), close::BAD_FRAME, ErrorCode::InvalidInput),
        (json!({"app": "a".repeat(65)}), close::BAD_FRAME, ErrorCode::InvalidInput),
        (json!({"inbox": [1]}), close::BAD_FRAME, ErrorCode::InvalidInput),
        (json!({"rooms": {"that one": [1, 1, 0]}}), close::BAD_FRAME, ErrorCode::InvalidInput),
        (json!({"generation": -1}), close::BAD_FRAME, ErrorCode::InvalidInput),
        (json!({"device": "mine"}), close::BAD_FRAME, ErrorCode::InvalidInput),
        (json!({"role": "admin"}), close::BAD_FRAME, ErrorCode::InvalidInput),
    ];
    for (fields, code, error) in cases {
        let mut raw = driver.twin();
        raw.greet(&fields).await?;
        ended(&mut raw, code, error).await.with_context(|| format!("{fields}"))?;
    }

    let hello = |token: Value| {
        json!({"type": "hello", "versions": [1], "device": uuid(), "generation": 1, "app": "raw",
               "token": token})
    };
    for token in [Value::Null, json!(""), json!("garbage"), json!(driver.refresh)] {
        let mut raw = driver.twin();
        raw.dial("/api/v1/ws", &[]).await?;
        raw.say(&hello(token)).await?;
        ended(&mut raw, close::TOKEN, ErrorCode::Unauthorized).await?;
    }
    let mut raw = driver.twin();
    raw.dial("/api/v1/ws", &[]).await?;
    raw.say(&hello(json!(driver.token))).await?;
    is_alive(&mut raw).await
}

/// Reads pages of `stream` to the last; what came, and whether it began with a reset.
async fn pages(raw: &mut Raw, stream: &str) -> Result<(Vec<Object>, bool)> {
    let stream = stream.parse()?;
    let (mut objects, mut reset) = (Vec::new(), false);
    loop {
        let page: Changes = raw
            .until(|frame| match frame {
                ServerFrame::Changes(page) if page.stream == stream => Some(page.clone()),
                _ => None,
            })
            .await?;
        reset |= page.reset;
        objects.extend(page.objects.into_iter().filter_map(|change| change.object));
        if !page.more {
            return Ok((objects, reset));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_cannot_be_starts_the_stream_again_and_whole() -> Result<()> {
    on_both(|world| async move {
        let (mut driver, room) = driver_in_a_room(&world).await?;
        driver.connect().await?;
        for line in ["one", "two", "three"] {
            let frame = text(&room, line);
            driver.say(&frame).await?;
            assert_eq!(answer(&mut driver, &frame["id"]).await?, None);
        }
        let (of_room, inbox) = (format!("room:{room}"), format!("user:{}", driver.user));
        let mut epochs = Vec::new();
        for stream in [&of_room, &inbox] {
            driver.say(&json!({"type": "catch_up", "stream": stream})).await?;
            let epoch = driver
                .until(|frame| match frame {
                    ServerFrame::Changes(page) if page.stream.to_string() == *stream => Some(page.epoch),
                    _ => None,
                })
                .await?;
            epochs.push(serde_json::to_value(epoch)?);
        }
        // Beyond the head, below nothing, and of another life of the stream.
        let bad = |epoch: &Value| {
            [json!([epoch, 1_000_000]), json!([epoch, -1]), json!([7, 2]), json!([-7, i64::MIN])]
        };
        for (in_room, in_inbox) in bad(&epochs[0]).into_iter().zip(bad(&epochs[1])) {
            let mut raw = driver.twin();
            let with_marks = json!([in_room[0], in_room[1], 0]);
            raw.greet(&json!({"inbox": in_inbox, "rooms": {room.clone(): with_marks}})).await?;
            let (objects, reset) = pages(&mut raw, &inbox).await?;
            assert!(reset && matches!(objects[..], [Object::Membership(_)]), "{objects:?}");
            is_whole(pages(&mut raw, &of_room).await?)?;
            raw.until(|frame| matches!(frame, ServerFrame::Synced(_)).then_some(())).await?;
            raw.say(&json!({"type": "catch_up", "stream": of_room, "since": in_room})).await?;
            is_whole(pages(&mut raw, &of_room).await?)?;
            is_alive(&mut raw).await?;
        }
        Ok(())
    })
    .await
}

fn is_whole((objects, reset): (Vec<Object>, bool)) -> Result<()> {
    let texts: Vec<Value> = objects
        .iter()
        .filter_map(|object| match object {
            Object::Message(message) => Some(serde_json::to_value(&message.body)),
            _ => None,
        })
        .collect::<serde_json::Result<_>>()?;
    let texts: Vec<&str> = texts.iter().filter_map(|body| body["text"].as_str()).collect();
    assert!(reset, "no reset");
    assert_eq!(texts, ["one", "two", "three"]);
    // The room itself, its trip and its driver.
    assert_eq!(objects.len(), 6, "{objects:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_and_a_foreign_room_answer_alike() -> Result<()> {
    on_both(|world| async move {
        let (driver, foreign) = driver_in_a_room(&world).await?;
        let unknown = uuid();
        let mut stranger = world.raw("Nurlan").await?;
        let mut seen = Vec::new();
        for room in [&foreign, &unknown] {
            let mut history = stranger.get(&format!("/api/v1/rooms/{room}/messages")).await?;
            history.body["error"]["request_id"] = Value::Null;
            seen.push((history.status, history.body));
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!((seen[0].0, &seen[0].1["error"]["code"]), (404, &json!("ROOM_NOT_FOUND")));

        stranger.greet(&json!({"rooms": {foreign.clone(): [1, 3, 0], unknown.clone(): [1, 3, 0]}})).await?;
        let mut gone = Vec::new();
        stranger
            .until(|frame| match frame {
                ServerFrame::Gone(it) => {
                    gone.push((it.stream.to_string(), it.to_rev));
                    None
                }
                ServerFrame::Synced(_) => Some(()),
                _ => None,
            })
            .await?;
        gone.sort();
        let mut wanted = [(format!("room:{foreign}"), None), (format!("room:{unknown}"), None)];
        wanted.sort();
        assert_eq!(gone, wanted);

        let mut refusals = Vec::new();
        for room in [&foreign, &unknown] {
            let frame = text(room, "let me in");
            stranger.say(&frame).await?;
            let failure = answer(&mut stranger, &frame["id"]).await?.context("taken")?;
            refusals.push(Failure { id: None, ..failure });
        }
        assert_eq!(refusals[0], refusals[1]);
        assert_eq!(refusals[0].code, ErrorCode::RoomNotFound);

        let inbox = format!("user:{}", driver.user);
        for stream in [format!("room:{foreign}"), format!("room:{unknown}"), inbox] {
            stranger.say(&json!({"type": "catch_up", "stream": stream})).await?;
            let to_rev = stranger
                .until(|frame| match frame {
                    ServerFrame::Gone(it) if it.stream.to_string() == stream => Some(it.to_rev),
                    ServerFrame::Changes(page) => panic!("a stranger was shown {page:?}"),
                    _ => None,
                })
                .await?;
            assert_eq!(to_rev, None);
        }
        is_alive(&mut stranger).await?;
        assert_eq!(world.server.stored(foreign.parse()?).await?.len(), 0);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_id_of_anothers_message_tells_nothing_about_it() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut passenger = world.raw("Daniyar").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        let booking = passenger.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": 1})).await?;
        let id = booking.body["id"].as_str().context("no booking")?;
        driver.post(&format!("/api/v1/bookings/{id}/confirm"), &json!({})).await?;
        driver.connect().await?;
        passenger.connect().await?;
        let said = text(&room, "gate 4, code 1234");
        driver.say(&said).await?;
        assert_eq!(answer(&mut driver, &said["id"]).await?, None);
        // The very same frame, and another text: no difference, and no result of the first.
        let mut other = said.clone();
        other["body"]["text"] = json!("a guess");
        for frame in [&said, &other] {
            passenger.say(frame).await?;
            let failure = answer(&mut passenger, &frame["id"]).await?.context("taken")?;
            let id = frame["id"].as_str().context("no id")?.parse()?;
            assert_eq!(failure, Failure::new(Some(id), ErrorCode::IdConflict));
        }
        // In a room of one's own the id is as good as any.
        let (_, own) = passenger.trip(&world.trip()).await?;
        let mut elsewhere = said.clone();
        elsewhere["room"] = json!(own);
        passenger.say(&elsewhere).await?;
        assert_eq!(answer(&mut passenger, &said["id"]).await?, None);
        assert_eq!(world.server.stored(room.parse()?).await?.len(), 1);
        assert_eq!(world.server.stored(own.parse()?).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_good_messages_reach_the_room_and_everyone_goes_on() -> Result<()> {
    on_both(|mut world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let passenger = world.person("Daniyar").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        let booking = passenger.client.request_booking(trip.parse()?, 1).await?;
        driver.post(&format!("/api/v1/bookings/{}/confirm", booking.id), &json!({})).await?;
        driver.connect().await?;
        let longest = "🚌".repeat(4_000);
        let at = |time: i64| {
            let mut frame = text(&room, "when?");
            frame["written_at"] = json!(time);
            frame
        };
        let refused = Some(ErrorCode::MessageRefused);
        let cases = [
            (text(&room, "first"), None),
            (text(&room, ""), refused),
            (text(&room, " \u{a0}\t\n\u{3000} "), refused),
            (text(&room, "a\0b"), refused),
            (text(&room, &longest), None),
            (text(&room, &format!("{longest}!")), Some(ErrorCode::TooLarge)),
            (send(&room, json!({"kind": "HOLOGRAM", "depth": 3})), refused),
            (at(-1), refused),
            (at(i64::MIN), refused),
            (at(i64::MAX), refused),
            (text(&room, "<img src=x onerror=alert(1)> '; DROP TABLE message; --"), None),
            (text(&room, "last"), None),
        ];
        let mut good = Vec::new();
        for (frame, wanted) in &cases {
            driver.say(frame).await?;
            let failure = answer(&mut driver, &frame["id"]).await?;
            assert_eq!(failure.as_ref().map(|it| it.code), *wanted);
            match failure {
                Some(failure) => assert!(failure.message.ends_with('.'), "{failure:?}"),
                None => good.push(frame["id"].as_str().context("no id")?.replace('-', "")),
            }
        }
        let room: RoomId = room.parse()?;
        assert_eq!(world.server.stored(room).await?, good);
        passenger.until_online().await?;
        passenger.until("the room", |client| async move { Ok(client.room(room).await.ok()) }).await?;
        let all = ["first", &longest, "<img src=x onerror=alert(1)> '; DROP TABLE message; --", "last"];
        passenger.until_reads(room, &all).await?;
        passenger.say(room, "read it").await?;
        let all = [&all[..], &["read it"]].concat();
        passenger.until_reads(room, &all).await?;
        Ok(())
    })
    .await
}
