//! What is missing: limited catch-ups, rooms that are behind, and what the history gives back.

use super::connection::{Connection, message, room_stream, theirs};
use super::patience::Patience;
use super::stage::{Stage, kindly, me, room};
use crate::api::Unreachable;
use crate::view::{Edge, Place};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tripchat_protocol::{ClientFrame, Seq, StreamId};
use uuid::Uuid;

/// A history of somebody else's messages at each of these seqs, asked like the server's; notes what it was asked.
fn with_history(stage: &Stage, seqs: std::ops::RangeInclusive<i64>, asked: &Arc<Mutex<Vec<String>>>) {
    let (mut others, asked) = (kindly(), asked.clone());
    let seqs: Vec<i64> = seqs.collect();
    stage.desk.will(move |request| {
        let Some((_, query)) = request.url.split_once("/messages?") else { return others(request) };
        asked.lock().unwrap().push(query.to_owned());
        let (side, rest) = query.split_once('=').unwrap();
        let place: i64 = rest.split_once('&').unwrap().0.parse().unwrap();
        let mut found: Vec<i64> = match side {
            "before" => seqs.iter().rev().filter(|seq| **seq < place).copied().collect(),
            _ => seqs.iter().filter(|seq| **seq > place).copied().collect(),
        };
        let has_more = found.len() > 100;
        found.truncate(100);
        found.sort_unstable();
        let placed = |seq: &i64| {
            let mut message = theirs(u128::try_from(*seq).unwrap(), *seq, &format!("m{seq}"));
            message["rev"] = json!(seq);
            message
        };
        let messages: Vec<Value> = found.iter().map(placed).collect();
        Ok((200, json!({"epoch": 7, "messages": messages, "has_more": has_more})))
    });
}

/// A limited page: messages between 3 and 400 are left out.
async fn limited(connection: &mut Connection) {
    let objects: Vec<Value> = (400..=402)
        .map(|seq| json!({"rev": seq, "object": theirs(u128::try_from(seq).unwrap(), seq, &format!("m{seq}"))}))
        .collect();
    connection
        .say(json!({
            "type": "changes", "stream": room_stream(), "epoch": 7, "from": 3, "upto": 402, "more": false,
            "objects": objects, "hole": [3, 400],
        }))
        .await;
}

