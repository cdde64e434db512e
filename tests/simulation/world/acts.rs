//! What people do.

use super::{PASSWORD, PATIENCE, World, email};
use crate::device::SERVER;
use crate::model::{Said, is_sent};
use anyhow::Result;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use tokio::time::timeout;
use tripchat_core::view::{Place, SendState};
use tripchat_core::{Client, SecretString};
use tripchat_protocol::{Seq, Setting};

/// The messages of a flood: more than a limited catch-up brings.
const FLOOD: usize = 1_060;

impl World {
    pub(super) async fn write(&mut self, device: usize, room: usize) {
        let Some(client) = self.devices[device].client() else { return };
        self.written += 1;
        let text = format!("message {}", self.written);
        let room = self.rooms[room].0;
        if let Ok(id) = client.send(room, text.clone()).await {
            let person = self.devices[device].person;
            let (discarded, parked, edits, deletes) = (false, false, Vec::new(), Vec::new());
            self.model.said.push(Said { id, device, person, room, text, discarded, parked, edits, deletes });
        }
    }

    /// One of the last messages of the device's person, by one of their devices or another.
    pub(super) fn own(&self, device: usize, nth: u64) -> Option<usize> {
        let person = self.devices[device].person;
        let own = self.model.said.iter().enumerate().filter(|(_, said)| said.person == person);
        let own: Vec<usize> = own.map(|(place, _)| place).collect();
        let last = own.len().min(12);
        (last > 0).then(|| own[own.len() - 1 - usize::try_from(nth).unwrap_or(0) % last])
    }

    pub(super) async fn edit(&mut self, device: usize, nth: u64) {
        let (Some(client), Some(place)) = (self.devices[device].client(), self.own(device, nth)) else {
            return;
        };
        self.written += 1;
        let text = format!("edited {}", self.written);
        let is_parked = is_parked(&client, &self.model.said[place]).await;
        let said = &mut self.model.said[place];
        if let Ok(id) = client.edit(said.room, said.id, text.clone()).await {
            said.parked |= is_parked;
            said.edits.push((device, id, text));
        }
    }

    pub(super) async fn delete(&mut self, device: usize, nth: u64) {
        let (Some(client), Some(place)) = (self.devices[device].client(), self.own(device, nth)) else {
            return;
        };
        let said = &mut self.model.said[place];
        if let Ok(id) = client.delete(said.room, said.id).await {
            said.deletes.push((device, id));
        }
    }

    pub(super) async fn see(&mut self, device: usize, room: usize) {
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
    pub(super) async fn favour(&mut self, device: usize, room: usize, on: bool) {
        let person = self.devices[device].person;
        let Some(first) = self.devices.iter().position(|device| device.person == person) else { return };
        let Some(client) = self.devices[first].client() else { return };
        let room = self.rooms[room].0;
        if client.set(room, Setting::Favourite(on)).await.is_ok() {
            self.model.favourites.insert((room, first), on);
        }
    }

    /// They go, or the driver takes them off.
    pub(super) fn leave(&mut self, person: usize, room: usize, removed: bool) {
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

    pub(super) fn join(&mut self, person: usize, room: usize) {
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

    pub(super) async fn sign_out(&mut self, device: usize) {
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

    pub(super) async fn is_sent(&self, client: &Client, said: &Said) -> bool {
        let page = client.timeline(said.room, Place::Newest, 200).await;
        page.is_ok_and(|page| page.rows.iter().any(|row| row.id == said.id && is_sent(row.state)))
    }

    pub(super) async fn sign_in(&mut self, device: usize) -> Result<()> {
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
    pub(super) async fn flood(&mut self, room: usize, changes: bool) {
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

async fn is_parked(client: &Client, said: &Said) -> bool {
    let page = client.timeline(said.room, Place::Newest, 200).await;
    page.is_ok_and(|page| page.rows.iter().any(|row| row.id == said.id && row.state == SendState::Failed))
}
