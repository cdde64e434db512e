//! Two people, and two devices of one of them, with real cores: what one does, the others see.

use anyhow::{Context, Result};
use tripchat_core::view::{Edge, Place, SendState, TimelineRow};
use tripchat_protocol::{MessageId, Presence, RoomId, Setting, Standing};
use tripchat_tests::{Person, World, board, on_both};

/// A driver, a passenger, and a second device of the passenger.
async fn three(world: &mut World) -> Result<(Person, Person, Person, RoomId)> {
    let driver = world.person("Aigerim").await?;
    let passenger = world.somebody();
    passenger.register_as("daniyar@example.org", "Daniyar").await?;
    passenger.until_online().await?;
    let second = world.somebody();
    second.sign_in("daniyar@example.org").await?;
    second.until_online().await?;
    let trip = driver.client.create_trip(world.trip()).await?;
    board(&driver, &passenger, &trip).await?;
    let room = trip.room;
    second
        .until("the room on the second device", |client| async move {
            Ok(client.room(room).await.ok().filter(|view| view.members.len() == 2).map(drop))
        })
        .await?;
    Ok((driver, passenger, second, room))
}

async fn until_row(
    person: &Person,
    room: RoomId,
    what: &str,
    wanted: impl Fn(&TimelineRow) -> bool + Copy,
) -> Result<TimelineRow> {
    person
        .until(what, |client| async move {
            let rows = client.timeline(room, Place::Newest, 100).await?.rows;
            Ok(rows.into_iter().filter(|row| !row.silent).find(wanted))
        })
        .await
}

async fn until_unread(person: &Person, room: RoomId, count: u32) -> Result<()> {
    person
        .until("the unread count", |client| async move {
            let rows = client.inbox().await?;
            Ok(rows.iter().any(|row| row.room == room && row.unread == count).then_some(()))
        })
        .await
}

