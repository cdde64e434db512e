// What the core's twin holds. Tests set it up and look into it.

import type { Desktop, Tripchat } from "./client";
import type { Availability } from "./generated/Availability";
import type { Booking } from "./generated/Booking";
import type { ConnectionView } from "./generated/ConnectionView";
import type { ErrorCode } from "./generated/ErrorCode";
import type { InboxRow } from "./generated/InboxRow";
import type { Me } from "./generated/Me";
import type { MemberView } from "./generated/MemberView";
import type { Review } from "./generated/Review";
import type { RoomType } from "./generated/RoomType";
import type { SessionView } from "./generated/SessionView";
import type { Standing } from "./generated/Standing";
import type { TimelineRow } from "./generated/TimelineRow";
import type { Trip } from "./generated/Trip";

/** A message as it is stored: what the screen is told about it is derived. */
export type FakeMessage = Pick<
  TimelineRow,
  | "id"
  | "seq"
  | "author"
  | "author_name"
  | "text"
  | "system"
  | "at"
  | "deleted"
  | "edited"
  | "change"
  | "failure"
>;

export interface FakeRoom {
  id: string;
  room_type: RoomType;
  name: string | null;
  trip: Trip | null;
  /** What it is about, in a booking's room. */
  booking: Booking | null;
  members: Omit<MemberView, "me">[];
  /** Sent ones by seq, then one's own unsent. */
  rows: FakeMessage[];
  /** Stretches that this device does not have, both ends included. */
  holes: [from: number, to: number][];
  madeAt: number;
  state: Standing;
  open: boolean;
  /** Up to here one has read. */
  read: number;
  typing: string[];
  own: Pick<InboxRow, "favourite" | "archived" | "marked_unread" | "muted_until" | "draft">;
}

export interface FakeWorld {
  me: { user: string; name: string } | null;
  server: string;
  connection: ConnectionView;
  remembers: boolean;
  password: string;
  profile: Pick<Me, "username" | "business_name" | "locale">;
  /** Where one is signed in. */
  sessions: SessionView[];
  rooms: FakeRoom[];
  trips: Trip[];
  bookings: Booking[];
  reviews: Review[];
  /** What the screen told. */
  visible: string | null;
  availability: Availability;
  /** Links that were opened. */
  opened: string[];
  /** What the shell keeps. */
  desktop: Desktop;
  /** Whether the app was ended. */
  quit: boolean;
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
    password: "correct horse",
    profile: { username: null, business_name: null, locale: null },
    sessions: [],
    rooms: [],
    trips: [],
    bookings: [],
    reviews: [],
    visible: null,
    availability: "online",
    opened: [],
    desktop: { language: null, hide_text: false, close_to_tray: true },
    quit: false,
    refuse: {},
    now: () => Date.now(),
  };
}

/** A room with nothing in it but what is given. */
export function emptyRoom(
  given: Pick<FakeRoom, "id" | "room_type" | "madeAt"> & Partial<FakeRoom>,
): FakeRoom {
  return {
    name: null,
    trip: null,
    booking: null,
    members: [],
    rows: [],
    holes: [],
    state: "current",
    open: true,
    read: 0,
    typing: [],
    own: { favourite: false, archived: false, marked_unread: false, muted_until: null, draft: null },
    ...given,
  };
}

export function member(
  person: { user: string; name: string },
  given: Partial<FakeRoom["members"][number]> = {},
): FakeRoom["members"][number] {
  return { ...person, role: "MEMBER", presence: "offline", delivered: 0, read: 0, since: 0, ...given };
}

export function newestSeq(room: FakeRoom): number {
  return room.rows.findLast(({ seq }) => seq !== null)?.seq ?? 0;
}
