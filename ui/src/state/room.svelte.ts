// An open room: its header, the stretch of messages that is held, and what is being written.

import { Refused, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { Place } from "../ipc/generated/Place";
import type { RoomView } from "../ipc/generated/RoomView";
import type { TimelineRow } from "../ipc/generated/TimelineRow";
import {
  canRead,
  firstAbove,
  type Held,
  keepNewest,
  keepOldest,
  newestSeq,
  NOTHING,
  oldestSeq,
  PAGE,
  withNewer,
  withOlder,
} from "../lib/held";
import { oneAtATime } from "../lib/oneAtATime";
import { Compose } from "./compose.svelte";
import { Loaded } from "./loaded.svelte";

/** Where the list is to go, once what is held stands on the screen. */
export type Aim = { to: "end" } | { to: "divider" } | { to: "message"; seq: number; flash: boolean };

export class OpenRoom {
  readonly header: Loaded<RoomView>;
  readonly compose: Compose;
  held = $state.raw<Held>(NOTHING);
  /** Whether messages came once. */
  ready = $state(false);
  /** Which way a page is being read. */
  paging = $state<"older" | "newer" | null>(null);
  failure = $state<ErrorCode | null>(null);
  aim = $state.raw<Aim | null>(null);
  /** The message that was looked for; shown for a moment. */
  flashed = $state<number | null>(null);
  /** How far one had read when the room was opened: the divider stays there. */
  divider = $state<number | null>(null);
  /** What was there already is not read aloud as new. */
  newestWhenOpened = $state<string | null>(null);
  /** Whether the person follows the end of the room. */
  atEnd = $state(true);

  readonly rows = $derived(this.held.rows);
  readonly unread = $derived.by(() => this.header.value?.unread ?? 0);
  /** The row before which the divider stands. */
  readonly dividerRow = $derived(this.divider === null ? null : firstAbove(this.rows, this.divider));
  readonly reload: () => Promise<void>;
  /** Everything that changes what is held happens one after the other. */
  #line: Promise<void> = Promise.resolve();
  /** The newest seq that was reported as seen since the room was opened. */
  #seen: number | null = null;
  #first: Place;
  /** Whether the person was led to what is new since they last were at the end. */
  #led = false;

  constructor(
    readonly tripchat: Tripchat,
    readonly id: string,
    /** The message to open the room at; otherwise at the first unread. */
    at: number | null = null,
  ) {
    this.#first = at === null ? { at: "first_unread" } : { at: "around", seq: at };
    this.header = new Loaded(() => tripchat.room(id));
    this.compose = new Compose(tripchat, id, () => this.reload());
    const look = oneAtATime(() => this.#inLine(() => (this.ready ? this.#lookAgain() : this.#open())));
    this.reload = async () => {
      await this.header.reload();
      if (this.header.value) this.compose.hear(this.header.value.draft);
      await look();
    };
  }

  /** Told by the list, whenever it is scrolled: whether its last row is in view. */
  scrolled(nearEnd: boolean): void {
    this.atEnd = nearEnd && this.held.newer === "end";
    if (this.atEnd) this.#led = false;
  }

  /** Told by the list: the person has seen everything up to here. Goes up only, and is told once at each opening. */
  async saw(seq: number): Promise<void> {
    const told = this.#seen;
    if (told !== null && seq <= Math.max(told, this.header.value?.read ?? 0)) return;
    this.#seen = seq;
    await this.#try(() => this.tripchat.seen(this.id, seq));
  }

  loadOlder(): Promise<void> {
    return this.#page("older");
  }

  loadNewer(): Promise<void> {
    return this.#page("newer");
  }

  /** To a message that was found, wherever it is: once, for from then on the person scrolls where they like. */
  async jump(seq: number): Promise<void> {
    if (!this.ready) {
      this.#first = { at: "around", seq };
      return;
    }
    await this.#inLine(async () => {
      if (!this.rows.some((row) => row.seq === seq)) this.held = await this.#read({ at: "around", seq });
      this.#leadTo(seq);
    });
  }

  /** To the newest message. */
  async toEnd(): Promise<void> {
    if (this.held.newer !== "end")
      await this.#inLine(async () => {
        this.held = await this.#read({ at: "newest" });
      });
    this.atEnd = true;
    this.aim = { to: "end" };
  }

  /** To the first message that one has not read; to the end from there, or when there is none. */
  async toNew(): Promise<void> {
    if (this.unread === 0 || this.#led) return this.toEnd();
    const read = this.header.value?.read ?? 0;
    // Only what is held from the mark on says which one is the first.
    const whole = (oldestSeq(this.rows) ?? Infinity) <= read + 1;
    if (!whole || !firstAbove(this.rows, read))
      await this.#inLine(async () => {
        this.held = await this.#read({ at: "first_unread" });
      });
    const seq = firstAbove(this.rows, read)?.seq;
    this.#led = true;
    this.aim = seq ? { to: "message", seq, flash: false } : { to: "end" };
  }

  /** The last message of one's own that may be changed now. */
  lastOwn(): TimelineRow | null {
    return this.rows.findLast(({ mine, can_edit }) => mine && can_edit) ?? null;
  }

  async remove(message: string): Promise<void> {
    await this.#change(() => this.tripchat.deleteMessage(this.id, message));
  }

  async retry(operation: string): Promise<void> {
    await this.#change(() => this.tripchat.retry(operation));
  }

  async discard(operation: string): Promise<void> {
    await this.#change(() => this.tripchat.discard(operation));
  }

  /** Takes a refused message back into the composer, above what is there. */
  async takeBack(message: string): Promise<void> {
    await this.#change(async () => this.compose.putBack(await this.tripchat.discard(message)));
  }

  async #change(work: () => Promise<unknown>): Promise<void> {
    await this.#try(work);
    const failure = this.failure;
    await this.reload();
    this.failure ??= failure;
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.failure = null;
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
  }

  #inLine(work: () => Promise<void>): Promise<void> {
    this.#line = this.#line.then(() => this.#try(work));
    return this.#line;
  }

  #read(place: Place): Promise<Held> {
    return this.tripchat.timeline(this.id, place, PAGE);
  }

  async #open(): Promise<void> {
    let first: Place;
    do {
      first = this.#first;
      this.held = await this.#read(first);
    } while (first !== this.#first);
    const header = this.header.value;
    if (header && header.unread > 0) this.divider = header.read;
    if (this.dividerRow) {
      this.atEnd = false;
      this.#led = true;
    }
    if (first.at === "around") this.#leadTo(first.seq);
    else this.aim = this.dividerRow ? { to: "divider" } : { to: "end" };
    this.newestWhenOpened = this.rows.at(-1)?.id ?? null;
    this.ready = true;
  }

  #leadTo(seq: number): void {
    this.atEnd = false;
    this.aim = { to: "message", seq, flash: true };
  }

  /** Reads what is held again, and what came after it if it reached the end. */
  async #lookAgain(): Promise<void> {
    const from = oldestSeq(this.rows);
    const to = this.held.newer === "end" ? null : newestSeq(this.rows);
    let page = from === null ? NOTHING : await this.#read({ at: "between", from, to });
    // Nothing to hold on to, or a hole came between the end and what was followed: the newest count.
    if (page.rows.length === 0 || (this.atEnd && page.newer !== "end")) {
      page = await this.#read({ at: "newest" });
    }
    this.held = this.atEnd ? keepNewest(page) : keepOldest(page);
  }

  async #page(side: "older" | "newer"): Promise<void> {
    if (this.paging !== null || !canRead(this.held[side])) return;
    this.paging = side;
    await this.#inLine(async () => {
      const seq = side === "older" ? oldestSeq(this.rows) : newestSeq(this.rows);
      if (seq === null || !canRead(this.held[side])) return;
      const page = await this.#read({ at: side === "older" ? "before" : "after", seq });
      this.held = side === "older" ? withOlder(this.held, page) : withNewer(this.held, page);
    });
    this.paging = null;
  }
}