fn id(text: &str) -> Result<MessageId> {
    Ok(text.parse()?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_sent_then_delivered_then_read_and_read_on_all_devices() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, second, room) = three(&mut world).await?;
        passenger.road.close();
        second.road.close();
        driver.say(room, "at exit 2").await?;
        let row = until_row(&driver, room, "sent", |row| row.state == SendState::Sent).await?;
        assert_eq!(row.reach.map(|reach| (reach.of, reach.delivered, reach.read)), Some((1, 0, 0)));
        passenger.road.open();
        until_row(&driver, room, "delivered", |row| row.state == SendState::Delivered).await?;
        second.road.open();
        until_unread(&passenger, room, 1).await?;
        until_unread(&second, room, 1).await?;
        let seq = row.seq.context("no place")?;
        passenger.client.seen(room, seq).await?;
        until_row(&driver, room, "read", |row| row.state == SendState::Read).await?;
        until_unread(&passenger, room, 0).await?;
        until_unread(&second, room, 0).await?;
        let view = driver.client.room(room).await?;
        assert!(view.members.iter().any(|member| !member.me && member.read >= seq));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_without_a_network_counts_at_once_here_and_later_everywhere() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, mut passenger, second, room) = three(&mut world).await?;
        driver.say(room, "one").await?;
        driver.say(room, "two").await?;
        until_unread(&passenger, room, 2).await?;
        until_unread(&second, room, 2).await?;
        passenger.road.close();
        let last = passenger.rows(room).await?.last().and_then(|row| row.seq).context("no place")?;
        passenger.client.seen(room, last).await?;
        until_unread(&passenger, room, 0).await?;
        passenger.reopen();
        until_unread(&passenger, room, 0).await?;
        passenger.road.open();
        until_unread(&second, room, 0).await?;
        until_row(&driver, room, "read", |row| row.state == SendState::Read).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_and_a_deletion_reach_everybody_once() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, second, room) = three(&mut world).await?;
        let said = id(&driver.say(room, "at exit 2").await?)?;
        passenger.until_reads(room, &["at exit 2"]).await?;
        driver.client.edit(room, said, "at exit 3".into()).await?;
        for person in [&driver, &passenger, &second] {
            let row = until_row(person, room, "the edit", |row| {
                row.text.as_deref() == Some("at exit 3") && row.edited && row.change.is_none()
            })
            .await?;
            assert_eq!(row.can_edit, row.mine);
        }
        // Without a network it shows at once, waits, survives the app and goes when there is one.
        driver.road.close();
        driver.client.edit(room, said, "at exit 4".into()).await?;
        let row = until_row(&driver, room, "the edit that waits", |row| row.change.is_some()).await?;
        assert_eq!(row.text.as_deref(), Some("at exit 4"));
        driver.road.open();
        until_row(&second, room, "the later edit", |row| row.text.as_deref() == Some("at exit 4")).await?;
        driver.client.delete(room, said).await?;
        for person in [&driver, &passenger, &second] {
            let row =
                until_row(person, room, "the deletion", |row| row.deleted && row.change.is_none()).await?;
            assert_eq!((row.text, row.can_edit, row.can_delete), (None, false, false));
        }
        let rows = driver.rows(room).await?;
        assert_eq!(rows.len(), 1, "{rows:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_that_came_too_late_is_shown_to_its_writer() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, second, room) = three(&mut world).await?;
        let said = id(&passenger.say(room, "seat 3").await?)?;
        until_row(&second, room, "the message", |row| row.text.as_deref() == Some("seat 3")).await?;
        second.road.close();
        second.client.edit(room, said, "seat 5".into()).await?;
        passenger.client.edit(room, said, "seat 4".into()).await?;
        until_row(&driver, room, "the first edit", |row| row.text.as_deref() == Some("seat 4")).await?;
        second.road.open();
        let row = until_row(&second, room, "the refusal", |row| {
            row.change.as_ref().is_some_and(|change| change.failure.is_some())
        })
        .await?;
        let change = row.change.context("no change")?;
        assert_eq!(change.failure, Some(tripchat_protocol::ErrorCode::Conflict));
        // The writer decides: here they insist.
        second.client.retry(change.id).await?;
        until_row(&driver, room, "the second edit", |row| row.text.as_deref() == Some("seat 5")).await?;
        until_row(&second, room, "settled", |row| row.change.is_none()).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_and_what_is_set_are_on_all_devices() -> Result<()> {
    on_both(|mut world| async move {
        let (_driver, passenger, second, room) = three(&mut world).await?;
        passenger.client.draft(room, Some("I am at".into())).await?;
        passenger.client.visible(None);
        second
            .until("the draft", |client| async move {
                Ok((client.room(room).await?.draft.as_deref() == Some("I am at")).then_some(()))
            })
            .await?;
        second.client.set(room, Setting::Favourite(true)).await?;
        passenger
            .until("the favourite", |client| async move {
                Ok(client.inbox().await?.iter().any(|row| row.favourite).then_some(()))
            })
            .await?;
        second.say(room, "I am at exit 2").await?;
        passenger
            .until("the draft is gone", |client| async move {
                Ok(client.room(room).await?.draft.is_none().then_some(()))
            })
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_and_who_is_there_is_seen() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, room) = world.ride().await?;
        let there = |presence: Presence| {
            driver.until("the presence", move |client| async move {
                let row = client.inbox().await?.into_iter().find(|row| row.room == room);
                Ok(row.is_some_and(|row| row.presence == Some(presence)).then_some(()))
            })
        };
        there(Presence::Online).await?;
        passenger.client.availability(tripchat_protocol::Availability::Away);
        there(Presence::Away).await?;
        passenger.client.typing(room);
        driver
            .until("the typing", |client| async move {
                Ok((client.room(room).await?.typing == ["Daniyar"]).then_some(()))
            })
            .await?;
        passenger.say(room, "here").await?;
        driver
            .until("the typing is over", |client| async move {
                let view = client.room(room).await?;
                let mut rows = client.timeline(room, Place::Newest, 10).await?.rows;
                rows.retain(|row| !row.silent);
                Ok((view.typing.is_empty() && rows.len() == 1).then_some(()))
            })
            .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_passenger_keeps_what_they_had_and_gets_nothing_more() -> Result<()> {
    on_both(|mut world| async move {
        let driver = world.person("Aigerim").await?;
        let mut passenger = world.person("Daniyar").await?;
        let trip = driver.client.create_trip(world.trip()).await?;
        board(&driver, &passenger, &trip).await?;
        let room = trip.room;
        driver.say(room, "at exit 2").await?;
        passenger.until_reads(room, &["at exit 2"]).await?;
        let booking = driver.client.trip_bookings(trip.id).await?.remove(0);
        driver.client.cancel_booking(booking.id).await?;
        passenger
            .until("the end of the stay", |client| async move {
                Ok(client.inbox().await?.iter().any(|row| row.state == Standing::Ended).then_some(()))
            })
            .await?;
        driver.say(room, "now we are alone").await?;
        driver.until_reads(room, &["at exit 2", "now we are alone"]).await?;
        passenger.reopen();
        passenger.until_online().await?;
        let view = passenger.client.room(room).await?;
        assert_eq!((view.state, view.can_write, view.trip.is_some()), (Standing::Ended, false, true));
        passenger.until_reads(room, &["at exit 2"]).await?;
        assert!(passenger.client.send(room, "wait".into()).await.is_err());
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_absence_leaves_a_hole_that_is_filled_when_looked_at() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, room) = world.ride().await?;
        driver.say(room, "line 0").await?;
        passenger.until_reads(room, &["line 0"]).await?;
        passenger.road.close();
        for number in 1..=1_300 {
            driver.say(room, &format!("line {number}")).await?;
        }
        driver
            .until("all are sent", |client| async move {
                let rows = client.timeline(room, Place::Newest, 1).await?.rows;
                let last = rows.last().context("no rows")?;
                Ok((last.seq.is_some() && last.text.as_deref() == Some("line 1300")).then_some(()))
            })
            .await?;
        passenger.road.open();
        passenger.until_online().await?;
        let newest = passenger.client.timeline(room, Place::Newest, 50).await?;
        assert_eq!(newest.rows.last().and_then(|row| row.text.as_deref()), Some("line 1300"));
        assert_ne!(newest.older, Edge::End);
        // Unread is the server's count until the hole is closed, and a hundred in either case.
        until_unread(&passenger, room, 100).await?;
        passenger
            .until("the hole is closed", |client| async move {
                let first = client.timeline(room, Place::Newest, 1).await?.rows.remove(0);
                let mut seq = first.seq.context("no place")?;
                let mut count = 1;
                loop {
                    let page = client.timeline(room, Place::Before { seq }, 100).await?;
                    count += page.rows.iter().filter(|row| !row.silent).count();
                    match (page.rows.first().and_then(|row| row.seq), page.older) {
                        (_, Edge::Hole) => return Ok(None),
                        (_, Edge::End) => return Ok(Some(count)),
                        (Some(at), Edge::More) => seq = at,
                        (None, Edge::More) => anyhow::bail!("more, but nothing came"),
                    }
                }
            })
            .await
            .map(|count| assert_eq!(count, 1_301))?;
        let hits = passenger.client.search("line 777".into(), None, 10).await?;
        assert_eq!(hits.iter().map(|hit| hit.text.as_str()).collect::<Vec<_>>(), ["line 777"]);
        Ok(())
    })
    .await
}
