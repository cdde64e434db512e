//! Who writes while the server is killed: clients without a core that share three rooms, and a real core in each.

use crate::judge::{Verdict, judge};
use crate::ledger::{Ledger, Line, text};
use crate::plan::Plan;
use crate::server::Server;
use crate::stored::{Row, Stored};
use crate::writer::Writer;
use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tripchat_core::Client;
use tripchat_core::view::{Place, SendState};
use tripchat_protocol::{BookingId, RoomId, TripId};
use tripchat_tests::talk::book;
use tripchat_tests::{Keyring, Person, Raw, trip_from};

/// Rooms; each has a driver among the writers, and all writers are in all of them.
const ROOMS: usize = 3;
/// Clients without a core.
const WRITERS: usize = 6;
/// How often each of them begins an operation: together about two hundred times a second.
const WRITES: Duration = Duration::from_millis(30);
/// How often each core writes a message.
const SAYS: Duration = Duration::from_millis(250);
/// Who has so many messages waiting writes no more of them: the outbox sends one at a time.
const BACKLOG: usize = 20;

/// Everyone who writes, and what they are told.
pub struct Load {
    /// What they are told.
    pub ledger: Ledger,
    /// The heads of the rooms before anybody wrote.
    pub bases: BTreeMap<String, i64>,
    writers: Vec<Writer>,
    cores: Vec<Core>,
}

struct Core {
    person: Person,
    room: RoomId,
    lane: usize,
}

impl Load {
    /// Makes accounts and rooms on a running server; the cores keep their data in `folder`.
    pub async fn begin(server: &Server, folder: &Path, plan: &Plan) -> Result<Self> {
        let url = server.url();
        let raws = try_join_all((0..WRITERS).map(|_| Raw::register(&url, "Aigerim"))).await?;
        let ledger = Ledger::default();
        let mut rooms = Vec::new();
        let mut cores = Vec::new();
        for (number, driver) in raws.iter().take(ROOMS).enumerate() {
            let (trip, room) = driver.trip(&trip_from(plan.sources.now())).await?;
            for passenger in raws.iter().filter(|it| it.user != driver.user) {
                book(driver, passenger, &trip).await?;
            }
            let core = folder.join(format!("core-{number}"));
            cores.push(Core::board(&core, &url, driver, (&trip, &room), &ledger).await?);
            let history = driver.get(&format!("/api/v1/rooms/{room}/messages")).await?;
            let epoch = history.body["epoch"].as_i64().with_context(|| format!("{history:?}"))?;
            rooms.push((room, epoch));
        }
        let writer = |raw| Writer::new(raw, &rooms, &ledger, WRITES, &plan.sources);
        let writers = raws.into_iter().map(writer).collect();
        let bases = server.stored().await?.into_iter().map(|(id, room)| (id, room.head)).collect();
        Ok(Self { ledger, bases, writers, cores })
    }

    /// Writes until `stop`, and on until everything is acknowledged; gives back the cores, which have read it all. The
    /// number in `starts` changes when the server has come back.
    pub async fn run(self, stop: watch::Receiver<bool>, starts: watch::Receiver<u32>) -> Result<Readers> {
        let writers = self.writers.into_iter().map(|writer| writer.run(stop.clone()));
        let run = |core: Core| core.run(self.ledger.clone(), stop.clone(), starts.clone());
        let cores = self.cores.into_iter().map(run);
        let (_, cores) = tokio::try_join!(try_join_all(writers), try_join_all(cores))?;
        Ok(Readers { ledger: self.ledger, bases: self.bases, cores })
    }
}

/// The cores once everybody has stopped writing.
pub struct Readers {
    ledger: Ledger,
    bases: BTreeMap<String, i64>,
    cores: Vec<Core>,
}

impl Readers {
    /// At the end everything is acknowledged, stored, and shown by every core as it is stored.
    pub async fn compare(&self, stored: &Stored) -> Result<Verdict> {
        let lanes = self.ledger.copy();
        let verdict = judge(&lanes, &lanes, &self.bases, stored);
        for lane in &lanes {
            ensure!(lane.lines.iter().all(|line| line.acked), "the writers ended before their answers");
        }
        for core in &self.cores {
            core.shows(&stored[&core.room.0.simple().to_string()].rows).await?;
        }
        Ok(verdict)
    }
}

