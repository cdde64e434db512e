// What a trip says in a line.

import type { Stop } from "../ipc/generated/Stop";
import type { Trip } from "../ipc/generated/Trip";
import type { TripStatus } from "../ipc/generated/TripStatus";
import type { BookingStatus } from "../ipc/generated/BookingStatus";

type Look = "plain" | "accent" | "ok" | "warn" | "danger";

/** The first and the last stop. The server takes no trip with fewer than two. */
export function ends(trip: Trip): { from: Stop; to: Stop } {
  const nowhere: Stop = { place: "", zone: "UTC", at: 0 };
  return { from: trip.stops[0] ?? nowhere, to: trip.stops.at(-1) ?? nowhere };
}

export function vehicleLine({ vehicle }: Trip): string {
  return [vehicle.model, vehicle.colour].filter(Boolean).join(", ");
}

const TRIP_LOOKS: Record<TripStatus, Look> = {
  planned: "plain",
  boarding: "warn",
  under_way: "accent",
  arrived: "ok",
  closed: "plain",
  cancelled: "danger",
};

export function tripLook(status: TripStatus): Look {
  return TRIP_LOOKS[status];
}

const BOOKING_LOOKS: Record<BookingStatus, Look> = {
  requested: "warn",
  confirmed: "ok",
  declined: "danger",
  expired: "plain",
  cancelled: "plain",
  boarded: "accent",
  no_show: "danger",
  completed: "plain",
};

export function bookingLook(status: BookingStatus): Look {
  return BOOKING_LOOKS[status];
}

/** Whether a booking still holds or asks for seats. */
export function isOpen(status: BookingStatus): boolean {
  return status === "requested" || status === "confirmed" || status === "boarded";
}