async fn until_older_is(stage: &Stage, place: Place, wanted: Edge) {
    let mut events = Patience::with(&stage.client);
    while stage.client.timeline(room(), place, 200).await.unwrap().older != wanted {
        events.next().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_hole_above_the_delivered_mark_is_filled_in_the_background_newest_first() {
    let (mut stage, mut connection) = Stage::online().await;
    let asked = Arc::new(Mutex::new(Vec::new()));
    with_history(&stage, 4..=402, &asked);
    connection.close(4012).await;
    let mut connection = stage.connection().await;
    connection.welcome().await;
    limited(&mut connection).await;
    stage.shows(&["m400 Sent", "m401 Sent", "m402 Sent"]).await;
    assert_eq!(stage.client.timeline(room(), Place::Newest, 50).await.unwrap().older, Edge::Hole);
    connection.say(json!({"type": "synced"})).await;
    // A search looks at no place, so that nothing is asked for but in the background.
    let mut events = Patience::with(&stage.client);
    while !stage.client.search("m5".into(), None, 200).await.unwrap().iter().any(|hit| hit.seq == Seq(5)) {
        events.next().await;
    }
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert_eq!(asked[0], "before=400&limit=100");
    assert_eq!(asked[3], "before=100&limit=100");
    let all = stage.client.timeline(room(), Place::After { seq: Seq(3) }, 200).await.unwrap();
    assert_eq!((all.rows.len(), all.newer), (200, Edge::More));
}

#[tokio::test(start_paused = true)]
async fn a_hole_below_the_delivered_mark_is_filled_when_somebody_looks() {
    let (mut stage, mut connection) = Stage::online().await;
    let asked = Arc::new(Mutex::new(Vec::new()));
    with_history(&stage, 4..=402, &asked);
    connection.close(4012).await;
    let mut connection = stage.connection().await;
    connection.welcome().await;
    connection.say(super::marks::marks(1, (402, 402), (402, 402))).await;
    limited(&mut connection).await;
    connection.say(json!({"type": "synced"})).await;
    connection.change(403, theirs(403, 403, "m403")).await;
    stage.shows(&["m400 Sent", "m401 Sent", "m402 Sent", "m403 Sent"]).await;
    // That look wanted what is before it, once, and no more.
    let mut events = Patience::with(&stage.client);
    while stage.rows().await.len() < 50 {
        events.next().await;
    }
    assert_eq!(*asked.lock().unwrap(), ["before=400&limit=100"]);
    let below = stage.client.timeline(room(), Place::Around { seq: Seq(3) }, 9).await.unwrap();
    assert_eq!(below.newer, Edge::Hole);
    let mut events = Patience::with(&stage.client);
    while stage.client.timeline(room(), Place::After { seq: Seq(3) }, 9).await.unwrap().rows.is_empty() {
        events.next().await;
    }
    assert_eq!(asked.lock().unwrap()[1], "after=3&limit=100");
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_waits_for_the_network_and_is_tried_again() {
    let (mut stage, mut connection) = Stage::online().await;
    let (tried, mut tries) = tokio::sync::mpsc::unbounded_channel();
    stage.desk.will(move |request| {
        if request.url.ends_with("limit=100") {
            tried.send(()).unwrap();
        }
        Err(Unreachable)
    });
    connection.close(4012).await;
    let mut connection = stage.connection().await;
    connection.welcome().await;
    limited(&mut connection).await;
    connection.say(json!({"type": "synced"})).await;
    stage.shows(&["m400 Sent", "m401 Sent", "m402 Sent"]).await;
    for _ in 0..3 {
        tokio::select! {
            biased;
            tried = tries.recv() => tried.unwrap(),
            frame = connection.hear() => assert!(matches!(frame, ClientFrame::Ping(_) | ClientFrame::Pong(_))),
        }
    }
    let asked = Arc::new(Mutex::new(Vec::new()));
    with_history(&stage, 4..=402, &asked);
    until_older_is(&stage, Place::Before { seq: Seq(100) }, Edge::End).await;
}

#[tokio::test(start_paused = true)]
async fn a_room_that_is_behind_is_read_when_its_turn_comes_and_shows_its_head_until_then() {
    let (mut stage, mut connection) = Stage::online().await;
    connection.close(4012).await;
    let mut connection = stage.connection().await;
    connection.welcome().await;
    let newest = theirs(9, 50, "the latest");
    let head = |room: Uuid| json!({"room": room, "epoch": 7, "head": 50, "marks": 0, "unread": 44, "newest": newest});
    let other = Uuid::from_u128(0xB3);
    connection.say(json!({"type": "heads", "rooms": [head(other), head(room().0)]})).await;
    connection.say(json!({"type": "synced"})).await;
    let ClientFrame::CatchUp(first) = connection.hear().await else { panic!() };
    assert_eq!(first.stream, StreamId::Room(other.into()), "newest activity first");
    let row = stage.client.inbox().await.unwrap().remove(0);
    assert_eq!((row.unread, row.last.unwrap().text.as_deref()), (44, Some("the latest")));
    let page = stage.client.timeline(room(), Place::Newest, 50).await.unwrap();
    assert_eq!((page.rows.len(), page.newer), (0, Edge::Hole));
    let other_stream = format!("room:{other}");
    connection
        .say(json!({
            "type": "changes", "stream": other_stream, "epoch": 7, "from": 0, "upto": 50, "more": false,
            "reset": true, "objects": [],
        }))
        .await;
    let ClientFrame::CatchUp(second) = connection.hear().await else { panic!() };
    assert_eq!(second.stream, StreamId::Room(room()), "one by one");
    connection.page(&room_stream(), 3, &[(50, newest.clone())]).await;
    stage.shows(&["the latest Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_room_that_one_left_before_this_device_came_is_read_from_its_history() {
    let mut stage = Stage::new();
    let asked = Arc::new(Mutex::new(Vec::new()));
    with_history(&stage, 2..=30, &asked);
    stage.sign_in().await;
    let mut connection = stage.connection().await;
    connection.welcome().await;
    let kept = json!({"room": {
        "id": room(), "type": "TRIP", "name": "Almaty", "trip": null, "created_by": Uuid::from_u128(0xC3),
        "created_at": 5, "is_active": true,
    }});
    let membership = json!({
        "kind": "membership", "room": room(), "room_type": "TRIP", "role": "MEMBER", "state": "ended",
        "from_rev": 1, "to_rev": 20, "kept": kept,
    });
    connection.page(&format!("user:{}", me()), 0, &[(1, membership)]).await;
    connection.say(json!({"type": "synced"})).await;
    stage.until(crate::view::ConnectionView::Online).await;
    let view = stage.client.room(room()).await.unwrap();
    assert_eq!((view.name.as_deref(), view.can_write), (Some("Almaty"), false));
    assert_eq!(stage.client.inbox().await.unwrap().len(), 1);
    assert_eq!(asked.lock().unwrap().len(), 0, "not before somebody looks");
    until_older_is(&stage, Place::Newest, Edge::End).await;
    // The last rev is the end of the stay, and no message.
    assert_eq!(*asked.lock().unwrap(), ["before=20&limit=100"]);
    assert_eq!(stage.rows().await.len(), 18);
}

#[tokio::test(start_paused = true)]
async fn the_cache_is_searched_offline() {
    let (stage, mut connection) = Stage::online().await;
    connection.change(4, theirs(1, 4, "Жду у Ёлки")).await;
    connection.change(5, message(Uuid::from_u128(2), me().0, 5, "ёлка? вижу")).await;
    stage.shows(&["Жду у Ёлки Sent", "ёлка? вижу Sent"]).await;
    drop(connection);
    let hits = stage.client.search("елк".into(), Some(room()), 0).await.unwrap();
    assert_eq!((hits.len(), hits[0].seq, hits[0].mine), (1, Seq(5), true));
    let hits = stage.client.search("елк".into(), None, 9).await.unwrap();
    let seen: Vec<_> = hits.iter().map(|hit| (hit.author_name.as_str(), hit.marks.as_slice())).collect();
    assert_eq!(seen, [("Aida", &[(0, 3)][..]), ("Bek", &[(6, 9)][..])]);
    assert_eq!(stage.client.search("\"*".into(), None, 9).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_told_as_delivered_in_the_middle_of_a_catch_up() {
    let (_stage, mut connection) = Stage::online().await;
    connection.change(7, theirs(7, 7, "seven")).await;
    let ClientFrame::CatchUp(_) = connection.hear().await else { panic!() };
    // What was made at 5 was changed at 6, and comes there: at 4 it is not here.
    connection
        .say(json!({
            "type": "changes", "stream": room_stream(), "epoch": 7, "from": 3, "upto": 5, "more": true,
            "objects": [{"rev": 4, "object": theirs(4, 4, "four")}],
        }))
        .await;
    connection.page(&room_stream(), 5, &[(6, theirs(5, 5, "five"))]).await;
    let ClientFrame::Delivered(mark) = connection.hear_all().await else { panic!() };
    assert_eq!(mark.seq, Seq(7));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_was_lost_with_the_process_is_made_again() {
    let (mut stage, mut connection) = Stage::online().await;
    connection.change(4, theirs(1, 4, "here")).await;
    let ClientFrame::Delivered(first) = connection.hear_all().await else { panic!() };
    assert_eq!(first.seq, Seq(4));
    stage.kill();
    let mut again = stage.connection().await;
    again.welcome_back().await;
    let ClientFrame::Delivered(second) = again.hear_all().await else { panic!() };
    assert_eq!((second.room, second.seq), (room(), Seq(4)));
}

#[tokio::test(start_paused = true)]
async fn a_hole_that_is_noted_online_is_filled_in_the_background_too() {
    let (stage, mut connection) = Stage::online().await;
    with_history(&stage, 4..=402, &Arc::default());
    limited(&mut connection).await;
    let mut events = Patience::with(&stage.client);
    while !stage.client.search("m5".into(), None, 200).await.unwrap().iter().any(|hit| hit.seq == Seq(5)) {
        events.next().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_history_said_before_a_reset_is_void() {
    let (stage, mut connection) = Stage::online().await;
    let asked = Arc::new(Mutex::new(Vec::new()));
    with_history(&stage, 4..=402, &asked);
    let slow = stage.desk.slow.clone().lock_owned().await;
    limited(&mut connection).await;
    stage.shows(&["m400 Sent", "m401 Sent", "m402 Sent"]).await;
    assert_eq!(asked.lock().unwrap().len(), 1, "it is asked, and not answered yet");
    with_history(&stage, 500..=500, &asked);
    connection
        .say(json!({
            "type": "changes", "stream": room_stream(), "epoch": 7, "from": 0, "upto": 500, "more": false,
            "reset": true, "hole": [0, 500], "objects": [{"rev": 500, "object": theirs(500, 500, "m500")}],
        }))
        .await;
    stage.shows(&["m500 Sent"]).await;
    drop(slow);
    until_older_is(&stage, Place::Newest, Edge::End).await;
    assert_eq!(stage.rows().await, ["m500 Sent"]);
}
