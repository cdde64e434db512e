// Something that is read from the core again and again: what came last, and why it did not come.

import { Refused } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import { oneAtATime } from "../lib/oneAtATime";

export class Loaded<T> {
  /** `null` until it came once. */
  value = $state<T | null>(null);
  /** Why the last reading failed; what came before is still shown. */
  failure = $state<ErrorCode | null>(null);

  readonly reload: () => Promise<void>;

  constructor(read: () => Promise<T>) {
    this.reload = oneAtATime(async () => {
      try {
        this.value = await read();
        this.failure = null;
      } catch (thrown) {
        this.failure = Refused.from(thrown).code;
      }
    });
  }
}
