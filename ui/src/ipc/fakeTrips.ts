// Trips and bookings of the core's twin. They move as the server moves them, and its words appear in their rooms.

import { Refused } from "./client";
import { FakeRooms } from "./fakeRooms";
import { emptyRoom, member } from "./fakeWorld";
import type { Booking } from "./generated/Booking";
import type { BookingStatus } from "./generated/BookingStatus";
import type { MyBooking } from "./generated/MyBooking";
import type { NewBooking } from "./generated/NewBooking";
import type { NewTrip } from "./generated/NewTrip";
import type { System } from "./generated/System";
import type { Trip } from "./generated/Trip";
import type { TripChange } from "./generated/TripChange";
import type { TripStatus } from "./generated/TripStatus";

/** From where a trip may be moved to a status. */
const BEFORE: Record<TripStatus, TripStatus[]> = {
  planned: ["boarding"],
  boarding: ["planned"],
  under_way: ["boarding"],
  arrived: ["under_way"],
  closed: ["arrived"],
  cancelled: ["planned", "boarding"],
};

const SAID: Partial<Record<TripStatus, System>> = {
  boarding: { code: "BOARDING" },
  under_way: { code: "STARTED" },
  arrived: { code: "ARRIVED" },
  closed: { code: "COMPLETED" },
  cancelled: { code: "TRIP_CANCELLED" },
};

const fold = (text: string) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

export class FakeTrips extends FakeRooms {
  trips() {
    return this.answer("trips", () => [...this.world.trips]);
  }

  searchTrips(from: string, to: string, after: number | null, before: number | null) {
    return this.answer("searchTrips", () =>
      this.world.trips.filter(({ stops }) => {
        const at = stops.findIndex(({ place }) => begins(place, from));
        const leaves = stops[at]?.at;
        if (leaves === undefined || leaves < (after ?? leaves) || leaves >= (before ?? Infinity))
          return false;
        return stops.slice(at + 1).some(({ place }) => begins(place, to));
      }),
    );
  }

