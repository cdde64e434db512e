// Scenes for the browser: what the screen looks like in every state that a person can meet.

import { DAY, HOUR, MINUTE, people, signInsUntil, tripsFrom } from "./fakePeople";
import { arrived, boarding, booked, calledOff, spoken } from "./fakeRides";
import { emptyRoom, member, newestSeq, type FakeMessage, type FakeRoom, type FakeWorld } from "./fakeWorld";
import type { Booking } from "./generated/Booking";
import type { Trip } from "./generated/Trip";

type Who = keyof typeof people;

const TALK: [keyof typeof people, number, string][] = [
  ["aigerim", -26 * HOUR, "Good evening everyone. We leave tomorrow at 08:00 from Sayran, platform 4."],
  [
    "aigerim",
    -26 * HOUR + MINUTE,
    "Silver Alphard, 482 KZA 02. Please have your passports at hand for Korday.",
  ],
  ["timur", -25.5 * HOUR, "Thank you. Is there place for a folded bicycle?"],
  ["aigerim", -25.4 * HOUR, "Yes, if it goes under the last row. Come ten minutes early and we will try."],
  ["dana", -25 * HOUR, "I have one suitcase and a small bag."],
  ["aigerim", -40 * MINUTE, "Good morning. The road is clear, the border shows about 25 minutes of waiting."],
  ["lucia", -34 * MINUTE, "Great. Can you let me out at the mall before the centre of Bishkek?"],
  ["aigerim", -33 * MINUTE, "Of course."],
  ["dana", -9 * MINUTE, "I am at the station, by the ticket office."],
  ["dana", -8 * MINUTE, "Red coat, you cannot miss me."],
  ["aigerim", -3 * MINUTE, "I see you. Two minutes."],
];

const PLAIN = { system: null, deleted: false, edited: false, change: null, failure: null };

function said(id: string, seq: number | null, who: Who, at: number, text: string): FakeMessage {
  const { user, name } = people[who];
  return { id, seq, author: user, author_name: name, text, at, ...PLAIN };
}

function talk(room: string, now: number): FakeMessage[] {
  return TALK.map(([who, when, text], i) => said(`${room}-m${i}`, 5 + i, who, now + when, text));
}

/** Puts `count` messages before those of the room. */
function before(room: FakeRoom, count: number, now: number): void {
  const older = Array.from({ length: count }, (_, i) =>
    said(
      `old-${i}`,
      i + 1,
      i % 7 === 0 ? "dana" : i % 3 === 0 ? "timur" : "aigerim",
      now - 2 * DAY - (count - i) * 2 * MINUTE,
      i % 11 === 0
        ? `Message ${i + 1} of a long talk about the road: the pass was closed until the plough came, and it took until noon before anything moved.`
        : `Message ${i + 1} of a long talk about the road.`,
    ),
  );
  room.rows = [...older, ...room.rows.map((row) => ({ ...row, seq: (row.seq ?? 0) + count - 4 }))];
  readBy(room, newestSeq(room));
}

/** Everyone has everything, and has read it up to here. */
function readBy(room: FakeRoom, seq: number): void {
  room.read = newestSeq(room);
  room.members = room.members.map((member) => ({ ...member, delivered: newestSeq(room), read: seq }));
}

function waiting(room: FakeRoom, now: number): FakeMessage[] {
  const texts = [
    "The tunnel took the network.",
    "We are through the pass now.",
    "About forty minutes to the border.",
  ];
  return texts.map((text, i) => said(`${room.id}-w${i}`, null, "dana", now - (3 - i) * 20_000, text));
}

function passenger(who: Who): Pick<Booking, "passenger" | "passenger_name"> {
  return { passenger: people[who].user, passenger_name: people[who].name };
}

