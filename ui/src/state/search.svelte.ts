// Looking for messages: in all rooms or in one. What is found is on this device, so it works without a network.

import { Refused, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { Hit } from "../ipc/generated/Hit";

/** Typing is not answered letter by letter. */
export const PAUSE_MS = 150;
const LIMIT = 100;

export class Search {
  words = $state("");
  /** The room that is looked through; `null` for all. */
  room = $state<string | null>(null);
  /** `null` while nothing was looked for. */
  hits = $state.raw<Hit[] | null>(null);
  failure = $state<ErrorCode | null>(null);
  #asked = 0;
  #pause: ReturnType<typeof setTimeout> | null = null;

  constructor(readonly tripchat: Tripchat) {}

  /** Looks in another room, or for other words, after a short pause. */
  look(words: string, room: string | null): void {
    if (words === this.words && room === this.room && this.hits !== null) return;
    if (room !== this.room) this.hits = null;
    this.words = words;
    this.room = room;
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.now(), PAUSE_MS);
  }

  /** What was asked last counts, whichever answer comes first. */
  async now(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const words = this.words.trim();
    try {
      const hits = words === "" ? null : await this.tripchat.search(words, this.room, LIMIT);
      if (asked !== this.#asked) return;
      this.hits = hits;
      this.failure = null;
    } catch (thrown) {
      if (asked === this.#asked) this.failure = Refused.from(thrown).code;
    }
  }

  clear(): void {
    this.#asked += 1;
    this.words = "";
    this.room = null;
    this.hits = null;
    this.failure = null;
  }
}
