// A form that is sent: checked first, one at a time, and kept as it was until it was taken.

import { Refused } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";

export abstract class SentForm {
  busy = $state(false);
  /** It was taken. */
  done = $state(false);
  /** What is wrong with no field. */
  failure = $state<ErrorCode | null>(null);
  #tried = $state(false);

  /** Field → word for what is wrong; said once it was tried, and taken back as soon as it is put right. */
  readonly problems: Record<string, string> = $derived.by(() => (this.#tried ? this.check() : {}));

  async submit(): Promise<void> {
    this.#tried = true;
    this.failure = null;
    if (Object.keys(this.problems).length > 0 || this.busy) return;
    this.busy = true;
    try {
      await this.send();
      this.#tried = false;
      this.done = true;
    } catch (thrown) {
      const refused = Refused.from(thrown);
      if (!this.placed(refused)) this.failure = refused.code;
    } finally {
      this.busy = false;
    }
  }

  protected abstract check(): Record<string, string>;
  protected abstract send(): Promise<void>;
  /** Puts a refusal where the person looks for it, if it is about a field. */
  protected abstract placed(refused: Refused): boolean;
}

/** What the server said about a field, as long as that says the same. */
export class FieldRefusal {
  #refused = $state.raw<{ value: string; problem: string } | null>(null);

  note(value: string, problem: string): void {
    this.#refused = { value, problem };
  }

  of(value: string): string | null {
    return this.#refused?.value === value ? this.#refused.problem : null;
  }
}
