// The form of a new password. What was typed stays until the server took it.

import { Refused, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import { checkNewPassword, refusedPassword } from "../lib/password";

export type PasswordFieldName = "current" | "wanted" | "again";

export class PasswordForm {
  current = $state("");
  wanted = $state("");
  again = $state("");
  busy = $state(false);
  /** The server took it. */
  done = $state(false);
  /** What is wrong with no field. */
  failure = $state<ErrorCode | null>(null);
  #tried = $state(false);
  /** What the server said about a field, as long as that says the same. */
  #refused = $state.raw<{ field: "current" | "wanted"; value: string; problem: string } | null>(null);

  /** Field → word for what is wrong; said once it was tried, and taken back as soon as it is put right. */
  readonly problems = $derived.by(() => (this.#tried ? this.#check() : {}));

  constructor(readonly tripchat: Tripchat) {}

  async submit(): Promise<void> {
    this.#tried = true;
    this.failure = null;
    if (Object.keys(this.problems).length > 0 || this.busy) return;
    this.busy = true;
    try {
      await this.tripchat.changePassword(this.current, this.wanted);
      this.current = this.wanted = this.again = "";
      this.#tried = false;
      this.done = true;
    } catch (thrown) {
      this.#place(Refused.from(thrown));
    } finally {
      this.busy = false;
    }
  }

  /** Puts a refusal where the person looks for it. */
  #place({ code, details }: Refused): void {
    if (code === "WRONG_CREDENTIALS") this.#refuse("current", "password-wrong");
    else if (code === "PASSWORD_TOO_COMMON") this.#refuse("wanted", refusedPassword(details));
    else this.failure = code;
  }

  #refuse(field: "current" | "wanted", problem: string): void {
    this.#refused = { field, value: this[field], problem };
  }

  #check(): Partial<Record<PasswordFieldName, string>> {
    const problems: Partial<Record<PasswordFieldName, string>> = {};
    const refused = this.#refused;
    if (refused && this[refused.field] === refused.value) problems[refused.field] = refused.problem;
    if (this.current === "") problems.current = "field-required";
    const wrong = checkNewPassword(this.wanted);
    if (wrong) problems.wanted = wrong;
    // What is wrong itself need not be repeated.
    else if (!problems.wanted && this.again !== this.wanted) problems.again = "password-differs";
    return problems;
  }
}
