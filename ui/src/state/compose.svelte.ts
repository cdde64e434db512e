// What is being written in a room: a draft that all of one's devices share, or a change to a message.

import { Refused, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { TimelineRow } from "../ipc/generated/TimelineRow";
import { Draft } from "../lib/draft";

/** A draft is stored when nothing was typed for this long. */
export const PAUSE_MS = 700;

export class Compose {
  text = $state("");
  /** The message that is being changed. */
  editing = $state.raw<TimelineRow | null>(null);
  sending = $state(false);
  /** Why the text could not be put into the outbox; it is still in the composer. */
  failure = $state<ErrorCode | null>(null);
  /** The draft, while a message is being changed. */
  #aside = "";
  #draft = new Draft();
  #pause: ReturnType<typeof setTimeout> | null = null;

  constructor(
    readonly tripchat: Tripchat,
    readonly room: string,
    readonly changed: () => Promise<void>,
  ) {}

  /** Told by the composer, whenever something was typed. */
  async typed(): Promise<void> {
    if (!this.editing) this.#touch();
    try {
      await this.tripchat.typing(this.room);
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
  }

  /** The draft as the core has it. */
  hear(draft: string | null): void {
    const text = this.#draft.hear(draft);
    if (text === null) return;
    if (this.editing) this.#aside = text;
    else this.text = text;
  }

  edit(row: TimelineRow): void {
    if (!this.editing) this.#aside = this.text;
    this.editing = row;
    this.text = row.text ?? "";
    this.failure = null;
  }

  /** Ends the change; the draft comes back. */
  cancelEdit(): void {
    if (!this.editing) return;
    this.editing = null;
    this.text = this.#aside;
    this.#aside = "";
    this.failure = null;
  }

  /** Puts a text above what is there. */
  putBack(text: string): void {
    this.text = this.text.trim() === "" ? text : `${text}\n${this.text}`;
    this.#touch();
  }

  /** Puts the text into the outbox. The composer is cleared only when it is there. */
  async send(): Promise<boolean> {
    const text = this.text.trim();
    if (text === "" || this.sending) return false;
    this.sending = true;
    try {
      await (this.editing ? this.#sendEdit(this.editing, text) : this.#sendNew(text));
      this.failure = null;
      await this.changed();
      return true;
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
      return false;
    } finally {
      this.sending = false;
    }
  }

  /** Stores the draft now: when the room is left. */
  async store(): Promise<void> {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = null;
    const draft = this.#draft.take(this.editing ? this.#aside : this.text);
    if (draft === undefined) return;
    try {
      await this.tripchat.setDraft(this.room, draft);
    } catch (thrown) {
      this.#draft.touch();
      this.failure = Refused.from(thrown).code;
    }
  }

  async #sendEdit(row: TimelineRow, text: string): Promise<void> {
    if (text !== row.text) await this.tripchat.edit(this.room, row.id, text);
    this.cancelEdit();
  }

  async #sendNew(text: string): Promise<void> {
    const written = this.text;
    await this.tripchat.send(this.room, text);
    // What was typed in the meantime stays.
    this.text = this.text.startsWith(written) ? this.text.slice(written.length) : this.text;
    this.#draft.touch();
    await this.store();
  }

  #touch(): void {
    this.#draft.touch();
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.store(), PAUSE_MS);
  }
}
