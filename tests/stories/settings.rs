//! What a person sets about a room is theirs alone, and the same on all their devices.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tripchat_protocol::{ErrorCode, Membership, Object, ServerFrame};
use tripchat_tests::talk::{RawRide, mark, objects, set, text, uuid};
use tripchat_tests::{Raw, on_both};

/// Waits for the membership as `wanted` has it.
async fn until_membership(raw: &mut Raw, wanted: impl Fn(&Membership) -> bool) -> Result<Membership> {
    raw.until(|frame| {
        objects(frame).into_iter().find_map(|object| match object {
            Object::Membership(it) if wanted(it) => Some(it.clone()),
            _ => None,
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_setting_stands_on_all_devices_and_nobody_else_sees_it() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, .. } = RawRide::on(&world).await?;
        let mut other = passenger.twin();
        other.connect().await?;
        driver.heard_so_far().await?;
        for setting in [
            json!({"favourite": true}),
            json!({"muted_until": 1_900_000_000_000_i64}),
            json!({"archived": true}),
            json!({"draft": "I am at"}),
            json!({"draft": "I am at exit 2"}),
        ] {
            passenger.does(&set(&room, &setting)).await?;
        }
        let seen =
            until_membership(&mut other, |it| it.own.draft.as_deref() == Some("I am at exit 2")).await?;
        assert!(seen.own.favourite && seen.own.archived);
        assert_eq!(seen.own.muted_until, Some(1_900_000_000_000));
        passenger.does(&set(&room, &json!({"draft": null}))).await?;
        passenger.does(&set(&room, &json!({"favourite": false}))).await?;
        let seen = until_membership(&mut other, |it| !it.own.favourite).await?;
        assert_eq!((seen.own.draft, seen.own.archived), (None, true));
        // What stands already is no change.
        let again = passenger.does(&set(&room, &json!({"favourite": false}))).await?;
        assert_eq!(again.rev, None);
        let heard = driver.heard_so_far().await?;
        assert_eq!(heard.iter().flat_map(objects).count(), 0, "{heard:?}");

        assert_eq!(
            passenger.fails(&set(&room, &json!({"draft": "x".repeat(4_001)}))).await?,
            ErrorCode::TooLarge
        );
        for bad in
            [json!({"role": "OWNER"}), json!({"favourite": 1}), json!({}), json!({"draft": 5}), Value::Null]
        {
            assert_eq!(passenger.fails(&set(&room, &bad)).await?, ErrorCode::InvalidInput, "{bad}");
        }
        assert_eq!(
            passenger.fails(&set(&uuid(), &json!({"archived": true}))).await?,
            ErrorCode::RoomNotFound
        );
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_marked_unread_is_so_until_the_next_read() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, epoch, .. } = RawRide::on(&world).await?;
        let seq = driver.does(&text(&room, "here")).await?.seq.context("no seq")?;
        passenger.does(&mark("read", &room, epoch, seq.0)).await?;
        let mut other = passenger.twin();
        other.connect().await?;
        passenger.does(&set(&room, &json!({"marked_unread": true}))).await?;
        until_membership(&mut other, |it| it.own.marked_unread).await?;
        // The mark is there already; reading clears the flag all the same.
        passenger.does(&mark("read", &room, epoch, seq.0)).await?;
        until_membership(&mut other, |it| !it.own.marked_unread).await?;
        let heard = driver.heard_so_far().await?;
        let told =
            heard.iter().any(|frame| matches!(frame, ServerFrame::Change(it) if it.stream.room().is_none()));
        assert!(!told, "{heard:?}");
        Ok(())
    })
    .await
}
