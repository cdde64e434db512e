//! Coming in, being remembered, renewing the token, and going out.

use super::command::{Answer, Credentials, Door};
use super::engine::{Engine, Finished};
use super::wishes::Writing;
use crate::account::{Account, rest};
use crate::cache::outbox::{Row, Unsent};
use crate::cache::{Cache, CacheError, device, intents, outbox};
use crate::config::ServerAddress;
use crate::error::CoreError;
use crate::event::ClientEvent;
use crate::outbox::state::{Input as Queue, Lanes};
use crate::outbox::wishes;
use crate::session::state::Input;
use crate::sync::fill::Filler;
use crate::view::AccountView;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::time::Duration;
use tripchat_protocol::rest::{Grant, Register, SignIn};
use tripchat_protocol::{DeviceId, ErrorCode, UserId};
use tripchat_runtime::{Plant, planted};

/// How long going out waits for the server: it is told if it can be, and the person leaves anyway.
const FAREWELL: Duration = Duration::from_secs(5);

/// Somebody who came in.
pub struct Entered {
    server: ServerAddress,
    grant: Grant,
}

impl Engine {
    /// Opens what the last person who was signed in has here, and asks the keyring for what they came in with.
    pub fn reopen_account(&mut self) -> Result<(), CoreError> {
        let Some(user) = self.this.account else {
            self.waiting_starts = None;
            return Ok(());
        };
        let server = ServerAddress::parse(&self.this.server)?;
        let name = device::name(self.device.read(), server.as_str(), user).map_err(CacheError::from)?;
        let cache = Cache::open(&self.cache_path(&server, user))?;
        let name = name.unwrap_or_default();
        self.install(Account { user, name, server, cache, refresh: None })?;
        let (secrets, sign_in) = (self.secrets.clone(), self.sign_in);
        self.jobs.push(Box::pin(async move { Finished::Remembered(sign_in, secrets.get().await) }));
        Ok(())
    }

    /// Makes this who is signed in, and queues what is unsent of theirs.
    fn install(&mut self, account: Account) -> Result<(), CoreError> {
        let unsent = outbox::all(account.cache.read()).map_err(CacheError::from)?;
        let wishes = intents::all(account.cache.read()).map_err(CacheError::from)?;
        self.lanes = Lanes::default();
        self.writing = Writing::default();
        self.filler = Filler::default();
        self.account = Some(account);
        self.sign_in += 1;
        for row in unsent.into_iter().filter(|row| row.refusal().is_none()) {
            if planted(Plant::OutboxForgotten) {
                continue;
            }
            if let Row::Send(Unsent { send_by: Some(until), .. }) = &row {
                self.writing.limits.add(row.id(), *until);
            }
            self.queue(Queue::Queued(row.room(), row.id()));
        }
        for intent in wishes.into_iter().filter(wishes::may_leave) {
            self.feed(Queue::Queued(intent.room, intent.id));
        }
        Ok(())
    }

    /// Where what this person has on this device lies.
    pub fn cache_path(&self, server: &ServerAddress, user: UserId) -> PathBuf {
        self.parts.config.data_dir.join(format!("{}-{user}.db", server.file_name()))
    }

    /// The keyring has answered.
    pub fn remembered(&mut self, sign_in: u64, refresh: Option<SecretString>) {
        match (&mut self.account, refresh) {
            // Somebody has gone out, and perhaps in again, meanwhile.
            _ if sign_in != self.sign_in => {}
            (Some(account), Some(refresh)) => {
                account.refresh = Some(refresh);
                self.session(Input::SignedIn { token: false });
            }
            // What is unsent stays in its file and goes on when this person signs in again.
            _ => drop(self.leave()),
        }
        let waiting = self.waiting_starts.take().unwrap_or_default();
        for answer in waiting {
            answer.give(Ok(self.start_view()));
        }
    }

    /// Registers or signs in, beside the loop.
    pub fn come_in(&mut self, credentials: Credentials, answer: Answer<AccountView>) {
        if self.account.is_some() || self.coming_in {
            return answer.give(Err(ErrorCode::Conflict.into()));
        }
        let asked = ServerAddress::parse(&credentials.server)
            .and_then(|server| request(credentials, self.this.id).map(|(path, body)| (server, path, body)));
        let (server, path, body) = match asked {
            Ok(asked) => asked,
            Err(error) => return answer.give(Err(error)),
        };
        self.coming_in = true;
        let (api, secrets) = (self.parts.api.clone(), self.secrets.clone());
        self.jobs.push(Box::pin(async move {
            let entered = match rest::come_in(&api, &server, path, body).await {
                Ok(grant) => {
                    secrets.set(SecretString::from(grant.refresh_token.clone())).await;
                    Ok(Entered { server, grant })
                }
                Err(error) => Err(error),
            };
            Finished::CameIn(entered, answer)
        }));
    }

    /// The server answered.
    pub fn came_in(&mut self, result: Result<Entered, CoreError>, answer: Answer<AccountView>) {
        self.coming_in = false;
        let entered = result.and_then(|entered| self.settle_in(entered));
        let is_in = entered.is_ok();
        answer.give(entered);
        if is_in {
            self.session(Input::SignedIn { token: true });
            self.tell(ClientEvent::Inbox);
        }
    }

    fn settle_in(&mut self, Entered { server, grant }: Entered) -> Result<AccountView, CoreError> {
        let (user, name) = (grant.user.id, grant.user.name);
        let cache = Cache::open(&self.cache_path(&server, user))?;
        let tx = self.device.write()?;
        device::sign_in(&tx, server.as_str(), user, &name).map_err(CacheError::from)?;
        tx.commit().map_err(CacheError::from)?;
        self.this.server = server.as_str().to_owned();
        self.this.account = Some(user);
        let refresh = Some(SecretString::from(grant.refresh_token));
        self.install(Account { user, name, server, cache, refresh })?;
        self.token = Some(SecretString::from(grant.access_token));
        Ok(self.signed_in()?.view())
    }

