// What the screen may ask of the core. One interface, so that the shell behind it can be another.

import type { AccountView } from "./generated/AccountView";
import type { Availability } from "./generated/Availability";
import type { Booking } from "./generated/Booking";
import type { ClientEvent } from "./generated/ClientEvent";
import type { ErrorCode } from "./generated/ErrorCode";
import { ERROR_CODES } from "./generated/errorCodes";
import type { Hit } from "./generated/Hit";
import type { InboxRow } from "./generated/InboxRow";
import type { Me } from "./generated/Me";
import type { MeChange } from "./generated/MeChange";
import type { MyBooking } from "./generated/MyBooking";
import type { NewBooking } from "./generated/NewBooking";
import type { NewReview } from "./generated/NewReview";
import type { NewTrip } from "./generated/NewTrip";
import type { PersonReviews } from "./generated/PersonReviews";
import type { Place } from "./generated/Place";
import type { Review } from "./generated/Review";
import type { RoomView } from "./generated/RoomView";
import type { SessionView } from "./generated/SessionView";
import type { Setting } from "./generated/Setting";
import type { StartView } from "./generated/StartView";
import type { TimelineView } from "./generated/TimelineView";
import type { Trip } from "./generated/Trip";
import type { TripChange } from "./generated/TripChange";
import type { TripStatus } from "./generated/TripStatus";

/** Where a notification, the tray or a deep link leads. */
export interface Target {
  room?: string;
  trip?: string;
}

/** What the shell keeps: its language, what a notification shows, what closing the window means. */
export interface Desktop {
  language: "en" | "es" | "ru" | "kk" | null;
  hide_text: boolean;
  close_to_tray: boolean;
}

export interface Tripchat {
  /** Hears every change from now on; the answer ends it. */
  listen(hear: (event: ClientEvent) => void): Promise<() => void>;
  /** Hears where the shell wants to lead the person; the answer ends it. */
  onOpen(hear: (target: Target) => void): Promise<() => void>;

  start(): Promise<StartView>;
  register(server: string, email: string, password: string, name: string): Promise<AccountView>;
  signIn(server: string, email: string, password: string): Promise<AccountView>;
  /** Refuses with `CONFLICT`, and the number in `details`, while messages wait and may not be discarded. */
  signOut(discardUnsent: boolean): Promise<void>;

  /** One's sign-ins that are not over, the last used first. */
  sessions(): Promise<SessionView[]>;
  endSession(session: string): Promise<void>;
  /** All but the one on this device. */
  endOtherSessions(): Promise<void>;
  /** Ends every other sign-in, too. After `NO_SERVER` it is not known which of the two passwords counts. */
  changePassword(current: string, wanted: string): Promise<void>;
  /** Another password for who cannot come in, with a code from the operator. */
  resetPassword(server: string, code: string, wanted: string): Promise<void>;
  profile(): Promise<Me>;
  /** What is named is changed, the rest stays. */
  changeProfile(change: MeChange): Promise<Me>;
  /** Stores everything that the server has of the person among their downloads; answers the file's name. */
  exportMe(): Promise<string>;
  /** On the server and on this device. */
  deleteAccount(password: string): Promise<void>;

  inbox(): Promise<InboxRow[]>;
  room(room: string): Promise<RoomView>;
  /** The rows at a place, oldest first. */
  timeline(room: string, place: Place, limit: number): Promise<TimelineView>;
  /** Answers when the message is in the outbox, with its id. */
  send(room: string, text: string): Promise<string>;
  /** Answers when the change is in the outbox, with the operation's id. */
  edit(room: string, message: string, text: string): Promise<string>;
  deleteMessage(room: string, message: string): Promise<string>;
  /** Sends what was refused again: a message, or a change to one. */
  retry(operation: string): Promise<void>;
  /** Takes away what was refused and answers its text. */
  discard(operation: string): Promise<string>;

  /** The person has seen everything up to here. */
  seen(room: string, seq: number): Promise<void>;
  /** Which room the person looks at; `null` while the window is not theirs. */
  visible(room: string | null): Promise<void>;
  typing(room: string): Promise<void>;
  availability(state: Availability): Promise<void>;
  setDraft(room: string, text: string | null): Promise<void>;
  setRoom(room: string, setting: Setting): Promise<void>;
  /** Messages with these words, newest first, in one room or in all. */
  search(query: string, room: string | null, limit: number): Promise<Hit[]>;
  /** Opens a link of a message in the system's browser. */
  openLink(url: string): Promise<void>;
  preferences(): Promise<Desktop>;
  setPreferences(chosen: Desktop): Promise<void>;
  /** Ends the app, wherever its window is. */
  quit(): Promise<void>;

  trips(): Promise<Trip[]>;
  /** One trip, whoever offers it. */
  findTrip(trip: string): Promise<Trip>;
  tripBookings(trip: string): Promise<Booking[]>;
  createTrip(trip: NewTrip): Promise<Trip>;
  requestBooking(trip: string, wanted: NewBooking): Promise<Booking>;
  /** Trips by the beginnings of their places' words, and by when one leaves the first of them. */
  searchTrips(from: string, to: string, after: number | null, before: number | null): Promise<Trip[]>;
  myBookings(): Promise<MyBooking[]>;
  setTripStatus(trip: string, status: TripStatus): Promise<Trip>;
  /** What is named is changed, the rest stays. */
  changeTrip(trip: string, change: TripChange): Promise<Trip>;
  confirmBooking(booking: string): Promise<Booking>;
  declineBooking(booking: string): Promise<Booking>;
  cancelBooking(booking: string): Promise<Booking>;
  boardBooking(booking: string): Promise<Booking>;
  noShowBooking(booking: string): Promise<Booking>;
  unboardBooking(booking: string): Promise<Booking>;
  /** Says how the ride was, or changes what was said. */
  writeReview(booking: string, review: NewReview): Promise<Review>;
  /** Of the rides of a trip, as far as they are one's own. */
  tripReviews(trip: string): Promise<Review[]>;
  /** About somebody, newest first; those after the one that belongs to the booking `after`. */
  personReviews(person: string, after: string | null): Promise<PersonReviews>;
  /** The booking with the private room of its two people. */
  bookingRoom(booking: string): Promise<Booking>;
}

/** What the core refused: a stable code, and what it says about the field or rule. */
export class Refused extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly details: string | null = null,
    message: string = code,
  ) {
    super(message);
    this.name = "Refused";
  }

  /** Whatever was thrown, as a refusal: the core's own as it is, anything else as unknown. */
  static from(thrown: unknown): Refused {
    if (thrown instanceof Refused) return thrown;
    if (typeof thrown === "object" && thrown !== null && "code" in thrown) {
      const { code, details, message } = thrown as { code: unknown; details?: unknown; message?: unknown };
      return new Refused(
        asErrorCode(code),
        typeof details === "string" ? details : null,
        typeof message === "string" ? message : undefined,
      );
    }
    return new Refused("UNKNOWN", null, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** A code of this version, or `UNKNOWN` for one of a later version. */
export function asErrorCode(code: unknown): ErrorCode {
  return ERROR_CODES.find((known) => known === code) ?? "UNKNOWN";
}
