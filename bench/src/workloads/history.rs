//! W6: the newest page of a long room, over HTTP, by readers that keep their connections.

use super::Scale;
use crate::load::{Gauge, all, measure, percentile};
use crate::say::say;
use crate::target::{Kind, Place, Target};
use crate::world::World;
use crate::ws::Input;
use anyhow::{Context, Result, ensure};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const READERS: usize = 16;
const PAGE: usize = 50;

pub async fn run(kind: Kind, place: &Place, scale: &Scale) -> Result<Vec<f64>> {
    let target = Arc::new(Target::start(kind, place, World::new(1, READERS, scale.history))?);
    let gauge = Arc::new(Gauge::default());
    let mut tasks = JoinSet::new();
    for reader in 0..READERS {
        tasks.spawn(read(target.clone(), reader, gauge.clone()));
    }
    let stretch = measure(&target, &gauge, scale.span).await?;
    gauge.stop();
    let mut took: Vec<Duration> = all(tasks).await?.concat();
    let rate = stretch.acked / stretch.seconds;
    say(&format!(
        "  {kind:?}: {rate:.0} pages/s; cores used: server {:.2}, load {:.2}",
        stretch.server / stretch.seconds,
        stretch.load / stretch.seconds
    ));
    Ok(vec![rate, percentile(&mut took, 0.99)?])
}

async fn read(target: Arc<Target>, reader: usize, gauge: Arc<Gauge>) -> Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(target.address).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET /api/v1/rooms/{}/messages?limit={PAGE} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
        target.world.rooms[0].id, target.address, target.world.people[reader].token
    );
    let mut input = Input::default();
    let mut took = Vec::new();
    let mut checked = false;
    while !gauge.is_stopped() {
        let at = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        let head = loop {
            ensure!(input.fill(&mut stream).await?, "the server hung up");
            if let Some(head) = input.http_head() {
                break head;
            }
        };
        ensure!(head.starts_with("HTTP/1.1 200"), "no page: {head}");
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let length = length.context("no length")?;
        let body = loop {
            if let Some(body) = input.body(length) {
                break body;
            }
            ensure!(input.fill(&mut stream).await?, "the server hung up");
        };
        took.push(at.elapsed());
        gauge.acked.fetch_add(1, Ordering::Relaxed);
        if !checked {
            let messages = input.at(body).windows(6).filter(|it| it == b"\"seq\":").count();
            ensure!(messages == PAGE, "a page of {messages}");
            checked = true;
        }
    }
    Ok(took)
}
