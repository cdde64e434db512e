//! A PostgreSQL of the tests' own.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub use elsewhere::Postgres;
#[cfg(unix)]
pub use unix::Postgres;
