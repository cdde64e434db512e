//! The network between the devices and the server: every device has a road of its own, with its own weather.
//!
//! It has what a real one has and a pair of channels has not: bytes take time, buffers are full, a connection dies
//! without a word, what was written before that still arrives, a reset tears both ends.

use crate::live::Live;
use crate::pipe::{Pipe, Read, Weather, Write};
use crate::tap::Tap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Sleep, sleep_until};
use tripchat_runtime::Sources;

const FAIR: Weather = Weather { delay: (1, 40), rate: None };

/// One direction of a road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the device to the server.
    Up,
    /// From the server to the device.
    Down,
}

/// What is wrong with a road.
#[derive(Debug, Clone, Copy)]
struct Road {
    cut: bool,
    held: [bool; 2],
    weather: Weather,
}

struct Link {
    device: usize,
    pipes: [Arc<Mutex<Pipe>>; 2],
    /// It will never carry anything again, and nobody is told.
    dead: bool,
}

struct State {
    sources: Sources,
    server: Option<mpsc::UnboundedSender<(End, u64)>>,
    roads: Vec<Road>,
    links: Vec<Link>,
    opened: u64,
}

/// The network.
#[derive(Clone)]
pub struct Network {
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
    live: Arc<Live>,
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Network {
    pub fn new(sources: Sources, devices: usize, live: Arc<Live>) -> Self {
        let roads = vec![Road { cut: false, held: [false; 2], weather: FAIR }; devices];
        let state = State { sources, server: None, roads, links: Vec::new(), opened: 0 };
        Self { state: Arc::new(Mutex::new(state)), changed: Arc::default(), live }
    }

    /// The server listens; what comes to it is sent there.
    pub fn listen(&self) -> mpsc::UnboundedReceiver<(End, u64)> {
        let (sender, coming) = mpsc::unbounded_channel();
        lock(&self.state).server = Some(sender);
        coming
    }

    /// The server is gone. `silently`: nobody is told, as when its power fails.
    pub fn server_gone(&self, silently: bool) {
        self.live.server_gone();
        let mut state = lock(&self.state);
        state.server = None;
        for link in &mut state.links {
            for pipe in &link.pipes {
                if silently {
                    link.dead = true;
                    lock(pipe).hold(true);
                } else {
                    lock(pipe).cut();
                }
            }
        }
    }

    /// Connects `device` to the server.
    pub async fn dial(&self, device: usize) -> io::Result<End> {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = lock(&self.state);
                let road = state.roads[device];
                if road.cut {
                    return Err(io::ErrorKind::NetworkUnreachable.into());
                }
                if !road.held.contains(&true) {
                    return self.open(&mut state, device);
                }
            }
            // The handshake is on its way for as long as the road is held.
            changed.await;
        }
    }

    fn open(&self, state: &mut State, device: usize) -> io::Result<End> {
        let Some(server) = state.server.clone() else { return Err(io::ErrorKind::ConnectionRefused.into()) };
        state.links.retain(|link| !link.pipes.iter().all(|pipe| lock(pipe).is_over()));
        state.opened += 1;
        let number = state.opened;
        let pipes = [Arc::new(Mutex::new(Pipe::new())), Arc::new(Mutex::new(Pipe::new()))];
        let [up, down] = pipes.clone();
        state.links.push(Link { device, pipes, dead: false });
        let end = |incoming: &Arc<Mutex<Pipe>>, outgoing: &Arc<Mutex<Pipe>>, way, taps| End {
            network: self.clone(),
            device,
            number,
            way,
            incoming: incoming.clone(),
            outgoing: outgoing.clone(),
            timer: None,
            taps,
        };
        let theirs = end(&up, &down, Way::Down, Some([Tap::default(), Tap::default()]));
        if server.send((theirs, number)).is_err() {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        Ok(end(&down, &up, Way::Up, None))
    }

    /// No network at all, or there is again.
    pub fn cut(&self, device: usize, cut: bool) {
        let mut state = lock(&self.state);
        state.roads[device].cut = cut;
        if cut {
            of(&state.links, device).for_each(|link| link.pipes.iter().for_each(|pipe| lock(pipe).cut()));
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Nothing gets through in one direction, and nobody is told; or it does again.
    pub fn hold(&self, device: usize, way: Way, held: bool) {
        let mut state = lock(&self.state);
        state.roads[device].held[way as usize] = held;
        for link in of(&state.links, device).filter(|link| !link.dead) {
            lock(&link.pipes[way as usize]).hold(held);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// The connections that `device` has are dead, and nobody is told; new ones work.
    pub fn kill_silently(&self, device: usize) {
        let mut state = lock(&self.state);
        for link in state.links.iter_mut().filter(|link| link.device == device) {
            link.dead = true;
            link.pipes.iter().for_each(|pipe| lock(pipe).hold(true));
        }
    }

    /// Nothing gets through on the connections that `device` has now, and nobody is told; new ones work. Or what was
    /// stopped arrives after all.
    pub fn stall(&self, device: usize, stalled: bool) {
        let state = lock(&self.state);
        for link in of(&state.links, device).filter(|link| !link.dead) {
            link.pipes.iter().for_each(|pipe| lock(pipe).hold(stalled));
        }
    }

    /// How slow the road is; `None` for as fast as usual.
    pub fn weather(&self, device: usize, weather: Option<Weather>) {
        lock(&self.state).roads[device].weather = weather.unwrap_or(FAIR);
    }

    /// A chance, and how the road of `device` is.
    fn chance(&self, device: usize) -> (Weather, u64) {
        let state = lock(&self.state);
        (state.roads[device].weather, state.sources.below(1 << 32))
    }
}

fn of(links: &[Link], device: usize) -> impl Iterator<Item = &Link> {
    links.iter().filter(move |link| link.device == device)
}

/// An end of a connection.
pub struct End {
    network: Network,
    device: usize,
    number: u64,
    /// The direction in which it writes.
    way: Way,
    incoming: Arc<Mutex<Pipe>>,
    outgoing: Arc<Mutex<Pipe>>,
    timer: Option<Pin<Box<Sleep>>>,
    /// At the server's end: what comes, and what leaves.
    taps: Option<[Tap; 2]>,
}

impl End {
    fn hear(&mut self, way: Way, bytes: &[u8]) {
        let Some(taps) = &mut self.taps else { return };
        for heard in taps[way as usize].hear(bytes) {
            if self.network.live.hear((self.device, self.number), way, heard) {
                self.network.cut(self.device, true);
            }
        }
    }

    /// Whether what the server writes finds no room.
    fn tell_full(&self, full: bool) {
        if self.taps.is_some() {
            self.network.live.full(self.number, full);
        }
    }
}

impl AsyncRead for End {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let mut bytes = vec![0; buf.remaining()];
            let read = lock(&self.incoming).read(&mut bytes, cx.waker());
            match read {
                Read::Bytes(count) => {
                    buf.put_slice(&bytes[..count]);
                    let coming = if self.way == Way::Down { Way::Up } else { Way::Down };
                    self.hear(coming, &bytes[..count]);
                    return Poll::Ready(Ok(()));
                }
                Read::End => return Poll::Ready(Ok(())),
                Read::Broken => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
                Read::Wait => return Poll::Pending,
                Read::At(due) => {
                    let mut timer = Box::pin(sleep_until(due));
                    let pending = timer.as_mut().poll(cx).is_pending();
                    self.timer = Some(timer);
                    if pending {
                        return Poll::Pending;
                    }
                }
            }
        }
    }
}

impl AsyncWrite for End {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let (weather, chance) = self.network.chance(self.device);
        let written = lock(&self.outgoing).write(buf, weather, chance, cx.waker());
        match written {
            Write::Taken(count) => {
                let way = self.way;
                self.tell_full(false);
                self.hear(way, &buf[..count]);
                Poll::Ready(Ok(count))
            }
            Write::Broken => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            Write::Wait => {
                self.tell_full(true);
                Poll::Pending
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        lock(&self.outgoing).end();
        Poll::Ready(Ok(()))
    }
}

impl Drop for End {
    fn drop(&mut self) {
        lock(&self.outgoing).end();
        lock(&self.incoming).leave();
        if self.taps.is_some() {
            self.network.live.closed(self.number);
        }
    }
}
