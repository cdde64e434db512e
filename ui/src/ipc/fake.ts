// The core's twin in memory: for tests, and for `npm run dev` in a browser. It keeps the promises that the screen
// relies on (a message waits until the network is there, a refusal has a code); it is no part of the app.

import { Refused, type Tripchat } from "./client";
import { sceneFor } from "./fakeScenes";
import { emptyWorld, type FakeRoom, type FakeWorld } from "./fakeWorld";
import type { Booking } from "./generated/Booking";
import type { ClientEvent } from "./generated/ClientEvent";
import type { ConnectionView } from "./generated/ConnectionView";
import type { InboxRow } from "./generated/InboxRow";
import type { NewTrip } from "./generated/NewTrip";
import type { TimelineRow } from "./generated/TimelineRow";
import type { Trip } from "./generated/Trip";

export class FakeTripchat implements Tripchat {
  #hearers = new Set<(event: ClientEvent) => void>();
  #made = 0;

  constructor(readonly world: FakeWorld) {}

  listen(hear: (event: ClientEvent) => void): Promise<() => void> {
    this.#hearers.add(hear);
    return Promise.resolve(() => void this.#hearers.delete(hear));
  }

  emit(event: ClientEvent): void {
    for (const hear of this.#hearers) hear(event);
  }

  /** Moves the connection; what waited is sent as soon as it is there. */
  connect(connection: ConnectionView): void {
    this.world.connection = connection;
    this.emit({ type: "connection", connection });
    if (connection !== "online") return;
    for (const room of this.world.rooms) {
      room.rows = room.rows.map((row) => (row.state === "waiting" ? this.#sent(room, row) : row));
      this.emit({ type: "room", room: room.id });
    }
  }

  /** Someone else writes. */
  hearMessage(room: string, author: string, text: string): void {
    const found = this.#room(room);
    const name = found.members.find(({ user }) => user === author)?.name ?? author;
    found.rows.push(this.#sent(found, { ...this.#row(author, name, text), mine: false }));
    this.emit({ type: "room", room });
  }

  start() {
    return this.#answer("start", () => ({
      account: this.world.me && { ...this.world.me, server: this.world.server },
      server: this.world.server,
      connection: this.world.connection,
      remembers: this.world.remembers,
    }));
  }

  register(server: string, _email: string, _password: string, name: string) {
    return this.#answer("register", () => this.#enter(server, name));
  }

  signIn(server: string, email: string, password: string) {
    return this.#answer("signIn", () => {
      if (password === "wrong") throw new Refused("WRONG_CREDENTIALS");
      return this.#enter(server, email.split("@")[0] ?? email);
    });
  }

