//! A person's name stands in the objects of their rooms. When it changes they are recorded anew, so that nobody keeps an
//! older one.

use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::tables::users::{self, About};
use crate::store::tables::{object, stay};
use tripchat_protocol::{Booking, Member, Object, StreamId, Trip, UserId, Vehicle};

/// Stores what a person now says of themselves, and tells their rooms of another name.
///
/// # Errors
/// The failure of the database.
pub(super) async fn change(tx: &mut Tx, user: UserId, was: &About, is: &About) -> Result<()> {
    if is != was {
        users::set_about(tx, user, is).await?;
    }
    if is.shown() != was.shown() {
        spread(tx, user, is.shown()).await?;
    }
    Ok(())
}

/// Records in every room that `user` is or was in that their name is `name`.
///
/// # Errors
/// The failure of the database.
pub(super) async fn spread(tx: &mut Tx, user: UserId, name: &str) -> Result<()> {
    // In one order for everybody: two of them would otherwise wait for each other.
    for room in stay::rooms_of(tx, user).await? {
        let stream = StreamId::Room(room);
        for json in object::all(tx, stream).await? {
            if let Some(renamed) = renamed(parse(&json)?, user, name) {
                tx.record(stream, &renamed).await?;
            }
        }
    }
    Ok(())
}

/// Takes `user` and their vehicle out of what former passengers keep of their trips.
///
/// # Errors
/// The failure of the database.
pub(super) async fn forget_in_kept(tx: &mut Tx, user: UserId) -> Result<()> {
    for room in stay::rooms_of(tx, user).await? {
        for former in stay::former_of(tx, room).await? {
            let stream = StreamId::User(former);
            let Some(json) = object::of(tx, stream, "membership", room.0).await? else { continue };
            let Object::Membership(mut it) = parse(&json)? else { continue };
            let trip = it.kept.as_mut().and_then(|kept| kept.trip.as_mut());
            if let Some(trip) = trip.filter(|trip| trip.driver == user) {
                trip.driver_name.clear();
                *trip = without_vehicle(trip.clone());
                tx.record(stream, &Object::Membership(it)).await?;
            }
        }
    }
    Ok(())
}

/// A number plate leads to its owner, and what they say of luggage may.
pub(super) fn without_vehicle(trip: Trip) -> Trip {
    let vehicle = Vehicle { model: String::new(), colour: String::new(), plate: String::new() };
    Trip { vehicle, luggage_note: String::new(), ..trip }
}

/// The object with the new name, if it holds another one of `user`.
fn renamed(object: Object, user: UserId, name: &str) -> Option<Object> {
    let (whose, shown) = match &object {
        Object::Member(it) => (it.user, &it.name),
        Object::Trip(it) => (it.driver, &it.driver_name),
        Object::Booking(it) => (it.passenger, &it.passenger_name),
        _ => return None,
    };
    if whose != user || shown == name {
        return None;
    }
    let name = name.to_owned();
    Some(match object {
        Object::Member(it) => Object::Member(Member { name, ..it }),
        // Who has no name any more has no vehicle either.
        Object::Trip(it) if name.is_empty() => {
            Object::Trip(without_vehicle(Trip { driver_name: name, ..it }))
        }
        Object::Trip(it) => Object::Trip(Trip { driver_name: name, ..it }),
        Object::Booking(it) => Object::Booking(Booking { passenger_name: name, ..it }),
        other => other,
    })
}

fn parse(json: &str) -> Result<Object> {
    serde_json::from_str(json).map_err(|error| Error::internal(error.to_string()))
}
