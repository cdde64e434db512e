//! REST: what routes take, what they answer and how they refuse. The routes themselves stand in `router.rs`.

pub mod accounts;
mod answer;
mod cors;
mod extract;
pub mod health;
pub mod messages;
pub mod platform;
pub mod reviews;
pub mod trips;

pub use answer::{Refused, dress, refuse_tokens_in_the_url};
pub use cors::cors;
pub use extract::{agrees, bearer};
