// What a trip says in a line.

import type { Booking } from "../ipc/generated/Booking";
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

/** What leads to a trip from outside of the app: `src-tauri/src/links.rs` understands it. */
export function tripLink(id: string): string {
  return `tripchat://trip/${id}`;
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

/** Where a booking's people get in and out; `null` if they ride the whole way. */
export function stretchOf(
  { pickup, dropoff }: Pick<Booking, "pickup" | "dropoff">,
  stops: readonly Stop[],
): { from: Stop; to: Stop } | null {
  const from = stops[pickup ?? 0];
  const to = stops[dropoff ?? stops.length - 1];
  const whole = from === stops[0] && to === stops.at(-1);
  return from && to && !whole ? { from, to } : null;
}

/** Whether a booking still holds or asks for seats. */
export function isOpen(status: BookingStatus): boolean {
  return status === "requested" || status === "confirmed" || status === "boarded";
}

/** Where the driver moves a trip on to; `null` at its end. */
export function nextStatus(status: TripStatus): "boarding" | "under_way" | "arrived" | "closed" | null {
  const next = {
    planned: "boarding",
    boarding: "under_way",
    under_way: "arrived",
    arrived: "closed",
  } as const;
  return status === "closed" || status === "cancelled" ? null : next[status];
}

/** Whether a trip can still be changed or called off: it stands where it was offered. */
export function hasNotLeft(status: TripStatus): boolean {
  return status === "planned" || status === "boarding";
}

/** Whether the driver says who is in: from boarding to arrival. */
export function isBoardedAt(status: TripStatus): boolean {
  return status === "boarding" || status === "under_way";
}

/** Whether a booking's passenger can call it off. */
export function canCancel(booking: BookingStatus, trip: TripStatus): boolean {
  return booking === "requested" || (booking === "confirmed" && hasNotLeft(trip));
}

/** People, not bookings: how many are aboard, did not come, and were to come in all. */
export function rollCall(bookings: readonly Booking[]): { aboard: number; absent: number; all: number } {
  const count = (wanted: BookingStatus) =>
    bookings.reduce((sum, { status, seats }) => sum + (status === wanted ? seats : 0), 0);
  const [aboard, absent] = [count("boarded"), count("no_show")];
  return { aboard, absent, all: aboard + absent + count("confirmed") };
}

/** Who asks, who rides, and what came to nothing. Whoever gets in keeps their place in the list. */
export function sorted(bookings: readonly Booking[]): { asks: Booking[]; rides: Booking[]; over: Booking[] } {
  const over: BookingStatus[] = ["declined", "expired", "cancelled"];
  return {
    asks: bookings.filter(({ status }) => status === "requested"),
    rides: bookings.filter(({ status }) => status !== "requested" && !over.includes(status)),
    over: bookings.filter(({ status }) => over.includes(status)),
  };
}

/** The word for what a passenger is told about their booking; `null` where its status says it all. */
export function bookingNote(booking: BookingStatus, trip: TripStatus): string | null {
  switch (booking) {
    case "requested":
      return "booking-waits-for-driver";
    case "confirmed":
      if (trip === "boarding") return "booking-go-note";
      return trip === "planned" ? "booking-confirmed-note" : "booking-gone-note";
    case "boarded":
      return "booking-aboard-note";
    case "declined":
      return "booking-declined-note";
    case "expired":
      return "booking-expired-note";
    case "cancelled":
      return trip === "cancelled" ? "booking-off-note" : null;
    case "no_show":
      return "booking-no-show-note";
    case "completed":
      return "booking-completed-note";
  }
}
