//! What the handle asks about trips and bookings. The network is needed for all of it: nothing here is queued.

use super::Client;
use super::command::{Answer, Command, Step, TripCommand, TripSearch};
use crate::error::CoreError;
use tripchat_protocol::rest::{MyBooking, NewBooking, NewReview, NewTrip, PersonReviews, TripChange};
use tripchat_protocol::{Booking, BookingId, Millis, Review, Trip, TripId, TripStatus, UserId};

impl Client {
    /// The trips on offer and one's own.
    ///
    /// # Errors
    /// `NO_SERVER` and what the server answers; so do all of the following.
    pub async fn trips(&self) -> Result<Vec<Trip>, CoreError> {
        self.trip(TripCommand::List).await
    }

    /// The trips on offer from a place to a later one, each by the beginnings of its words; empty: any. Times are those
    /// at which one leaves the first of them.
    ///
    /// # Errors
    /// See [`Client::trips`].
    pub async fn search_trips(
        &self,
        from: String,
        to: String,
        after: Option<Millis>,
        before: Option<Millis>,
    ) -> Result<Vec<Trip>, CoreError> {
        let search = TripSearch { from, to, after, before };
        self.trip(|answer| TripCommand::Search(search, answer)).await
    }

    /// One trip, whoever offers it.
    ///
    /// # Errors
    /// See [`Client::trips`]; `TRIP_NOT_FOUND`.
    pub async fn find_trip(&self, trip: TripId) -> Result<Trip, CoreError> {
        self.trip(|answer| TripCommand::Find(trip, answer)).await
    }

    /// A trip's bookings: all of them for its driver, one's own for a passenger.
    ///
    /// # Errors
    /// See [`Client::trips`].
    pub async fn trip_bookings(&self, trip: TripId) -> Result<Vec<Booking>, CoreError> {
        self.trip(|answer| TripCommand::Bookings(trip, answer)).await
    }

    /// One's own bookings with their trips, newest first.
    ///
    /// # Errors
    /// See [`Client::trips`].
    pub async fn my_bookings(&self) -> Result<Vec<MyBooking>, CoreError> {
        self.trip(TripCommand::Mine).await
    }

    /// Offers a trip.
    ///
    /// # Errors
    /// See [`Client::trips`].
    pub async fn create_trip(&self, trip: NewTrip) -> Result<Trip, CoreError> {
        self.trip(|answer| TripCommand::Create(Box::new(trip), answer)).await
    }

    /// Changes what is named in `change`, as the driver of a trip that has not set off.
    ///
    /// # Errors
    /// See [`Client::trips`]; `NOT_NOW`.
    pub async fn change_trip(&self, trip: TripId, change: TripChange) -> Result<Trip, CoreError> {
        self.trip(|answer| TripCommand::Change(trip, Box::new(change), answer)).await
    }

    /// Moves a trip on, as its driver.
    ///
    /// # Errors
    /// See [`Client::trips`]; `NOT_NOW` when it does not lead there from where it stands.
    pub async fn set_trip_status(&self, trip: TripId, status: TripStatus) -> Result<Trip, CoreError> {
        self.trip(|answer| TripCommand::Status(trip, status, answer)).await
    }

    /// Asks for seats for the whole way.
    ///
    /// # Errors
    /// See [`Client::trips`]; `SEATS_TAKEN`.
    pub async fn request_booking(&self, trip: TripId, seats: u16) -> Result<Booking, CoreError> {
        self.request_stretch(trip, NewBooking::of(seats)).await
    }

    /// Asks for seats from one of the trip's stops to a later one.
    ///
    /// # Errors
    /// See [`Client::request_booking`].
    pub async fn request_stretch(&self, trip: TripId, wanted: NewBooking) -> Result<Booking, CoreError> {
        self.trip(|answer| TripCommand::Request(trip, wanted, answer)).await
    }

    /// Agrees to a booking, as the driver.
    ///
    /// # Errors
    /// See [`Client::trips`]; `SEATS_TAKEN`.
    pub async fn confirm_booking(&self, booking: BookingId) -> Result<Booking, CoreError> {
        self.step(booking, Step::Confirm).await
    }

    /// Says no to a request, as the driver.
    ///
    /// # Errors
    /// See [`Client::trips`]; `NOT_NOW`.
    pub async fn decline_booking(&self, booking: BookingId) -> Result<Booking, CoreError> {
        self.step(booking, Step::Decline).await
    }

    /// Calls a booking off, as its passenger or the driver.
    ///
    /// # Errors
    /// See [`Client::trips`].
    pub async fn cancel_booking(&self, booking: BookingId) -> Result<Booking, CoreError> {
        self.step(booking, Step::Cancel).await
    }

    /// The passenger is aboard, the driver says.
    ///
    /// # Errors
    /// See [`Client::trips`]; `NOT_NOW` while nobody gets in.
    pub async fn board_booking(&self, booking: BookingId) -> Result<Booking, CoreError> {
        self.step(booking, Step::Board).await
    }

    /// The passenger did not come, the driver says.
    ///
    /// # Errors
    /// See [`Client::board_booking`].
    pub async fn no_show_booking(&self, booking: BookingId) -> Result<Booking, CoreError> {
        self.step(booking, Step::NoShow).await
    }

    /// The passenger was not aboard after all, the driver says.
    ///
    /// # Errors
    /// See [`Client::board_booking`].
    pub async fn unboard_booking(&self, booking: BookingId) -> Result<Booking, CoreError> {
        self.step(booking, Step::Unboard).await
    }

    /// Says how the ride was, or changes what was said.
    ///
    /// # Errors
    /// See [`Client::trips`]; `NOT_NOW` while it is not completed, and when the review has stood for too long.
    pub async fn write_review(&self, booking: BookingId, review: NewReview) -> Result<Review, CoreError> {
        self.trip(|answer| TripCommand::Review(booking, review, answer)).await
    }

    /// What was written about the rides of a trip, as far as they are one's own.
    ///
    /// # Errors
    /// See [`Client::trips`].
    pub async fn trip_reviews(&self, trip: TripId) -> Result<Vec<Review>, CoreError> {
        self.trip(|answer| TripCommand::Reviews(trip, answer)).await
    }

    /// What was said about a person, newest first; those after the one that belongs to the booking `after`.
    ///
    /// # Errors
    /// See [`Client::trips`]; `USER_NOT_FOUND`.
    pub async fn person_reviews(
        &self,
        person: UserId,
        after: Option<BookingId>,
    ) -> Result<PersonReviews, CoreError> {
        self.trip(|answer| TripCommand::About(person, after, answer)).await
    }

    /// The booking with its private room, which is opened if the booking has none yet.
    ///
    /// # Errors
    /// See [`Client::trips`].
    pub async fn booking_room(&self, booking: BookingId) -> Result<Booking, CoreError> {
        self.step(booking, Step::Room).await
    }

    async fn step(&self, booking: BookingId, step: Step) -> Result<Booking, CoreError> {
        self.trip(|answer| TripCommand::Move(booking, step, answer)).await
    }

    async fn trip<T>(&self, question: impl FnOnce(Answer<T>) -> TripCommand) -> Result<T, CoreError> {
        self.ask(|answer| Command::Trips(question(answer))).await
    }
}
