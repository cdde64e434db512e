//! The life of a trip and of its bookings: who may move them from what to what. Whatever does not stand here is
//! refused.

use tripchat_protocol::{Booking, BookingStatus, ErrorCode, System, TripStatus};

/// Who moves something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Who drives the trip.
    Driver,
    /// Whose booking it is.
    Passenger,
    /// The platform whose trip it is, which acts for its people.
    Platform,
    /// The server by itself, when the trip or the clock asks for it.
    Server,
}

/// What a person does to a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The driver agrees.
    Confirm,
    /// The driver says no.
    Decline,
    /// The passenger got in.
    Board,
    /// They did not: a mis-tap.
    Unboard,
    /// They did not come.
    NoShow,
    /// It is called off.
    Cancel,
}

impl Deed {
    /// Where it brings a booking.
    #[must_use]
    pub fn to(self) -> BookingStatus {
        match self {
            Self::Confirm | Self::Unboard => BookingStatus::Confirmed,
            Self::Decline => BookingStatus::Declined,
            Self::Board => BookingStatus::Boarded,
            Self::NoShow => BookingStatus::NoShow,
            Self::Cancel => BookingStatus::Cancelled,
        }
    }

    /// Whether it is about a booking that stands so: agreeing lets nobody out, and letting out agrees to nothing.
    #[must_use]
    pub fn is_about(self, from: BookingStatus) -> bool {
        match self {
            Self::Confirm => from == BookingStatus::Requested,
            Self::Unboard => from == BookingStatus::Boarded,
            Self::Decline | Self::Board | Self::NoShow | Self::Cancel => true,
        }
    }
}

/// What becomes of a move that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is made.
    Goes,
    /// It was made before: the same answer, and nothing more.
    Stands,
}

/// Whether `who` may move a trip.
#[must_use]
pub fn moves_trip(who: Who, from: TripStatus, to: TripStatus) -> bool {
    use TripStatus::{Arrived, Boarding, Cancelled, Closed, Planned, UnderWay};
    matches!(who, Who::Driver | Who::Platform)
        && matches!(
            (from, to),
            (Planned, Boarding)
                | (Planned | Boarding, Cancelled)
                // A mis-tap.
                | (Boarding, Planned)
                | (Boarding, UnderWay)
                | (UnderWay, Arrived)
                | (Arrived, Closed)
        )
}

/// Whether `who` may move a booking of a trip that stands so.
#[must_use]
pub fn moves_booking(who: Who, trip: TripStatus, from: BookingStatus, to: BookingStatus) -> bool {
    use BookingStatus::{Boarded, Cancelled, Completed, Confirmed, Declined, Expired, NoShow, Requested};
    let at_the_stop = matches!(trip, TripStatus::Boarding | TripStatus::UnderWay);
    match (who, from, to) {
        (Who::Driver | Who::Platform, Requested, Confirmed | Declined)
        // A mis-tap.
        | (Who::Driver | Who::Platform, Boarded, Confirmed)
        | (Who::Driver | Who::Platform, Confirmed, Cancelled)
        | (Who::Passenger | Who::Platform, Requested, Cancelled)
        | (Who::Server, Requested, Expired)
        // At arrival.
        | (Who::Server, Boarded | Confirmed, Completed)
        // With the trip.
        | (Who::Server, Requested | Confirmed | Boarded, Cancelled) => true,
        (Who::Driver | Who::Platform, Confirmed, Boarded | NoShow) => at_the_stop,
        (Who::Passenger, Confirmed, Cancelled) => is_open(trip),
        _ => false,
    }
}

/// Whether a trip can still be changed, and left.
#[must_use]
pub fn is_open(trip: TripStatus) -> bool {
    matches!(trip, TripStatus::Planned | TripStatus::Boarding)
}

/// Whether `who` may ever bring a booking to stand so.
#[must_use]
pub fn may_ask(who: Who, to: BookingStatus) -> bool {
    use BookingStatus::{Boarded, Cancelled, Completed, Confirmed, Declined, Expired, NoShow};
    match who {
        Who::Driver | Who::Platform => {
            matches!(to, Confirmed | Declined | Boarded | NoShow | Cancelled)
        }
        Who::Passenger => to == Cancelled,
        Who::Server => matches!(to, Expired | Completed | Cancelled),
    }
}

/// What becomes of a booking when its trip comes to stand so; `None`: it stays as it is.
#[must_use]
pub fn follows(trip: TripStatus, booking: BookingStatus) -> Option<BookingStatus> {
    use BookingStatus::{Boarded, Cancelled, Completed, Confirmed, Expired, Requested};
    let next = match (trip, booking) {
        (TripStatus::UnderWay, Requested) => Expired,
        (TripStatus::Arrived, Boarded | Confirmed) => Completed,
        (TripStatus::Cancelled, Requested | Confirmed | Boarded) => Cancelled,
        _ => return None,
    };
    moves_booking(Who::Server, trip, booking, next).then_some(next)
}