impl Core {
    /// A real core that is a passenger of `driver`.
    async fn board(
        data: &Path,
        url: &str,
        driver: &Raw,
        (trip, room): (&str, &str),
        ledger: &Ledger,
    ) -> Result<Self> {
        let person = Person::open(data, url, Arc::new(Keyring::default()));
        person.register("Daniyar").await?;
        person.until_online().await?;
        let booking = person.client.request_booking(trip.parse::<TripId>()?, 1).await?.id;
        confirm(driver, booking).await?;
        let room: RoomId = room.parse()?;
        person
            .until("the room", |client| async move {
                Ok(client.inbox().await?.iter().any(|row| row.room == room).then_some(()))
            })
            .await?;
        let account = person.client.start_view().await?.account.context("nobody is signed in")?;
        let lane = ledger.open(&room.to_string(), &account.user.to_string());
        Ok(Self { person, room, lane })
    }

    async fn run(
        self,
        ledger: Ledger,
        mut stop: watch::Receiver<bool>,
        mut starts: watch::Receiver<u32>,
    ) -> Result<Self> {
        let mut pace = tokio::time::interval(SAYS);
        loop {
            tokio::select! {
                biased;
                stopped = stop.wait_for(|stop| *stop) => {
                    stopped?;
                    break;
                }
                started = starts.changed() => {
                    started?;
                    // As the system tells an app that the network is back; it would wait for up to half a minute else.
                    self.person.client.wake();
                }
                _ = pace.tick() => if unsent(&self.person.client, self.room).await? < BACKLOG {
                    self.say(&ledger).await?;
                }
            }
        }
        self.person.client.wake();
        let room = self.room;
        let sent = self.person.until("everything sent", |client| async move {
            Ok((unsent(&client, room).await? == 0).then_some(()))
        });
        if let Err(error) = sent.await {
            let state = self.person.client.start_view().await?.connection;
            return Err(error.context(format!("{state:?}")));
        }
        let mut lanes = ledger.lanes();
        let lane = &mut lanes[self.lane];
        lane.lines.iter_mut().for_each(|line| line.acked = true);
        lane.acknowledged = lane.lines.len() as u64;
        drop(lanes);
        Ok(self)
    }

    async fn say(&self, ledger: &Ledger) -> Result<()> {
        let number = {
            let lines = &mut ledger.lanes()[self.lane].lines;
            lines.push(Line::default());
            lines.len() - 1
        };
        let id = self.person.say(self.room, &text(number, 0)).await?;
        ledger.lanes()[self.lane].lines[number].id = Some(id);
        Ok(())
    }

    /// Waits until the app shows exactly what is stored.
    async fn shows(&self, stored: &[Row]) -> Result<()> {
        let room = self.room;
        let last = stored.last().map(|row| row.seq);
        self.person
            .until("the newest message", |client| async move {
                let newest = client.timeline(room, Place::Newest, 1).await?.rows;
                Ok((newest.last().and_then(|row| row.seq).map(|seq| seq.0) == last).then_some(()))
            })
            .await?;
        let shown = self.person.rows(room).await?;
        let shown: Vec<_> = shown
            .into_iter()
            .map(|row| (row.id.0.simple().to_string(), row.text.unwrap_or_default(), row.deleted))
            .collect();
        let wanted: Vec<_> =
            stored.iter().map(|row| (row.id.clone(), row.text.clone(), row.deleted)).collect();
        let differs = shown.iter().zip(&wanted).find(|(shown, wanted)| shown != wanted);
        let (have, want) = (shown.len(), wanted.len());
        ensure!(shown == wanted, "the app shows {have} messages of {want}; the first other one: {differs:?}");
        Ok(())
    }
}

/// How many of one's own messages wait. They stand last.
async fn unsent(client: &Client, room: RoomId) -> Result<usize> {
    let newest = client.timeline(room, Place::Newest, 100).await?.rows;
    let waits = |state| matches!(state, SendState::Waiting | SendState::Failed);
    Ok(newest.iter().filter(|row| row.mine && waits(row.state)).count())
}

async fn confirm(driver: &Raw, booking: BookingId) -> Result<()> {
    let path = format!("/api/v1/bookings/{booking}/confirm");
    let answer = driver.post(&path, &serde_json::json!({})).await?;
    ensure!(answer.status == 200, "{answer:?}");
    Ok(())
}
