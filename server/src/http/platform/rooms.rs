//! The rooms of a platform's trips and bookings.

use super::keyed::{Asking, Keyed};
use super::page;
use crate::context::Context;
use crate::http::answer::Refused;
use crate::http::extract::{Asked, Id};
use crate::messages::{PostSystem, ReadServed};
use crate::rooms::{FindServed, ListServedMembers, RoomOf};
use crate::tokens::{Scope, Service};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use tripchat_protocol::platform::{NewSystemMessage, RoomMembers};
use tripchat_protocol::rest::History;
use tripchat_protocol::{BookingId, Message, MessageId, Room, RoomId, Seq, TripId};

type Shared = State<Arc<Context>>;

/// Which messages are read: at most one of the places.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Page {
    before: Option<i64>,
    after: Option<i64>,
    limit: Option<u32>,
}

/// Find the room of a trip.
#[utoipa::path(
    get,
    path = "/platform/trips/{id}/room",
    tag = "platform",
    operation_id = "platform_room_of_trip",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    responses((status = 200, description = "Done.", body = Room))
)]
pub async fn of_trip(
    State(context): Shared,
    by: Service,
    Id(trip): Id<TripId>,
) -> Result<Json<Room>, Refused> {
    Ok(Json(context.store.read(FindServed { by, of: RoomOf::Trip(trip) }).await?))
}

/// Find the room of a booking.
#[utoipa::path(
    get,
    path = "/platform/bookings/{id}/room",
    tag = "platform",
    operation_id = "platform_room_of_booking",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Room))
)]
pub async fn of_booking(
    State(context): Shared,
    by: Service,
    Id(booking): Id<BookingId>,
) -> Result<Json<Room>, Refused> {
    Ok(Json(context.store.read(FindServed { by, of: RoomOf::Booking(booking) }).await?))
}

/// List who is in a room now.
#[utoipa::path(
    get,
    path = "/platform/rooms/{id}/members",
    tag = "platform",
    operation_id = "platform_room_members",
    params(("id" = uuid::Uuid, Path, description = "The room.")),
    responses((status = 200, description = "Done.", body = RoomMembers))
)]
pub async fn members(
    State(context): Shared,
    by: Service,
    Id(room): Id<RoomId>,
) -> Result<Json<RoomMembers>, Refused> {
    Ok(Json(context.store.read(ListServedMembers { by, room }).await?))
}

/// Read a page of what was said, as it stands.
#[utoipa::path(
    get,
    path = "/platform/rooms/{id}/messages",
    tag = "platform",
    operation_id = "platform_room_history",
    params(("id" = uuid::Uuid, Path, description = "The room."), Page),
    responses((status = 200, description = "Done.", body = History))
)]
pub async fn history(
    State(context): Shared,
    by: Service,
    Id(room): Id<RoomId>,
    Asked(Page { before, after, limit }): Asked<Page>,
) -> Result<Json<History>, Refused> {
    if before.is_some() && after.is_some() {
        return Err(Refused::input("only one of before and after".into()));
    }
    let (before, after) = (before.map(Seq), after.map(Seq));
    let job = ReadServed { by, room, before, after, limit: page(limit) };
    Ok(Json(context.store.read(job).await?))
}

/// Post what each reader's app words in their language.
#[utoipa::path(
    post,
    path = "/platform/rooms/{id}/messages",
    tag = "platform",
    operation_id = "platform_room_post",
    params(("id" = uuid::Uuid, Path, description = "The room.")),
    request_body = NewSystemMessage,
    responses((status = 201, description = "Done.", body = Message))
)]
pub async fn post(
    State(context): Shared,
    by: Service,
    Id(room): Id<RoomId>,
    Keyed { key, body: NewSystemMessage(said) }: Keyed<NewSystemMessage>,
) -> Result<Response, Refused> {
    let job = PostSystem { by: by.clone(), room, said, id: MessageId(context.sources.uuid()) };
    let asking = Asking { by, scope: Scope::MessagesSystem, key };
    asking.once(&context, StatusCode::CREATED, job).await
}
