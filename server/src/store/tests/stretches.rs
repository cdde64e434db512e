//! Where people get in and out on the way.

use super::aboard::{Aboard, refusal, sign_up};
use super::on_both;
use crate::error::{Error, Result};
use crate::tokens::Caller;
use crate::trips::{ChangeTrip, ListBookings, RequestBooking};
use tripchat_protocol::rest::{NewBooking, TripChange};
use tripchat_protocol::{Booking, BookingId, ErrorCode, MessageId, Stop, Trip};

impl Aboard<'_> {
    async fn ask_from(&self, by: &Caller, pickup: Option<u16>, dropoff: Option<u16>) -> Result<Booking> {
        let (id, random) = (BookingId(self.ground.sources.uuid()), self.ground.sources.bytes());
        let wanted = NewBooking { seats: 1, pickup, dropoff };
        self.ground.store.write(RequestBooking { by: by.clone(), trip: self.trip, wanted, id, random }).await
    }

    async fn stop_at(&self, stops: Vec<Stop>) -> Result<Trip> {
        let change = TripChange { stops: Some(stops), ..TripChange::default() };
        let messages = [(); 2].map(|()| MessageId(self.ground.sources.uuid()));
        let by = self.driver.clone();
        self.ground.store.write(ChangeTrip { by, trip: self.trip, change, messages }).await
    }
}

fn stretch(booking: &Booking) -> (Option<u16>, Option<u16>) {
    (booking.pickup, booking.dropoff)
}

#[tokio::test]
async fn one_gets_in_before_one_gets_out_at_stops_that_there_are() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let by = sign_up(&ground, "other@example.org", "Other").await;
        // Three stops.
        for (pickup, dropoff, field) in [
            (Some(2), None, "pickup"),
            (Some(1), Some(1), "pickup"),
            (Some(2), Some(1), "pickup"),
            (None, Some(0), "pickup"),
            (None, Some(3), "dropoff"),
            (Some(u16::MAX), Some(u16::MAX), "dropoff"),
        ] {
            let refused = ride.ask_from(&by, pickup, dropoff).await;
            assert_eq!(refused.as_ref().map_err(Error::details), Err(Some(field)), "{pickup:?} {dropoff:?}");
            assert_eq!(refusal(refused), ErrorCode::InvalidInput);
        }
        let asked = ride.ask_from(&by, Some(1), Some(2)).await.expect("it is asked for");
        assert_eq!(stretch(&asked), (Some(1), None), "the last stop needs no name");
        let again = ride.ask_from(&by, Some(1), None).await.expect("a second tap");
        assert_eq!(again, asked);
        assert_eq!(refusal(ride.ask_from(&by, None, None).await), ErrorCode::Conflict, "another wish");
        let list = ListBookings { by: ride.driver.clone(), trip: ride.trip };
        let read = ground.store.read(list).await.expect("it reads");
        assert_eq!(read.iter().map(stretch).collect::<Vec<_>>(), [(None, None), (Some(1), None)]);
        // It is a seat of the whole trip.
        ride.confirm(asked.id).await.expect("there are seats");
        assert_eq!(ride.trip().await.seats_free, 1);
    })
    .await;
}

#[tokio::test]
async fn stops_stay_as_many_while_somebody_gets_in_or_out_on_the_way() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let stops = ride.trip().await.stops;
        let fewer = vec![stops[0].clone(), stops[2].clone()];
        // Who rides the whole way does not mind.
        assert_eq!(ride.stop_at(fewer.clone()).await.expect("it is changed").stops, fewer);
        ride.stop_at(stops.clone()).await.expect("it is changed");
        let by = sign_up(&ground, "other@example.org", "Other").await;
        let asked = ride.ask_from(&by, None, Some(1)).await.expect("it is asked for");
        assert_eq!(refusal(ride.stop_at(fewer.clone()).await), ErrorCode::NotNow);
        assert_eq!(ride.trip().await.stops, stops);
        // Another name or time of a stop is no other stop.
        let mut renamed = stops.clone();
        renamed[1].place = "Korday, the border".into();
        ride.stop_at(renamed).await.expect("it is changed");
        ride.cancel(&by, asked.id).await.expect("it is called off");
        ride.stop_at(fewer).await.expect("nobody is bound to it any more");
    })
    .await;
}
