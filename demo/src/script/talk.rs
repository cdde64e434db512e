//! Both are there: they write, see each other write, take back what they wrote, and know that they were read.

use super::{DELETED, Ride};
use crate::people::{DRIVER, PASSENGER};
use crate::steps::Steps;
use crate::wait::{PATIENCE, until};
use crate::webdriver::{BACKSPACE, ENTER, UP};
use crate::window::Window;
use anyhow::{Result, ensure};

const COMPOSER: &str = "[data-testid=composer]";
const FROM_DRIVER: &str = "Good morning, I wait at the Sayran exit. A white Alphard.";
const FROM_PASSENGER: &str = "Perfect, I come ten minutes early, with one suitcase.";
const MISTAKEN: &str = "I wear a red jaket";
const CORRECTED: &str = "I wear a red jacket.";
const WRONG_ROOM: &str = "Mum, I am leaving now";

impl Ride<'_> {
    pub(super) async fn talk(&mut self, steps: &mut Steps) -> Result<()> {
        steps.step("the windows have their sizes", self.sizes()).await?;
        steps.step("both sign in through the form", self.sign_in()).await?;
        self.book(steps).await?;
        steps.step("the driver writes and the passenger sees it", self.driver_writes()).await?;
        steps.step("the passenger answers and the driver sees it", self.passenger_answers()).await?;
        steps.step("each sees that the other has read it", self.both_read()).await?;
        steps.step("typing is seen and goes", self.typing()).await?;
        steps.step("an edit is seen", self.edit()).await?;
        steps.step("a deletion is seen", self.delete()).await
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

    async fn driver_writes(&mut self) -> Result<String> {
        self.driver.write(FROM_DRIVER).await?;
        self.said.push(FROM_DRIVER.into());
        self.arrives(&self.driver, &self.passenger, FROM_DRIVER).await
    }

    async fn passenger_answers(&mut self) -> Result<String> {
        self.passenger.write_and_tap(FROM_PASSENGER).await?;
        self.said.push(FROM_PASSENGER.into());
        self.arrives(&self.passenger, &self.driver, FROM_PASSENGER).await
    }

    async fn both_read(&self) -> Result<String> {
        has_state(&self.driver, FROM_DRIVER, "read").await?;
        has_state(&self.passenger, FROM_PASSENGER, "read").await?;
        self.pictures("talking").await?;
        Ok("both marks are those of what was read".into())
    }

    async fn typing(&self) -> Result<String> {
        // Typing is told once in three seconds, and the last message was typed too: one goes on until it is.
        let mut typed = 0;
        let words = until("the driver sees that the other writes", PATIENCE, async || {
            self.passenger.keys(COMPOSER, "o").await?;
            typed += 1;
            Ok(self.driver.page().await?.typing)
        })
        .await?;
        ensure!(words.contains(PASSENGER.name), "it says {words:?}");
        self.driver.picture("driver-typing.png").await?;
        self.passenger.keys(COMPOSER, &BACKSPACE.repeat(typed)).await?;
        self.driver.shows("that nobody writes", |page| page.typing.is_none().then_some(())).await?;
        Ok(format!("“{words}”"))
    }

    async fn edit(&mut self) -> Result<String> {
        self.passenger.write(MISTAKEN).await?;
        self.arrives(&self.passenger, &self.driver, MISTAKEN).await?;
        // The arrow up takes the last of one's own into the composer.
        self.passenger.keys(COMPOSER, UP).await?;
        self.passenger
            .shows("it in the composer", |page| (page.composer.as_deref() == Some(MISTAKEN)).then_some(()))
            .await?;
        self.passenger.keys(COMPOSER, &format!("{}cket.{ENTER}", BACKSPACE.repeat(3))).await?;
        self.said.push(CORRECTED.into());
        for window in [&self.passenger, &self.driver] {
            window
                .shows("the corrected text, said to be edited", |page| {
                    match page.saying(CORRECTED).as_slice() {
                        [one] if one.is_stored() && one.text.contains("edited") => Some(()),
                        _ => None,
                    }
                })
                .await?;
        }
        Ok(format!("“{MISTAKEN}” is “{CORRECTED}”"))
    }

    async fn delete(&mut self) -> Result<String> {
        self.passenger.write(WRONG_ROOM).await?;
        self.arrives(&self.passenger, &self.driver, WRONG_ROOM).await?;
        self.passenger
            .choose("[data-testid=message]:last-child [data-testid=message-text]", "delete")
            .await?;
        self.passenger.click("[data-testid=confirm-yes]").await?;
        self.said.push(DELETED.into());
        for window in [&self.passenger, &self.driver] {
            window
                .shows("that it was deleted, and not what it said", |page| {
                    (page.saying(WRONG_ROOM).is_empty() && page.saying(DELETED).len() == 1).then_some(())
                })
                .await?;
        }
        Ok("its place stays, its text is gone".into())
    }
}

/// The only message that says `text` gets as far as `state`.
pub(super) async fn has_state(window: &Window, text: &str, state: &str) -> Result<()> {
    let what = format!("“{text}” is {state}");
    window
        .shows(&what, |page| match page.saying(text).as_slice() {
            [one] if one.state == state => Some(()),
            _ => None,
        })
        .await
}
