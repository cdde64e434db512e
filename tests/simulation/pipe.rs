//! One direction of a connection: bytes on their way, with what can happen to them there.

use std::collections::VecDeque;
use std::task::Waker;
use std::time::Duration;
use tokio::time::Instant;

/// What a socket's buffers hold; then the writer waits.
const CAPACITY: usize = 64 * 1024;

/// How the road is for one direction.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// The shortest and the longest time that bytes take, in milliseconds.
    pub delay: (u64, u64),
    /// Bytes in a second, where that is less than the line gives.
    pub rate: Option<u64>,
}

/// Bytes on their way.
#[derive(Debug)]
pub struct Pipe {
    chunks: VecDeque<(Instant, Vec<u8>)>,
    bytes: usize,
    last_due: Instant,
    /// Nothing arrives, and nobody is told.
    held: bool,
    /// The connection is reset: both ends are told.
    broken: bool,
    ended: bool,
    unread: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// What reading comes to.
#[derive(Debug)]
pub enum Read {
    /// So many bytes.
    Bytes(usize),
    /// The writer is gone, and everything was read.
    End,
    /// The connection is reset.
    Broken,
    /// Not before then.
    At(Instant),
    /// Not before something happens.
    Wait,
}

/// What writing comes to.
#[derive(Debug)]
pub enum Write {
    /// So many bytes were taken.
    Taken(usize),
    /// Nobody reads any more.
    Broken,
    /// The buffers are full.
    Wait,
}

impl Pipe {
    pub fn new() -> Self {
        Self {
            chunks: VecDeque::new(),
            bytes: 0,
            last_due: Instant::now(),
            held: false,
            broken: false,
            ended: false,
            unread: false,
            reader: None,
            writer: None,
        }
    }

    pub fn read(&mut self, into: &mut [u8], waker: &Waker) -> Read {
        self.reader = Some(waker.clone());
        if self.broken {
            return Read::Broken;
        }
        if self.held {
            return Read::Wait;
        }
        match self.chunks.front_mut() {
            Some((due, _)) if *due > Instant::now() => Read::At(*due),
            Some((_, chunk)) => {
                let taken = chunk.len().min(into.len());
                into[..taken].copy_from_slice(&chunk[..taken]);
                chunk.drain(..taken);
                if chunk.is_empty() {
                    self.chunks.pop_front();
                }
                self.bytes -= taken;
                wake(&mut self.writer);
                Read::Bytes(taken)
            }
            None if self.ended => Read::End,
            None => Read::Wait,
        }
    }

    /// `chance` is a number below any bound that it is asked for.
    pub fn write(&mut self, from: &[u8], weather: Weather, chance: u64, waker: &Waker) -> Write {
        // While nothing gets through, nobody hears either that the other end is gone.
        if self.broken || (self.unread && !self.held) {
            return Write::Broken;
        }
        let taken = from.len().min(CAPACITY - self.bytes.min(CAPACITY));
        if taken == 0 {
            self.writer = Some(waker.clone());
            return Write::Wait;
        }
        let (least, most) = weather.delay;
        let delay = least + chance % (most - least + 1);
        // What was written later does not arrive earlier.
        let mut due = self.last_due.max(Instant::now() + Duration::from_millis(delay));
        if let Some(rate) = weather.rate {
            due += Duration::from_millis(1_000 * taken as u64 / rate);
        }
        self.last_due = due;
        self.chunks.push_back((due, from[..taken].to_vec()));
        self.bytes += taken;
        wake(&mut self.reader);
        Write::Taken(taken)
    }

    /// Stops everything on its way, or lets it go on.
    pub fn hold(&mut self, held: bool) {
        self.held = held;
        wake(&mut self.reader);
    }

    /// Resets it.
    pub fn cut(&mut self) {
        self.broken = true;
        wake(&mut self.reader);
        wake(&mut self.writer);
    }

    /// The writer is gone; what it wrote still arrives. While nothing gets through, its goodbye is lost, as behind a
    /// proxy that keeps the other half open.
    pub fn end(&mut self) {
        self.ended |= !self.held;
        wake(&mut self.reader);
    }

    /// The reader is gone.
    pub fn leave(&mut self) {
        self.unread = true;
        wake(&mut self.writer);
    }

    /// Whether anything can still happen on it.
    pub fn is_over(&self) -> bool {
        self.broken || (self.ended && self.unread)
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}
