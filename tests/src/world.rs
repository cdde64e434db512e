//! One story's world: a server, and people on the way from Almaty to Bishkek.

use crate::person::{Keyring, Person};
use crate::postgres::FreshDatabase;
use crate::raw::Raw;
use crate::server::{Database, Server};
use anyhow::{Context, Result};
use std::future::Future;
use std::sync::Arc;
use tempfile::TempDir;
use tripchat_core::SecretStore;
use tripchat_protocol::rest::NewTrip;
use tripchat_protocol::{Money, RoomId, Stop, Trip, Vehicle};
use tripchat_runtime::Sources;

/// A server and a folder for everyone's data.
pub struct World {
    /// The server.
    pub server: Server,
    /// The server's clock, randomness and ids.
    pub sources: Sources,
    folder: TempDir,
    people: usize,
}

impl World {
    /// On SQLite.
    ///
    /// # Errors
    /// If the server does not start.
    pub async fn new() -> Result<Self> {
        Self::on(Database::Sqlite, Sources::system()).await
    }

    /// On a database, with a clock of the story's choice.
    ///
    /// # Errors
    /// If the server does not start.
    pub async fn on(database: Database, sources: Sources) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let server = Server::start(folder.path().join("server"), database, sources.clone()).await?;
        Ok(Self { server, sources, folder, people: 0 })
    }

    /// Someone who has just installed the app.
    pub fn somebody(&mut self) -> Person {
        self.somebody_with(Arc::new(Keyring::default()))
    }

    /// Someone who has just installed the app, with a keyring of the story's choice.
    pub fn somebody_with(&mut self, secrets: Arc<dyn SecretStore>) -> Person {
        self.people += 1;
        let data = self.folder.path().join(format!("person-{}", self.people));
        Person::open(&data, &self.server.url(), secrets)
    }

    /// Someone with an account, online.
    ///
    /// # Errors
    /// If that does not come about.
    pub async fn person(&mut self, name: &str) -> Result<Person> {
        let person = self.somebody();
        person.register(name).await?;
        person.until_online().await?;
        Ok(person)
    }

    /// A client without a core, signed in with an account of its own: for what no honest app would send.
    ///
    /// # Errors
    /// If that does not come about.
    pub async fn raw(&self, name: &str) -> Result<Raw> {
        Raw::register(&self.server.url(), name).await
    }

    /// A client without a core and without an account.
    #[must_use]
    pub fn raw_stranger(&self) -> Raw {
        Raw::stranger(&self.server.url())
    }

    /// A driver and a passenger, both in the room of a trip of tomorrow.
    ///
    /// # Errors
    /// If that does not come about.
    pub async fn ride(&mut self) -> Result<(Person, Person, RoomId)> {
        let driver = self.person("Aigerim").await?;
        let passenger = self.person("Daniyar").await?;
        let trip = driver.client.create_trip(self.trip()).await?;
        board(&driver, &passenger, &trip).await?;
        Ok((driver, passenger, trip.room))
    }

    /// Almaty to Bishkek, tomorrow, six seats.
    #[must_use]
    pub fn trip(&self) -> NewTrip {
        trip_from(self.sources.now())
    }
}

/// Almaty to Bishkek, a day after `now`, six seats.
#[must_use]
pub fn trip_from(now: i64) -> NewTrip {
    const HOUR: i64 = 3_600_000;
    let at = now + 24 * HOUR;
    let stop = |place: &str, zone: &str, after: i64| Stop {
        place: place.into(),
        zone: zone.into(),
        at: at + after * HOUR,
    };
    NewTrip {
        stops: vec![
            stop("Almaty", "Asia/Almaty", 0),
            stop("Shu", "Asia/Almaty", 3),
            stop("Bishkek", "Asia/Bishkek", 5),
        ],
        vehicle: Vehicle {
            model: "Toyota Alphard".into(),
            colour: "white".into(),
            plate: "123 ABC 02".into(),
        },
        seats: 6,
        price: Money { minor: 700_000, currency: "KZT".into() },
        luggage_note: "One suitcase each".into(),
    }
}

/// The passenger asks for a seat, the driver agrees, and both see the room.
///
/// # Errors
/// If that does not come about.
pub async fn board(driver: &Person, passenger: &Person, trip: &Trip) -> Result<()> {
    let booking = passenger.client.request_booking(trip.id, 1).await?;
    driver.client.confirm_booking(booking.id).await?;
    let room = trip.room;
    for person in [driver, passenger] {
        person
            .until("both in the room", |client| async move {
                let rows = client.inbox().await?;
                if !rows.iter().any(|row| row.room == room && row.trip.is_some()) {
                    return Ok(None);
                }
                Ok((client.room(room).await?.members.len() == 2).then_some(()))
            })
            .await?;
    }
    Ok(())
}

/// Tells the story on SQLite and, where it was promised, on PostgreSQL.
///
/// # Errors
/// What the story fails with, and on which database.
pub async fn on_both<F>(story: impl Fn(World) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    story(World::new().await?).await.context("on SQLite")?;
    match FreshDatabase::make().await? {
        Some(fresh) => {
            let world = World::on(Database::Postgres(fresh), Sources::system()).await?;
            story(world).await.context("on PostgreSQL")
        }
        None => {
            eprintln!("PostgreSQL was skipped: TRIPCHAT_TEST_POSTGRES is not set");
            Ok(())
        }
    }
}
