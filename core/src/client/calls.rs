//! REST calls of somebody who is signed in: trips and bookings. They need the network and are not queued; a token
//! that has expired is renewed once on the way.

use super::command::{Answer, TripCommand};
use super::engine::{Engine, Finished};
use crate::account::rest;
use crate::api::{Method, Reply, Request, Unreachable};
use crate::error::CoreError;
use serde::de::DeserializeOwned;
use tripchat_protocol::rest::{Bookings, NewBooking, Trips};
use tripchat_protocol::{ErrorCode, Retry};

/// A call, and where its answer goes.
pub struct Call {
    method: Method,
    path: String,
    body: Option<Vec<u8>>,
    renewed: bool,
    answer: Box<dyn FnOnce(Result<Vec<u8>, CoreError>) + Send>,
}

impl Call {
    fn get<T: DeserializeOwned + Send + 'static, U: Send + 'static>(
        path: String,
        answer: Answer<U>,
        pick: impl FnOnce(T) -> U + Send + 'static,
    ) -> Self {
        Self::new(Method::Get, path, None, Box::new(move |reply| answer.give(parsed(reply).map(pick))))
    }

    fn post<T: DeserializeOwned + Send + 'static>(
        path: String,
        body: Option<Vec<u8>>,
        answer: Answer<T>,
    ) -> Self {
        Self::new(Method::Post, path, body, Box::new(move |reply| answer.give(parsed(reply))))
    }

    fn new(
        method: Method,
        path: String,
        body: Option<Vec<u8>>,
        answer: Box<dyn FnOnce(Result<Vec<u8>, CoreError>) + Send>,
    ) -> Self {
        Self { method, path, body, renewed: false, answer }
    }

    /// Answers with a refusal.
    pub fn refuse(self, error: CoreError) {
        (self.answer)(Err(error));
    }
}

fn parsed<T: DeserializeOwned>(reply: Result<Vec<u8>, CoreError>) -> Result<T, CoreError> {
    reply.and_then(|body| rest::read(&body))
}

impl Engine {
    /// Asks the server about trips.
    pub fn trips(&mut self, command: TripCommand) {
        let call = match command {
            TripCommand::List(to) => Call::get("/trips".into(), to, |trips: Trips| trips.trips),
            TripCommand::Bookings(trip, to) => {
                Call::get(format!("/trips/{trip}/bookings"), to, |bookings: Bookings| bookings.bookings)
            }
            TripCommand::Create(trip, to) => match rest::body(&trip) {
                Ok(body) => Call::post("/trips".into(), Some(body), to),
                Err(error) => return to.give(Err(error)),
            },
            TripCommand::Request(trip, seats, to) => match rest::body(&NewBooking { seats }) {
                Ok(body) => Call::post(format!("/trips/{trip}/bookings"), Some(body), to),
                Err(error) => return to.give(Err(error)),
            },
            TripCommand::Confirm(booking, to) => Call::post(format!("/bookings/{booking}/confirm"), None, to),
            TripCommand::Cancel(booking, to) => Call::post(format!("/bookings/{booking}/cancel"), None, to),
        };
        self.call(call);
    }

    /// Makes the call, now or when there is a token.
    pub fn call(&mut self, call: Call) {
        let Some(account) = &self.account else { return call.refuse(ErrorCode::NotSignedIn.into()) };
        let Some(token) = &self.token else {
            self.waiting_calls.push(call);
            return self.renew();
        };
        let request = Request {
            method: call.method,
            url: account.server.api(&call.path),
            token: Some(token.clone()),
            body: call.body.clone(),
        };
        let asking = self.parts.api.call(request);
        self.jobs.push(Box::pin(async move { Finished::Called(call, asking.await) }));
    }

    /// The server answered, or did not.
    pub fn called(&mut self, mut call: Call, result: Result<Reply, Unreachable>) {
        let answered = result.map_err(|_| ErrorCode::NoServer.into()).and_then(rest::accepted);
        match answered {
            Err(error) if error.code.retry() == Retry::Auth && !call.renewed => {
                call.renewed = true;
                self.token = None;
                self.call(call);
            }
            answered => (call.answer)(answered),
        }
    }

    /// Makes the calls that waited, or refuses them.
    pub fn resume_calls(&mut self, outcome: &Result<(), CoreError>) {
        for call in std::mem::take(&mut self.waiting_calls) {
            match outcome {
                Ok(()) => self.call(call),
                Err(error) => call.refuse(error.clone()),
            }
        }
    }
}
