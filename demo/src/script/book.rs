//! The passenger finds the trip and asks for a seat, the driver confirms, and both come into the trip's room.

use super::Ride;
use crate::steps::Steps;
use crate::window::Window;
use anyhow::{Result, ensure};

impl Ride<'_> {
    pub(super) async fn book(&mut self, steps: &mut Steps) -> Result<()> {
        steps.step("the passenger finds the trip by where it goes", self.finds()).await?;
        steps.step("the passenger asks for a seat", self.asks()).await?;
        steps.step("the driver sees the request and confirms it", self.confirms()).await?;
        steps.step("both open the trip's room", self.open_rooms()).await
    }

    async fn finds(&self) -> Result<String> {
        let passenger = &self.passenger;
        passenger.click("[data-testid=nav-trips]").await?;
        passenger.keys("[data-testid=find-trips] [name=to]", "bish").await?;
        passenger.click("[data-testid=find-act]").await?;
        passenger.shows("what was found", |page| page.found.then_some(())).await?;
        let trip = self.offered.trip.id.to_string();
        let found = passenger.shows("the trip alone", |page| (page.trips == [trip.clone()]).then_some(()));
        found.await?;
        passenger.picture("passenger-found.png").await?;
        Ok("by the beginning of a word".into())
    }

    async fn asks(&self) -> Result<String> {
        self.open_trip(&self.passenger).await?;
        self.passenger.click("[data-testid=request-seat]").await?;
        stands(&self.passenger, "requested").await?;
        self.passenger.picture("passenger-requested.png").await?;
        Ok("one seat, requested".into())
    }

    async fn confirms(&self) -> Result<String> {
        self.driver.click("[data-testid=nav-trips]").await?;
        self.open_trip(&self.driver).await?;
        stands(&self.driver, "requested").await?;
        self.driver.picture("driver-request.png").await?;
        self.driver.click("[data-testid=confirm-booking]").await?;
        stands(&self.driver, "confirmed").await?;
        // Nobody touched the other window: it hears of it.
        stands(&self.passenger, "confirmed").await?;
        Ok("confirmed in both windows".into())
    }

    async fn open_rooms(&self) -> Result<String> {
        self.passenger.click("[data-testid=back]").await?;
        let mut titles = Vec::new();
        for window in [&self.driver, &self.passenger] {
            window.click("[data-testid=nav-inbox]").await?;
            window.read_all_but(self.offered.room).await?;
            titles.push(window.open_room(self.offered.room).await?);
        }
        for title in &titles {
            ensure!(title.contains("Almaty") && title.contains("Bishkek"), "the room is called {title:?}");
        }
        Ok(titles.swap_remove(0))
    }

    /// Opens the trip from the list beside which it stands, or in whose place it comes.
    pub(super) async fn open_trip(&self, window: &Window) -> Result<()> {
        let trip = self.offered.trip.id.to_string();
        window.click(&format!("[data-testid=trip-card][data-id=\"{trip}\"]")).await?;
        window.shows("the trip", |page| page.route.ends_with(&trip).then_some(())).await
    }
}

/// The window shows one booking, and that it stands so.
pub(super) async fn stands(window: &Window, status: &str) -> Result<()> {
    let what = format!("one booking, {status}");
    window.shows(&what, |page| (page.bookings == [status]).then_some(())).await
}
