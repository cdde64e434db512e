//! The few requests that arrange a ride.

use anyhow::{Context, Result, bail};
use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use tripchat_protocol::rest::{ErrorBody, Grant, NewBooking, NewTrip, Register, SignIn};
use tripchat_protocol::{Booking, BookingId, Trip, TripId};

/// The REST interface of one server.
#[derive(Debug)]
pub struct Rest {
    client: Client,
    base: String,
}

impl Rest {
    /// Of the server at `address`.
    pub fn new(address: &str) -> Result<Self> {
        let client = Client::builder().timeout(Duration::from_secs(20)).build()?;
        Ok(Self { client, base: format!("{address}/api/v1") })
    }

    /// Makes an account.
    pub async fn register(&self, body: &Register) -> Result<Grant> {
        self.post("auth/register", None, Some(body)).await
    }

    /// Signs in to an account that is there.
    pub async fn sign_in(&self, body: &SignIn) -> Result<Grant> {
        self.post("auth/sign-in", None, Some(body)).await
    }

    /// Offers a trip.
    pub async fn create_trip(&self, who: &Grant, body: &NewTrip) -> Result<Trip> {
        self.post("trips", Some(who), Some(body)).await
    }

    /// Asks for seats.
    pub async fn request_booking(&self, who: &Grant, trip: TripId, body: &NewBooking) -> Result<Booking> {
        self.post(&format!("trips/{trip}/bookings"), Some(who), Some(body)).await
    }

    /// Agrees to a booking.
    pub async fn confirm_booking(&self, who: &Grant, booking: BookingId) -> Result<Booking> {
        self.post(&format!("bookings/{booking}/confirm"), Some(who), None::<&()>).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        who: Option<&Grant>,
        body: Option<&impl Serialize>,
    ) -> Result<T> {
        let mut request = self.client.post(format!("{}/{path}", self.base));
        if let Some(who) = who {
            request = request.bearer_auth(&who.access_token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        answer(request).await.with_context(|| format!("POST {path}"))
    }
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T> {
    let response = request.send().await?;
    let status = response.status();
    let body = response.bytes().await?;
    if status.is_success() {
        return Ok(serde_json::from_slice(&body)?);
    }
    match serde_json::from_slice::<ErrorBody>(&body) {
        Ok(refused) => bail!("{status}: {:?}: {}", refused.error.code, refused.error.message),
        Err(_) => bail!("{status}"),
    }
}
