//! A sign-in begins: its session in the database, its tokens to the person.

use crate::context::Context;
use crate::error::Result;
use crate::store::Tx;
use crate::store::tables::session::{self, NewSession};
use crate::tokens::{Holder, RefreshToken, TripContext};
use tripchat_protocol::rest::{Grant, Profile};
use tripchat_protocol::{DeviceId, SessionId, UserId};

/// A sign-in that is about to be stored.
pub(super) struct Begin {
    pub(super) session: SessionId,
    pub(super) device: DeviceId,
    pub(super) app: Option<String>,
    pub(super) refresh: RefreshToken,
}

impl Begin {
    pub(super) fn new(context: &Context, device: DeviceId, app: Option<String>) -> Self {
        let session = SessionId(context.sources.uuid());
        Self { session, device, app, refresh: context.tokens.first_refresh(&context.sources, session) }
    }

    pub(super) async fn store(&self, tx: &mut Tx, user: UserId, tenant: &str) -> Result<()> {
        self.store_as(tx, user, tenant, self.app.as_deref()).await
    }

    /// With the app's name as it is known only now.
    pub(super) async fn store_as(
        &self,
        tx: &mut Tx,
        user: UserId,
        tenant: &str,
        app: Option<&str>,
    ) -> Result<()> {
        let new = NewSession {
            id: self.session,
            user,
            tenant,
            device: self.device,
            app,
            refresh_hash: self.refresh.hash(),
        };
        session::insert(tx, &new).await
    }
}

/// The tokens of `user`'s sign-in.
pub(super) fn grant(context: &Context, user: Profile, tenant: &str, refresh: &RefreshToken) -> Result<Grant> {
    grant_with(context, user, tenant, refresh, None)
}

/// The tokens of `user`'s sign-in, the first of which tells of a trip.
pub(super) fn grant_with(
    context: &Context,
    user: Profile,
    tenant: &str,
    refresh: &RefreshToken,
    trip: Option<TripContext>,
) -> Result<Grant> {
    let holder = Holder { user: user.id, session: refresh.session, tenant, trip };
    let (access_token, expires_at) = context.tokens.issue(&context.sources, holder)?;
    Ok(Grant { access_token, expires_at, refresh_token: refresh.text(), user })
}
