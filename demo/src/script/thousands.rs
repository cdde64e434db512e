//! The passenger comes to another trip, in whose room 10,000 messages were written: the window opens it at the first
//! unread one, and what is read keeps its place by the position of its element, whatever comes.
//!
//! Of what was written before one came only the newest is sent; all before that is a hole, which is filled from the
//! server's history as one scrolls.

use super::Ride;
use crate::database::{in_cache, plain};
use crate::list::{List, Spot};
use crate::page::Page;
use crate::people::{OTHER, join_other, offer_other};
use crate::rest::Rest;
use crate::socket::do_all;
use crate::steps::Steps;
use crate::wait::{PATIENCE, until};
use anyhow::{Context, Result, ensure};
use tokio::time::Instant;
use tripchat_protocol::frame::{Edit, Send};
use tripchat_protocol::rest::Grant;
use tripchat_protocol::{Body, ClientFrame, MessageId, OperationId, Trip};
use tripchat_runtime::Sources;

/// How many were written before the passenger came.
const BEFORE: usize = 10_000;
/// And how many after that: more than the screen shows.
const NEW: usize = 20;
/// As the inbox says it.
const MANY: &str = "9+";
const TO_END: &str = "[data-testid=to-end]";

/// The room, as the one knows it who writes there.
pub(super) struct Thousands {
    driver: Grant,
    trip: Trip,
    /// Every message with its place in the room.
    written: Vec<(MessageId, i64)>,
}

impl Ride<'_> {
    /// The room that [`write()`] made.
    pub(super) async fn thousands(&mut self, steps: &mut Steps, mut room: Thousands) -> Result<()> {
        steps.step("the passenger comes to that trip too", Box::pin(self.comes_too(&mut room))).await?;
        steps.step("a room of 10,000 messages opens at the first unread one", self.opens(&room)).await?;
        steps
            .step("a room of 10,000 messages keeps its place › when a hole is filled", self.filled())
            .await?;
        steps
            .step("a room of 10,000 messages keeps its place › while older ones are read", self.older(&room))
            .await?;
        steps
            .step(
                "a room of 10,000 messages keeps its place › when one above is edited",
                Box::pin(self.edited(&room)),
            )
            .await?;
        steps
            .step(
                "a room of 10,000 messages keeps its place › when new ones arrive",
                Box::pin(self.heard(&mut room)),
            )
            .await
    }

    async fn comes_too(&self, room: &mut Thousands) -> Result<String> {
        self.passenger.click("[data-testid=back]").await?;
        let rest = Rest::new(&self.server.address)?;
        let booking = join_other(&rest, self.sources, &room.driver, room.trip.id).await?;
        self.more(room, NEW).await?;
        // All of it, and not the first few: who opens a room with little that is new stands at its end, and follows it.
        let newest = plain(&room.written.last().context("a message")?.0.to_string());
        until("what is new is in the passenger's cache", PATIENCE, async || {
            let stored = in_cache(self.passenger.app_data(), room.trip.room)?;
            Ok(stored.last().is_some_and(|message| message.id == newest).then_some(()))
        })
        .await?;
        let many = |page: &Page| (page.unread(room.trip.room) == Some(MANY)).then_some(());
        self.passenger.shows("that much is new in that room", many).await?;
        Ok(format!("booking {}, {MANY} unread", booking.number))
    }

    async fn opens(&self, room: &Thousands) -> Result<String> {
        let first = room.seq(BEFORE)?;
        let from = Instant::now();
        self.passenger.click(&format!("[data-testid=inbox-row][data-id=\"{}\"]", room.trip.room)).await?;
        let list = self.passenger.list();
        list.comes_to("the divider", |spot| spot.divider.is_some()).await?;
        let ms = from.elapsed().as_millis();
        list.rest().await?;
        let spot = list.spot().await?;
        let (seq, down) = spot.divider.context("the divider is gone")?;
        ensure!(seq == first, "the divider stands before {seq}, and {first} is the first unread one");
        ensure!((0.0..0.5).contains(&down), "the divider is {down:.2} views down");
        self.passenger.picture("passenger-thousands.png").await?;
        Ok(format!("{seq} at {:.0} % of the view, {ms} ms after the click, {} rows", down * 100.0, spot.rows))
    }

    /// The server answers nothing for a while. One scrolls up to where something is missing, and it answers again.
    async fn filled(&self) -> Result<String> {
        let list = self.passenger.list();
        // The trip's card folds as soon as one reads further up, which moves the list as it should.
        list.scrolled(-1.0).await?;
        self.server.hold()?;
        let before = by_the_hole(list).await;
        self.server.go_on()?;
        let before = before?;
        let now = list.stays(&before, |now| now.first < before.first).await?;
        Ok(format!("from {} up to {} above {}", before.first, now.first, before.seq))
    }

    async fn older(&self, room: &Thousands) -> Result<String> {
        let from = Instant::now();
        let way = self.passenger.list().climbs().await?;
        let first = room.seq(0)?;
        ensure!(way.first == first, "it ends at {}, and {first} is the first one", way.first);
        self.passenger.picture("passenger-thousands-first.png").await?;
        let seconds = from.elapsed().as_secs_f64();
        Ok(format!("up to {first}: {} pages, {} frames, {seconds:.1} s", way.pages, way.frames))
    }

    async fn edited(&self, room: &Thousands) -> Result<String> {
        let list = self.passenger.list();
        let before = list.scrolled(3.0).await?;
        let above = usize::try_from(before.seq - before.first)? / 2;
        let (message, seq) = *room.written.get(above).context("a message above")?;
        let text = "This one is longer now, so that all that stands below it has to move down. ".repeat(4);
        let edit = Edit {
            id: OperationId(self.sources.uuid()),
            room: room.trip.room,
            message,
            edit_no: 0,
            body: Body::Text { text: text.trim_end().into() },
        };
        do_all(&self.server.address, &room.driver, self.sources, &[ClientFrame::Edit(edit)]).await?;
        let now = list.stays(&before, |now| now.tall > before.tall).await?;
        Ok(format!("{seq} grew by {} px above {}", now.tall - before.tall, before.seq))
    }

    /// Others write, while one reads far above the end, and a view above it.
    async fn heard(&self, room: &mut Thousands) -> Result<String> {
        let list = self.passenger.list();
        let before = list.spot().await?;
        let count = number(&before.pill).context("the pill counts nothing")? + 7;
        self.more(room, 7).await?;
        let far = list.stays(&before, |now| number(&now.pill) == Some(count)).await?;
        self.passenger.click(TO_END).await?;
        let newest = room.seq(room.written.len() - 1)?;
        list.comes_to("the end", |spot| spot.last == newest).await?;
        list.rest().await?;
        let before = list.scrolled(-1.0).await?;
        self.more(room, 5).await?;
        let newest = room.seq(room.written.len() - 1)?;
        let near = list.stays(&before, |now| now.last == newest).await?;
        Ok(format!("at {} “{}”, near the end “{}”", far.seq, far.pill, near.pill))
    }

    async fn more(&self, room: &mut Thousands, count: usize) -> Result<()> {
        room.write(&self.server.address, self.sources, count).await
    }
}