  findTrip(trip: string) {
    return this.answer("findTrip", () => this.#trip(trip));
  }

  tripBookings(trip: string) {
    return this.answer("tripBookings", () => {
      const drives = this.#trip(trip).driver === this.world.me?.user;
      return this.world.bookings.filter(
        (booking) => booking.trip === trip && (drives || booking.passenger === this.world.me?.user),
      );
    });
  }

  myBookings() {
    return this.answer("myBookings", (): MyBooking[] =>
      this.world.bookings
        .filter(({ passenger }) => passenger === this.me().user)
        .map((booking) => ({ booking, trip: this.#trip(booking.trip) })),
    );
  }

  createTrip(wanted: NewTrip) {
    return this.answer("createTrip", () => {
      const me = this.me();
      const id = this.id("trip");
      const room = this.id("room");
      const own = { driver: me.user, driver_name: me.name, status: "planned" as const };
      const trip: Trip = { id, room, ...own, ...wanted, seats_free: wanted.seats };
      this.world.trips.push(trip);
      const members = [member(me, { role: "OWNER", presence: "online" })];
      this.world.rooms.push(
        emptyRoom({ id: room, room_type: "TRIP", trip, members, madeAt: this.world.now() }),
      );
      this.emit({ type: "inbox" });
      return trip;
    });
  }

  setTripStatus(trip: string, status: TripStatus) {
    return this.answer("setTripStatus", () => {
      const old = this.#own(trip);
      if (old.status === status) return old;
      if (!BEFORE[status].includes(old.status)) throw new Refused("NOT_NOW");
      const said = SAID[status];
      const now = this.#now({ ...old, status }, said ? [said] : []);
      this.#follow(now);
      return now;
    });
  }

  changeTrip(trip: string, change: TripChange) {
    return this.answer("changeTrip", () => {
      const old = this.#own(trip);
      if (old.status !== "planned" && old.status !== "boarding") throw new Refused("NOT_NOW");
      const stops = change.stops ?? old.stops;
      const vehicle = change.vehicle ?? old.vehicle;
      const minutes = Math.round((stops[0]!.at - old.stops[0]!.at) / 60_000);
      const said: System[] = minutes === 0 ? [] : [{ code: "DELAYED", params: { minutes } }];
      if (JSON.stringify(vehicle) !== JSON.stringify(old.vehicle))
        said.push({ code: "VEHICLE_CHANGED", params: { vehicle } });
      return this.#now({ ...old, stops, vehicle }, said);
    });
  }

  requestBooking(trip: string, { seats, pickup, dropoff }: NewBooking) {
    return this.answer("requestBooking", () => {
      const me = this.me();
      const last = this.#trip(trip).stops.length - 1;
      if (seats > this.#trip(trip).seats_free) throw new Refused("SEATS_TAKEN");
      const booking: Booking = {
        id: this.id("booking"),
        number: "B7K-42M",
        trip,
        passenger: me.user,
        passenger_name: me.name,
        seats,
        pickup: pickup === 0 ? null : (pickup ?? null),
        dropoff: dropoff === last ? null : (dropoff ?? null),
        status: "requested",
        requested_at: this.world.now(),
      };
      this.world.bookings.push(booking);
      return this.#withRoom(booking);
    });
  }

  bookingRoom(booking: string) {
    return this.answer("bookingRoom", () => this.#withRoom(this.#booking(booking)));
  }

  confirmBooking(booking: string) {
    return this.answer("confirmBooking", () => {
      const { seats, trip } = this.#booking(booking);
      if (seats > this.#trip(trip).seats_free) throw new Refused("SEATS_TAKEN");
      return this.#move(booking, ["requested"], "confirmed", -seats);
    });
  }

  declineBooking(booking: string) {
    return this.answer("declineBooking", () => this.#move(booking, ["requested"], "declined"));
  }

  cancelBooking(booking: string) {
    return this.answer("cancelBooking", () => {
      const { seats, status } = this.#booking(booking);
      return this.#move(booking, ["requested", "confirmed"], "cancelled", status === "confirmed" ? seats : 0);
    });
  }

  boardBooking(booking: string) {
    return this.answer("boardBooking", () => this.#move(booking, ["confirmed"], "boarded"));
  }

  noShowBooking(booking: string) {
    return this.answer("noShowBooking", () => this.#move(booking, ["confirmed"], "no_show"));
  }

  unboardBooking(booking: string) {
    return this.answer("unboardBooking", () => this.#move(booking, ["boarded"], "confirmed"));
  }

  /** The trip as it is from now on, in its room too, and what the server says about it there. */
  #now(trip: Trip, said: System[]): Trip {
    this.world.trips = this.world.trips.map((other) => (other.id === trip.id ? trip : other));
    for (const room of this.world.rooms) if (room.trip?.id === trip.id) room.trip = trip;
    for (const one of said) this.hearSystem(trip.room, trip.driver, one);
    this.emit({ type: "inbox" });
    return trip;
  }

  /** What becomes of the bookings when a trip sets off, arrives or is called off. */
  #follow({ id, status }: Trip): void {
    const ends: Partial<Record<TripStatus, Partial<Record<BookingStatus, BookingStatus>>>> = {
      under_way: { requested: "expired" },
      arrived: { confirmed: "completed", boarded: "completed" },
      cancelled: { requested: "cancelled", confirmed: "cancelled", boarded: "cancelled" },
    };
    this.world.bookings = this.world.bookings.map((booking) =>
      booking.trip === id
        ? { ...booking, status: ends[status]?.[booking.status] ?? booking.status }
        : booking,
    );
  }

  /** The booking with its room, where passenger and driver are alone. */
  #withRoom(booking: Booking): Booking {
    if (booking.room) return booking;
    const trip = this.#trip(booking.trip);
    const id = this.id("room");
    const made: Booking = { ...booking, room: id };
    const members = [
      member({ user: trip.driver, name: trip.driver_name }, { role: "OWNER" }),
      member({ user: booking.passenger, name: booking.passenger_name }),
    ];
    this.world.rooms.push(
      emptyRoom({ id, room_type: "BOOKING", trip, booking: made, members, madeAt: this.world.now() }),
    );
    this.#keep(made);
    this.hearSystem(id, booking.passenger, { code: "REQUESTED", params: { seats: booking.seats } });
    this.emit({ type: "inbox" });
    return made;
  }

  /** The booking as it is from now on, in its room too. */
  #keep(booking: Booking): void {
    this.world.bookings = this.world.bookings.map((other) => (other.id === booking.id ? booking : other));
    for (const room of this.world.rooms) if (room.booking?.id === booking.id) room.booking = booking;
  }

  #move(id: string, from: BookingStatus[], status: BookingStatus, freed = 0): Booking {
    const old = this.#booking(id);
    if (!from.includes(old.status)) throw new Refused("NOT_NOW");
    const moved: Booking = { ...old, status };
    this.#keep(moved);
    const trip = this.#trip(moved.trip);
    this.#now({ ...trip, seats_free: trip.seats_free + freed }, []);
    return moved;
  }

  #booking(id: string): Booking {
    const found = this.world.bookings.find((booking) => booking.id === id);
    if (!found) throw new Refused("BOOKING_NOT_FOUND");
    return found;
  }

  #own(id: string): Trip {
    const found = this.#trip(id);
    if (found.driver !== this.me().user) throw new Refused("TRIP_NOT_FOUND");
    return found;
  }

  #trip(id: string): Trip {
    const found = this.world.trips.find((trip) => trip.id === id);
    if (!found) throw new Refused("TRIP_NOT_FOUND");
    return found;
  }
}

/** Every word is the beginning of a word of the place. */
function begins(place: string, words: string): boolean {
  const has = fold(place).match(/[\p{L}\p{N}]+/gu) ?? [];
  const wanted = fold(words).match(/[\p{L}\p{N}]+/gu) ?? [];
  return wanted.every((word) => has.some((one) => one.startsWith(word)));
}
