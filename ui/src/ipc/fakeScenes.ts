// Scenes for the browser: what the screen looks like in every state that a person can meet.

import type { FakeRoom, FakeWorld } from "./fakeWorld";
import type { Booking } from "./generated/Booking";
import type { TimelineRow } from "./generated/TimelineRow";
import type { Trip } from "./generated/Trip";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const people = {
  aigerim: { user: "u-aigerim", name: "Aigerim Sadykova" },
  dana: { user: "u-dana", name: "Dana Ospanova" },
  timur: { user: "u-timur", name: "Timur Aliev" },
  lucia: { user: "u-lucia", name: "Lucía Fernández" },
};

function tripsFrom(today: number): Trip[] {
  const base = { status: "planned" as const, luggage_note: "One suitcase and a small bag each" };
  const almaty = { place: "Almaty, Sayran bus station", zone: "Asia/Almaty" };
  return [
    {
      ...base,
      id: "t-1",
      room: "r-1",
      driver: people.aigerim.user,
      driver_name: people.aigerim.name,
      stops: [
        { place: "Almaty", zone: "Asia/Almaty", at: today + DAY + 3 * HOUR },
        { place: "Korday border", zone: "Asia/Almaty", at: today + DAY + 6 * HOUR },
        { place: "Bishkek", zone: "Asia/Bishkek", at: today + DAY + 7.5 * HOUR },
      ],
      vehicle: { model: "Toyota Alphard", colour: "silver", plate: "482 KZA 02" },
      seats: 6,
      seats_free: 3,
      price: { minor: 700_000, currency: "KZT" },
    },
    {
      ...base,
      id: "t-2",
      room: "r-2",
      driver: people.timur.user,
      driver_name: people.timur.name,
      stops: [
        { place: "Bishkek", zone: "Asia/Bishkek", at: today + 3 * DAY + 2 * HOUR },
        { place: "Karakol", zone: "Asia/Bishkek", at: today + 3 * DAY + 8 * HOUR },
      ],
      vehicle: { model: "Honda Fit", colour: "white", plate: "01 KG 774 ADX" },
      seats: 3,
      seats_free: 1,
      price: { minor: 80_000, currency: "KGS" },
    },
    {
      ...base,
      id: "t-3",
      room: "r-3",
      driver: people.lucia.user,
      driver_name: people.lucia.name,
      stops: [
        { ...almaty, at: today + 5 * DAY + 4 * HOUR },
        { place: "Shymkent", zone: "Asia/Almaty", at: today + 5 * DAY + 13 * HOUR },
        { place: "Tashkent, Chernyaevka crossing", zone: "Asia/Tashkent", at: today + 5 * DAY + 16.5 * HOUR },
      ],
      vehicle: { model: "Volkswagen Multivan", colour: "dark blue", plate: "715 BTA 13" },
      seats: 5,
      seats_free: 0,
      price: { minor: 1_250_000, currency: "KZT" },
    },
    {
      ...base,
      id: "t-4",
      room: "r-4",
      driver: people.timur.user,
      driver_name: people.timur.name,
      stops: [
        { place: "Karakol", zone: "Asia/Bishkek", at: today + 6 * DAY + 3 * HOUR },
        { place: "Balykchy", zone: "Asia/Bishkek", at: today + 6 * DAY + 6 * HOUR },
        { place: "Bishkek", zone: "Asia/Bishkek", at: today + 6 * DAY + 9 * HOUR },
      ],
      vehicle: { model: "Honda Fit", colour: "white", plate: "01 KG 774 ADX" },
      seats: 4,
      seats_free: 4,
      price: { minor: 80_000, currency: "KGS" },
    },
  ];
}

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

function rowsFor(me: string, now: number, room: string): TimelineRow[] {
  return TALK.map(([who, when, text], i) => ({
    id: `${room}-m${i}`,
    seq: 5 + i,
    author: people[who].user,
    author_name: people[who].name,
    mine: people[who].user === me,
    text,
    at: now + when,
    state: "sent",
    failure: null,
  }));
}

function longTalk(room: FakeRoom, now: number): void {
  const [first] = room.rows;
  if (!first) return;
  const older = Array.from({ length: 400 }, (_, i): TimelineRow => ({
    ...first,
    id: `old-${i}`,
    seq: i + 1,
    author: i % 3 === 0 ? people.timur.user : first.author,
    author_name: i % 3 === 0 ? people.timur.name : first.author_name,
    text: `Message ${i + 1} of a long talk about the road.`,
    at: now - 3 * DAY + i * 2 * MINUTE,
  }));
  room.rows = [...older, ...room.rows.map((row) => ({ ...row, seq: (row.seq ?? 0) + 396 }))];
}

function unsent(room: FakeRoom, me: { user: string; name: string }, now: number): TimelineRow[] {
  const base = { seq: null, author: me.user, author_name: me.name, mine: true, failure: null };
  const texts = [
    "The tunnel took the network.",
    "We are through the pass now.",
    "About forty minutes to the border.",
  ];
  return texts.map((text, i) => ({
    ...base,
    id: `${room.id}-w${i}`,
    text,
    at: now - (3 - i) * 20_000,
    state: "waiting" as const,
  }));
}

/** Fills `world` with the scene of this name. */
export function sceneFor(scene: string, world: FakeWorld): FakeWorld {
  const now = world.now();
  const today = now - (now % DAY);
  if (scene === "signed-out") return { ...world, me: null, connection: "signed_out" };
  if (scene === "broken") return { ...world, refuse: { start: "CACHE_NEWER" } };
  const me = scene === "driver" ? people.aigerim : people.dana;
  world.me = me;
  if (scene === "empty") return world;
  world.trips = tripsFrom(today);
  const [first, second] = world.trips;
  if (!first || !second) return world;
  const [driver, ...others] = Object.values(people);
  const members = [
    { ...driver!, role: "OWNER" as const },
    ...others.map((person) => ({ ...person, role: "MEMBER" as const })),
  ];
  const room: FakeRoom = {
    id: first.room,
    trip: first,
    members,
    rows: rowsFor(me.user, now, first.room),
    madeAt: now - 3 * DAY,
  };
  const quiet: FakeRoom = {
    id: second.room,
    trip: second,
    members: members.slice(0, 3),
    rows: [],
    madeAt: now - DAY,
  };
  world.rooms = [room, quiet];
  const booking = { trip: first.id, seats: 1, requested_at: now - 2 * DAY };
  world.bookings = [
    { ...booking, id: "b-1", number: "B7K-42M", ...passenger("dana"), status: "confirmed" },
    { ...booking, id: "b-2", number: "Q3F-9TD", ...passenger("timur"), status: "confirmed" },
    { ...booking, id: "b-3", number: "H8W-5XN", ...passenger("lucia"), status: "requested", seats: 2 },
  ];
  if (scene === "long") longTalk(room, now);
  if (scene === "offline") {
    world.connection = "connecting";
    room.rows.push(...unsent(room, me, now));
  }
  if (scene === "failed") {
    const [row] = unsent(room, me, now);
    if (row) room.rows.push({ ...row, state: "failed", failure: "MESSAGE_REFUSED" });
  }
  return world;
}

function passenger(who: keyof typeof people): Pick<Booking, "passenger" | "passenger_name"> {
  return { passenger: people[who].user, passenger_name: people[who].name };
}