/// What the room is told when its trip comes to stand so. That boarding was a mis-tap is not worth a word.
#[must_use]
pub fn said_of(trip: TripStatus) -> Option<System> {
    match trip {
        TripStatus::Planned => None,
        TripStatus::Boarding => Some(System::Boarding),
        TripStatus::UnderWay => Some(System::Started),
        TripStatus::Arrived => Some(System::Arrived),
        TripStatus::Closed => Some(System::Completed),
        TripStatus::Cancelled => Some(System::TripCancelled),
    }
}

/// What the booking's room is told when it comes to stand as it does: `from` where it stood before, if it is not new.
/// That boarding was a mis-tap is not worth a word, and of the arrival the trip's room tells.
#[must_use]
pub fn said_of_booking(from: Option<BookingStatus>, booking: &Booking) -> Option<System> {
    match booking.status {
        BookingStatus::Requested => Some(System::Requested { seats: booking.seats }),
        BookingStatus::Confirmed => (from == Some(BookingStatus::Requested)).then_some(System::Confirmed),
        BookingStatus::Declined => Some(System::Declined),
        BookingStatus::Expired => Some(System::Expired),
        BookingStatus::Cancelled => Some(System::Cancelled),
        BookingStatus::Boarded => Some(System::Boarded),
        BookingStatus::NoShow => Some(System::NoShow),
        BookingStatus::Completed => None,
    }
}

