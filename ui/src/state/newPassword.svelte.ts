// A password that somebody chooses, twice: what can be said about it before the server is asked, and what it said.

import { checkNewPassword, refusedPassword } from "../lib/password";
import type { Refused } from "../ipc/client";
import { FieldRefusal } from "./sent.svelte";

export class NewPassword {
  wanted = $state("");
  again = $state("");
  #refusal = new FieldRefusal();

  /** Whether it was this that was refused. */
  placed({ code, details }: Refused): boolean {
    if (code !== "PASSWORD_TOO_COMMON") return false;
    this.#refusal.note(this.wanted, refusedPassword(details));
    return true;
  }

  clear(): void {
    this.wanted = this.again = "";
  }

  check(): Record<string, string> {
    const wanted = checkNewPassword(this.wanted) ?? this.#refusal.of(this.wanted);
    // What is wrong itself need not be repeated.
    if (wanted) return { wanted };
    return this.again === this.wanted ? {} : { again: "password-differs" };
  }
}