    /// Gets a fresh token, beside the loop; one renewal at a time. The next refresh token is in the keyring
    /// before the access token that came with it is used.
    pub fn renew(&mut self) {
        let Some(account) = &self.account else { return };
        let (false, Some(refresh)) = (self.renewing, account.refresh.clone()) else { return };
        self.renewing = true;
        let (api, secrets) = (self.parts.api.clone(), self.secrets.clone());
        let (server, sign_in) = (account.server.clone(), self.sign_in);
        self.jobs.push(Box::pin(async move {
            let renewed = rest::renew(&api, &server, &refresh).await;
            if let Ok(grant) = &renewed {
                secrets.set(SecretString::from(grant.refresh_token.clone())).await;
            }
            Finished::Renewed(sign_in, renewed)
        }));
    }

    /// The server answered.
    pub fn renewed(&mut self, sign_in: u64, result: Result<Grant, CoreError>) {
        self.renewing = false;
        if sign_in == self.sign_in {
            match result {
                Ok(grant) => self.has_token(grant),
                Err(error) if rest::is_over(&error) => {
                    self.session(Input::RenewRefused(ErrorCode::SessionEnded));
                }
                Err(error) => {
                    self.session(Input::RenewFailed);
                    self.resume_calls(&Err(error));
                }
            }
        }
        for command in std::mem::take(&mut self.deferred) {
            self.command(command);
        }
    }

    fn has_token(&mut self, grant: Grant) {
        if let Some(account) = &mut self.account {
            account.refresh = Some(SecretString::from(grant.refresh_token));
        }
        self.token = Some(SecretString::from(grant.access_token));
        self.session(Input::Renewed);
        self.queue(Queue::TokenRenewed);
        self.feed(Queue::TokenRenewed);
        self.resume_calls(&Ok(()));
    }

    /// The session is over by the server's word: what is unsent is kept for this person's next sign-in.
    pub fn end(&mut self, reason: ErrorCode) {
        self.leave();
        let secrets = self.secrets.clone();
        self.jobs.push(Box::pin(async move {
            secrets.delete().await;
            Finished::Forgotten
        }));
        self.tell(ClientEvent::SignedOut { reason });
    }

    /// Nobody is signed in from here on; files stay.
    pub fn leave(&mut self) -> Option<Account> {
        self.withdraw_all();
        let account = self.account.take();
        self.sign_in += 1;
        self.token = None;
        self.this.account = None;
        self.lanes = Lanes::default();
        self.writing = Writing::default();
        if let Err(error) = device::nobody(self.device.read()) {
            tracing::error!(error = %CacheError::from(error), "local storage");
        }
        self.resume_calls(&Err(ErrorCode::NotSignedIn.into()));
        self.session(Input::SignedOut);
        account
    }

    /// Signs out.
    pub fn sign_out(&mut self, discard_unsent: bool, answer: Answer<()>) {
        if let Err(error) = self.may_leave(discard_unsent) {
            return answer.give(Err(error));
        }
        let token = self.token.clone();
        let Some(account) = self.leave() else { return answer.give(Err(ErrorCode::NotSignedIn.into())) };
        let Account { user, server, cache, refresh, .. } = account;
        if let Err(error) = self.erase(&server, user, cache) {
            return answer.give(Err(error));
        }
        let (api, secrets) = (self.parts.api.clone(), self.secrets.clone());
        self.jobs.push(Box::pin(async move {
            secrets.delete().await;
            let farewell = async {
                let token = match (token, refresh) {
                    (Some(token), _) => token,
                    (None, Some(refresh)) => {
                        SecretString::from(rest::renew(&api, &server, &refresh).await?.access_token)
                    }
                    (None, None) => return Ok(()),
                };
                rest::sign_out(&api, &server, token).await
            };
            match tokio::time::timeout(FAREWELL, farewell).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::info!(code = ?error.code, "the server did not take the sign-out"),
                Err(_) => tracing::info!("the server could not be told of the sign-out"),
            }
            Finished::SignedOut(answer)
        }));
    }

    fn may_leave(&mut self, discard_unsent: bool) -> Result<(), CoreError> {
        let account = self.signed_in()?;
        let unsent = outbox::all(account.cache.read()).map_err(CacheError::from)?.len();
        if unsent > 0 && !discard_unsent {
            return Err(CoreError { details: Some(unsent.to_string()), ..ErrorCode::Conflict.into() });
        }
        Ok(())
    }

    /// Nothing of this person stays on this device.
    pub fn erase(&mut self, server: &ServerAddress, user: UserId, cache: Cache) -> Result<(), CoreError> {
        cache.erase()?;
        device::forget(self.device.read(), server.as_str(), user).map_err(CacheError::from)?;
        self.device.scrub()?;
        Ok(())
    }
}

/// The route and the body of a way in.
fn request(from: Credentials, device: DeviceId) -> Result<(&'static str, Vec<u8>), CoreError> {
    let (email, password) = (from.email.trim().to_owned(), from.password.expose_secret().to_owned());
    match from.door {
        Door::SignIn => Ok(("/auth/sign-in", rest::body(&SignIn { email, password, device })?)),
        Door::Register(name) => {
            let name = name.trim().to_owned();
            Ok(("/auth/register", rest::body(&Register { email, password, name, device })?))
        }
    }
}
