//! The people, their devices, the server and the network between them, and what is done to them.

use crate::clock::SimClock;
use crate::device::{Device, SERVER};
use crate::live::Live;
use crate::model::{Model, Said, is_sent};
use crate::network::Network;
use crate::pipe::Weather;
use crate::plan::{Act, Plan};
use crate::server::Host;
use anyhow::{Context, Result, bail};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tripchat_core::view::{ConnectionView, Place};
use tripchat_core::{Client, SecretString};
use tripchat_protocol::rest::NewTrip;
use tripchat_protocol::{BookingId, Money, RoomId, Seq, Setting, Stop, TripId, Vehicle};
use tripchat_runtime::{SeededRandom, Sources, Tasks};
use tripchat_server::moments::Moment;
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery";
/// What has not come by then, with nothing in its way, will not come.
const PATIENCE: Duration = Duration::from_secs(60);
/// The messages of a flood: more than a limited catch-up brings.
const FLOOD: usize = 1_060;

type Bookings = Arc<Mutex<BTreeMap<(usize, usize), BookingId>>>;

/// Everything that there is.
pub struct World {
    pub plan: Plan,
    pub live: Arc<Live>,
    pub host: Host,
    pub devices: Vec<Device>,
    pub rooms: Vec<(RoomId, TripId)>,
    pub model: Model,
    pub network: Network,
    pub deaths: mpsc::UnboundedReceiver<Moment>,
    begun: Instant,
    folder: PathBuf,
    bookings: Bookings,
    jobs: Tasks,
    /// Requests that nobody has an answer to yet.
    pub asking: Arc<AtomicUsize>,
    written: usize,
}

/// A person's e-mail address.
fn email(person: usize) -> String {
    format!("person-{person}@example.org")
}

impl World {
    /// Everybody is there, in all rooms, and nothing is wrong yet.
    pub async fn begin(plan: Plan, folder: &Path, live: Arc<Live>, begun: Instant) -> Result<Self> {
        let sources = |number: u64, skew| {
            let random = SeededRandom::new(plan.seed.wrapping_mul(1_000).wrapping_add(number));
            Sources::new(SimClock::new(begun, skew), random)
        };
        // One more, for the devices that look at the end.
        let network = Network::new(sources(1, 0), plan.devices.len() + plan.people, live.clone());
        let (died, deaths) = mpsc::unbounded_channel();
        let mut host = Host::new(&folder.join("server"), sources(2, 0), network.clone(), died);
        host.start().await?;
        let mut devices = Vec::new();
        for (number, person) in plan.devices.iter().enumerate() {
            let own = sources(100 + number as u64, plan.skews[number]);
            let home = folder.join(format!("device-{number}"));
            devices.push(Device::new(number, *person, &home, own, network.clone()));
        }
        let mut world = Self {
            plan,
            live,
            host,
            devices,
            rooms: Vec::new(),
            model: Model::default(),
            network,
            deaths,
            begun,
            folder: folder.into(),
            bookings: Bookings::default(),
            jobs: Tasks::default(),
            asking: Arc::default(),
            written: 0,
        };
        world.enter().await?;
        Ok(world)
    }

    async fn enter(&mut self) -> Result<()> {
        let mut known = Vec::new();
        for device in &self.devices {
            let client = device.client().context("it runs")?;
            let (email, password) = (email(device.person), SecretString::from(PASSWORD));
            if known.contains(&device.person) {
                client.sign_in(SERVER.into(), email, password).await?;
            } else {
                let name = format!("Person {}", device.person);
                client.register(SERVER.into(), email, password, name).await?;
                known.push(device.person);
            }
            until_online(&client).await?;
        }
        let driver = self.of(0).context("a driver")?;
        for room in 0..self.plan.rooms {
            let trip = driver.create_trip(self.trip()).await?;
            self.rooms.push((trip.room, trip.id));
            for person in 1..self.plan.people {
                let passenger = self.of(person).context("a passenger")?;
                let booking = passenger.request_booking(trip.id, 1).await?;
                driver.confirm_booking(booking.id).await?;
                self.book(person, room, Some(booking.id));
            }
        }
        for device in &self.devices {
            let client = device.client().context("it runs")?;
            for (room, _) in &self.rooms {
                until(&client, "everybody is in the room", async |client| {
                    Ok(client.room(*room).await.is_ok_and(|room| room.members.len() == self.plan.people))
                })
                .await?;
            }
        }
        Ok(())
    }

