// Where one is signed in. The list is the server's, and comes by no stream: it is read when it is looked at.

import { Refused, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { SessionView } from "../ipc/generated/SessionView";
import { Loaded } from "./loaded.svelte";

/** What stands for all the others while they are ended. */
export const OTHERS = "others";

export class SignIns {
  readonly all: Loaded<SessionView[]>;
  /** What is being ended: the id of one, or `OTHERS`. */
  busy = $state<string | null>(null);
  /** Why it was not. */
  failure = $state<ErrorCode | null>(null);

  readonly others = $derived.by(() => (this.all.value ?? []).filter(({ current }) => !current));

  constructor(readonly tripchat: Tripchat) {
    this.all = new Loaded(() => tripchat.sessions());
  }

  async end(session: string): Promise<void> {
    await this.#act(session, () => this.tripchat.endSession(session));
  }

  async endOthers(): Promise<void> {
    await this.#act(OTHERS, () => this.tripchat.endOtherSessions());
  }

  clear(): void {
    this.all.value = null;
    this.all.failure = null;
    this.failure = null;
  }

  async #act(what: string, work: () => Promise<void>): Promise<void> {
    if (this.busy !== null) return;
    this.busy = what;
    this.failure = null;
    try {
      await work();
    } catch (thrown) {
      const { code } = Refused.from(thrown);
      // It is over already, which is what was wanted.
      if (code !== "NOT_FOUND") this.failure = code;
    }
    await this.all.reload();
    this.busy = null;
  }
}
