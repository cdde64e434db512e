//! A room's list of messages, measured in the page: whatever comes above or below, the message in the middle of the
//! view stays where it is, by the position of its element.

use crate::wait::{PATIENCE, until};
use crate::webdriver::Session;
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

/// Tells how the page stands, or nothing while it is not whole: what was asked for is there, its fonts are, nothing
/// moves. Two answers that are the same say that it is at rest.
const AT_REST: &str = include_str!("js/rest.js");
const PLACE: &str = include_str!("js/place.js");
const OLDER: &str = include_str!("js/older.js");

/// Finds a message.
const MESSAGE: &str = "[data-testid=message]";
/// More rows than this are never in the page, however long the room is.
const MOST_ROWS: usize = 400;
/// In CSS pixels. What is laid out anew may land on another part of a pixel.
const STILL: f64 = 1.0;
/// One script scrolls for so long, in milliseconds; the driver waits half a minute for a script.
const A_WHILE: u32 = 5_000;

/// How the list stands, with one of its messages.
#[derive(Debug, Clone, Deserialize)]
pub struct Spot {
    /// How many messages are in the page.
    pub rows: usize,
    /// The place in the room of the first of them.
    pub first: i64,
    /// And of the last.
    pub last: i64,
    /// What is before them: `more`, `hole` or `end`.
    pub older: String,
    /// How much of the list is above the view.
    pub above: f64,
    /// How tall all of it is.
    pub tall: f64,
    /// What the button says that leads to the end, where there is one.
    pub pill: String,
    /// Before which message the divider stands, and how far down the view, in parts of it.
    pub divider: Option<(i64, f64)>,
    /// The message.
    pub id: Option<String>,
    /// Its place in the room.
    pub seq: i64,
    /// Where its element begins.
    pub top: Option<f64>,
}

/// What was seen on the way up through the list.
#[derive(Debug, Default, Deserialize)]
pub struct Way {
    /// How often was looked.
    pub frames: usize,
    /// How many pages came meanwhile.
    pub pages: usize,
    /// The first message that is in the page now.
    pub first: i64,
    /// The most messages that were in the page.
    rows: usize,
    /// How far a message moved by itself, at most.
    moved: f64,
    /// Which one that was.
    at: i64,
    /// Whether one that was looked at left the page.
    gone: bool,
    arrived: bool,
}

/// The list in one page.
#[derive(Debug, Clone, Copy)]
pub struct List<'a>(pub &'a Session);

/// Waits until what `css` finds is there and the page is at rest.
pub async fn at_rest(session: &Session, css: &str) -> Result<()> {
    let mut before = Value::Null;
    until(&format!("{css} is there, and nothing moves"), PATIENCE, async || {
        let now = session.execute_with(AT_REST, json!([css])).await?;
        let still = !now.is_null() && now == before;
        before = now;
        Ok(still.then_some(()))
    })
    .await
}

impl List<'_> {
    /// Waits until it has messages and nothing moves.
    pub async fn rest(&self) -> Result<()> {
        at_rest(self.0, MESSAGE).await
    }

    /// Where it stands, once it is there.
    pub async fn spot(&self) -> Result<Spot> {
        self.ask(json!({})).await
    }

    /// Where it stands just after it was scrolled by so many views.
    pub async fn scroll(&self, views: f64) -> Result<Spot> {
        self.ask(json!({ "scroll": views })).await
    }

    /// Where it stands after so many views of scrolling, when nothing moves any more.
    pub async fn scrolled(&self, views: f64) -> Result<Spot> {
        self.scroll(views).await?;
        self.rest().await?;
        self.spot().await
    }

    /// Where it stands once `held` says so.
    pub async fn comes_to(&self, what: &str, held: impl Fn(&Spot) -> bool) -> Result<Spot> {
        let mut last = None;
        let outcome = until(what, PATIENCE, async || {
            let spot = last.insert(self.spot().await?);
            Ok(held(spot).then(|| spot.clone()))
        });
        let outcome = outcome.await;
        outcome.with_context(|| format!("it stood at {last:?}"))
    }

    /// Waits until it has happened and all is at rest; then the message of before stands where it stood.
    pub async fn stays(&self, before: &Spot, happened: impl Fn(&Spot) -> bool) -> Result<Spot> {
        let again = json!({ "id": before.id });
        until("what moves the list has happened", PATIENCE, async || {
            Ok(happened(&self.ask(again.clone()).await?).then_some(()))
        })
        .await?;
        self.rest().await?;
        let now = self.ask(again).await?;
        ensure!(now.rows <= MOST_ROWS, "{} rows are in the page", now.rows);
        let (Some(was), Some(is)) = (before.top, now.top) else {
            bail!("message {} is not in the page any more", before.seq);
        };
        ensure!((is - was).abs() <= STILL, "message {} moved from {was} to {is} px", before.seq);
        Ok(now)
    }

    /// Scrolls up to the very first message; nothing moves by itself at any frame on the way.
    pub async fn climbs(&self) -> Result<Way> {
        let mut way = Way::default();
        while !way.arrived {
            // How long all of it takes is the machine's matter; that it goes on is not.
            until("an older page", PATIENCE, async || {
                let part = self.climbs_on().await?;
                let (frames, pages) = (way.frames + part.frames, way.pages + part.pages);
                let goes_on = part.pages > 0 || part.arrived;
                way = Way { frames, pages, ..part };
                Ok(goes_on.then_some(()))
            })
            .await
            .with_context(|| format!("{way:?}"))?;
        }
        Ok(way)
    }

    async fn climbs_on(&self) -> Result<Way> {
        let answer = self.0.execute_later(OLDER, json!([{ "most": A_WHILE }])).await?;
        let part: Way = serde_json::from_value(answer)?;
        ensure!(part.rows <= MOST_ROWS, "{} rows are in the page", part.rows);
        ensure!(!part.gone, "a message that was looked at left the page");
        ensure!(part.moved <= STILL, "message {} moved by {} px", part.at, part.moved);
        Ok(part)
    }

    async fn ask(&self, ask: Value) -> Result<Spot> {
        until("the room's list", PATIENCE, async || {
            Ok(serde_json::from_value(self.0.execute_with(PLACE, json!([ask])).await?)?)
        })
        .await
    }
}
