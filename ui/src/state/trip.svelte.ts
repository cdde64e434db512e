// A trip's page: its bookings, as far as the person may see them, and what is done with them and with the trip.

import { Refused, type Tripchat } from "../ipc/client";
import type { Booking } from "../ipc/generated/Booking";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { NewBooking } from "../ipc/generated/NewBooking";
import type { Review } from "../ipc/generated/Review";
import type { Trip } from "../ipc/generated/Trip";
import type { TripChange } from "../ipc/generated/TripChange";
import type { TripStatus } from "../ipc/generated/TripStatus";
import { Loaded } from "./loaded.svelte";

/** Where a booking is moved to. */
export type Move = "confirm" | "decline" | "cancel" | "board" | "noShow" | "unboard";

export class OpenTrip {
  /** Also found where no list has it: by a link to it. */
  readonly trip: Loaded<Trip>;
  readonly bookings: Loaded<Booking[]>;
  /** Asked for once there is a ride that is completed. */
  readonly reviews: Loaded<Review[]>;
  /** What is on its way: `request`, `status`, `change`, or the id of the booking that is moved. */
  busy = $state<string | null>(null);
  failure = $state<ErrorCode | null>(null);

  constructor(
    readonly tripchat: Tripchat,
    readonly id: string,
    readonly changed: () => Promise<void>,
  ) {
    this.trip = new Loaded(() => tripchat.findTrip(id));
    this.bookings = new Loaded(() => tripchat.tripBookings(id));
    this.reviews = new Loaded(() => tripchat.tripReviews(id));
  }

  async reload(): Promise<void> {
    await Promise.all([this.trip.reload(), this.bookings.reload()]);
    if (this.bookings.value?.some(({ status }) => status === "completed")) await this.reviews.reload();
  }

  async request(wanted: NewBooking): Promise<boolean> {
    return this.#act("request", () => this.tripchat.requestBooking(this.id, wanted));
  }

  async setStatus(status: TripStatus): Promise<boolean> {
    return this.#act("status", () => this.tripchat.setTripStatus(this.id, status));
  }

  async change(change: TripChange): Promise<boolean> {
    return this.#act("change", () => this.tripchat.changeTrip(this.id, change));
  }

  async move(booking: string, to: Move): Promise<boolean> {
    return this.#act(booking, () => this.tripchat[`${to}Booking`](booking));
  }

  /** Says how the ride was. */
  async review(booking: string, stars: number, text: string): Promise<boolean> {
    return this.#act(booking, () => this.tripchat.writeReview(booking, { stars, text }));
  }

  /** Whether it was done. */
  async #act(name: string, work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy !== null) return false;
    this.busy = name;
    this.failure = null;
    try {
      await work();
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
    await Promise.all([this.reload(), this.changed()]);
    this.busy = null;
    return this.failure === null;
  }
}
