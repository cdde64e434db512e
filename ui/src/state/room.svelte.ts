// An open room: its header, the stretch of messages that is held, and the composer's draft.

import { Refused, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { RoomView } from "../ipc/generated/RoomView";
import type { TimelineRow } from "../ipc/generated/TimelineRow";
import type { TimelineView } from "../ipc/generated/TimelineView";
import { oneAtATime } from "../lib/oneAtATime";
import { countNewer, joins, newestSeq, oldestSeq, withNewest, withOlder } from "../lib/timeline";
import { Loaded } from "./loaded.svelte";

export const PAGE = 50;

export class OpenRoom {
  readonly header: Loaded<RoomView>;
  rows = $state.raw<TimelineRow[]>([]);
  hasMore = $state(false);
  /** Whether the newest messages came once. */
  ready = $state(false);
  loadingOlder = $state(false);
  /** What was there already is not read aloud as new. */
  newestWhenOpened = $state<string | null>(null);
  failure = $state<ErrorCode | null>(null);
  draft = $state("");
  sending = $state(false);
  /** Why the last message could not be put into the outbox; its text is still in the composer. */
  sendFailure = $state<ErrorCode | null>(null);
  /** The newest seq that the person has had at the bottom of the screen. */
  #seen = $state(0);
  #atEnd = $state(true);

  readonly unseen = $derived(this.#atEnd ? 0 : countNewer(this.rows, this.#seen));
  readonly reload: () => Promise<void>;

  constructor(
    readonly tripchat: Tripchat,
    readonly id: string,
  ) {
    this.header = new Loaded(() => tripchat.room(id));
    const newest = oneAtATime(() => this.#loadNewest());
    this.reload = async () => {
      await Promise.all([this.header.reload(), newest()]);
    };
  }

  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** Told by the list, whenever it is scrolled. */
  scrolled(atEnd: boolean): void {
    this.#atEnd = atEnd;
    if (atEnd) this.#seen = newestSeq(this.rows) ?? 0;
  }

  async loadOlder(): Promise<void> {
    const before = oldestSeq(this.rows);
    if (this.loadingOlder || !this.hasMore || before === null) return;
    this.loadingOlder = true;
    try {
      const page = await this.tripchat.timeline(this.id, before, PAGE);
      this.rows = withOlder(page.rows, this.rows);
      this.hasMore = page.has_more;
      this.failure = null;
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    } finally {
      this.loadingOlder = false;
    }
  }

  /** Puts the draft into the outbox. The composer is cleared only when it is there. */
  async send(): Promise<boolean> {
    const text = this.draft.trim();
    if (text === "" || this.sending) return false;
    const written = this.draft;
    this.sending = true;
    try {
      await this.tripchat.send(this.id, text);
      // What was typed in the meantime stays.
      this.draft = this.draft.startsWith(written) ? this.draft.slice(written.length) : this.draft;
      this.sendFailure = null;
      await this.reload();
      return true;
    } catch (thrown) {
      this.sendFailure = Refused.from(thrown).code;
      return false;
    } finally {
      this.sending = false;
    }
  }

  async retry(message: string): Promise<void> {
    await this.#change(() => this.tripchat.retry(message));
  }

  async discard(message: string): Promise<void> {
    await this.#change(() => this.tripchat.discard(message));
  }

  /** Takes a refused message back into the composer, above what is there. */
  async takeBack(message: string): Promise<void> {
    await this.#change(async () => {
      const text = await this.tripchat.discard(message);
      this.draft = this.draft.trim() === "" ? text : `${text}\n${this.draft}`;
    });
  }

  async #change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
    await this.reload();
  }

  async #loadNewest(): Promise<void> {
    try {
      let page = await this.tripchat.timeline(this.id, null, PAGE);
      // Someone who reads further up keeps their place: what lies between is read too. At the end it is not
      // looked at, and is left for scrolling up.
      while (!this.#atEnd && !joins(this.rows, page)) {
        const older = await this.tripchat.timeline(this.id, oldestSeq(page.rows), PAGE);
        page = { rows: withOlder(older.rows, page.rows), has_more: older.has_more };
      }
      this.#take(page);
      this.failure = null;
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
    if (!this.ready) this.newestWhenOpened = this.rows.at(-1)?.id ?? null;
    this.ready = true;
  }

  #take(page: TimelineView): void {
    const joined = joins(this.rows, page) && this.rows.length > 0;
    const hadOlder = oldestSeq(this.rows) !== null && oldestSeq(this.rows)! < (oldestSeq(page.rows) ?? 0);
    if (!joined || !hadOlder) this.hasMore = page.has_more;
    this.rows = joined ? withNewest(this.rows, page.rows) : page.rows;
    if (this.#atEnd) this.#seen = newestSeq(this.rows) ?? 0;
  }
}
