// What the screen may ask of the core. One interface, so that the shell behind it can be another.

import type { AccountView } from "./generated/AccountView";
import type { Booking } from "./generated/Booking";
import type { ClientEvent } from "./generated/ClientEvent";
import type { ErrorCode } from "./generated/ErrorCode";
import { ERROR_CODES } from "./generated/errorCodes";
import type { InboxRow } from "./generated/InboxRow";
import type { NewTrip } from "./generated/NewTrip";
import type { RoomView } from "./generated/RoomView";
import type { StartView } from "./generated/StartView";
import type { TimelineView } from "./generated/TimelineView";
import type { Trip } from "./generated/Trip";

export interface Tripchat {
  /** Hears every change from now on; the answer ends it. */
  listen(hear: (event: ClientEvent) => void): Promise<() => void>;

  start(): Promise<StartView>;
  register(server: string, email: string, password: string, name: string): Promise<AccountView>;
  signIn(server: string, email: string, password: string): Promise<AccountView>;
  /** Refuses with `CONFLICT`, and the number in `details`, while messages wait and may not be discarded. */
  signOut(discardUnsent: boolean): Promise<void>;

  inbox(): Promise<InboxRow[]>;
  room(room: string): Promise<RoomView>;
  /** The newest `limit` rows, or those before the message with the seq `before`; oldest first. */
  timeline(room: string, before: number | null, limit: number): Promise<TimelineView>;
  /** Answers when the message is in the outbox, with its id. */
  send(room: string, text: string): Promise<string>;
  retry(message: string): Promise<void>;
  /** Takes a refused message away and answers its text. */
  discard(message: string): Promise<string>;

  trips(): Promise<Trip[]>;
  tripBookings(trip: string): Promise<Booking[]>;
  createTrip(trip: NewTrip): Promise<Trip>;
  requestBooking(trip: string, seats: number): Promise<Booking>;
  confirmBooking(booking: string): Promise<Booking>;
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
