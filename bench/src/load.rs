//! What clients do while something is measured.

use crate::client::{Client, Page, Said, Writer};
use crate::target::Target;
use anyhow::{Context, Result, bail};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Connections that are made at the same time.
const AT_ONCE: usize = 32;

/// What happened so far, counted by all together.
#[derive(Debug, Default)]
pub struct Gauge {
    /// Messages that were acknowledged.
    pub acked: AtomicU64,
    /// Messages that reached somebody, each for everyone it reached.
    pub delivered: AtomicU64,
    /// Somebody waits for this many deliveries.
    pub wanted: AtomicU64,
    /// They are there.
    pub there: Notify,
    stop: AtomicBool,
}

impl Gauge {
    /// Nothing new is written from now on.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn add(&self, acked: u64, delivered: u64) {
        if acked > 0 {
            self.acked.fetch_add(acked, Ordering::Relaxed);
        }
        if delivered > 0 {
            let now = self.delivered.fetch_add(delivered, Ordering::SeqCst) + delivered;
            if now == self.wanted.load(Ordering::SeqCst) {
                self.there.notify_one();
            }
        }
    }
}

/// Connects `people`, each with everything up to what the room had at the beginning; they are whole when it returns.
pub async fn connect_all(target: &Arc<Target>, people: Range<usize>) -> Result<Vec<(usize, Client)>> {
    let next = Arc::new(AtomicU64::new(people.start as u64));
    let mut tasks: JoinSet<Result<Vec<(usize, Client)>>> = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (target, next, end) = (target.clone(), next.clone(), people.end);
        tasks.spawn(async move {
            let mut clients = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed) as usize;
                if place >= end {
                    return Ok(clients);
                }
                let (world, address) = (&target.world, target.address);
                let room = world.room_of(place);
                clients.push((place, Client::synced(address, &world.people[place], room, room.head).await?));
            }
        });
    }
    let mut all = Vec::new();
    while let Some(clients) = tasks.join_next().await {
        all.append(&mut clients??);
    }
    Ok(all)
}

/// Writes with `depth` messages on their way until it is stopped and all are acknowledged; listens all the time.
pub async fn post(client: &mut Client, writer: &mut Writer, depth: usize, gauge: &Gauge) -> Result<()> {
    loop {
        while writer.pending.len() < depth && !gauge.is_stopped() {
            writer.push(&mut client.out);
        }
        if depth > 0 && writer.pending.is_empty() {
            return Ok(());
        }
        client.exchange().await?;
        hear(client, writer, gauge, |_| {})?;
    }
}

/// Writes one message each `every`, beginning after `first`; tells how long each took until it was acknowledged.
pub async fn pace(
    client: &mut Client,
    writer: &mut Writer,
    (first, every): (Duration, Duration),
    gauge: &Gauge,
) -> Result<Vec<Duration>> {
    let mut next = Instant::now() + first;
    let mut took = Vec::new();
    loop {
        tokio::select! {
            biased;
            filled = client.fill() => {
                filled?;
                hear(client, writer, gauge, |at| took.push(at.elapsed()))?;
            }
            () = tokio::time::sleep_until(next.into()) => {
                next += every;
                if gauge.is_stopped() {
                    return Ok(took);
                }
                writer.push(&mut client.out);
            }
        }
        client.flush().await?;
    }
}

/// Takes in what came.
pub fn hear(
    client: &mut Client,
    writer: &mut Writer,
    gauge: &Gauge,
    mut acked_at: impl FnMut(Instant),
) -> Result<()> {
    let (mut acked, mut delivered) = (0, 0);
    while let Some(said) = client.next()? {
        match said {
            Said::Ok(id) => {
                acked_at(writer.ack(id)?);
                acked += 1;
            }
            Said::Change(..) => delivered += 1,
            Said::Changes(frame) => {
                delivered += serde_json::from_slice::<Page<'_>>(frame)?.objects.len() as u64
            }
            Said::Refused(frame) => bail!("refused: {}", String::from_utf8_lossy(frame)),
            Said::Synced | Said::Other => {}
        }
    }
    gauge.add(acked, delivered);
    Ok(())
}

/// What was used and done in a stretch of time.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// How long it was.
    pub seconds: f64,
    /// Messages acknowledged.
    pub acked: f64,
    /// Messages delivered.
    pub delivered: f64,
    /// CPU seconds of the server.
    pub server: f64,
    /// CPU seconds of the load.
    pub load: f64,
}

/// Lets it run for a moment, then measures for `span`.
pub async fn measure(target: &Target, gauge: &Gauge, span: Duration) -> Result<Stretch> {
    sleep(span / 4).await;
    let look = || -> Result<_> {
        let count = |it: &AtomicU64| it.load(Ordering::Relaxed) as f64;
        let counts =
            [count(&gauge.acked), count(&gauge.delivered), target.cpu()?, crate::target::cpu("self")?];
        Ok((Instant::now(), counts))
    };
    let (began, before) = look()?;
    sleep(span).await;
    let (ended, after) = look()?;
    let [acked, delivered, server, load] = std::array::from_fn(|place| after[place] - before[place]);
    let seconds = (ended - began).as_secs_f64();
    Ok(Stretch { seconds, acked, delivered, server, load })
}

/// Waits for tasks that end by themselves.
pub async fn all<T: 'static>(mut tasks: JoinSet<Result<T>>) -> Result<Vec<T>> {
    let mut done = Vec::new();
    while let Some(task) = tasks.join_next().await {
        done.push(task??);
    }
    Ok(done)
}

/// The value below which `share` of `took` lie, in milliseconds.
pub fn percentile(took: &mut [Duration], share: f64) -> Result<f64> {
    took.sort_unstable();
    let place = (took.len().saturating_sub(1) as f64 * share) as usize;
    Ok(took.get(place).context("nothing was measured")?.as_secs_f64() * 1000.0)
}
