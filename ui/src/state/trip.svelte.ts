// A trip's page: its bookings, as far as the person may see them.

import { Refused, type Tripchat } from "../ipc/client";
import type { Booking } from "../ipc/generated/Booking";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import { Loaded } from "./loaded.svelte";

export class OpenTrip {
  readonly bookings: Loaded<Booking[]>;
  /** What is on its way: `request`, or the id of the booking that is being confirmed or cancelled. */
  busy = $state<string | null>(null);
  failure = $state<ErrorCode | null>(null);

  constructor(
    readonly tripchat: Tripchat,
    readonly id: string,
    readonly changed: () => Promise<void>,
  ) {
    this.bookings = new Loaded(() => tripchat.tripBookings(id));
  }

  async request(seats: number): Promise<void> {
    await this.#act("request", () => this.tripchat.requestBooking(this.id, seats));
  }

  async confirm(booking: string): Promise<void> {
    await this.#act(booking, () => this.tripchat.confirmBooking(booking));
  }

  async cancel(booking: string): Promise<void> {
    await this.#act(booking, () => this.tripchat.cancelBooking(booking));
  }

  async #act(name: string, work: () => Promise<unknown>): Promise<void> {
    if (this.busy !== null) return;
    this.busy = name;
    this.failure = null;
    try {
      await work();
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
    await Promise.all([this.bookings.reload(), this.changed()]);
    this.busy = null;
  }
}
