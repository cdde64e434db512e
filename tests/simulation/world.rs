//! The people, their devices, the server and the network between them, and what is done to them.

mod acts;

use crate::clock::SimClock;
use crate::device::{Device, SERVER};
use crate::live::Live;
use crate::model::Model;
use crate::network::Network;
use crate::pipe::Weather;
use crate::plan::{Act, Plan};
use crate::server::Host;
use anyhow::{Context, Result, bail};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tripchat_core::view::{ConnectionView, Place};
use tripchat_core::{Client, SecretString};
use tripchat_protocol::rest::NewTrip;
use tripchat_protocol::{BookingId, Money, RoomId, Stop, TripId, Vehicle};
use tripchat_runtime::{SeededRandom, Sources, Tasks};
use tripchat_server::moments::Moment;
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery";
/// What has not come by then, with nothing in its way, will not come.
const PATIENCE: Duration = Duration::from_secs(60);

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
