// The form of a new trip, while it is filled in.

import { Refused, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { Trip } from "../ipc/generated/Trip";
import { checkTrip, draftLike, type Problems, type StopDraft, type TripDraft } from "../lib/newTrip";
import { dayIn, ownZone } from "../lib/zone";

const DAY = 86_400_000;

export class NewTripForm {
  draft = $state<TripDraft>({
    stops: [],
    model: "",
    colour: "",
    plate: "",
    seats: "3",
    amount: "",
    currency: "KZT",
    luggage: "",
  });
  failure = $state<ErrorCode | null>(null);
  busy = $state(false);
  #keys = 0;
  #tried = $state(false);

  /** Said once it was tried to send, and taken back as soon as it is put right. */
  readonly problems: Problems = $derived.by(() =>
    this.#tried ? checkTrip(this.draft, this.now()).problems : {},
  );

  constructor(
    readonly tripchat: Tripchat,
    readonly now: () => number = () => Date.now(),
  ) {
    const tomorrow = dayIn(this.now() + DAY, ownZone());
    this.draft.stops = [this.#stop(tomorrow, ownZone()), this.#stop(tomorrow, ownZone())];
  }

  /** Begins with everything of another trip, on the next day: looked over before it is offered. */
  like(trip: Trip): void {
    this.draft = draftLike(trip, this.now());
    this.#keys = this.draft.stops.length;
  }

  /** The same with a trip that is not on this device yet. */
  async likeOf(trip: string): Promise<void> {
    this.busy = true;
    try {
      this.like(await this.tripchat.findTrip(trip));
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
    this.busy = false;
  }

  /** A stop on the way, before the last one, on the day and by the clocks of the one before it. */
  addStop(): void {
    const stops = this.draft.stops;
    const before = stops.at(-2);
    stops.splice(-1, 0, this.#stop(before?.date ?? "", before?.zone ?? ownZone()));
  }

  removeStop(key: number): void {
    this.draft.stops = this.draft.stops.filter((stop) => stop.key !== key);
  }

  async submit(): Promise<Trip | null> {
    const { trip } = checkTrip(this.draft, this.now());
    this.#tried = true;
    this.failure = null;
    if (!trip || this.busy) return null;
    this.busy = true;
    try {
      return await this.tripchat.createTrip(trip);
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
      return null;
    } finally {
      this.busy = false;
    }
  }

  #stop(date: string, zone: string): StopDraft {
    this.#keys += 1;
    return { key: this.#keys, place: "", date, time: "", zone };
  }
}
