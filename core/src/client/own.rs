//! What a person asks about their own account: who they are, where they are signed in, their password, and the end of
//! it. The network is needed for all of it: nothing here is queued.

use super::Client;
use super::calls::Call;
use super::command::{Answer, Command, Forgotten, OwnCommand};
use super::engine::{Engine, Finished};
use crate::account::rest;
use crate::api::Method;
use crate::cache::{Cache, CacheError, device};
use crate::config::ServerAddress;
use crate::error::CoreError;
use secrecy::{ExposeSecret, SecretString};
use tripchat_protocol::rest::{ChangePassword, DeleteMe, Me, MeChange, ResetPassword, SessionView, Sessions};
use tripchat_protocol::{ErrorCode, SessionId, UserId};

impl Client {
    /// One's sign-ins that are not over, the last used first.
    ///
    /// # Errors
    /// `NO_SERVER` and what the server answers; so do all of the following.
    pub async fn sessions(&self) -> Result<Vec<SessionView>, CoreError> {
        self.own(OwnCommand::Sessions).await
    }

    /// Ends one of them.
    ///
    /// # Errors
    /// See [`Client::sessions`]; `NOT_FOUND` when it is over already.
    pub async fn end_session(&self, session: SessionId) -> Result<(), CoreError> {
        self.own(|answer| OwnCommand::EndSession(session, answer)).await
    }

    /// Ends all of them but the one on this device.
    ///
    /// # Errors
    /// See [`Client::sessions`].
    pub async fn end_other_sessions(&self) -> Result<(), CoreError> {
        self.own(OwnCommand::EndOtherSessions).await
    }

    /// Gives the person a new password, which ends every other sign-in of theirs. After `NO_SERVER` it is not known
    /// which of the two counts.
    ///
    /// # Errors
    /// See [`Client::sessions`]; `WRONG_CREDENTIALS` if `current` is not the password, `INVALID_INPUT` and
    /// `PASSWORD_TOO_COMMON` of the new one.
    pub async fn change_password(&self, current: SecretString, new: SecretString) -> Result<(), CoreError> {
        self.own(|answer| OwnCommand::ChangePassword { current, new, answer }).await
    }

    /// Sets another password for who cannot come in, with a code from the operator of `server`. Nobody is signed in by
    /// it.
    ///
    /// # Errors
    /// See [`Client::sessions`]; `CODE_INVALID`; of the new one as in [`Client::change_password`].
    pub async fn reset_password(
        &self,
        server: String,
        code: SecretString,
        new: SecretString,
    ) -> Result<(), CoreError> {
        self.ask(|answer| Command::Reset(Forgotten { server, code, new }, answer)).await
    }

    /// What the server knows of oneself.
    ///
    /// # Errors
    /// See [`Client::sessions`].
    pub async fn profile(&self) -> Result<Me, CoreError> {
        self.own(OwnCommand::Profile).await
    }

    /// Changes what is named in `change`; gives how it stands then.
    ///
    /// # Errors
    /// See [`Client::sessions`]; `INVALID_INPUT` with the field, `USERNAME_TAKEN`.
    pub async fn change_profile(&self, change: MeChange) -> Result<Me, CoreError> {
        self.own(|answer| OwnCommand::ChangeProfile(Box::new(change), answer)).await
    }

    /// Everything that the server has of oneself, as JSON.
    ///
    /// # Errors
    /// See [`Client::sessions`].
    pub async fn export_me(&self) -> Result<String, CoreError> {
        self.own(OwnCommand::Export).await
    }

    /// Deletes the account, on the server and on this device, with what is unsent. After `NO_SERVER` it is not known
    /// whether it is still there.
    ///
    /// # Errors
    /// See [`Client::sessions`]; `WRONG_CREDENTIALS` if that is not the password, `ON_THE_ROAD`.
    pub async fn delete_account(&self, password: SecretString) -> Result<(), CoreError> {
        self.own(|answer| OwnCommand::Delete(password, answer)).await
    }

    async fn own<T>(&self, question: impl FnOnce(Answer<T>) -> OwnCommand) -> Result<T, CoreError> {
        self.ask(|answer| Command::Own(question(answer))).await
    }
}

