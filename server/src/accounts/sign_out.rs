//! Signing out ends the session for ever and closes its sockets.

use crate::context::Context;
use crate::error::Result;
use crate::store::tables::session;
use crate::store::{Job, Tx};
use crate::tokens::Caller;

/// Ends the caller's session. Doing it twice is no error.
///
/// # Errors
/// The failure of the database.
pub async fn sign_out(context: &Context, by: Caller) -> Result<()> {
    let session = by.session;
    context.store.write(EndSession { by }).await?;
    context.hub.end_session(session);
    Ok(())
}

struct EndSession {
    by: Caller,
}

impl Job for EndSession {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        session::end(tx, self.by.session).await
    }
}
