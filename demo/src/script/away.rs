//! The driver closes the window: it goes into the tray, notifications say what is new, and lead back.

use super::Ride;
use super::talk::has_state;
use crate::desktop::Notification;
use crate::people::PASSENGER;
use crate::steps::Steps;
use crate::wait::{PATIENCE, until};
use anyhow::{Result, ensure};

/// With signs that would be markup if they were not made harmless.
const FIRST: &str = "I am at the <b>east</b> exit & wait.";
const SECOND: &str = "By the blue kiosk.";

impl Ride<'_> {
    pub(super) async fn away(&mut self, steps: &mut Steps) -> Result<()> {
        steps.step("the driver's window closes into the tray", self.closes_to_tray()).await?;
        steps.step("a notification says what the passenger wrote", self.is_notified()).await?;
        steps.step("the next one takes its place", self.is_replaced()).await?;
        steps.step("the title and the tray count what is unread", self.is_counted()).await?;
        steps.step("a click on the notification opens the room", self.clicks()).await?;
        steps.step("a link opens the trip in the window that is there", self.follows_link()).await
    }

    /// The last steps: the driver quits by the tray.
    pub(super) async fn leave(&mut self, steps: &mut Steps) -> Result<()> {
        steps.step("the driver quits from the tray", self.quits()).await
    }

    async fn closes_to_tray(&self) -> Result<String> {
        let (desktop, screen) = (self.driver.desktop()?, self.driver.screen()?);
        let menu = until("an icon in the tray", PATIENCE, async || desktop.menu().await).await?;
        screen.close_app()?;
        until("the window is gone", PATIENCE, async || Ok((!screen.shows_app()?).then_some(()))).await?;
        ensure!(desktop.has_app().await?, "the app has ended");
        Ok(menu.join(", "))
    }

    async fn is_notified(&mut self) -> Result<String> {
        self.passenger.write(FIRST).await?;
        self.said.push(FIRST.into());
        let shown = self.notification(|shown| shown.body.contains(PASSENGER.name)).await?;
        ensure!(shown.title == "Almaty → Bishkek", "its title is {:?}", shown.title);
        let body = "Daniyar: I am at the &lt;b&gt;east&lt;/b&gt; exit &amp; wait.";
        ensure!(shown.body == body, "it says {:?}", shown.body);
        // The device has it, and nobody has read it.
        has_state(&self.passenger, FIRST, "delivered").await?;
        Ok(format!("{}: {}", shown.title, shown.body))
    }

    async fn is_replaced(&mut self) -> Result<String> {
        self.passenger.write(SECOND).await?;
        self.said.push(SECOND.into());
        let shown = self.notification(|shown| shown.body.contains(SECOND)).await?;
        ensure!(shown.body == format!("Daniyar: {SECOND}\n2 new messages"), "it says {:?}", shown.body);
        ensure!(shown.replaced == 1, "it was replaced {} times", shown.replaced);
        Ok(shown.body.replace('\n', " · "))
    }

    async fn is_counted(&self) -> Result<String> {
        let (desktop, screen) = (self.driver.desktop()?, self.driver.screen()?);
        let title = "(2) Tripchat";
        until("the title counts", PATIENCE, async || {
            Ok((screen.title()?.as_deref() == Some(title)).then_some(()))
        })
        .await?;
        let menu = until("the tray counts", PATIENCE, async || {
            Ok(desktop.menu().await?.filter(|lines| lines.iter().any(|line| line == "Almaty → Bishkek (2)")))
        })
        .await?;
        Ok(format!("{title}; {}", menu.join(", ")))
    }

    async fn clicks(&self) -> Result<String> {
        let (desktop, screen) = (self.driver.desktop()?, self.driver.screen()?);
        let shown = self.notification(|_| true).await?;
        desktop.click(shown.id).await?;
        until("the window is back", PATIENCE, async || Ok(screen.shows_app()?.then_some(()))).await?;
        self.driver.take_keyboard().await?;
        self.driver.shows("the room with all that was said", |page| self.shows_all(page)).await?;
        has_state(&self.passenger, SECOND, "read").await?;
        let title = async || Ok((screen.title()?.as_deref() == Some("Tripchat")).then_some(()));
        until("the title counts nothing", PATIENCE, title).await?;
        ensure!(desktop.notifications().is_empty(), "there is a notification still");
        Ok("read, and the title counts nothing".into())
    }

    async fn follows_link(&self) -> Result<String> {
        let trip = self.offered.trip.id;
        self.driver.follow(&format!("tripchat://trip/{trip}")).await?;
        self.driver.shows("the trip", |page| page.route.contains(&trip.to_string()).then_some(())).await?;
        // What is not exactly one of the app's links leads nowhere.
        self.driver.follow(&format!("tripchat://trip/{trip}/../../room")).await?;
        self.driver.follow(&format!("tripchat://room/{}", self.offered.room)).await?;
        self.driver.shows("the room with all that was said", |page| self.shows_all(page)).await?;
        Ok("the second app handed its link over and ended".into())
    }

    async fn quits(&self) -> Result<String> {
        self.driver.desktop()?.choose("Quit").await?;
        self.driver.has_ended().await?;
        Ok("the app has ended".into())
    }

    /// The driver's one notification, once it is as it is expected.
    async fn notification(&self, held: impl Fn(&Notification) -> bool) -> Result<Notification> {
        let desktop = self.driver.desktop()?;
        until("one notification", PATIENCE, async || match desktop.notifications().as_slice() {
            [] => Ok(None),
            [one] => Ok(held(one).then(|| one.clone())),
            more => anyhow::bail!("{} notifications of one room", more.len()),
        })
        .await
    }
}
