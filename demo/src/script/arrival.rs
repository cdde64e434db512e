//! The trip goes its way: people get in, it sets off and arrives, and both say how the ride was.

use super::Ride;
use super::book::stands;
use crate::steps::Steps;
use crate::window::Window;
use anyhow::Result;

const FIVE: &str = "[data-testid=ride-review] label:has([data-testid=star-5])";
const FROM_PASSENGER: &str = "Calm on the road, and on time.";
const FROM_DRIVER: &str = "Came early, easy company.";

impl Ride<'_> {
    pub(super) async fn arrival(&mut self, steps: &mut Steps) -> Result<()> {
        steps.step("the driver begins boarding and the room is told", self.boarding()).await?;
        steps.step("the passenger is aboard", self.aboard()).await?;
        steps.step("the trip sets off and arrives", self.arrives_there()).await?;
        steps.step("both say how the ride was", self.reviews()).await?;
        steps.step("both are in the room again", self.back_in_the_room()).await
    }

    async fn boarding(&self) -> Result<String> {
        self.driver.click("[data-testid=nav-trips]").await?;
        self.open_trip(&self.driver).await?;
        self.goes_to("boarding", "BOARDING").await?;
        self.passenger.picture("passenger-boarding.png").await?;
        Ok("the passenger reads it in the room".into())
    }

    async fn aboard(&self) -> Result<String> {
        self.driver.click("[data-testid=board-booking]").await?;
        stands(&self.driver, "boarded").await?;
        self.driver.picture("driver-aboard.png").await?;
        Ok("the driver said so".into())
    }

    async fn arrives_there(&self) -> Result<String> {
        self.goes_to("under_way", "STARTED").await?;
        self.goes_to("arrived", "ARRIVED").await?;
        stands(&self.driver, "completed").await?;
        Ok("the booking is completed".into())
    }

    /// The driver presses the one large button, and the passenger reads in the room what became of it.
    async fn goes_to(&self, status: &str, said: &str) -> Result<()> {
        // The second touch of a double one is not meant: a touch elsewhere keeps two of them apart.
        self.driver.click("[data-testid=trip-title]").await?;
        self.driver.click(&format!("[data-testid=next-step][data-to={status}]")).await?;
        let told = format!("that it was told {said}");
        self.passenger.shows(&told, |page| page.said.iter().any(|code| code == said).then_some(())).await
    }

    async fn reviews(&self) -> Result<String> {
        let passenger = &self.passenger;
        passenger.click("[data-testid=back]").await?;
        passenger.click("[data-testid=nav-trips]").await?;
        self.open_trip(passenger).await?;
        passenger.click(FIVE).await?;
        passenger.picture("passenger-review.png").await?;
        says(passenger, FROM_PASSENGER).await?;
        self.driver.click(FIVE).await?;
        says(&self.driver, FROM_DRIVER).await?;
        let both = |page: &crate::page::Page| {
            let has = |text: &str| page.reviews.iter().any(|review| review.contains(text));
            (has(FROM_PASSENGER) && has(FROM_DRIVER)).then_some(())
        };
        self.driver.shows("what the other one said, too", both).await?;
        self.driver.picture("driver-reviews.png").await?;
        Ok(format!("“{FROM_PASSENGER}” “{FROM_DRIVER}”"))
    }

    async fn back_in_the_room(&self) -> Result<String> {
        self.passenger.click("[data-testid=back]").await?;
        for window in [&self.driver, &self.passenger] {
            window.click("[data-testid=nav-inbox]").await?;
            window.open_room(self.offered.room).await?;
            window.shows("all messages", |page| self.shows_all(page)).await?;
        }
        Ok("all that was said is there".into())
    }
}

/// Writes the words of a review whose stars are chosen, sends it, and sees it stand there.
async fn says(window: &Window, text: &str) -> Result<()> {
    window.keys("[data-testid=review-sheet] textarea", text).await?;
    window.click("[data-testid=send-review]").await?;
    let stands = |page: &crate::page::Page| page.reviews.iter().any(|review| review.contains(text));
    window.shows("the review, and nothing over it", |page| (stands(page) && !page.sheet).then_some(())).await
}
