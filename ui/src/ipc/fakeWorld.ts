// What the core's twin holds. Tests set it up and look into it.

import type { Tripchat } from "./client";
import type { Booking } from "./generated/Booking";
import type { ConnectionView } from "./generated/ConnectionView";
import type { ErrorCode } from "./generated/ErrorCode";
import type { MemberView } from "./generated/MemberView";
import type { TimelineRow } from "./generated/TimelineRow";
import type { Trip } from "./generated/Trip";

export interface FakeRoom {
  id: string;
  trip: Trip;
  members: MemberView[];
  rows: TimelineRow[];
  madeAt: number;
}

export interface FakeWorld {
  me: { user: string; name: string } | null;
  server: string;
  connection: ConnectionView;
  remembers: boolean;
  rooms: FakeRoom[];
  trips: Trip[];
  bookings: Booking[];
  /** The next call of this name is refused with this code. */
  refuse: Partial<Record<keyof Tripchat, ErrorCode>>;
  now: () => number;
}

export function emptyWorld(): FakeWorld {
  return {
    me: { user: "u-dana", name: "Dana" },
    server: "http://127.0.0.1:7400",
    connection: "online",
    remembers: true,
    rooms: [],
    trips: [],
    bookings: [],
    refuse: {},
    now: () => Date.now(),
  };
}
