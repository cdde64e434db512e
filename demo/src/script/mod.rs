//! The whole ride without hands. Each step is read from the windows and, where something is stored, from the server's
//! database and the caches.

mod arrival;
mod away;
mod book;
mod devices;
mod offline;
mod talk;
mod thousands;

use crate::database::on_server;
use crate::desk::Display;
use crate::page::Page;
use crate::people::{DRIVER, Offered, PASSENGER, Person, World, offer};
use crate::rest::Rest;
use crate::say::say;
use crate::server::Server;
use crate::steps::Steps;
use crate::window::Window;
use anyhow::{Context, Result, ensure};
use tokio::time::Instant;
use tripchat_runtime::Sources;

/// What stands in place of a message that was deleted.
const DELETED: &str = "Message deleted";

struct Ride<'a> {
    world: &'a World,
    sources: &'a Sources,
    server: Server,
    offered: Offered,
    driver: Window,
    passenger: Window,
    tablet: Option<Window>,
    /// What the room says by now, oldest first.
    said: Vec<String>,
    killed: Instant,
}

/// Plays it; whether every step held.
pub async fn play(world: &World, sources: &Sources, pictures: bool) -> Result<bool> {
    let mut steps = Steps::default();
    let held = match set_up(world, sources, &mut steps).await {
        Ok(mut ride) => {
            let held = Box::pin(ride.play(&mut steps, pictures)).await;
            if held.is_err() {
                ride.leave_evidence().await;
            }
            held.and(ride.close().await)
        }
        Err(error) => Err(error),
    };
    steps.write(&world.out)?;
    say(&steps.summary());
    say(&format!("steps.json and the pictures are in {}", world.out.display()));
    if let Err(error) = &held {
        say(&format!("the ride did not hold: {error:#}"));
    }
    Ok(held.is_ok())
}

async fn xvfb(world: &World, person: &Person) -> Result<Display> {
    Display::start(person.size, world.out.join(format!("{}-xvfb.log", person.role))).await
}

async fn set_up<'a>(world: &'a World, sources: &'a Sources, steps: &mut Steps) -> Result<Ride<'a>> {
    let (mut server, mut offered, mut windows) = (None, None, None);
    steps
        .step("the server starts", async {
            let started = server.insert(Server::start(world).await?);
            Ok(started.address.clone())
        })
        .await?;
    let server = server.context("the server started")?;
    steps
        .step("the trip is offered", async {
            let made = offered.insert(offer(&Rest::new(&server.address)?, sources).await?.0);
            let places: Vec<_> = made.trip.stops.iter().map(|stop| stop.place.as_str()).collect();
            Ok(places.join(" → "))
        })
        .await?;
    steps
        .step("both windows open", async {
            let driver = xvfb(world, &DRIVER).await?;
            let driver = Window::open(DRIVER, world, driver, &server.address).await?;
            let passenger = xvfb(world, &PASSENGER).await?;
            let passenger = Window::open(PASSENGER, world, passenger, &server.address).await?;
            windows = Some((driver, passenger));
            Ok("each on a screen, on a bus and with a keyring of its own".into())
        })
        .await?;
    let (driver, passenger) = windows.context("the windows are open")?;
    let offered = offered.context("the trip is offered")?;
    let (tablet, said, killed) = (None, Vec::new(), Instant::now());
    Ok(Ride { world, sources, server, offered, driver, passenger, tablet, said, killed })
}

impl Ride<'_> {
    async fn play(&mut self, steps: &mut Steps, pictures: bool) -> Result<()> {
        // The long room is written meanwhile, by somebody else.
        let address = self.server.address.clone();
        let write = thousands::write(&address, self.sources);
        let (written, talked) = Box::pin(async { tokio::join!(write, self.talk(steps)) }).await;
        talked?;
        let mut room = None;
        let note = async {
            let (made, how) = written?;
            room = Some(made);
            Ok(how)
        };
        steps.step("another trip's room has 10,000 messages", note).await?;
        self.away(steps).await?;
        self.devices(steps).await?;
        self.offline(steps).await?;
        self.arrival(steps).await?;
        steps.step("the last pictures", self.last_pictures(pictures)).await?;
        Box::pin(self.thousands(steps, room.context("the long room")?)).await?;
        self.leave(steps).await
    }

    /// What `from` wrote stands once in both windows and in the database, under one id, and is stored.
    async fn arrives(&self, from: &Window, to: &Window, text: &str) -> Result<String> {
        let once = |mine: bool| {
            move |page: &Page| match page.saying(text).as_slice() {
                [one] if one.mine == mine && one.is_stored() => Some(one.id.clone()),
                _ => None,
            }
        };
        let written = from.shows("its message is sent", once(true)).await?;
        let read = to.shows("the message of the other", once(false)).await?;
        ensure!(written == read, "two ids for one message: {written} and {read}");
        let stored = on_server(&self.server.database(), self.offered.room)?;
        let here = stored.iter().filter(|message| message.text == text).count();
        ensure!(here == 1, "the server has it {here} times");
        Ok(format!("“{text}”"))
    }

    /// The window shows all that was said, once, in order, and stored.
    fn shows_all(&self, page: &Page) -> Option<()> {
        let same = page.messages.len() == self.said.len()
            && page.messages.iter().zip(&self.said).all(|(shown, text)| shown.text.contains(text.as_str()))
            && page.messages.iter().all(crate::page::Shown::is_stored);
        same.then_some(())
    }

    async fn last_pictures(&self, dark: bool) -> Result<String> {
        self.take("").await?;
        if dark {
            for window in self.windows() {
                window.wear("dark").await?;
                window
                    .shows("the inbox or the room", |page| {
                        (!page.rows.is_empty() || page.composer.is_some()).then_some(())
                    })
                    .await?;
                if window.page().await?.composer.is_none() {
                    window.open_room(self.offered.room).await?;
                }
                window.shows("all messages", |page| self.shows_all(page)).await?;
            }
            self.take("-dark").await?;
        }
        Ok("driver.png, passenger.png, tablet.png".into())
    }

    async fn take(&self, ending: &str) -> Result<()> {
        for window in self.windows() {
            window.picture(&format!("{}{ending}.png", window.person.role)).await?;
        }
        Ok(())
    }

    async fn pictures(&self, moment: &str) -> Result<()> {
        self.take(&format!("-{moment}")).await
    }

    fn windows(&self) -> Vec<&Window> {
        [&self.driver, &self.passenger].into_iter().chain(&self.tablet).collect()
    }

    async fn leave_evidence(&self) {
        for window in self.windows() {
            if let Err(error) = window.leave_evidence().await {
                say(&format!("no picture of the {}: {error:#}", window.person.role));
            }
        }
    }

    async fn close(&self) -> Result<()> {
        for window in self.windows() {
            // The driver's was quit by its tray.
            if window.is_open().await {
                window.close().await?;
            }
        }
        Ok(())
    }
}
