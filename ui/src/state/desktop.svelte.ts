// What the shell keeps of the person's choices; it says things by itself, in their language.

import { Refused, type Desktop, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";

export class DesktopChoices {
  /** `null` until they are read. */
  chosen = $state.raw<Desktop | null>(null);
  /** Why the last choice was not kept. */
  failure = $state<ErrorCode | null>(null);

  constructor(readonly tripchat: Tripchat) {}

  /** Reads them, and hands the shell the language of the screen. */
  async start(language: Desktop["language"]): Promise<void> {
    try {
      this.chosen = await this.tripchat.preferences();
      if (this.chosen.language !== language) await this.choose({ language });
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
  }

  async choose(part: Partial<Desktop>): Promise<void> {
    if (this.chosen === null) return;
    const chosen = { ...this.chosen, ...part };
    try {
      await this.tripchat.setPreferences(chosen);
      this.chosen = chosen;
      this.failure = null;
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
  }
}
