//! The road between a client and the server: it can be closed, and it can break at the worst moment.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tripchat_core::{DialError, Dialer, SecretString, Socket, connect_over};

/// A road. Clones are the same road.
#[derive(Debug, Clone, Default)]
pub struct Road(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    closed: bool,
    /// The road breaks in front of the first of these words of the server.
    breaks: &'static [&'static str],
    /// Somebody waits until the server says this.
    listens: Option<&'static str>,
    /// Connections opened before the last break or closing are dead.
    generation: u64,
    wakers: Vec<Waker>,
}

impl Road {
    /// Closes the road: open connections end, new ones fail.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.cut();
    }

    /// Opens it again.
    pub fn open(&self) {
        self.lock().closed = false;
    }

    /// Breaks once, just before the server's next frame that contains any of `words` would arrive, and stays
    /// closed. The server's answer to a message and its echo may come in either order: name both.
    pub fn close_before(&self, words: &'static [&'static str]) {
        self.lock().breaks = words;
    }

    /// Waits until it broke.
    pub async fn until_broken(&self) {
        std::future::poll_fn(|cx| {
            let mut state = self.lock();
            if state.breaks.is_empty() {
                return Poll::Ready(());
            }
            state.wakers.push(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Waits until the server has said `words` from now on; the road stays open.
    pub async fn until_heard(&self, words: &'static str) {
        self.lock().listens = Some(words);
        std::future::poll_fn(|cx| {
            let mut state = self.lock();
            if state.listens.is_none() {
                return Poll::Ready(());
            }
            state.wakers.push(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn cut(&mut self) {
        self.generation += 1;
        self.wakers.drain(..).for_each(Waker::wake);
    }
}

impl Dialer for Road {
    fn dial(
        &self,
        url: String,
        token: SecretString,
    ) -> futures_util::future::BoxFuture<'static, Result<Socket, DialError>> {
        let road = self.clone();
        Box::pin(async move {
            let generation = {
                let state = road.lock();
                if state.closed {
                    return Err(DialError::Unreachable);
                }
                state.generation
            };
            let host = url.trim_start_matches("ws://").split('/').next().unwrap_or_default().to_owned();
            let stream = TcpStream::connect(host).await.map_err(|_| DialError::Unreachable)?;
            connect_over(Lane { stream, road, generation, tail: Vec::new() }, &url, &token).await
        })
    }
}

/// One connection on the road.
struct Lane {
    stream: TcpStream,
    road: Road,
    generation: u64,
    /// The end of what was read before, in case words are split.
    tail: Vec<u8>,
}

impl Lane {
    fn is_dead(&self, context: &Context<'_>) -> bool {
        let mut state = self.road.lock();
        state.wakers.push(context.waker().clone());
        state.generation != self.generation
    }

    /// Whether the words before which the road shall break have come.
    fn breaks_before(&mut self, read: &[u8]) -> bool {
        let mut state = self.road.lock();
        let words = state.breaks.iter().chain(&state.listens);
        let Some(longest) = words.map(|words| words.len()).max() else { return false };
        self.tail.extend_from_slice(read);
        let has = |words: &&str| self.tail.windows(words.len()).any(|window| window == words.as_bytes());
        let found = state.breaks.iter().any(has);
        let heard = state.listens.iter().any(has);
        let keep = self.tail.len().saturating_sub(longest);
        self.tail.drain(..keep);
        if heard {
            state.listens = None;
            state.wakers.drain(..).for_each(Waker::wake);
        }
        if found {
            state.breaks = &[];
            state.closed = true;
            state.cut();
        }
        found
    }
}

impl AsyncRead for Lane {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_dead(cx) {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if polled.is_ready() {
            let read = buf.filled().get(before..).unwrap_or_default().to_vec();
            if self.breaks_before(&read) {
                buf.set_filled(before);
            }
        }
        polled
    }
}

impl AsyncWrite for Lane {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_dead(cx) {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
