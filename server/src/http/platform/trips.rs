//! Trips of a platform.

use super::keyed::{Asking, Keyed};
use super::page;
use crate::context::Context;
use crate::http::answer::Refused;
use crate::http::extract::{Asked, Body, Id};
use crate::tokens::{Scope, Service};
use crate::trips::{AnyTrip, ChangeTrip, ListAllTrips, OfferFor, ReferredTrip, SetStatus};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use tripchat_protocol::platform::{NewPlatformTrip, PlatformTrip, PlatformTrips};
use tripchat_protocol::rest::{NewStatus, TripChange};
use tripchat_protocol::{MessageId, RoomId, Trip, TripId};

/// Which trips are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    reference: Option<String>,
    after: Option<TripId>,
    limit: Option<u32>,
}

/// Offer a trip.
#[utoipa::path(
    post,
    path = "/platform/trips",
    tag = "platform",
    operation_id = "platform_trip_create",
    request_body = NewPlatformTrip,
    responses((status = 201, description = "Done.", body = PlatformTrip))
)]
pub async fn create(
    State(context): State<Arc<Context>>,
    by: Service,
    Keyed { key, body: trip }: Keyed<NewPlatformTrip>,
) -> Result<Response, Refused> {
    let (id, room) = (TripId(context.sources.uuid()), RoomId(context.sources.uuid()));
    let asking = Asking { by: by.clone(), scope: Scope::TripsWrite, key };
    asking.once(&context, StatusCode::CREATED, OfferFor { by, trip, id, room }).await
}

/// List all trips, or find the one with a reference.
#[utoipa::path(
    get,
    path = "/platform/trips",
    tag = "platform",
    operation_id = "platform_trip_list",
    params(Which),
    responses((status = 200, description = "Done.", body = PlatformTrips))
)]
pub async fn list(
    State(context): State<Arc<Context>>,
    by: Service,
    Asked(which): Asked<Which>,
) -> Result<Json<PlatformTrips>, Refused> {
    let trips = match which {
        Which { reference: Some(reference), after: None, limit: None } => {
            context.store.read(ReferredTrip { by, reference }).await?
        }
        Which { reference: None, after, limit } => {
            context.store.read(ListAllTrips { by, after, limit: page(limit) }).await?
        }
        Which { reference: Some(_), .. } => {
            return Err(Refused::input("a reference names one trip: no pages".into()));
        }
    };
    Ok(Json(trips))
}

/// Look at one trip.
#[utoipa::path(
    get,
    path = "/platform/trips/{id}",
    tag = "platform",
    operation_id = "platform_trip_find",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    responses((status = 200, description = "Done.", body = PlatformTrip))
)]
pub async fn find(
    State(context): State<Arc<Context>>,
    by: Service,
    Id(id): Id<TripId>,
) -> Result<Json<PlatformTrip>, Refused> {
    Ok(Json(context.store.read(AnyTrip { by, id }).await?))
}

/// Change a trip until it sets out.
#[utoipa::path(
    patch,
    path = "/platform/trips/{id}",
    tag = "platform",
    operation_id = "platform_trip_change",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    request_body = TripChange,
    responses((status = 200, description = "Done.", body = Trip))
)]
pub async fn change(
    State(context): State<Arc<Context>>,
    by: Service,
    Id(trip): Id<TripId>,
    Body(change): Body<TripChange>,
) -> Result<Json<Trip>, Refused> {
    let messages = [MessageId(context.sources.uuid()), MessageId(context.sources.uuid())];
    Ok(Json(context.store.write(ChangeTrip { by, trip, change, messages }).await?))
}

/// Bring a trip to another status; its bookings follow and its room is told.
#[utoipa::path(
    post,
    path = "/platform/trips/{id}/status",
    tag = "platform",
    operation_id = "platform_trip_set_status",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    request_body = NewStatus,
    responses((status = 200, description = "Done.", body = Trip))
)]
pub async fn set_status(
    State(context): State<Arc<Context>>,
    by: Service,
    Id(trip): Id<TripId>,
    Keyed { key, body: NewStatus { status: to } }: Keyed<NewStatus>,
) -> Result<Response, Refused> {
    let message = MessageId(context.sources.uuid());
    let asking = Asking { by: by.clone(), scope: Scope::TripsWrite, key };
    asking.once(&context, StatusCode::OK, SetStatus { by, trip, to, message }).await
}