/// Judges a move of something that stands at `from`.
///
/// # Errors
/// `NOT_NOW`: the table does not have it.
pub fn step<T: PartialEq>(from: &T, to: &T, may: bool) -> Result<Step, ErrorCode> {
    match may {
        _ if from == to => Ok(Step::Stands),
        true => Ok(Step::Goes),
        false => Err(ErrorCode::NotNow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BookingStatus::{Boarded, Cancelled, Completed, Confirmed, Declined, Expired, NoShow, Requested};
    use TripStatus::{Arrived, Boarding, Closed, Planned, UnderWay};

    const WHO: [Who; 4] = [Who::Driver, Who::Passenger, Who::Platform, Who::Server];
    const TRIPS: [TripStatus; 6] = [Planned, Boarding, UnderWay, Arrived, Closed, TripStatus::Cancelled];
    const BOOKINGS: [BookingStatus; 8] =
        [Requested, Confirmed, Declined, Expired, Cancelled, Boarded, NoShow, Completed];

    #[test]
    fn a_trip_is_moved_by_its_driver_and_along_its_way_only() {
        let table = [
            (Planned, Boarding),
            (Planned, TripStatus::Cancelled),
            (Boarding, Planned),
            (Boarding, UnderWay),
            (Boarding, TripStatus::Cancelled),
            (UnderWay, Arrived),
            (Arrived, Closed),
        ];
        for (who, from, to) in triples(WHO, TRIPS, TRIPS) {
            let stands_there = matches!(who, Who::Driver | Who::Platform) && table.contains(&(from, to));
            assert_eq!(moves_trip(who, from, to), stands_there, "{who:?} {from:?} {to:?}");
        }
    }

    #[test]
    fn a_booking_is_moved_by_whom_and_when_the_table_says_only() {
        let (open, on_board) = (&[Planned, Boarding][..], &[Boarding, UnderWay][..]);
        let table = [
            (Who::Driver, Requested, Confirmed, &TRIPS[..]),
            (Who::Driver, Requested, Declined, &TRIPS),
            (Who::Driver, Confirmed, Boarded, on_board),
            (Who::Driver, Confirmed, NoShow, on_board),
            (Who::Driver, Confirmed, Cancelled, &TRIPS),
            (Who::Driver, Boarded, Confirmed, &TRIPS),
            (Who::Passenger, Requested, Cancelled, &TRIPS),
            (Who::Passenger, Confirmed, Cancelled, open),
            (Who::Platform, Requested, Confirmed, &TRIPS),
            (Who::Platform, Requested, Declined, &TRIPS),
            (Who::Platform, Requested, Cancelled, &TRIPS),
            (Who::Platform, Confirmed, Boarded, on_board),
            (Who::Platform, Confirmed, NoShow, on_board),
            (Who::Platform, Confirmed, Cancelled, &TRIPS),
            (Who::Platform, Boarded, Confirmed, &TRIPS),
            (Who::Server, Requested, Expired, &TRIPS),
            (Who::Server, Requested, Cancelled, &TRIPS),
            (Who::Server, Confirmed, Cancelled, &TRIPS),
            (Who::Server, Boarded, Cancelled, &TRIPS),
            (Who::Server, Confirmed, Completed, &TRIPS),
            (Who::Server, Boarded, Completed, &TRIPS),
        ];
        for (who, from, to) in triples(WHO, BOOKINGS, BOOKINGS) {
            let row = table.iter().find(|row| (row.0, row.1, row.2) == (who, from, to));
            for trip in TRIPS {
                let stands_there = row.is_some_and(|(.., while_it)| while_it.contains(&trip));
                let moves = moves_booking(who, trip, from, to);
                assert_eq!(moves, stands_there, "{who:?} {trip:?} {from:?} {to:?}");
            }
        }
    }

    #[test]
    fn who_may_ask_for_something_has_a_way_to_it() {
        for (who, _, to) in triples(WHO, [()], BOOKINGS) {
            let some_way = triples(TRIPS, BOOKINGS, [()]);
            let some_way = some_way.into_iter().any(|(trip, from, ())| moves_booking(who, trip, from, to));
            assert_eq!(may_ask(who, to), some_way, "{who:?} {to:?}");
        }
    }

    #[test]
    fn two_deeds_with_one_end_begin_apart() {
        for from in BOOKINGS {
            assert_eq!(Deed::Confirm.is_about(from), from == Requested);
            assert_eq!(Deed::Unboard.is_about(from), from == Boarded);
        }
        let deeds = [Deed::Decline, Deed::Board, Deed::NoShow, Deed::Cancel];
        assert_eq!(deeds.map(Deed::to), [Declined, Boarded, NoShow, Cancelled]);
        assert_eq!([Deed::Confirm, Deed::Unboard].map(Deed::to), [Confirmed; 2]);
    }

    #[test]
    fn what_follows_from_a_trip_is_what_the_server_may_do() {
        for (trip, from, _) in triples(TRIPS, BOOKINGS, [()]) {
            let open = matches!(from, Requested | Confirmed | Boarded);
            let to = match trip {
                UnderWay if from == Requested => Some(Expired),
                Arrived if matches!(from, Confirmed | Boarded) => Some(Completed),
                TripStatus::Cancelled if open => Some(Cancelled),
                _ => None,
            };
            assert_eq!(follows(trip, from), to, "{trip:?} {from:?}");
        }
    }

    #[test]
    fn a_repeat_stands_and_what_the_table_does_not_have_is_not_for_now() {
        assert_eq!(step(&Planned, &Boarding, true), Ok(Step::Goes));
        assert_eq!(step(&Boarding, &Boarding, false), Ok(Step::Stands));
        assert_eq!(step(&Closed, &Boarding, false), Err(ErrorCode::NotNow));
    }

    #[test]
    fn every_station_of_a_booking_is_told_but_a_mis_tap_and_the_arrival() {
        let id = uuid::Uuid::nil();
        let at = |status| Booking {
            id: tripchat_protocol::BookingId(id),
            number: String::new(),
            trip: tripchat_protocol::TripId(id),
            room: None,
            passenger: tripchat_protocol::UserId(id),
            passenger_name: String::new(),
            seats: 2,
            pickup: None,
            dropoff: None,
            status,
            requested_at: 0,
        };
        let told = [
            (None, Requested, Some(System::Requested { seats: 2 })),
            (Some(Requested), Confirmed, Some(System::Confirmed)),
            (Some(Boarded), Confirmed, None),
            (Some(Requested), Declined, Some(System::Declined)),
            (Some(Requested), Expired, Some(System::Expired)),
            (Some(Confirmed), Cancelled, Some(System::Cancelled)),
            (Some(Confirmed), Boarded, Some(System::Boarded)),
            (Some(Confirmed), NoShow, Some(System::NoShow)),
            (Some(Boarded), Completed, None),
        ];
        for (from, to, said) in told {
            assert_eq!(said_of_booking(from, &at(to)), said, "{from:?} {to:?}");
        }
    }

    #[test]
    fn every_station_is_told_but_a_mis_tap() {
        let said = TRIPS.map(said_of);
        let told =
            [System::Boarding, System::Started, System::Arrived, System::Completed, System::TripCancelled];
        assert_eq!(said[0], None);
        assert!(said[1..].iter().eq(told.map(Some).iter()));
    }

    fn triples<A: Copy, B: Copy, C: Copy, const L: usize, const M: usize, const N: usize>(
        first: [A; L],
        second: [B; M],
        third: [C; N],
    ) -> Vec<(A, B, C)> {
        let pairs = first.into_iter().flat_map(|a| second.map(|b| (a, b)));
        pairs.flat_map(|(a, b)| third.map(|c| (a, b, c))).collect()
    }
}
