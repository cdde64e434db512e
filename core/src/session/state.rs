//! The session as a pure machine: what happened and when goes in, what to do comes out.
//!
//! It owns no socket, no token and no clock. The engine feeds it and does what it says, so every rule of
//! staying connected is tested here without a network: when to dial, when silence means death, when to renew
//! the token, and when to stop.

use super::backoff;
use crate::view::ConnectionView;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::frame::close;

/// Silence that means death: the server pings after 25 s (±20 %).
const SILENCE: u64 = 35_000;
/// How long a probe may stay unanswered.
const PROBE: u64 = 3_000;
/// How long dialling and the first answer may take.
const DIAL: u64 = 20_000;
/// After a renewal that failed on an open connection: the bound of the delay, as a number of tries (4 s).
const RENEW_AGAIN: u32 = 3;
/// Only a connection that held this long makes the next delay short again.
const STEADY: u64 = 30_000;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Somebody is signed in; whether an access token is at hand.
    SignedIn { token: bool },
    /// Nobody is signed in any more.
    SignedOut,
    /// The socket is open.
    Dialed,
    /// There is no socket; whether the token was the reason.
    DialFailed { token: bool },
    /// There is no socket: the server is busy, and asks to be left alone for so many milliseconds.
    Busy { after: u64 },
    /// The server speaks no version of ours.
    TooOld,
    /// A frame came, whichever.
    Heard,
    /// `welcome` came.
    Welcome,
    /// `synced` came.
    Synced,
    /// `reauthenticate` came, or an operation was refused for its token.
    TokenNeeded,
    /// `ping` came.
    Ping,
    /// `drain` came: the server goes away within so many milliseconds.
    Drain { within: u64 },
    /// The socket has ended.
    Closed(Option<u16>),
    /// A fresh access token is at hand.
    Renewed,
    /// The token could not be renewed, but may be later.
    RenewFailed,
    /// The server will not renew: the session is over.
    RenewRefused(ErrorCode),
    /// Whoever uses the socket waited in vain for an answer, or could not store one.
    Fault,
    /// The machine woke up, or the network changed.
    Wake,
    /// Time has passed.
    Tick,
}

/// What to do, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket.
    Dial,
    /// Drop the socket, or the attempt to open one, without a word.
    Drop,
    /// Send `hello`.
    Hello,
    /// Send `ping`.
    Ping,
    /// Send `pong`.
    Pong,
    /// Send `authenticate` with the token that is at hand.
    Authenticate,
    /// Get a fresh token. Asked for again before the last answer came, once is enough.
    Renew,
    /// Everything is here: the outbox may go.
    Open,
    /// The connection is gone: what was in flight is not.
    Lost,
    /// Show this.
    Show(ConnectionView),
    /// The session is over.
    End(ErrorCode),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Off,
    Stopped,
    /// Between two tries.
    Waiting {
        until: u64,
    },
    /// No socket before there is a token.
    Renewing,
    Dialing {
        since: u64,
    },
    /// `hello` is out.
    Greeting {
        since: u64,
    },
    Syncing,
    Online {
        since: u64,
    },
}

/// The session.
#[derive(Debug)]
pub struct Session {
    phase: Phase,
    /// Whether the access token at hand is believed good.
    token: bool,
    /// Whether a token was renewed since the last `synced`: refused again, renewing has no haste.
    renewed: bool,
    tries: u32,
    heard: u64,
    probe: Option<u64>,
    /// When to try again to renew the token of an open connection.
    renew: Option<u64>,
    /// When to leave a server that goes away, and to come again.
    drain: Option<u64>,
    /// The server does not want to be dialled before this.
    not_before: u64,
    shown: ConnectionView,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            phase: Phase::Off,
            token: false,
            renewed: false,
            tries: 0,
            heard: 0,
            probe: None,
            renew: None,
            drain: None,
            not_before: 0,
            shown: ConnectionView::SignedOut,
        }
    }
}

impl Session {
    /// What the screen shows.
    pub fn view(&self) -> ConnectionView {
        self.shown
    }

