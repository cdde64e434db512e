//! REST calls of somebody who is signed in: trips and bookings here, one's own account in `own`. They need the network
//! and are not queued; a token that has expired is renewed once on the way.

use super::command::{Answer, Step, TripCommand, TripSearch};
use super::engine::{Engine, Finished};
use crate::account::rest;
use crate::api::{Method, Reply, Request, Unreachable};
use crate::error::CoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tripchat_protocol::rest::{Bookings, MyBookings, NewStatus, TripReviews, Trips};
use tripchat_protocol::{ErrorCode, Retry};

/// What the engine itself makes of an answer before it is given.
type After = Box<dyn FnOnce(&mut Engine, &[u8]) -> Result<(), CoreError> + Send>;

/// A call, and where its answer goes.
pub struct Call {
    method: Method,
    path: String,
    body: Option<Vec<u8>>,
    renewed: bool,
    after: Option<After>,
    answer: Box<dyn FnOnce(Result<Vec<u8>, CoreError>) + Send>,
}

impl Call {
    /// Reads, and picks out of the answer what was asked for.
    pub fn get<T: DeserializeOwned + Send + 'static, U: Send + 'static>(
        path: String,
        answer: Answer<U>,
        pick: impl FnOnce(T) -> U + Send + 'static,
    ) -> Self {
        Self::new(Method::Get, path, None, Box::new(move |reply| answer.give(parsed(reply).map(pick))))
    }

    fn post<T: DeserializeOwned + Send + 'static>(path: String, answer: Answer<T>) -> Self {
        Self::new(Method::Post, path, None, Box::new(move |reply| answer.give(parsed(reply))))
    }

    /// A call that is answered without a body.
    pub fn bare(method: Method, path: String, body: Option<Vec<u8>>, answer: Answer<()>) -> Self {
        Self::new(method, path, body, Box::new(move |reply| answer.give(reply.map(|_| ()))))
    }

    /// A call with this body.
    pub fn with_body<T: DeserializeOwned + Send + 'static>(
        method: Method,
        path: String,
        body: Vec<u8>,
        answer: Answer<T>,
    ) -> Self {
        Self::new(method, path, Some(body), Box::new(move |reply| answer.give(parsed(reply))))
    }

    /// Reads the answer as it stands.
    pub fn text(path: String, answer: Answer<String>) -> Self {
        let text = |body| String::from_utf8(body).map_err(|_| ErrorCode::NotAServer.into());
        Self::new(Method::Get, path, None, Box::new(move |reply| answer.give(reply.and_then(text))))
    }

    fn new(
        method: Method,
        path: String,
        body: Option<Vec<u8>>,
        answer: Box<dyn FnOnce(Result<Vec<u8>, CoreError>) + Send>,
    ) -> Self {
        Self { method, path, body, renewed: false, after: None, answer }
    }

    /// With something that the engine does first when the server agrees.
    pub fn then(
        mut self,
        after: impl FnOnce(&mut Engine, &[u8]) -> Result<(), CoreError> + Send + 'static,
    ) -> Self {
        self.after = Some(Box::new(after));
        self
    }

    /// Answers with a refusal.
    pub fn refuse(self, error: CoreError) {
        (self.answer)(Err(error));
    }
}

fn parsed<T: DeserializeOwned>(reply: Result<Vec<u8>, CoreError>) -> Result<T, CoreError> {
    reply.and_then(|body| rest::read(&body))
}

fn verb(step: Step) -> &'static str {
    match step {
        Step::Confirm => "confirm",
        Step::Decline => "decline",
        Step::Cancel => "cancel",
        Step::Board => "board",
        Step::NoShow => "no-show",
        Step::Unboard => "unboard",
        Step::Room => "room",
    }
}

/// Where the trips of a search are found. What was not asked for is not named.
fn found_at(search: &TripSearch) -> String {
    let mut asked = url::form_urlencoded::Serializer::new(String::new());
    for (name, words) in [("from", &search.from), ("to", &search.to)] {
        if !words.trim().is_empty() {
            asked.append_pair(name, words.trim());
        }
    }
    for (name, at) in [("after", search.after), ("before", search.before)] {
        if let Some(at) = at {
            asked.append_pair(name, &at.to_string());
        }
    }
    match asked.finish() {
        none if none.is_empty() => "/trips".into(),
        asked => format!("/trips?{asked}"),
    }
}

impl Engine {
    /// Asks the server about trips.
    pub fn trips(&mut self, command: TripCommand) {
        match command {
            TripCommand::List(to) => self.call(Call::get("/trips".into(), to, |trips: Trips| trips.trips)),
            TripCommand::Search(search, to) => {
                self.call(Call::get(found_at(&search), to, |trips: Trips| trips.trips));
            }
            TripCommand::Bookings(trip, to) => {
                let path = format!("/trips/{trip}/bookings");
                self.call(Call::get(path, to, |bookings: Bookings| bookings.bookings));
            }
            TripCommand::Mine(to) => {
                self.call(Call::get("/bookings".into(), to, |mine: MyBookings| mine.bookings));
            }
            TripCommand::Create(trip, to) => self.call_with(Method::Post, "/trips".into(), &trip, to),
            TripCommand::Request(trip, wanted, to) => {
                self.call_with(Method::Post, format!("/trips/{trip}/bookings"), &wanted, to);
            }
            TripCommand::Status(trip, status, to) => {
                self.call_with(Method::Post, format!("/trips/{trip}/status"), &NewStatus { status }, to);
            }
            TripCommand::Change(trip, change, to) => {
                self.call_with(Method::Patch, format!("/trips/{trip}"), &change, to);
            }
            TripCommand::Find(trip, to) => self.call(Call::get(format!("/trips/{trip}"), to, |trip| trip)),
            TripCommand::Review(booking, review, to) => {
                self.call_with(Method::Put, format!("/bookings/{booking}/review"), &review, to);
            }
            TripCommand::Reviews(trip, to) => {
                let path = format!("/trips/{trip}/reviews");
                self.call(Call::get(path, to, |all: TripReviews| all.reviews));
            }
            TripCommand::About(person, after, to) => {
                let after = after.map(|booking| format!("?after={booking}")).unwrap_or_default();
                self.call(Call::get(format!("/people/{person}/reviews{after}"), to, |page| page));
            }
            TripCommand::Move(booking, step, to) => {
                self.call(Call::post(format!("/bookings/{booking}/{}", verb(step)), to));
            }
        }
    }

    /// A call with a body.
    fn call_with<T: DeserializeOwned + Send + 'static>(
        &mut self,
        method: Method,
        path: String,
        body: &impl Serialize,
        answer: Answer<T>,
    ) {
        match rest::body(body) {
            Ok(body) => self.call(Call::with_body(method, path, body, answer)),
            Err(error) => answer.give(Err(error)),
        }
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
            answered => {
                let after = call.after.take();
                let answered = answered.and_then(|body| match after {
                    Some(after) => after(self, &body).map(|()| body),
                    None => Ok(body),
                });
                (call.answer)(answered);
            }
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
