//! What the use cases, the routes and the socket share. `app` makes it; nobody else does.

use crate::config::Config;
use crate::figures::Figures;
use crate::gathering::Wish;
use crate::handshakes::Handshakes;
use crate::hub::Hub;
use crate::issuers::Issuers;
use crate::passwords::Passwords;
use crate::presence::Presences;
use crate::store::Store;
use crate::tokens::Tokens;
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;
use tripchat_runtime::Sources;

/// The parts of a running server.
#[derive(Debug)]
pub struct Context {
    /// How it was set up.
    pub config: Config,
    /// Time, ids and randomness.
    pub sources: Sources,
    /// The database.
    pub store: Store,
    /// Who is connected here.
    pub hub: Arc<Hub>,
    /// Who is there.
    pub presences: Arc<Presences>,
    /// Marks on their way to a commit.
    pub wishes: mpsc::Sender<Wish>,
    /// How many connections may begin.
    pub handshakes: Mutex<Handshakes>,
    /// Tokens.
    pub tokens: Tokens,
    /// Foreign issuers of tokens.
    pub issuers: Issuers,
    /// What is counted.
    pub figures: Figures,
    /// Password hashing.
    pub passwords: Passwords,
}
