//! Who writes and who is there: told while it lasts, to those whom it concerns.

use super::{said, say};
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeMap;
use tripchat_protocol::frame::close;
use tripchat_protocol::{Presence, ServerFrame, UserId};
use tripchat_tests::talk::book;
use tripchat_tests::{Raw, on_both};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_reaches_the_other_members_once_in_three_seconds_and_nobody_else() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut passenger = world.raw("Daniyar").await?;
        let mut stranger = world.raw("Nurlan").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        book(&driver, &passenger, &trip).await?;
        driver.connect().await?;
        passenger.connect().await?;
        stranger.connect().await?;
        for by in [&mut stranger, &mut passenger] {
            for _ in 0..5 {
                by.say(&json!({"type": "typing", "room": room})).await?;
            }
        }
        say(&mut passenger, &room, "at the kiosk").await?;
        let mut writers = Vec::new();
        driver
            .until(|frame| match frame {
                ServerFrame::Typing(typing) => {
                    writers.push((typing.room.to_string(), typing.user.to_string()));
                    None
                }
                _ => said(frame),
            })
            .await?;
        assert_eq!(writers, [(room.clone(), passenger.user.clone())]);
        // Nothing was answered, and the writer's own connections heard nothing.
        for raw in [&mut passenger, &mut stranger] {
            raw.say(&json!({"type": "ping"})).await?;
            let heard = raw
                .until(|frame| match frame {
                    ServerFrame::Pong(_) => Some(None),
                    ServerFrame::Typing(_) | ServerFrame::Error(_) => Some(Some(frame.clone())),
                    _ => None,
                })
                .await?;
            assert_eq!(heard, None);
        }
        Ok(())
    })
    .await
}

/// The next presence of `user` that is told.
async fn presence_of(raw: &mut Raw, user: &str) -> Result<Presence> {
    let user: UserId = user.parse()?;
    raw.until(|frame| match frame {
        ServerFrame::Presence(presence) => presence.people.get(&user).copied(),
        _ => None,
    })
    .await
}

/// Who is told to be there before everything that was missed is through.
async fn greeted_with(raw: &mut Raw) -> Result<BTreeMap<UserId, Presence>> {
    raw.greet(&json!({})).await?;
    let mut seen = BTreeMap::new();
    raw.until(|frame| match frame {
        ServerFrame::Presence(presence) => {
            seen.extend(presence.people.clone());
            None
        }
        ServerFrame::Synced(_) => Some(()),
        _ => None,
    })
    .await?;
    Ok(seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_is_told_to_those_who_share_a_room_and_can_only_be_lowered() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut passenger = world.raw("Daniyar").await?;
        let mut stranger = world.raw("Nurlan").await?;
        let (trip, _) = driver.trip(&world.trip()).await?;
        assert_eq!(greeted_with(&mut driver).await?, BTreeMap::new());
        assert_eq!(greeted_with(&mut stranger).await?, BTreeMap::new());
        // They meet in the room while both are connected.
        assert_eq!(greeted_with(&mut passenger).await?, BTreeMap::new());
        book(&driver, &passenger, &trip).await?;
        let (driving, riding) = (driver.user.clone(), passenger.user.clone());
        assert_eq!(presence_of(&mut passenger, &driving).await?, Presence::Online);
        assert_eq!(presence_of(&mut driver, &riding).await?, Presence::Online);
        for (state, seen) in
            [("away", Presence::Away), ("invisible", Presence::Offline), ("online", Presence::Online)]
        {
            passenger.say(&json!({"type": "presence", "state": state})).await?;
            // That they are there was told with each of the two rooms that they share.
            while presence_of(&mut driver, &riding).await? != seen {}
        }
        // Who comes later is told who is there; an invisible person is not.
        let wanted = BTreeMap::from([(riding.parse()?, Presence::Online)]);
        assert_eq!(greeted_with(&mut driver.twin()).await?, wanted);
        passenger.say(&json!({"type": "presence", "state": "invisible"})).await?;
        assert_eq!(presence_of(&mut driver, &riding).await?, Presence::Offline);
        assert_eq!(greeted_with(&mut driver.twin()).await?, BTreeMap::new());
        // The stranger was told of nobody.
        stranger.say(&json!({"type": "ping"})).await?;
        let heard = stranger
            .until(|frame| match frame {
                ServerFrame::Pong(_) => Some(None),
                ServerFrame::Presence(presence) => Some(Some(presence.clone())),
                _ => None,
            })
            .await?;
        assert_eq!(heard, None);
        // What is no availability is refused like any frame that cannot be read.
        stranger.say(&json!({"type": "presence", "state": "everywhere"})).await?;
        assert_eq!(stranger.until_closed().await?, (Some(close::BAD_FRAME), Some("INVALID_INPUT".into())));
        Ok(())
    })
    .await
}