    /// When [`Input::Tick`] is due.
    pub fn deadline(&self) -> Option<u64> {
        match self.phase {
            Phase::Off | Phase::Stopped | Phase::Renewing => None,
            Phase::Waiting { until } => Some(until),
            Phase::Dialing { since } | Phase::Greeting { since } => {
                Some(self.drain.map_or(since + DIAL, |at| at.min(since + DIAL)))
            }
            Phase::Syncing | Phase::Online { .. } => {
                let silent = Some(self.heard + SILENCE);
                [silent, self.probe, self.renew, self.drain].into_iter().flatten().min()
            }
        }
    }

    /// Takes what happened at `now` (milliseconds of a clock that only rises); `below` draws the jitter.
    pub fn on(&mut self, now: u64, input: Input, below: impl FnOnce(u64) -> u64) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.step(now, input, below, &mut effects);
        let view = self.derived();
        if view != self.shown {
            self.shown = view;
            effects.push(Effect::Show(view));
        }
        effects
    }

    fn step(&mut self, now: u64, input: Input, below: impl FnOnce(u64) -> u64, out: &mut Vec<Effect>) {
        match input {
            Input::SignedIn { token } => {
                *self = Self { token, shown: self.shown, ..Self::default() };
                self.connect(now, out);
            }
            Input::SignedOut => self.stop(Phase::Off, out),
            Input::TooOld | Input::Closed(Some(close::VERSION)) => self.stop(Phase::Stopped, out),
            Input::RenewRefused(code) => {
                self.stop(Phase::Off, out);
                out.push(Effect::End(code));
            }
            Input::Closed(Some(close::REVOKED)) => {
                self.stop(Phase::Off, out);
                out.push(Effect::End(ErrorCode::SessionEnded));
            }
            _ if matches!(self.phase, Phase::Off | Phase::Stopped) => {}
            Input::Dialed => self.dialed(now, out),
            Input::DialFailed { token } => self.failed(now, token, below, out),
            Input::Busy { after } => {
                self.not_before = now.saturating_add(after);
                self.failed(now, false, below, out);
            }
            Input::Drain { within } => self.drained(now, within, below),
            Input::Closed(code) => self.failed(now, code == Some(close::TOKEN), below, out),
            Input::Fault => self.failed(now, false, below, out),
            Input::Renewed => self.renewed(now, out),
            Input::RenewFailed => self.renew_failed(now, below),
            Input::Wake => self.wake(now, out),
            Input::Tick => self.tick(now, below, out),
            frame => self.frame(now, frame, out),
        }
    }

    fn frame(&mut self, now: u64, input: Input, out: &mut Vec<Effect>) {
        if !self.has_socket() {
            return;
        }
        self.heard = now;
        self.probe = None;
        match input {
            Input::Welcome => self.phase = Phase::Syncing,
            Input::Synced => {
                self.phase = Phase::Online { since: now };
                self.renewed = false;
                out.push(Effect::Open);
            }
            Input::TokenNeeded => out.push(Effect::Renew),
            Input::Ping => out.push(Effect::Pong),
            _ => {}
        }
    }

    fn dialed(&mut self, now: u64, out: &mut Vec<Effect>) {
        if matches!(self.phase, Phase::Dialing { .. }) {
            self.phase = Phase::Greeting { since: now };
            self.heard = now;
            out.push(Effect::Hello);
        }
    }

    fn renewed(&mut self, now: u64, out: &mut Vec<Effect>) {
        self.token = true;
        self.renewed = true;
        self.renew = None;
        match self.phase {
            Phase::Renewing => self.connect(now, out),
            Phase::Greeting { .. } | Phase::Syncing | Phase::Online { .. } => out.push(Effect::Authenticate),
            _ => {}
        }
    }

    fn renew_failed(&mut self, now: u64, below: impl FnOnce(u64) -> u64) {
        if self.phase == Phase::Renewing {
            self.wait(now, below);
        } else if self.has_socket() {
            self.renew = Some(now + backoff::delay(RENEW_AGAIN, below));
        }
    }

    fn wake(&mut self, now: u64, out: &mut Vec<Effect>) {
        match self.phase {
            Phase::Waiting { .. } if self.not_before <= now => self.connect(now, out),
            Phase::Greeting { .. } | Phase::Syncing | Phase::Online { .. } if self.probe.is_none() => {
                self.probe = Some(now + PROBE);
                out.push(Effect::Ping);
            }
            _ => {}
        }
    }

    /// Everybody draws a moment of their own, so that they do not come back together.
    fn drained(&mut self, now: u64, within: u64, below: impl FnOnce(u64) -> u64) {
        if self.has_socket() && self.drain.is_none() {
            self.drain = Some(now.saturating_add(below(within.saturating_add(1))));
        }
    }

    fn tick(&mut self, now: u64, below: impl FnOnce(u64) -> u64, out: &mut Vec<Effect>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        let silent = [Some(self.heard + SILENCE), self.probe].into_iter().flatten().any(|at| at <= now);
        match self.phase {
            Phase::Waiting { .. } => self.connect(now, out),
            _ if self.drain.is_some_and(|at| at <= now) => {
                self.dropped(now, out);
                self.connect(now, out);
            }
            Phase::Syncing | Phase::Online { .. } if !silent => {
                self.renew = None;
                out.push(Effect::Renew);
            }
            _ => self.failed(now, false, below, out),
        }
    }

    /// The connection, or the attempt, is over; the next try comes after a delay.
    fn failed(&mut self, now: u64, token: bool, below: impl FnOnce(u64) -> u64, out: &mut Vec<Effect>) {
        if matches!(self.phase, Phase::Waiting { .. } | Phase::Renewing) {
            return;
        }
        let drain = self.drain;
        self.dropped(now, out);
        if token {
            self.token = false;
            if !self.renewed {
                self.connect(now, out);
                return;
            }
        }
        match drain {
            // The moment was drawn already.
            Some(until) if !token => self.phase = Phase::Waiting { until },
            _ => self.wait(now, below),
        }
    }

    fn dropped(&mut self, now: u64, out: &mut Vec<Effect>) {
        if matches!(self.phase, Phase::Online { since } if now.saturating_sub(since) >= STEADY) {
            self.tries = 0;
        }
        out.extend([Effect::Drop, Effect::Lost]);
        (self.probe, self.renew, self.drain) = (None, None, None);
    }

    fn wait(&mut self, now: u64, below: impl FnOnce(u64) -> u64) {
        let from = now.max(self.not_before);
        self.phase = Phase::Waiting { until: from.saturating_add(backoff::delay(self.tries, below)) };
        self.tries = self.tries.saturating_add(1);
    }

    fn connect(&mut self, now: u64, out: &mut Vec<Effect>) {
        if self.token {
            self.phase = Phase::Dialing { since: now };
            out.push(Effect::Dial);
        } else {
            self.phase = Phase::Renewing;
            out.push(Effect::Renew);
        }
    }

    fn stop(&mut self, phase: Phase, out: &mut Vec<Effect>) {
        if !matches!(self.phase, Phase::Off | Phase::Stopped) {
            out.extend([Effect::Drop, Effect::Lost]);
        }
        self.phase = phase;
        self.token = false;
        (self.probe, self.renew, self.drain) = (None, None, None);
    }

    fn has_socket(&self) -> bool {
        matches!(self.phase, Phase::Greeting { .. } | Phase::Syncing | Phase::Online { .. })
    }

    fn derived(&self) -> ConnectionView {
        match self.phase {
            Phase::Off => ConnectionView::SignedOut,
            Phase::Stopped => ConnectionView::AppTooOld,
            Phase::Waiting { .. } | Phase::Renewing | Phase::Dialing { .. } | Phase::Greeting { .. } => {
                ConnectionView::Connecting
            }
            Phase::Syncing => ConnectionView::Syncing,
            Phase::Online { .. } => ConnectionView::Online,
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
