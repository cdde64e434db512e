//! A room of 10,000 messages keeps its place: whatever comes above or below, the message in the middle of the view
//! stays where it is, by the position of its element.

use super::browser::Browser;
use super::views::DESKTOP;
use crate::list::List;
use crate::steps::Steps;
use anyhow::{Result, ensure};

/// How many pages are read by scrolling.
const PAGES: usize = 8;
/// So near to its upper end the list reads on.
const NEAR: f64 = 500.0;
/// Where the oldest messages are missing, and begin to come when they are seen.
const BY_THE_HOLE: &str = "/215";
const ROOM: &str = "a room of 10,000 messages keeps its place";

/// Whether this is among what is wished for; `only` is as in [`super::Wish`].
pub fn is_called(only: &str) -> bool {
    only.split(',').any(|part| ROOM.contains(part))
}

/// The room in the browser.
pub struct LongRoom<'a> {
    /// Shows it.
    pub browser: &'a Browser,
    /// Where the scenes are served.
    pub address: &'a str,
}

impl LongRoom<'_> {
    /// Every way in which the place could be lost. What does not hold is noted in `steps`.
    pub async fn play(&self, steps: &mut Steps) -> Result<()> {
        // In the hand the trip's card folds while one scrolls, which moves the list as it should.
        self.browser.resize(DESKTOP.pixels).await?;
        steps.step(format!("{ROOM} › {}", "while older ones are read"), self.older()).await.ok();
        steps.step(format!("{ROOM} › {}", "when one above is edited"), self.edited()).await.ok();
        steps.step(format!("{ROOM} › {}", "when new ones arrive"), self.heard()).await.ok();
        steps.step(format!("{ROOM} › {}", "when a hole is filled"), self.filled()).await.ok();
        Ok(())
    }

    /// Scrolls up through some pages.
    async fn older(&self) -> Result<String> {
        let list = self.list();
        self.open("").await?;
        let newest = list.spot().await?.last;
        ensure!(newest >= 10_000, "the room has {newest} messages");
        let (mut pages, mut first) = (0, newest);
        while pages < PAGES {
            let before = list.scroll(-0.75).await?;
            let near = before.above < NEAR;
            let now = list.stays(&before, |now| !near || now.first < before.first).await?;
            pages += usize::from(now.first < first);
            first = now.first;
        }
        Ok(format!("from {newest} up to {first}"))
    }

    /// A message above the view becomes longer.
    async fn edited(&self) -> Result<String> {
        let list = self.list();
        self.open("/5000").await?;
        let before = list.scrolled(0.5).await?;
        let above = before.first + (before.seq - before.first) / 2;
        self.scene(&format!("edit({above})")).await?;
        let now = list.stays(&before, |now| now.tall > before.tall).await?;
        Ok(format!("{above} grew by {} px above {}", now.tall - before.tall, before.seq))
    }

    /// Others write, while one reads a page above the end, and far above it.
    async fn heard(&self) -> Result<String> {
        let list = self.list();
        self.open("").await?;
        let before = list.scrolled(-1.0).await?;
        self.scene("hear(undefined, 5)").await?;
        let near = list.stays(&before, |now| now.last == before.last + 5).await?;
        self.open("/5000").await?;
        let before = list.spot().await?;
        self.scene("hear(undefined, 7)").await?;
        let far = list.stays(&before, |now| now.pill.contains('7')).await?;
        Ok(format!("“{}”, and at {} “{}”", near.pill, far.seq, far.pill))
    }

    /// What was missing above comes, a page at a time.
    async fn filled(&self) -> Result<String> {
        let list = self.list();
        self.open(BY_THE_HOLE).await?;
        let before = list.scrolled(-2.0).await?;
        self.scene("older()").await?;
        let now = list.stays(&before, |now| now.first < before.first).await?;
        Ok(format!("up to {} above {}", now.first, before.seq))
    }

    /// Opens the room, at its end or at a message.
    async fn open(&self, at: &str) -> Result<()> {
        // The name makes it another address: with another fragment alone, nothing would be loaded anew.
        let name = at.trim_start_matches('/');
        self.browser
            .session
            .go(&format!("{}/?scene=thousands&at={name}#/room/r-1{at}", self.address))
            .await?;
        self.list().rest().await
    }

    fn list(&self) -> List<'_> {
        List(&self.browser.session)
    }

    async fn scene(&self, happening: &str) -> Result<()> {
        self.browser.session.execute(&format!("window.scene.{happening}")).await.map(|_| ())
    }
}