/// Makes the other trip, and all that is written in its room before the passenger comes; says how long it took.
pub(super) async fn write(address: &str, sources: &Sources) -> Result<(Thousands, String)> {
    let from = Instant::now();
    let (driver, trip) = offer_other(&Rest::new(address)?, sources).await?;
    let mut room = Thousands { driver, trip, written: Vec::new() };
    room.write(address, sources, BEFORE).await?;
    let seconds = from.elapsed().as_secs_f64();
    Ok((room, format!("{BEFORE} messages of {} in {seconds:.1} s, while the others talked", OTHER.name)))
}

impl Thousands {
    /// The place of a message, counted from the first one.
    fn seq(&self, number: usize) -> Result<i64> {
        self.written.get(number).map(|(_, seq)| *seq).context("a message that was not written")
    }

    /// Writes so many messages more.
    async fn write(&mut self, address: &str, sources: &Sources, count: usize) -> Result<()> {
        let from = self.written.len();
        let sends: Vec<_> = (from..from + count).map(|number| self.message(sources, number)).collect();
        let ids: Vec<_> = sends.iter().map(|send| send.id).collect();
        let frames: Vec<_> = sends.into_iter().map(ClientFrame::Send).collect();
        let done = do_all(address, &self.driver, sources, &frames).await?;
        for (id, done) in ids.into_iter().zip(done) {
            self.written.push((id, done.seq.context("a message without a place")?.0));
        }
        Ok(())
    }

    /// One message after the other, of several heights.
    fn message(&self, sources: &Sources, number: usize) -> Send {
        let more = "The road is clear, and there is room for one suitcase more. ";
        let times = match number % 10 {
            2 | 7 => 1,
            4 => 2,
            8 => 3,
            _ => 0,
        };
        let text = format!("Message {}. {}", number + 1, more.repeat(times));
        Send {
            id: MessageId(sources.uuid()),
            room: self.trip.room,
            body: Body::Text { text: text.trim_end().into() },
            written_at: sources.now(),
            send_by: None,
        }
    }
}

/// Scrolls up until the list ends at what is missing.
async fn by_the_hole(list: List<'_>) -> Result<Spot> {
    let at_its_end = |spot: &Spot| spot.older == "hole" && spot.above == 0.0;
    until("the hole", PATIENCE, async || {
        list.scrolled(-20.0).await.map(|spot| at_its_end(&spot).then_some(spot))
    })
    .await
}

fn number(words: &str) -> Option<usize> {
    words.split_whitespace().find_map(|word| word.parse().ok())
}
