//! The server is killed and comes back: what is written meanwhile waits, the app opens without it, and everything
//! arrives once.

use super::Ride;
use crate::database::{Stored, in_cache, in_outbox, on_server};
use crate::page::Page;
use crate::steps::Steps;
use crate::wait::{PATIENCE, until};
use anyhow::{Result, bail, ensure};
use std::time::Duration;
use tokio::time::Instant;

const OFFLINE: [&str; 3] =
    ["The bus to Sayran is slow.", "Five minutes late, sorry. Please wait for me.", "Now I can see the car."];
const AFTER: &str = "I wave at you.";

/// The banner must not come for a short cut, so it comes after this and not before.
const BANNER_AFTER: Duration = Duration::from_secs(5);

impl Ride<'_> {
    pub(super) async fn offline(&mut self, steps: &mut Steps) -> Result<()> {
        steps.step("the server is killed", self.kill_server()).await?;
        steps.step("the passenger writes three messages and they wait", self.write_offline()).await?;
        steps.step("both windows say after five seconds that they reconnect", self.banners()).await?;
        steps.step("without a network the passenger's app opens from its cache", self.open_offline()).await?;
        steps.step("the server returns", self.return_server()).await?;
        steps.step("what waited arrives once and in order", self.arrive()).await?;
        steps.step("the server and all caches hold the same", self.compare()).await?;
        steps.step("the passenger's app is opened again and remembers", self.remember()).await
    }

    async fn kill_server(&mut self) -> Result<String> {
        for window in self.windows() {
            let page = window.page().await?;
            let role = window.person.role;
            ensure!(page.banner.is_none(), "the {role} sees a banner while the server is there");
        }
        self.server.kill()?;
        self.killed = Instant::now();
        for window in self.windows() {
            let page = window.page().await?;
            ensure!(page.banner.is_none(), "the {}'s banner comes at once", window.person.role);
        }
        Ok("SIGKILL".into())
    }

    async fn write_offline(&mut self) -> Result<String> {
        for text in OFFLINE {
            self.passenger.write(text).await?;
        }
        self.passenger.shows("three messages wait", |page| waiting(page, &OFFLINE)).await?;
        let outbox = in_outbox(self.passenger.app_data(), self.offered.room)?;
        ensure!(texts(&outbox) == OFFLINE, "the outbox holds {:?}", texts(&outbox));
        let page = self.driver.page().await?;
        ensure!(OFFLINE.iter().all(|text| page.saying(text).is_empty()), "the driver sees them already");
        let stored = on_server(&self.server.database(), self.offered.room)?;
        ensure!(stored.len() == self.said.len(), "the server has {} messages", stored.len());
        Ok("in the outbox, on the server none".into())
    }

    async fn banners(&mut self) -> Result<String> {
        let mut times = Vec::new();
        for window in self.windows() {
            let text = window.shows("the banner", |page| page.banner.clone()).await?;
            ensure!(self.killed.elapsed() >= BANNER_AFTER, "it came after {:?}", self.killed.elapsed());
            let seconds = self.killed.elapsed().as_secs_f64();
            times.push(format!("{} “{text}” by {seconds:.1} s", window.person.role));
        }
        self.pictures("waiting").await?;
        Ok(times.join(", "))
    }

    async fn open_offline(&mut self) -> Result<String> {
        self.passenger.open_again().await?;
        self.passenger.open_room(self.offered.room).await?;
        let known = self.said.len();
        self.passenger
            .shows("all that was said, and what waits", |page| {
                waiting(page, &OFFLINE).filter(|()| page.messages.len() == known + OFFLINE.len())
            })
            .await?;
        self.passenger.write(AFTER).await?;
        self.passenger.shows("one more waits", |page| waiting(page, &[AFTER])).await?;
        self.passenger.click("[data-testid=room-search]").await?;
        self.passenger.keys("[data-testid=search-field]", "alphard").await?;
        let hit = self.passenger.shows("one hit", |page| match page.hits.as_slice() {
            [one] if one.contains("A white Alphard.") => Some(one.clone()),
            _ => None,
        });
        let hit = hit.await?;
        self.passenger.picture("passenger-search.png").await?;
        self.passenger.click("[data-testid=search-close]").await?;
        self.passenger.shows("the room again", |page| page.composer.clone()).await?;
        ensure!(self.server.is_killed()?, "the server was there");
        Ok(format!("found {:?}", hit.lines().last().unwrap_or_default()))
    }

    async fn return_server(&mut self) -> Result<String> {
        self.server.return_again().await?;
        Ok(format!("{}, after {:.1} s", self.server.address, self.killed.elapsed().as_secs_f64()))
    }

    async fn arrive(&mut self) -> Result<String> {
        self.said.extend(OFFLINE.into_iter().chain([AFTER]).map(String::from));
        for window in self.windows() {
            // The wait before the next try grows to half a minute at most.
            let what = "all of it, once, in order and stored, and no banner";
            let all = |page: &Page| self.shows_all(page).filter(|()| page.banner.is_none());
            window.shows_within(what, 2 * PATIENCE, all).await?;
        }
        let seconds = self.killed.elapsed().as_secs_f64();
        Ok(format!("{} in every window, {seconds:.1} s after the kill", self.said.len()))
    }

    /// One order of ids everywhere: server, caches, windows; and nothing is left to send.
    async fn compare(&self) -> Result<String> {
        let room = self.offered.room;
        let server = on_server(&self.server.database(), room)?;
        ensure!(server.len() == self.said.len(), "the server has {} messages", server.len());
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
        let signed_in = |page: &Page| (page.sign_in || !page.rows.is_empty()).then_some(!page.sign_in);
        if !self.passenger.shows("a first view", signed_in).await? {
            bail!("it asks to sign in again: the keyring did not keep the sign-in");
        }
        self.passenger.open_room(self.offered.room).await?;
        self.passenger.shows("all messages", |page| self.shows_all(page)).await?;
        Ok("signed in, and the messages are there".into())
    }
}

fn waiting(page: &Page, messages: &[&str]) -> Option<()> {
    let waits = |text: &&str| matches!(page.saying(text).as_slice(), [one] if one.state == "waiting");
    messages.iter().all(waits).then_some(())
}

fn texts(stored: &[Stored]) -> Vec<&str> {
    stored.iter().map(|message| message.text.as_str()).collect()
}