    fn trip(&self) -> NewTrip {
        let at = 1_795_219_200_000 + 86_400_000;
        let stop = |place: &str, at| Stop { place: place.into(), zone: "Asia/Almaty".into(), at };
        NewTrip {
            stops: vec![stop("Almaty", at), stop("Shu", at + 10_800_000)],
            vehicle: Vehicle { model: "Alphard".into(), colour: "white".into(), plate: "123 ABC".into() },
            seats: 6,
            price: Money { minor: 700_000, currency: "KZT".into() },
            luggage_note: String::new(),
        }
    }

    fn book(&self, person: usize, room: usize, booking: Option<BookingId>) -> Option<BookingId> {
        let mut bookings = self.bookings.lock().unwrap_or_else(PoisonError::into_inner);
        match booking {
            Some(booking) => bookings.insert((person, room), booking),
            None => bookings.remove(&(person, room)),
        }
    }

    /// A running app of `person`.
    fn of(&self, person: usize) -> Option<Client> {
        self.devices.iter().filter(|device| device.person == person).find_map(Device::client)
    }

    /// Plays the plan to its end.
    pub async fn play(&mut self) -> Result<()> {
        let begun = Instant::now();
        for (at, act) in self.plan.acts.clone() {
            let due = begun + Duration::from_millis(at);
            loop {
                tokio::select! {
                    biased;
                    died = self.deaths.recv() => self.died(died).await,
                    () = tokio::time::sleep_until(due) => break,
                }
            }
            if self.live.is_broken() {
                return Ok(());
            }
            self.live.note(&format!("-- {act:?}"));
            self.live.look();
            self.act(act).await?;
        }
        Ok(())
    }

    async fn died(&mut self, moment: Option<Moment>) {
        let met = match moment {
            Some(Moment::Before) => "death before the work",
            Some(Moment::Ran) => "death before the commit",
            Some(Moment::Committed) => "death after the commit",
            Some(Moment::Published) => "death after the hint",
            None => return,
        };
        self.live.met(met);
        self.live.note(&format!("-- the server dies: {moment:?}"));
        // What was promised too early gets out; in a sound server nothing happens any more.
        sleep(Duration::from_millis(200)).await;
        self.host.kill(false);
        self.disturbed(None);
    }

    fn disturbed(&self, device: Option<usize>) {
        self.live.disturbed(device, self.plan.devices.len());
    }

    /// Nothing is in anybody's way any more, and all apps run and are signed in.
    pub async fn heal(&mut self) -> Result<()> {
        self.live.note("-- everything is mended");
        while let Ok(moment) = self.deaths.try_recv() {
            self.died(Some(moment)).await;
        }
        self.act(Act::LoseHints { of_100: 0 }).await?;
        if !self.host.is_up() {
            self.act(Act::StartServer).await?;
        }
        // A death that was planned and has not come does not come any more.
        self.host.doom(Moment::Before, u64::MAX);
        for device in 0..self.devices.len() {
            self.act(Act::Cut { device, on: false }).await?;
            self.act(Act::Hold { device, way: crate::network::Way::Up, on: false }).await?;
            self.act(Act::Hold { device, way: crate::network::Way::Down, on: false }).await?;
            self.act(Act::Delay { device, on: false }).await?;
            self.act(Act::Stall { device, on: false }).await?;
            self.act(Act::LoseAnswer { device, on: false }).await?;
            self.act(Act::Start { device }).await?;
        }
        for device in 0..self.devices.len() {
            self.act(Act::SignIn { device }).await?;
        }
        Ok(())
    }

