// What is looked for among the trips, and what was found. Nothing is asked before the person says so.

import { Refused, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { Trip } from "../ipc/generated/Trip";
import { momentOf, ownZone, readDate } from "../lib/zone";

const DAY = 86_400_000;

export class FindTrips {
  from = $state("");
  to = $state("");
  /** `2026-11-21`, on the person's own clocks; empty for any. */
  day = $state("");
  /** `null` while nothing is looked for: then all are shown. */
  found = $state<Trip[] | null>(null);
  failure = $state<ErrorCode | null>(null);
  busy = $state(false);
  /** Whether there is something to look for. */
  readonly asks = $derived(this.from.trim() !== "" || this.to.trim() !== "" || readDate(this.day) !== null);
  /** What was asked last; a later question outruns the answer to an earlier one. */
  #asked = 0;

  constructor(readonly tripchat: Tripchat) {}

  async search(): Promise<void> {
    if (!this.asks) return this.clear();
    await this.#ask();
  }

  /** Looks again for what is on the screen. */
  async reload(): Promise<void> {
    if (this.found !== null) await this.#ask();
  }

  clear(): void {
    this.#asked += 1;
    this.from = this.to = this.day = "";
    this.found = null;
    this.failure = null;
    this.busy = false;
  }

  async #ask(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const after = momentOf(this.day, "00:00", ownZone());
    this.busy = true;
    try {
      const next = after === null ? null : nextDay(this.day);
      const found = await this.tripchat.searchTrips(this.from.trim(), this.to.trim(), after, next);
      if (mine !== this.#asked) return;
      this.found = found;
      this.failure = null;
    } catch (thrown) {
      if (mine !== this.#asked) return;
      this.failure = Refused.from(thrown).code;
    }
    this.busy = false;
  }
}

/** When the day after `day` begins: by its name, as a day of changing clocks is not as long as others. */
function nextDay(day: string): number | null {
  const at = readDate(day);
  return at === null ? null : momentOf(new Date(at + DAY).toISOString().slice(0, 10), "00:00", ownZone());
}