  signOut(discardUnsent: boolean) {
    return this.#answer("signOut", () => {
      const waiting = this.world.rooms
        .flatMap(({ rows }) => rows)
        .filter(({ state }) => state !== "sent").length;
      if (waiting > 0 && !discardUnsent) throw new Refused("CONFLICT", String(waiting));
      this.world.me = null;
      this.world.rooms = [];
    });
  }

  inbox() {
    return this.#answer("inbox", () =>
      this.world.rooms.map(inboxRow).sort((a, b) => b.active_at - a.active_at),
    );
  }

  room(room: string) {
    return this.#answer("room", () => {
      const { id, trip, members } = this.#room(room);
      return {
        room: id,
        room_type: "TRIP" as const,
        name: null,
        trip,
        members,
        can_write: trip.status !== "closed",
      };
    });
  }

  timeline(room: string, before: number | null, limit: number) {
    return this.#answer("timeline", () => {
      const rows = this.#room(room).rows.filter(
        ({ seq }) => before === null || (seq !== null && seq < before),
      );
      return { rows: rows.slice(-limit), has_more: rows.length > limit };
    });
  }

  send(room: string, text: string) {
    return this.#answer("send", () => {
      const found = this.#room(room);
      const me = this.world.me;
      if (!me) throw new Refused("NOT_SIGNED_IN");
      const row = { ...this.#row(me.user, me.name, text), mine: true };
      found.rows.push(this.world.connection === "online" ? this.#sent(found, row) : row);
      this.emit({ type: "room", room });
      return row.id;
    });
  }

  retry(message: string) {
    return this.#answer("retry", () => {
      const { room, row } = this.#message(message);
      const again: TimelineRow = { ...row, state: "waiting", failure: null };
      room.rows = room.rows.filter(({ id }) => id !== message);
      room.rows.push(this.world.connection === "online" ? this.#sent(room, again) : again);
      this.emit({ type: "room", room: room.id });
    });
  }

  discard(message: string) {
    return this.#answer("discard", () => {
      const { room, row } = this.#message(message);
      room.rows = room.rows.filter(({ id }) => id !== message);
      this.emit({ type: "room", room: room.id });
      return row.text ?? "";
    });
  }

  trips() {
    return this.#answer("trips", () => [...this.world.trips]);
  }

  tripBookings(trip: string) {
    return this.#answer("tripBookings", () => {
      const drives = this.#trip(trip).driver === this.world.me?.user;
      return this.world.bookings.filter(
        (booking) => booking.trip === trip && (drives || booking.passenger === this.world.me?.user),
      );
    });
  }

  createTrip(wanted: NewTrip) {
    return this.#answer("createTrip", () => {
      const me = this.world.me;
      if (!me) throw new Refused("NOT_SIGNED_IN");
      const id = this.#id("trip");
      const room = this.#id("room");
      const own = { driver: me.user, driver_name: me.name, status: "planned" as const };
      const trip: Trip = { id, room, ...own, ...wanted, seats_free: wanted.seats };
      this.world.trips.push(trip);
      this.world.rooms.push({
        id: room,
        trip,
        members: [{ ...me, role: "OWNER" }],
        rows: [],
        madeAt: this.world.now(),
      });
      this.emit({ type: "inbox" });
      return trip;
    });
  }

  requestBooking(trip: string, seats: number) {
    return this.#answer("requestBooking", () => {
      const me = this.world.me;
      if (!me) throw new Refused("NOT_SIGNED_IN");
      if (seats > this.#trip(trip).seats_free) throw new Refused("SEATS_TAKEN");
      const booking: Booking = {
        id: this.#id("booking"),
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
    return this.#answer("confirmBooking", () => {
      const found = this.world.bookings.find(({ id }) => id === booking);
      if (!found) throw new Refused("BOOKING_NOT_FOUND");
      const trip = this.#trip(found.trip);
      if (found.seats > trip.seats_free) throw new Refused("SEATS_TAKEN");
      const confirmed: Booking = { ...found, status: "confirmed" };
      this.world.bookings = this.world.bookings.map((other) => (other.id === booking ? confirmed : other));
      const left = { ...trip, seats_free: trip.seats_free - found.seats };
      this.world.trips = this.world.trips.map((other) => (other.id === left.id ? left : other));
      return confirmed;
    });
  }

  /** Answers later, as the real one does, and refuses when it was told to. */
  async #answer<T>(name: keyof Tripchat, work: () => T): Promise<T> {
    await Promise.resolve();
    const code = this.world.refuse[name];
    if (code) {
      delete this.world.refuse[name];
      throw new Refused(code);
    }
    return work();
  }

  #enter(server: string, name: string) {
    this.world.me = { user: "u-dana", name };
    this.world.server = server;
    this.connect("online");
    return { ...this.world.me, server };
  }

  #id(kind: string): string {
    this.#made += 1;
    return `${kind}-${this.#made}`;
  }

  #row(author: string, author_name: string, text: string): TimelineRow {
    const id = this.#id("message");
    return {
      id,
      seq: null,
      author,
      author_name,
      mine: false,
      text,
      at: this.world.now(),
      state: "waiting",
      failure: null,
    };
  }

  #sent(room: FakeRoom, row: TimelineRow): TimelineRow {
    const newest = Math.max(0, ...room.rows.map(({ seq }) => seq ?? 0));
    return { ...row, seq: newest + 1, state: "sent" };
  }

  #room(id: string): FakeRoom {
    const found = this.world.rooms.find((room) => room.id === id);
    if (!found) throw new Refused("ROOM_NOT_FOUND");
    return found;
  }

  #trip(id: string): Trip {
    const found = this.world.trips.find((trip) => trip.id === id);
    if (!found) throw new Refused("TRIP_NOT_FOUND");
    return found;
  }

  #message(id: string): { room: FakeRoom; row: TimelineRow } {
    for (const room of this.world.rooms) {
      const row = room.rows.find((row) => row.id === id);
      if (row) return { room, row };
    }
    throw new Refused("GONE");
  }
}

function inboxRow(room: FakeRoom): InboxRow {
  const last = room.rows.at(-1);
  return {
    room: room.id,
    room_type: "TRIP",
    name: null,
    trip: room.trip,
    last: last
      ? { author_name: last.author_name, mine: last.mine, text: last.text, state: last.state }
      : null,
    active_at: last?.at ?? room.madeAt,
  };
}

/** The twin that the address asks for: `?scene=offline`, `?scene=driver` and so on. */
export function fakeFor(query: URLSearchParams): FakeTripchat {
  return new FakeTripchat(sceneFor(query.get("scene") ?? "ride", emptyWorld()));
}
