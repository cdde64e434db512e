//! Devices and disks that fail: the app says so, goes on as far as it can, and loses nothing that was written.

use anyhow::{Context, Result};
use futures_util::future::BoxFuture;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tripchat_core::view::{ConnectionView, Place};
use tripchat_core::{SecretError, SecretStore, SecretString};
use tripchat_protocol::{ErrorCode, RoomId};
use tripchat_runtime::Tasks;
use tripchat_tests::{Keyring, PASSWORD, Person, World, board, on_both};

/// No keyring at all, or one that never answers.
struct Broken {
    answers: bool,
}

impl Broken {
    fn ask<T: Send + 'static>(&self) -> BoxFuture<'static, Result<T, SecretError>> {
        if self.answers {
            Box::pin(std::future::ready(Err(SecretError)))
        } else {
            Box::pin(std::future::pending())
        }
    }
}

impl SecretStore for Broken {
    fn get(&self, _key: String) -> BoxFuture<'static, Result<Option<SecretString>, SecretError>> {
        self.ask()
    }

    fn set(&self, _key: String, _secret: SecretString) -> BoxFuture<'static, Result<(), SecretError>> {
        self.ask()
    }

    fn delete(&self, _key: String) -> BoxFuture<'static, Result<(), SecretError>> {
        self.ask()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_keyring_one_rides_along_and_is_told() -> Result<()> {
    for answers in [true, false] {
        let mut world = World::new().await?;
        let driver = world.person("Aigerim").await?;
        let mut passenger = world.somebody_with(Arc::new(Broken { answers }));
        let email = "daniyar@example.org";
        passenger.register_as(email, "Daniyar").await?;
        passenger.until_online().await?;
        assert!(!passenger.client.start_view().await?.remembers);
        let trip = driver.client.create_trip(world.trip()).await?;
        board(&driver, &passenger, &trip).await?;
        passenger.say(trip.room, "at the kiosk").await?;
        driver.until_reads(trip.room, &["at the kiosk"]).await?;
        passenger.until_reads(trip.room, &["at the kiosk"]).await?;
        // What is unsent when the app ends waits for the next sign-in.
        passenger.road.close();
        passenger.say(trip.room, "still there?").await?;
        passenger.reopen();
        let start = passenger.client.start_view().await?;
        assert_eq!((start.account, start.connection), (None, ConnectionView::SignedOut));
        passenger.road.open();
        passenger.sign_in(email).await?;
        passenger.until_reads(trip.room, &["at the kiosk", "still there?"]).await?;
        passenger.client.sign_out(false).await?;
    }
    Ok(())
}

/// The cache of the one who has an account in `data`, with the app closed.
fn cache_of(data: &Path) -> Result<PathBuf> {
    let files = std::fs::read_dir(data)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let is_cache =
        |path: &&PathBuf| path.extension().is_some_and(|it| it == "db") && !path.ends_with("tripchat.db");
    files.iter().find(is_cache).cloned().context("no cache")
}

/// A ride with three messages, one more in the passenger's outbox, and the passenger's app closed.
async fn ride_with_one_unsent(world: &mut World) -> Result<(Person, Person, RoomId)> {
    let (driver, mut passenger, room) = world.ride().await?;
    for text in ["one", "two", "three"] {
        driver.say(room, text).await?;
    }
    passenger.until_reads(room, &["one", "two", "three"]).await?;
    passenger.road.close();
    passenger.say(room, "written on the road").await?;
    passenger.client.close().await?;
    passenger.kill();
    Ok((driver, passenger, room))
}