/** The rooms and bookings that most scenes begin with: a talk, a booking, an empty room, two people. */
function ride(world: FakeWorld, now: number): FakeRoom {
  const [first, second] = world.trips as [Trip, Trip];
  const here = { presence: "online" as const };
  const members = [
    member(people.aigerim, { role: "OWNER", ...here }),
    member(people.dana, here),
    member(people.lucia, { presence: "away" }),
    member(people.timur),
  ];
  const rows = talk(first.room, now);
  const room = emptyRoom({
    id: first.room,
    room_type: "TRIP",
    trip: first,
    members,
    rows,
    madeAt: now - 3 * DAY,
  });
  readBy(room, newestSeq(room) - 1);
  const quiet = emptyRoom({
    id: second.room,
    room_type: "TRIP",
    trip: second,
    members: [member(people.timur, { role: "OWNER" }), member(people.dana, here)],
    madeAt: now - 2 * DAY,
  });
  const booking = emptyRoom({
    id: "r-b1",
    room_type: "BOOKING",
    trip: first,
    members: [member(people.aigerim, here), member(people.dana, here)],
    rows: [
      said("b-m1", 3, "aigerim", now - 27 * HOUR, "Where shall I pick you up?"),
      said("b-m2", 4, "dana", now - 26.9 * HOUR, "At the ticket office, please. https://osm.org/go/Y0~z"),
    ],
    madeAt: now - 2 * DAY,
  });
  readBy(booking, 4);
  world.rooms = [room, quiet, booking];
  const seats = { trip: first.id, seats: 1, requested_at: now - 2 * DAY };
  world.bookings = [
    { ...seats, id: "b-1", room: booking.id, number: "B7K-42M", ...passenger("dana"), status: "confirmed" },
    { ...seats, id: "b-2", number: "Q3F-9TD", ...passenger("timur"), status: "confirmed" },
    {
      ...seats,
      id: "b-3",
      number: "H8W-5XN",
      ...passenger("lucia"),
      status: "requested",
      seats: 2,
      pickup: 1,
    },
  ];
  booking.booking = world.bookings[0]!;
  return room;
}

/** Thirty more messages that are not read, and a draft elsewhere. */
function unread(room: FakeRoom, world: FakeWorld, now: number): void {
  before(room, 60, now);
  room.rows = room.rows.map((row) => ({ ...row, at: row.at - 40 * MINUTE }));
  const last = newestSeq(room);
  const who: Who[] = ["aigerim", "timur", "lucia", "aigerim"];
  for (let i = 0; i < 30; i += 1) {
    const text =
      i % 4 === 0 ? "The queue at Korday is moving again." : `Kilometre ${180 + i * 3}, all is well.`;
    room.rows.push(said(`new-${i}`, last + 1 + i, who[i % 4]!, now - (31 - i) * 50_000, text));
  }
  const [, quiet, booking] = world.rooms;
  if (quiet) quiet.own.draft = "Is there room for skis on the";
  if (booking) booking.own.marked_unread = true;
}

/** One's own messages edited and deleted, with changes that wait and that were refused. */
function edited(room: FakeRoom, now: number): void {
  const last = newestSeq(room);
  const own = (n: number, text: string) => said(`own-${n}`, last + n, "dana", now - (9 - n) * 12_000, text);
  const refused = { id: "op-1", delete: false, failure: "CONFLICT" };
  const pending = { id: "op-2", delete: false, failure: null };
  const leaving = { id: "op-3", delete: true, failure: null };
  room.rows.push(
    { ...said("their-1", last + 1, "aigerim", now - 110_000, "Platform 6, not 4."), edited: true },
    { ...said("their-2", last + 2, "timur", now - 108_000, ""), text: null, deleted: true },
    { ...own(3, "I am by the blue kiosk now."), edited: true },
    { ...own(4, ""), text: null, deleted: true },
    { ...own(5, "Two bags after all."), change: refused },
    { ...own(6, "See you at platform 6."), change: pending },
    { ...own(7, "Never mind."), change: leaving },
  );
  readBy(room, last + 3);
}

/** A room of eight, two of whom came later, and one's own message that three of five have read. */
function groups(world: FakeWorld, now: number): void {
  const names = Object.keys(people) as Who[];
  const room = emptyRoom({ id: "r-g", room_type: "GROUP", name: "Airport carpool", madeAt: now - 9 * DAY });
  const lines: [Who, string][] = [
    ["yerlan", "Who lands before noon tomorrow?"],
    ["malika", "Me, 10:40 from Istanbul."],
    ["oleg", "11:15, with two suitcases. The list: https://example.org/carpool/november?from=ALA&to=city"],
    ["dana", "I can wait until 12:00 at door 3."],
    ["dana", "After that I have to go to the centre."],
    ["bakyt", "Рақмет, мен де келемін."],
  ];
  room.rows = lines.map(([who, text], i) => said(`g-${i}`, 10 + i, who, now - (20 - i) * MINUTE, text));
  room.members = names.map((name, i) =>
    member(people[name], {
      role: i === 0 ? "OWNER" : "MEMBER",
      presence: i % 3 === 0 ? "online" : i % 3 === 1 ? "away" : "offline",
      since: i >= 6 ? 15 : 1,
      delivered: i === 4 ? 12 : 15,
      read: i === 2 || i === 3 || i === 5 ? 15 : 12,
    }),
  );
  room.read = 15;
  world.rooms.unshift(room);
}

function asked(number: string, trip: string, now: number): Booking {
  const about = { id: number, number, trip, seats: 1, status: "requested" as const, requested_at: now - DAY };
  return { ...about, ...passenger("dana") };
}

