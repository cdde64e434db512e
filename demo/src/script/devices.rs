//! The passenger has a second device: what was read, begun and written on one is so on the other.

use super::talk::has_state;
use super::{Ride, xvfb};
use crate::people::TABLET;
use crate::steps::Steps;
use crate::wait::{PATIENCE, until};
use crate::webdriver::ENTER;
use crate::window::Window;
use anyhow::{Context, Result, ensure};

const COMPOSER: &str = "[data-testid=composer]";
const FROM_DRIVER: &str = "I see you. Two minutes.";
const BEGUN: &str = "I go to the car";
const ENDED: &str = " now.";

impl Ride<'_> {
    pub(super) async fn devices(&mut self, steps: &mut Steps) -> Result<()> {
        steps.step("the passenger signs in on a second device", self.second_device()).await?;
        steps.step("read on one device, it is withdrawn from the other", self.read_elsewhere()).await?;
        steps.step("a draft begun on one device stands on the other", self.draft()).await?;
        steps.step("both devices show the same", self.same()).await
    }

    async fn second_device(&mut self) -> Result<String> {
        let display = xvfb(self.world, &TABLET).await?;
        let tablet = Window::open(TABLET, self.world, display, &self.server.address).await?;
        let tablet = self.tablet.insert(tablet);
        tablet.sign_in(&self.server.address).await?;
        // What was read on the first is read here too.
        let room = self.offered.room;
        tablet.shows("nothing unread", |page| page.has_read(room).then_some(())).await?;
        Ok(format!("{:?}", TABLET.size))
    }

    async fn read_elsewhere(&mut self) -> Result<String> {
        let tablet = self.tablet.as_ref().context("the second device")?;
        // Nobody looks at the room.
        self.passenger.click("[data-testid=back]").await?;
        let room = self.offered.room;
        self.passenger.shows("the inbox", |page| page.has_read(room).then_some(())).await?;
        self.driver.write(FROM_DRIVER).await?;
        self.said.push(FROM_DRIVER.into());
        for window in [&self.passenger, tablet] {
            window.shows("one unread", |page| (page.unread(room) == Some("1")).then_some(())).await?;
            let desktop = window.desktop()?;
            let what = format!("a notification on the {}", window.person.role);
            until(&what, PATIENCE, async || {
                Ok(desktop.notifications().iter().any(|shown| shown.body.contains(FROM_DRIVER)).then_some(()))
            })
            .await?;
        }
        has_state(&self.driver, FROM_DRIVER, "delivered").await?;
        tablet.open_room(room).await?;
        has_state(&self.driver, FROM_DRIVER, "read").await?;
        for window in [&self.passenger, tablet] {
            let desktop = window.desktop()?;
            let what = format!("the notification on the {} is withdrawn", window.person.role);
            until(&what, PATIENCE, async || Ok(desktop.notifications().is_empty().then_some(()))).await?;
        }
        self.passenger.shows("nothing unread", |page| page.has_read(room).then_some(())).await?;
        Ok("the phone's notification and number are gone".into())
    }

    async fn draft(&mut self) -> Result<String> {
        let tablet = self.tablet.as_ref().context("the second device")?;
        self.passenger.open_room(self.offered.room).await?;
        self.passenger.keys(COMPOSER, BEGUN).await?;
        tablet
            .shows("the draft in its composer", |page| {
                (page.composer.as_deref() == Some(BEGUN)).then_some(())
            })
            .await?;
        tablet.keys(COMPOSER, &format!("{ENDED}{ENTER}")).await?;
        let whole = format!("{BEGUN}{ENDED}");
        self.arrives(tablet, &self.driver, &whole).await?;
        self.said.push(whole.clone());
        for window in [&self.passenger, tablet] {
            window
                .shows("an empty composer", |page| (page.composer.as_deref() == Some("")).then_some(()))
                .await?;
        }
        Ok(format!("“{whole}”"))
    }

    async fn same(&self) -> Result<String> {
        let tablet = self.tablet.as_ref().context("the second device")?;
        for window in [&self.passenger, tablet] {
            window.shows("all that was said", |page| self.shows_all(page)).await?;
        }
        let (here, there) = (self.passenger.page().await?, tablet.page().await?);
        ensure!(here.ids() == there.ids(), "{:?} here, {:?} there", here.ids(), there.ids());
        self.pictures("devices").await?;
        Ok(format!("{} messages", here.messages.len()))
    }
}