/// Overwrites the pages of these tables in a closed database.
fn spoil(path: &Path, tables: &[&str]) -> Result<()> {
    let db = rusqlite::Connection::open(path)?;
    let size: u32 = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let mut bytes = std::fs::read(path)?;
    for table in tables {
        let page: u32 =
            db.query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [table], |row| row.get(0))?;
        let (from, to) = (usize::try_from((page - 1) * size)?, usize::try_from(page * size)?);
        bytes[from..to].fill(0xA5);
    }
    drop(db);
    std::fs::write(path, bytes)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_cache_is_read_again_and_the_unsent_message_goes() -> Result<()> {
    for tables in [&["message"][..], &["object", "cursor"], &["message", "object", "outbox_by_room"]] {
        let mut world = World::new().await?;
        let (driver, mut passenger, room) = ride_with_one_unsent(&mut world).await?;
        spoil(&cache_of(&passenger.data)?, tables)?;
        passenger.road.open();
        passenger.reopen();
        passenger.until_online().await.with_context(|| format!("{tables:?}"))?;
        let all = ["one", "two", "three", "written on the road"];
        passenger.until_reads(room, &all).await.with_context(|| format!("{tables:?}"))?;
        driver.until_reads(room, &all).await?;
        assert_eq!(world.server.stored(room).await?.len(), 4);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cache_that_is_beyond_repair_is_replaced_and_kept_aside() -> Result<()> {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 4] = [
        ("noise", |bytes| bytes.fill(0x5A)),
        ("cut", |bytes| bytes.truncate(bytes.len() / 2)),
        ("cut within a page", |bytes| bytes.truncate(5_000)),
        ("not a database", |bytes| *bytes = b"<html>hello</html>".repeat(400)),
    ];
    for (name, damage) in damages {
        let mut world = World::new().await?;
        let (driver, mut passenger, room) = ride_with_one_unsent(&mut world).await?;
        let cache = cache_of(&passenger.data)?;
        let mut bytes = std::fs::read(&cache)?;
        damage(&mut bytes);
        std::fs::write(&cache, &bytes)?;
        passenger.road.open();
        passenger.reopen();
        passenger.until_online().await.context(name)?;
        passenger.say(room, "still here").await?;
        driver
            .until("the new message", |client| async move {
                let rows = client.timeline(room, Place::Newest, 50).await?.rows;
                Ok(rows.iter().any(|row| row.text.as_deref() == Some("still here")).then_some(()))
            })
            .await
            .context(name)?;
        passenger
            .until("the same as the driver", |client| {
                let driver = driver.client.clone();
                async move {
                    let seen = |view: tripchat_core::view::TimelineView| -> Vec<_> {
                        view.rows.into_iter().map(|row| (row.id, row.seq, row.text)).collect()
                    };
                    let mine = seen(client.timeline(room, Place::Newest, 50).await?);
                    Ok((mine == seen(driver.timeline(room, Place::Newest, 50).await?)).then_some(()))
                }
            })
            .await
            .context(name)?;
        let aside = cache.with_extension("db.damaged-1");
        assert!(aside.exists(), "{name}: nothing was kept");
        passenger.client.sign_out(false).await?;
        assert!(!aside.exists(), "{name}: what was kept outlived the sign-out");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_installation_asks_to_sign_in_and_sends_what_waits() -> Result<()> {
    let mut world = World::new().await?;
    let driver = world.person("Aigerim").await?;
    let mut passenger = world.somebody_with(Arc::new(Keyring::default()));
    let email = "daniyar@example.org";
    passenger.register_as(email, "Daniyar").await?;
    passenger.until_online().await?;
    let trip = driver.client.create_trip(world.trip()).await?;
    board(&driver, &passenger, &trip).await?;
    passenger.road.close();
    passenger.say(trip.room, "do not lose me").await?;
    passenger.client.close().await?;
    passenger.kill();
    std::fs::write(passenger.data.join("tripchat.db"), [0x5A; 20_000])?;
    passenger.road.open();
    passenger.reopen();
    let start = passenger.client.start_view().await?;
    assert_eq!((start.account, start.connection), (None, ConnectionView::SignedOut));
    passenger.sign_in(email).await?;
    passenger.until_reads(trip.room, &["do not lose me"]).await?;
    driver.until_reads(trip.room, &["do not lose me"]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_cache_is_told_and_not_touched() -> Result<()> {
    let mut world = World::new().await?;
    let (_driver, mut passenger, room) = ride_with_one_unsent(&mut world).await?;
    for path in [cache_of(&passenger.data)?, passenger.data.join("tripchat.db")] {
        let db = rusqlite::Connection::open(&path)?;
        let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        db.pragma_update(None, "user_version", 9_999)?;
        db.pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
        drop(db);
        let before = std::fs::read(&path)?;
        passenger.reopen();
        let refused = passenger.client.start_view().await.err().context("opened")?;
        assert_eq!((refused.code, refused.message.ends_with('.')), (ErrorCode::CacheNewer, true));
        let refused = passenger.client.send(room, "and now?".into()).await.err().context("taken")?;
        assert_eq!(refused.code, ErrorCode::CacheNewer);
        passenger.client.close().await?;
        passenger.kill();
        assert!(std::fs::read(&path)? == before, "{} was changed", path.display());
        let db = rusqlite::Connection::open(&path)?;
        db.pragma_update(None, "user_version", version)?;
    }
    // The app of the right version finds everything.
    passenger.road.open();
    passenger.reopen();
    passenger.until_reads(room, &["one", "two", "three", "written on the road"]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_server_is_told_apart_from_no_server() -> Result<()> {
    let mut world = World::new().await?;
    let person = world.somebody();
    let refused = async |server: String| {
        let password = SecretString::from(PASSWORD);
        let refused = person.client.sign_in(server, "a@example.org".into(), password).await;
        refused.err().map(|error| (error.code, error.message.ends_with('.')))
    };
    // A port that was just given back: nobody listens there.
    let nobody = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    assert_eq!(refused(format!("http://{nobody}")).await, Some((ErrorCode::NoServer, true)));

    let page = || async { axum::response::Html("<html><body>It works!</body></html>") };
    let site = axum::Router::new().fallback(page);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let tasks = Tasks::default();
    tasks.start("a web site", async move { axum::serve(listener, site).await.expect("the site failed") });
    assert_eq!(refused(format!("http://{address}")).await, Some((ErrorCode::NotAServer, true)));
    for address in ["", "two words", "ftp://example.org", "http://chat.example.org"] {
        let (code, sentence) =
            refused(address.into()).await.with_context(|| format!("{address:?} was taken"))?;
        assert!(sentence && ErrorCode::ALL.contains(&code), "{address:?}: {code:?}");
    }
    // And then the right one.
    person.register("Aigerim").await?;
    person.until_online().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_on_one_device_do_not_see_each_other() -> Result<()> {
    on_both(|mut world| async move {
        let device = world.somebody();
        let (one, two) = ("aigerim@example.org", "daniyar@example.org");
        device.register_as(one, "Aigerim").await?;
        device.until_online().await?;
        let trip = device.client.create_trip(world.trip()).await?;
        device.until("the room", |client| async move { Ok(client.room(trip.room).await.ok()) }).await?;
        device.say(trip.room, "for my passengers only").await?;
        device.until_reads(trip.room, &["for my passengers only"]).await?;
        device.client.sign_out(false).await?;

        device.register_as(two, "Daniyar").await?;
        device.until_online().await?;
        assert_eq!(device.client.inbox().await?, []);
        let refused = device.client.timeline(trip.room, Place::Newest, 50).await.err().context("shown")?;
        assert_eq!(refused.code, ErrorCode::RoomNotFound);
        let refused = device.client.send(trip.room, "hello?".into()).await.err().context("taken")?;
        assert_eq!(refused.code, ErrorCode::RoomNotFound);
        let again = device.sign_in(one).await.err().context("two at once")?;
        assert!(again.to_string().contains("Conflict"), "{again}");
        device.client.sign_out(false).await?;

        device.sign_in(one).await?;
        device.until_online().await?;
        device.until_reads(trip.room, &["for my passengers only"]).await?;
        assert_eq!(world.server.stored(trip.room).await?.len(), 1);
        Ok(())
    })
    .await
}
