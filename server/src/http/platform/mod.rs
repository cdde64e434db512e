//! Routes of a platform's backend, which calls with a service token.

pub mod people;
