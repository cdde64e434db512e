// The core's twin in memory: for tests, and for `npm run dev` in a browser. Accounts, trips and bookings stand
// here, rooms in `fakeRooms.ts`; it is no part of the app.

import { Refused, type Tripchat } from "./client";
import { FakeRooms } from "./fakeRooms";
import { sceneFor } from "./fakeScenes";
import { emptyRoom, emptyWorld, member } from "./fakeWorld";
import type { Booking } from "./generated/Booking";
import type { BookingStatus } from "./generated/BookingStatus";
import type { NewTrip } from "./generated/NewTrip";
import type { Trip } from "./generated/Trip";

export class FakeTripchat extends FakeRooms implements Tripchat {
  start() {
    return this.answer("start", () => ({
      account: this.world.me && { ...this.world.me, server: this.world.server },
      server: this.world.server,
      connection: this.world.connection,
      remembers: this.world.remembers,
    }));
  }

  register(server: string, _email: string, _password: string, name: string) {
    return this.answer("register", () => this.#enter(server, name));
  }

  signIn(server: string, email: string, password: string) {
    return this.answer("signIn", () => {
      if (password === "wrong") throw new Refused("WRONG_CREDENTIALS");
      return this.#enter(server, email.split("@")[0] ?? email);
    });
  }

  signOut(discardUnsent: boolean) {
    return this.answer("signOut", () => {
      const waiting = this.world.rooms.flatMap(({ rows }) => rows).filter(({ seq }) => seq === null).length;
      if (waiting > 0 && !discardUnsent) throw new Refused("CONFLICT", String(waiting));
      this.world.me = null;
      this.world.rooms = [];
    });
  }

  trips() {
    return this.answer("trips", () => [...this.world.trips]);
  }

  tripBookings(trip: string) {
    return this.answer("tripBookings", () => {
      const drives = this.#trip(trip).driver === this.world.me?.user;
      return this.world.bookings.filter(
        (booking) => booking.trip === trip && (drives || booking.passenger === this.world.me?.user),
      );
    });
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

  requestBooking(trip: string, seats: number) {
    return this.answer("requestBooking", () => {
      const me = this.me();
      if (seats > this.#trip(trip).seats_free) throw new Refused("SEATS_TAKEN");
      const booking: Booking = {
        id: this.id("booking"),
        number: "B7K-42M",
        trip,
        passenger: me.user,
        passenger_name: me.name,
        seats,
        status: "requested",
        requested_at: this.world.now(),
      };
      this.world.bookings.push(booking);
      return booking;
    });
  }

  confirmBooking(booking: string) {
    return this.answer("confirmBooking", () => {
      const { seats, trip } = this.#booking(booking);
      if (seats > this.#trip(trip).seats_free) throw new Refused("SEATS_TAKEN");
      return this.#move(booking, "confirmed", -seats);
    });
  }

  cancelBooking(booking: string) {
    return this.answer("cancelBooking", () => {
      const { seats, status } = this.#booking(booking);
      return this.#move(booking, "cancelled", status === "confirmed" ? seats : 0);
    });
  }

  #enter(server: string, name: string) {
    this.world.me = { user: "u-dana", name };
    this.world.server = server;
    this.connect("online");
    return { ...this.world.me, server };
  }

  #move(id: string, status: BookingStatus, freed: number): Booking {
    const moved: Booking = { ...this.#booking(id), status };
    this.world.bookings = this.world.bookings.map((other) => (other.id === id ? moved : other));
    this.world.trips = this.world.trips.map((trip) =>
      trip.id === moved.trip ? { ...trip, seats_free: trip.seats_free + freed } : trip,
    );
    return moved;
  }

  #booking(id: string): Booking {
    const found = this.world.bookings.find((booking) => booking.id === id);
    if (!found) throw new Refused("BOOKING_NOT_FOUND");
    return found;
  }

  #trip(id: string): Trip {
    const found = this.world.trips.find((trip) => trip.id === id);
    if (!found) throw new Refused("TRIP_NOT_FOUND");
    return found;
  }
}

/** The twin that the address asks for: `?scene=offline`, `?scene=driver` and so on. */
export function fakeFor(query: URLSearchParams): FakeTripchat {
  const fake = new FakeTripchat(sceneFor(query.get("scene") ?? "ride", emptyWorld()));
  window.scene = handles(fake);
  return fake;
}

/** What a scene can be moved by from outside; everything happens in its first room unless another is named. */
function handles(fake: FakeTripchat) {
  const first = () => fake.world.rooms[0]!.id;
  return {
    /** Others write so many messages. */
    hear(room = first(), count = 1): void {
      const { members } = fake.world.rooms.find(({ id }) => id === room)!;
      const others = members.filter(({ user }) => user !== fake.world.me?.user);
      for (let i = 0; i < count; i += 1)
        fake.hearMessage(room, others[i % others.length]!.user, `News from the road, number ${i + 1}.`);
    },
    /** A message becomes longer by two lines. */
    edit: (seq: number, text = "This was changed.\nIt is longer now.\nBy two lines."): void =>
      fake.change(first(), seq, text),
    /** Fifty older messages come out of the newest hole. */
    older: (room = first(), count = 50): void => fake.fill(room, count),
    /** Someone writes, or stops. */
    type: (names: string[], room = first()): void => fake.write(room, names),
    connect: (connection: FakeTripchat["world"]["connection"]): void => fake.connect(connection),
  };
}

declare global {
  interface Window {
    scene?: ReturnType<typeof handles>;
  }
}