/** Three hundred rooms, of every kind and in every state. */
function many(world: FakeWorld, now: number): void {
  const who = Object.keys(people) as Who[];
  const rest = Array.from({ length: 300 - world.rooms.length }, (_, i): FakeRoom => {
    const other = people[who[i % who.length]!];
    const trip = world.trips[i % world.trips.length]!;
    const at = now - (i + 1) * 47 * MINUTE;
    const kinds: Partial<FakeRoom>[] = [
      { room_type: "TRIP", trip },
      { room_type: "DIRECT", name: other.name },
      { room_type: "BOOKING", trip, booking: asked(`K${i}-7QD`, trip.id, now) },
    ];
    const room = emptyRoom({ id: `many-${i}`, room_type: "GROUP", madeAt: at, ...kinds[i % 3] });
    room.members = [member(other, { presence: i % 2 === 0 ? "online" : "offline" }), member(people.dana)];
    room.rows = Array.from({ length: (i % 5) * 4 }, (_, n) =>
      said(`many-${i}-${n}`, n + 1, who[i % who.length]!, at, `Line ${n + 1}`),
    );
    room.read = i % 4 === 0 ? 0 : newestSeq(room);
    if (i === 3) room.own.favourite = true;
    if (i % 9 === 5) room.own.muted_until = now + DAY;
    if (i % 20 === 7) room.own.archived = true;
    if (i % 30 === 11) room.state = "ended";
    return room;
  });
  world.rooms.push(...rest);
}

/** A request that waits in the private room, with what is said there by itself. */
function requested(world: FakeWorld, now: number, over: boolean): void {
  const room = world.rooms.find(({ id }) => id === "r-b1")!;
  const status = over ? ("declined" as const) : ("requested" as const);
  const booking = { ...room.booking!, seats: 2, status };
  world.bookings = world.bookings.map((other) => (other.id === booking.id ? booking : other));
  room.booking = booking;
  const says = (who: Who, seq: number, minutes: number, system: FakeMessage["system"]): FakeMessage => ({
    ...said(`b-s${seq}`, seq, who, now - minutes * MINUTE, ""),
    text: null,
    system,
  });
  const ask = says("dana", 1, 12, { code: "REQUESTED", params: { seats: 2 } });
  const question = said("b-m2", 2, "dana", now - 11 * MINUTE, "May I bring a small dog?");
  const answer = over ? says("aigerim", 3, 2, { code: "DECLINED" }) : null;
  room.rows = [ask, question, ...(answer ? [answer] : [])];
  readBy(room, 2);
}

const SCENES: Record<string, (room: FakeRoom, world: FakeWorld, now: number) => void> = {
  ride: () => undefined,
  driver: () => undefined,
  search: () => undefined,
  boarding,
  "driver-boarding": boarding,
  arrived,
  "driver-arrived": arrived,
  spoken,
  "called-off": calledOff,
  requested: (_room, world, now) => requested(world, now, false),
  "driver-requested": (_room, world, now) => requested(world, now, false),
  declined: (_room, world, now) => requested(world, now, true),
  booked: (_room, world, now) => booked(world, now),
  long: (room, _world, now) => before(room, 400, now),
  offline: (room, world, now) => {
    world.connection = "connecting";
    room.rows.push(...waiting(room, now));
  },
  failed: (room, _world, now) => {
    const [row] = waiting(room, now);
    if (row) room.rows.push({ ...row, failure: "MESSAGE_REFUSED" });
  },
  unread,
  holes: (room, _world, now) => {
    before(room, 120, now);
    room.holes = [[1, newestSeq(room) - 4]];
  },
  "holes-offline": (room, world, now) => {
    before(room, 120, now);
    room.holes = [[1, newestSeq(room) - 4]];
    world.connection = "connecting";
  },
  edited: (room, _world, now) => edited(room, now),
  groups: (_room, world, now) => groups(world, now),
  typing: (room) => void (room.typing = [people.aigerim.name]),
  ended: (room) => void (room.state = "ended"),
  many: (_room, world, now) => many(world, now),
  thousands: (room, _world, now) => {
    before(room, 10_200, now);
    room.holes = [[1, 200]];
  },
};

/** Fills `world` with the scene of this name. */
export function sceneFor(scene: string, world: FakeWorld): FakeWorld {
  const now = world.now();
  if (scene === "signed-out") return { ...world, me: null, connection: "signed_out" };
  if (scene === "broken") return { ...world, refuse: { start: "CACHE_NEWER" } };
  world.me = scene.startsWith("driver") ? people.aigerim : people.dana;
  if (scene === "empty") return world;
  world.sessions = signInsUntil(now);
  world.trips = tripsFrom(now - (now % DAY));
  const room = ride(world, now);
  SCENES[scene]?.(room, world, now);
  return world;
}