impl Engine {
    /// Asks the server about the person's own account.
    pub fn own(&mut self, command: OwnCommand) {
        match command {
            OwnCommand::Sessions(to) => {
                self.call(Call::get("/sessions".into(), to, |all: Sessions| all.sessions));
            }
            OwnCommand::EndSession(id, to) => {
                self.call(Call::bare(Method::Delete, format!("/sessions/{id}"), None, to));
            }
            OwnCommand::EndOtherSessions(to) => {
                self.call(Call::bare(Method::Delete, "/sessions".into(), None, to));
            }
            OwnCommand::ChangePassword { current, new, answer } => {
                let (current, new) = (current.expose_secret().to_owned(), new.expose_secret().to_owned());
                match rest::body(&ChangePassword { current, new }) {
                    Ok(body) => {
                        self.call(Call::bare(Method::Post, "/auth/password".into(), Some(body), answer));
                    }
                    Err(error) => answer.give(Err(error)),
                }
            }
            OwnCommand::Profile(to) => {
                let call = Call::get("/me".into(), to, |me: Me| me);
                self.call(self.that_names(call));
            }
            OwnCommand::ChangeProfile(change, to) => match rest::body(&change) {
                Ok(body) => {
                    let call = Call::with_body(Method::Patch, "/me".into(), body, to);
                    self.call(self.that_names(call));
                }
                Err(error) => to.give(Err(error)),
            },
            OwnCommand::Export(to) => self.call(Call::text("/me/export".into(), to)),
            OwnCommand::Delete(password, to) => self.delete_account(&password, to),
        }
    }

    /// The name in the answer is the one that the screen shows; it may have been changed elsewhere.
    fn that_names(&self, call: Call) -> Call {
        let sign_in = self.sign_in;
        call.then(move |engine, body| match rest::read::<Me>(body) {
            // Somebody has gone out, and perhaps in again, meanwhile.
            _ if sign_in != engine.sign_in => Ok(()),
            Ok(me) => engine.named(me.business_name.unwrap_or(me.name)),
            Err(error) => Err(error),
        })
    }

    fn delete_account(&mut self, password: &SecretString, answer: Answer<()>) {
        let Some(account) = &self.account else { return answer.give(Err(ErrorCode::NotSignedIn.into())) };
        let (sign_in, server, user) = (self.sign_in, account.server.clone(), account.user);
        match rest::body(&DeleteMe { password: Some(password.expose_secret().to_owned()) }) {
            Ok(body) => {
                let call = Call::bare(Method::Post, "/me/delete".into(), Some(body), answer);
                self.call(call.then(move |engine, _| engine.forget_account(sign_in, &server, user)));
            }
            Err(error) => answer.give(Err(error)),
        }
    }

    /// Sets another password for who cannot come in, beside the loop.
    pub fn reset(&mut self, forgotten: Forgotten, answer: Answer<()>) {
        let Forgotten { server, code, new } = forgotten;
        let (code, new) = (code.expose_secret().trim().to_owned(), new.expose_secret().to_owned());
        let asked = ServerAddress::parse(&server)
            .and_then(|server| Ok((server, rest::body(&ResetPassword { code, new })?)));
        match asked {
            Ok((server, body)) => {
                let api = self.parts.api.clone();
                self.jobs.push(Box::pin(async move {
                    Finished::Reset(rest::reset(&api, &server, body).await, answer)
                }));
            }
            Err(error) => answer.give(Err(error)),
        }
    }

    /// The server has deleted an account: nothing of it stays on this device. The server's word that the session is
    /// over may have come before its answer; then there is nobody to leave any more.
    fn forget_account(
        &mut self,
        sign_in: u64,
        server: &ServerAddress,
        user: UserId,
    ) -> Result<(), CoreError> {
        let cache = if sign_in == self.sign_in {
            let secrets = self.secrets.clone();
            self.jobs.push(Box::pin(async move {
                secrets.delete().await;
                Finished::Forgotten
            }));
            self.leave().map(|account| account.cache)
        } else {
            None
        };
        let cache = match cache {
            Some(cache) => cache,
            None => Cache::open(&self.cache_path(server, user))?,
        };
        self.erase(server, user, cache)
    }

    /// Others see this name from now on.
    fn named(&mut self, name: String) -> Result<(), CoreError> {
        let account = self.account.as_mut().ok_or(ErrorCode::NotSignedIn)?;
        let (server, user) = (account.server.clone(), account.user);
        device::sign_in(self.device.read(), server.as_str(), user, &name).map_err(CacheError::from)?;
        account.name = name;
        Ok(())
    }
}
