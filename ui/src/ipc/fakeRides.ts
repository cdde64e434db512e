// Scenes of a trip's life: it is delayed, people get in, it is called off.

import { DAY, HOUR, MINUTE, people } from "./fakePeople";
import { newestSeq, type FakeRoom, type FakeWorld } from "./fakeWorld";
import type { Booking } from "./generated/Booking";
import type { BookingStatus } from "./generated/BookingStatus";
import type { Review } from "./generated/Review";
import type { System } from "./generated/System";
import type { Trip } from "./generated/Trip";

type Who = keyof typeof people;

/** Who rides, on how many seats, and how far they are when the trip boards. */
const RIDERS: [Who, string, number, BookingStatus][] = [
  ["dana", "B7K-42M", 1, "confirmed"],
  ["timur", "Q3F-9TD", 1, "boarded"],
  ["bakyt", "H8W-5XN", 2, "boarded"],
  ["malika", "M2C-7RK", 1, "confirmed"],
  ["oleg", "T6P-3VD", 1, "no_show"],
  ["lucia", "W4N-8HJ", 1, "requested"],
  ["yerlan", "X9D-2QF", 1, "declined"],
];

/** The server's words in the first room, so many minutes ago. */
function says(room: FakeRoom, now: number, minutes: number, system: System): void {
  const { user, name } = people.aigerim;
  const seq = newestSeq(room) + 1;
  room.rows.push({
    id: `said-${seq}`,
    seq,
    author: user,
    author_name: name,
    text: null,
    system,
    at: now - minutes * MINUTE,
    deleted: false,
    edited: false,
    change: null,
    failure: null,
  });
  room.read = seq;
}

function stands(room: FakeRoom, world: FakeWorld, change: Partial<Trip>): void {
  const trip: Trip = { ...world.trips[0]!, ...change };
  world.trips = [trip, ...world.trips.slice(1)];
  for (const one of world.rooms) if (one.trip?.id === trip.id) one.trip = trip;
  room.trip = trip;
}

/** The trip boards: some are in, one did not come, one asks at the last moment. */
export function boarding(room: FakeRoom, world: FakeWorld, now: number): void {
  stands(room, world, { status: "boarding", seats_free: 0 });
  const trip = world.trips[0]!.id;
  world.bookings = RIDERS.map(([who, number, seats, status], i): Booking => ({
    id: `b-${i}`,
    number,
    trip,
    passenger: people[who].user,
    passenger_name: people[who].name,
    seats,
    status,
    requested_at: now - 2 * HOUR,
  }));
  says(room, now, 1, { code: "BOARDING" });
}

/** Everything that the server can say, between what people write. */
export function spoken(room: FakeRoom, world: FakeWorld, now: number): void {
  const vehicle = { model: "Mercedes Sprinter", colour: "white", plate: "715 BTA 13" };
  room.rows = room.rows.slice(0, 5);
  says(room, now, 95, { code: "DELAYED", params: { minutes: 20 } });
  const { user, name } = people.aigerim;
  const plain = { system: null, deleted: false, edited: false, change: null, failure: null };
  for (const text of ["Another van takes us.", "It is larger, so there is room for the bicycle."]) {
    const seq = newestSeq(room) + 1;
    room.rows.push({
      id: `by-${seq}`,
      seq,
      author: user,
      author_name: name,
      text,
      at: now - 93 * MINUTE,
      ...plain,
    });
  }
  says(room, now, 92, { code: "VEHICLE_CHANGED", params: { vehicle } });
  says(room, now, 60, { code: "DELAYED", params: { minutes: -90 } });
  says(room, now, 50, { code: "BOARDING" });
  says(room, now, 40, { code: "STARTED" });
  says(room, now, 4, { code: "ARRIVED" });
  says(room, now, 2, { code: "COMPLETED" });
  stands(room, world, { status: "closed", vehicle });
}

/** The trip was called off, and so were its bookings. */
export function calledOff(room: FakeRoom, world: FakeWorld, now: number): void {
  stands(room, world, { status: "cancelled" });
  world.bookings = world.bookings.map((booking) => ({ ...booking, status: "cancelled" }));
  says(room, now, 1, { code: "TRIP_CANCELLED" });
}

/** The trip has arrived: its bookings are completed, and some of its people have said how it was. */
export function arrived(room: FakeRoom, world: FakeWorld, now: number): void {
  stands(room, world, { status: "arrived" });
  const trip = world.trips[0]!.id;
  world.bookings = RIDERS.slice(0, 4).map(([who, number, seats], i): Booking => ({
    id: `b-${i}`,
    number,
    trip,
    passenger: people[who].user,
    passenger_name: people[who].name,
    seats,
    status: "completed",
    requested_at: now - 2 * DAY,
  }));
  const words = [
    "",
    "Calm driving, and she knew a way around the queue at Korday.",
    "We left ten minutes late, and she told us in time.",
    "Рахмет! Жол жақсы өтті.",
  ];
  const about = (i: number, from: Who, to: Who, stars: number, text: string): Review => ({
    booking: `b-${i}`,
    author: people[from].user,
    author_name: people[from].name,
    subject: people[to].user,
    stars,
    text,
    at: now - i * HOUR,
    open_until: now + 7 * DAY - i * HOUR,
  });
  world.reviews = [
    ...[1, 2, 3].map((i) => about(i, RIDERS[i]![0], "aigerim", i === 2 ? 4 : 5, words[i]!)),
    about(1, "aigerim", "timur", 5, "On time, and easy company."),
  ];
  says(room, now, 1, { code: "ARRIVED" });
}

/** One's own bookings in every state. */
export function booked(world: FakeWorld, now: number): void {
  const { user, name } = people.dana;
  const statuses: BookingStatus[] = ["confirmed", "requested", "no_show", "completed"];
  world.bookings = statuses.map((status, i): Booking => ({
    id: `b-${i}`,
    number: RIDERS[i]![1],
    trip: world.trips[i]!.id,
    passenger: user,
    passenger_name: name,
    seats: i === 1 ? 2 : 1,
    status,
    requested_at: now - i * HOUR,
  }));
  world.trips = world.trips.map((trip, i) => {
    const status = (["boarding", "planned", "under_way", "closed"] as const)[i] ?? trip.status;
    return { ...trip, status };
  });
}
