//! What a person asks about their own account: where they are signed in, and their password. The network is needed for
//! all of it: nothing here is queued.

use super::Client;
use super::calls::Call;
use super::command::{Answer, Command, OwnCommand};
use super::engine::Engine;
use crate::account::rest;
use crate::api::Method;
use crate::error::CoreError;
use secrecy::{ExposeSecret, SecretString};
use tripchat_protocol::SessionId;
use tripchat_protocol::rest::{ChangePassword, SessionView, Sessions};

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
                        let path = "/auth/password".into();
                        self.call(Call::bare(Method::Post, path, Some(body), answer));
                    }
                    Err(error) => answer.give(Err(error)),
                }
            }
        }
    }
}
