//! The whole ride without hands. Each step is read from both windows and, where something is stored, from the
//! server's database and both caches.

use crate::database::{Stored, in_cache, in_outbox, on_server};
use crate::desk::Display;
use crate::people::{Arranged, DRIVER, PASSENGER, World, arrange};
use crate::rest::Rest;
use crate::say::say;
use crate::server::Server;
use crate::steps::Steps;
use crate::wait::{PATIENCE, until};
use crate::window::Window;
use anyhow::{Context, Result, bail, ensure};
use std::time::Duration;
use tokio::time::Instant;
use tripchat_runtime::Sources;

const FROM_DRIVER: &str = "Good morning, I wait at the Sayran exit. A white Alphard.";
const FROM_PASSENGER: &str = "Perfect, I come ten minutes early, with one suitcase.";
const OFFLINE: [&str; 3] =
    ["The bus to Sayran is slow.", "Five minutes late, sorry. Please wait for me.", "Now I can see the car."];

/// The banner must not come for a short cut, so it comes after this and not before.
const BANNER_AFTER: Duration = Duration::from_secs(5);

struct Ride {
    server: Server,
    arranged: Arranged,
    driver: Window,
    passenger: Window,
    killed: Instant,
}

/// Plays it; whether every step held.
pub async fn play(world: &World, sources: &Sources, pictures: bool) -> Result<bool> {
    let mut steps = Steps::default();
    let display = Display::start(world.out.join("xvfb.log")).await?;
    let held = match set_up(world, sources, &display, &mut steps).await {
        Ok(mut ride) => {
            let held = ride.play(&mut steps, pictures).await;
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

async fn set_up(world: &World, sources: &Sources, display: &Display, steps: &mut Steps) -> Result<Ride> {
    let (mut server, mut arranged, mut windows) = (None, None, None);
    steps
        .step("the server starts", async {
            let started = server.insert(Server::start(world).await?);
            Ok(started.address.clone())
        })
        .await?;
    let server = server.context("the server started")?;
    steps
        .step("the trip is arranged", async {
            let made = arranged.insert(arrange(&Rest::new(&server.address)?, sources).await?);
            let places: Vec<_> = made.trip.stops.iter().map(|stop| stop.place.as_str()).collect();
            Ok(format!("{}, booking {} confirmed", places.join(" → "), made.booking))
        })
        .await?;
    steps
        .step("both windows open", async {
            let driver = Window::open(DRIVER, world, display, &server.address).await?;
            let passenger = Window::open(PASSENGER, world, display, &server.address).await?;
            windows = Some((driver, passenger));
            Ok("each on a bus and with a keyring of its own".into())
        })
        .await?;
    let (driver, passenger) = windows.context("the windows are open")?;
    let arranged = arranged.context("the trip is arranged")?;
    Ok(Ride { server, arranged, driver, passenger, killed: Instant::now() })
}

impl Ride {
    async fn play(&mut self, steps: &mut Steps, pictures: bool) -> Result<()> {
        steps.step("the windows have their sizes", self.sizes()).await?;
        steps.step("both sign in through the form", self.sign_in()).await?;
        steps.step("both open the trip's room", self.open_rooms()).await?;
        steps.step("the driver writes and the passenger sees it", self.driver_writes()).await?;
        steps.step("the passenger answers and the driver sees it", self.passenger_answers()).await?;
        steps.step("the server is killed", self.kill_server()).await?;
        steps.step("the passenger writes three messages and they wait", self.write_offline()).await?;
        steps.step("both windows say after five seconds that they reconnect", self.banners()).await?;
        steps.step("the server returns", self.return_server()).await?;
        steps.step("the three arrive once and in order", self.arrive()).await?;
        steps.step("the server and both caches hold the same", self.compare()).await?;
        steps.step("the passenger's app is opened again and remembers", self.remember()).await?;
        steps.step("the last pictures", self.last_pictures(pictures)).await
    }

    async fn sizes(&self) -> Result<String> {
        for window in self.windows() {
            let size = window.person.size;
            window.shows("its size", |page| ((page.width, page.height) == size).then_some(())).await?;
        }
        Ok(format!("{:?} and {:?}", DRIVER.size, PASSENGER.size))
    }

    async fn sign_in(&self) -> Result<String> {
        for window in self.windows() {
            window.sign_in(&self.server.address).await?;
        }
        Ok(format!("{} and {}", DRIVER.email, PASSENGER.email))
    }

    async fn open_rooms(&self) -> Result<String> {
        let driver = self.driver.open_room().await?;
        let passenger = self.passenger.open_room().await?;
        for title in [&driver, &passenger] {
            ensure!(title.contains("Almaty") && title.contains("Bishkek"), "the room is called {title:?}");
        }
        Ok(driver)
    }

    async fn driver_writes(&self) -> Result<String> {
        self.driver.write(FROM_DRIVER).await?;
        self.arrives(&self.driver, &self.passenger, FROM_DRIVER).await
    }

    async fn passenger_answers(&self) -> Result<String> {
        self.passenger.write_and_tap(FROM_PASSENGER).await?;
        let outcome = self.arrives(&self.passenger, &self.driver, FROM_PASSENGER).await?;
        self.pictures("talking").await?;
        Ok(outcome)
    }

    /// What `from` wrote stands once in both windows and in the database, under one id, and is `sent`.
    async fn arrives(&self, from: &Window, to: &Window, text: &str) -> Result<String> {
        let once = |mine: bool| {
            move |page: &crate::page::Page| match page.saying(text).as_slice() {
                [one] if one.mine == mine && one.state == "sent" => Some(one.id.clone()),
                _ => None,
            }
        };
        let written = from.shows("its message is sent", once(true)).await?;
        let read = to.shows("the message of the other", once(false)).await?;
        ensure!(written == read, "two ids for one message: {written} and {read}");
        let stored = on_server(&self.server.database(), self.arranged.room)?;
        let here = stored.iter().filter(|message| message.text == text).count();
        ensure!(here == 1, "the server has it {here} times");
        Ok(format!("“{text}”"))
    }

    async fn kill_server(&mut self) -> Result<String> {
        for window in self.windows() {
            let page = window.page().await?;
            ensure!(
                page.banner.is_none(),
                "the {} sees a banner while the server is there",
                window.person.role
            );
        }
        self.server.kill()?;
        self.killed = Instant::now();
        for window in self.windows() {
            let page = window.page().await?;
            ensure!(page.banner.is_none(), "the {}'s banner comes at once", window.person.role);
        }
        Ok("SIGKILL".into())
    }

    async fn write_offline(&self) -> Result<String> {
        for text in OFFLINE {
            self.passenger.write(text).await?;
        }
        let waiting = |page: &crate::page::Page| {
            OFFLINE.iter().all(|text| matches!(page.saying(text).as_slice(), [one] if one.state == "waiting"))
        };
        self.passenger.shows("three messages wait", |page| waiting(page).then_some(())).await?;
        let outbox = in_outbox(self.passenger.app_data(), self.arranged.room)?;
        ensure!(texts(&outbox) == OFFLINE, "the outbox holds {:?}", texts(&outbox));
        let page = self.driver.page().await?;
        ensure!(OFFLINE.iter().all(|text| page.saying(text).is_empty()), "the driver sees them already");
        let stored = on_server(&self.server.database(), self.arranged.room)?;
        ensure!(stored.len() == 2, "the server has {} messages", stored.len());
        Ok("in the outbox, on the server none".into())
    }

    async fn banners(&self) -> Result<String> {
        let mut times = Vec::new();
        for window in self.windows() {
            let text = window.shows("the banner", |page| page.banner.clone()).await?;
            ensure!(self.killed.elapsed() >= BANNER_AFTER, "it came after {:?}", self.killed.elapsed());
            times.push(format!(
                "{} “{text}” by {:.1} s",
                window.person.role,
                self.killed.elapsed().as_secs_f64()
            ));
        }
        self.pictures("waiting").await?;
        Ok(times.join(", "))
    }

    async fn return_server(&mut self) -> Result<String> {
        self.server.return_again().await?;
        Ok(format!("{}, after {:.1} s", self.server.address, self.killed.elapsed().as_secs_f64()))
    }

    async fn arrive(&self) -> Result<String> {
        let all: Vec<&str> = [FROM_DRIVER, FROM_PASSENGER].into_iter().chain(OFFLINE).collect();
        for window in self.windows() {
            // The wait before the next try grows to half a minute at most.
            let what = "all five, once, in order and sent, and no banner";
            window
                .shows_within(what, 2 * PATIENCE, |page| {
                    let same = page.messages.len() == all.len()
                        && page.messages.iter().zip(&all).all(|(shown, text)| shown.text.contains(text))
                        && page.messages.iter().all(|shown| shown.state == "sent");
                    (same && page.banner.is_none()).then_some(())
                })
                .await?;
        }
        Ok(format!("five in both windows, {:.1} s after the kill", self.killed.elapsed().as_secs_f64()))
    }

    /// One order of ids everywhere: server, both caches, both windows; and nothing is left to send.
    async fn compare(&self) -> Result<String> {
        let room = self.arranged.room;
        let server = on_server(&self.server.database(), room)?;
        ensure!(server.len() == 2 + OFFLINE.len(), "the server has {} messages", server.len());
        for window in self.windows() {
            let role = window.person.role;
            until(&format!("the {role}'s cache holds what the server holds"), PATIENCE, async || {
                let settled = in_outbox(window.app_data(), room)?.is_empty();
                Ok((settled && in_cache(window.app_data(), room)? == server).then_some(()))
            })
            .await?;
            let page = window.page().await?;
            let ids: Vec<_> = server.iter().map(|message| message.id.as_str()).collect();
            ensure!(page.ids() == ids, "the {role}'s window shows {:?}, the server has {ids:?}", page.ids());
        }
        Ok(format!("{} messages, the same ids in the same order", server.len()))
    }

    async fn remember(&mut self) -> Result<String> {
        self.passenger.open_again().await?;
        let signed_in = |page: &crate::page::Page| (page.sign_in || page.rows == 1).then_some(page.rows == 1);
        if !self.passenger.shows("a first view", signed_in).await? {
            bail!("it asks to sign in again: the keyring did not keep the sign-in");
        }
        self.passenger.open_room().await?;
        self.passenger.shows("the five messages", |page| (page.messages.len() == 5).then_some(())).await?;
        Ok("signed in, and the messages are there".into())
    }

    async fn last_pictures(&self, dark: bool) -> Result<String> {
        self.take("").await?;
        if dark {
            for window in self.windows() {
                window.wear("dark").await?;
                window
                    .shows("the inbox or the room", |page| {
                        (page.rows == 1 || page.composer.is_some()).then_some(())
                    })
                    .await?;
                if window.page().await?.composer.is_none() {
                    window.open_room().await?;
                }
                window.shows("the five messages", |page| (page.messages.len() == 5).then_some(())).await?;
            }
            self.take("-dark").await?;
        }
        Ok("driver.png, passenger.png".into())
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

    fn windows(&self) -> [&Window; 2] {
        [&self.driver, &self.passenger]
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
            window.close().await?;
        }
        Ok(())
    }
}

fn texts(stored: &[Stored]) -> Vec<&str> {
    stored.iter().map(|message| message.text.as_str()).collect()
}