    /// A fresh installation of `person`, everything read from the server.
    pub async fn fresh(&self, person: usize) -> Result<Device> {
        let number = self.plan.devices.len() + person;
        let random = SeededRandom::new(self.plan.seed.wrapping_mul(1_000).wrapping_add(500 + person as u64));
        let sources = Sources::new(SimClock::new(self.begun, 0), random);
        let home = self.folder.join(format!("fresh-{person}"));
        let device = Device::new(number, person, &home, sources, self.network.clone());
        let client = device.client().context("it runs")?;
        client.sign_in(SERVER.into(), email(person), SecretString::from(PASSWORD)).await?;
        until_online(&client).await?;
        Ok(device)
    }

    /// The server's database.
    pub fn database(&self) -> PathBuf {
        self.folder.join("server").join("tripchat.db")
    }

    /// Who everybody is to the server.
    pub fn users(&self) -> Result<Vec<Uuid>> {
        let db = Connection::open_with_flags(self.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let of = |person| {
            let found: rusqlite::Result<[u8; 16]> =
                db.query_row("SELECT id FROM users WHERE email = ?1", [email(person)], |row| row.get(0));
            found.map(Uuid::from_bytes)
        };
        Ok((0..self.plan.people).map(of).collect::<rusqlite::Result<_>>()?)
    }

    /// Who could not sign in yet tries again.
    pub async fn help(&mut self) -> Result<()> {
        for device in 0..self.devices.len() {
            self.sign_in(device).await?;
        }
        Ok(())
    }

    async fn act(&mut self, act: Act) -> Result<()> {
        match act {
            Act::Write { device, room } => self.write(device, room).await,
            Act::Edit { device, nth } => self.edit(device, nth).await,
            Act::Delete { device, nth } => self.delete(device, nth).await,
            Act::See { device, room } => self.see(device, room).await,
            Act::Look { device, room } => {
                if let Some(client) = self.devices[device].client() {
                    client.visible(Some(self.rooms[room].0));
                    drop(client.timeline(self.rooms[room].0, Place::Newest, 20).await);
                }
            }
            Act::Favourite { device, room, on } => self.favour(device, room, on).await,
            Act::Draft { device, room } => {
                if let Some(client) = self.devices[device].client() {
                    self.written += 1;
                    let draft = Some(format!("begun {}", self.written));
                    drop(client.draft(self.rooms[room].0, draft).await);
                }
            }
            Act::Type { device, room } => {
                if let Some(client) = self.devices[device].client() {
                    client.typing(self.rooms[room].0);
                }
            }
            Act::Leave { person, room, removed } => self.leave(person, room, removed),
            Act::Join { person, room } => self.join(person, room),
            Act::Wake { device } => {
                if let Some(client) = self.devices[device].client() {
                    client.wake();
                }
            }
            Act::SignOut { device } => self.sign_out(device).await,
            Act::SignIn { device } => self.sign_in(device).await?,
            Act::Flood { room, changes } => self.flood(room, changes).await,
            _ => self.disturb(act).await?,
        }
        Ok(())
    }

    fn trouble(&self, device: usize, what: &'static str, on: bool) {
        self.disturbed(Some(device));
        self.live.trouble(device, what, on);
    }

    async fn disturb(&mut self, act: Act) -> Result<()> {
        match act {
            Act::Cut { device, on } => {
                self.network.cut(device, on);
                self.trouble(device, "a cut", on);
            }
            Act::Hold { device, way, on } => {
                self.network.hold(device, way, on);
                self.trouble(device, "half open", on);
            }
            Act::Stall { device, on } => {
                self.network.stall(device, on);
                self.trouble(device, "stalled", on);
            }
            Act::LoseAnswer { device, on } => {
                // It comes when the server answers; what is left of it is a cut.
                self.live.lose_answer(device, on);
                if !on {
                    self.network.cut(device, false);
                    self.disturbed(Some(device));
                }
            }
            Act::Die { device } => {
                self.network.kill_silently(device);
                self.disturbed(Some(device));
                self.live.met("dead without a word");
            }
            Act::Delay { device, on } => {
                self.network.weather(device, on.then_some(Weather { delay: (300, 3_000), rate: None }));
                self.trouble(device, "a delay", on);
            }
            Act::Slow { device, on } => {
                self.network.weather(device, on.then_some(Weather { delay: (1, 40), rate: Some(400) }));
                self.trouble(device, "a slow reader", on);
            }
            Act::Crash { device } => {
                self.devices[device].kill();
                self.disturbed(Some(device));
                self.live.met("a device dies");
            }
            Act::Start { device } => {
                if self.devices[device].client().is_none() {
                    // What was dropped is gone once everybody had a turn.
                    sleep(Duration::from_millis(1)).await;
                    self.devices[device].start();
                }
                self.disturbed(Some(device));
            }
            Act::KillServer { silently } => {
                self.host.kill(silently);
                self.disturbed(None);
                self.live.met(if silently { "the server's power fails" } else { "the server is killed" });
            }
            Act::DoomServer { moment, commits } => self.host.doom(moment, commits),
            Act::StartServer => {
                if !self.host.is_up() {
                    self.host.start().await?;
                }
                self.disturbed(None);
            }
            Act::LoseHints { of_100 } => {
                self.host.lose_hints(of_100);
                self.live.hints_lost(of_100 > 0);
                if of_100 > 0 {
                    self.live.met("lost hints");
                }
            }
            other => bail!("nobody does {other:?}"),
        }
        Ok(())
    }

    async fn write(&mut self, device: usize, room: usize) {
        let Some(client) = self.devices[device].client() else { return };
        self.written += 1;
        let text = format!("message {}", self.written);
        let room = self.rooms[room].0;
        if let Ok(id) = client.send(room, text.clone()).await {
            let person = self.devices[device].person;
            let (discarded, edits, deletes) = (false, Vec::new(), Vec::new());
            self.model.said.push(Said { id, device, person, room, text, discarded, edits, deletes });
        }
    }

    /// One of the last messages of the device's person, by one of their devices or another.
    fn own(&self, device: usize, nth: u64) -> Option<usize> {
        let person = self.devices[device].person;
        let own = self.model.said.iter().enumerate().filter(|(_, said)| said.person == person);
        let own: Vec<usize> = own.map(|(place, _)| place).collect();
        let last = own.len().min(12);
        (last > 0).then(|| own[own.len() - 1 - usize::try_from(nth).unwrap_or(0) % last])
    }

    async fn edit(&mut self, device: usize, nth: u64) {
        let (Some(client), Some(place)) = (self.devices[device].client(), self.own(device, nth)) else {
            return;
        };
        self.written += 1;
        let text = format!("edited {}", self.written);
        let said = &mut self.model.said[place];
        if let Ok(id) = client.edit(said.room, said.id, text.clone()).await {
            said.edits.push((device, id, text));
        }
    }

    async fn delete(&mut self, device: usize, nth: u64) {
        let (Some(client), Some(place)) = (self.devices[device].client(), self.own(device, nth)) else {
            return;
        };
        let said = &mut self.model.said[place];
        if let Ok(id) = client.delete(said.room, said.id).await {
            said.deletes.push((device, id));
        }
    }

    async fn see(&mut self, device: usize, room: usize) {
        let Some(client) = self.devices[device].client() else { return };
        let room = self.rooms[room].0;
        let Ok(page) = client.timeline(room, Place::Newest, 5).await else { return };
        let Some(Seq(seq)) = page.rows.iter().rev().find_map(|row| row.seq) else { return };
        if client.seen(room, Seq(seq)).await.is_ok() {
            let person = self.devices[device].person;
            let seen = self.model.seen.entry((room, person)).or_default();
            *seen = seq.max(*seen);
        }
    }

    /// Only a person's first device sets anything: then the last one that it set is what they want.
    async fn favour(&mut self, device: usize, room: usize, on: bool) {
        let person = self.devices[device].person;
        let Some(first) = self.devices.iter().position(|device| device.person == person) else { return };
        let Some(client) = self.devices[first].client() else { return };
        let room = self.rooms[room].0;
        if client.set(room, Setting::Favourite(on)).await.is_ok() {
            self.model.favourites.insert((room, first), on);
        }
    }

    /// They go, or the driver takes them off.
    fn leave(&mut self, person: usize, room: usize, removed: bool) {
        let Some(client) = self.of(if removed { 0 } else { person }) else { return };
        let Some(booking) = self.book(person, room, None) else { return };
        self.model.left.push((self.rooms[room].0, person));
        let (live, asking) = (self.live.clone(), self.asking.clone());
        asking.fetch_add(1, Ordering::SeqCst);
        self.jobs.start("leave", async move {
            // Without an answer nobody knows; then they come again, or not.
            if client.cancel_booking(booking).await.is_ok() {
                live.met("somebody leaves");
            }
            asking.fetch_sub(1, Ordering::SeqCst);
        });
    }

    fn join(&mut self, person: usize, room: usize) {
        let (Some(client), Some(driver)) = (self.of(person), self.of(0)) else { return };
        let (trip, bookings, live) = (self.rooms[room].1, self.bookings.clone(), self.live.clone());
        let asking = self.asking.clone();
        asking.fetch_add(1, Ordering::SeqCst);
        self.jobs.start("join", async move {
            if let Ok(booking) = client.request_booking(trip, 1).await {
                bookings.lock().unwrap_or_else(PoisonError::into_inner).insert((person, room), booking.id);
                if driver.confirm_booking(booking.id).await.is_ok() {
                    live.met("somebody comes again");
                }
            }
            asking.fetch_sub(1, Ordering::SeqCst);
        });
    }

    async fn sign_out(&mut self, device: usize) {
        let Some(client) = self.devices[device].client() else { return };
        // What the timeline showed as sent before is not discarded by it.
        for place in 0..self.model.said.len() {
            let said = &self.model.said[place];
            if said.device == device && !self.is_sent(&client, said).await {
                self.model.said[place].discarded = true;
            }
        }
        self.model.signed_out.push(device);
        self.live.met("a session ends");
        self.disturbed(Some(device));
        drop(timeout(PATIENCE, client.sign_out(true)).await);
    }

    async fn is_sent(&self, client: &Client, said: &Said) -> bool {
        let page = client.timeline(said.room, Place::Newest, 200).await;
        page.is_ok_and(|page| page.rows.iter().any(|row| row.id == said.id && is_sent(row.state)))
    }

    async fn sign_in(&mut self, device: usize) -> Result<()> {
        let Some(client) = self.devices[device].client() else { return Ok(()) };
        if client.start_view().await?.account.is_some() {
            return Ok(());
        }
        let email = email(self.devices[device].person);
        // Without a network it stays signed out, until everything is mended.
        drop(timeout(PATIENCE, client.sign_in(SERVER.into(), email, SecretString::from(PASSWORD))).await);
        self.disturbed(Some(device));
        Ok(())
    }

    /// The driver writes very much, or changes all of it.
    async fn flood(&mut self, room: usize, changes: bool) {
        let Some(client) = self.of(0) else { return };
        let device = self.devices.iter().position(|device| device.client().is_some()).unwrap_or(0);
        self.live.met("a flood");
        let room_id = self.rooms[room].0;
        if changes {
            let own: Vec<usize> = (0..self.model.said.len())
                .filter(|place| {
                    let said = &self.model.said[*place];
                    said.person == 0 && said.room == room_id && said.deletes.is_empty()
                })
                .collect();
            for place in own {
                self.written += 1;
                let text = format!("edited {}", self.written);
                let said = &mut self.model.said[place];
                if let Ok(id) = client.edit(room_id, said.id, text.clone()).await {
                    said.edits.push((device, id, text));
                }
            }
        } else {
            for _ in 0..FLOOD {
                self.write(device, room).await;
            }
        }
    }
}

/// Waits until everything that happened is on the device.
pub async fn until_online(client: &Client) -> Result<()> {
    until(
        client,
        "online",
        async |client| Ok(client.start_view().await?.connection == ConnectionView::Online),
    )
    .await
}

async fn until(client: &Client, what: &str, is_so: impl AsyncFn(&Client) -> Result<bool>) -> Result<()> {
    let wait = async {
        loop {
            if is_so(client).await? {
                return Ok(());
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, wait).await.with_context(|| format!("it does not come: {what}"))?
}
