// The form that lets someone in.

import { Refused } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import { checkNewPassword } from "../lib/password";
import type { App } from "./app.svelte";

export type Mode = "sign-in" | "register";

export class SignInForm {
  mode = $state<Mode>("sign-in");
  server = $state("");
  email = $state("");
  password = $state("");
  name = $state("");
  failure = $state<ErrorCode | null>(null);
  busy = $state(false);
  #tried = $state(false);

  /** Field → word for what is wrong; said once it was tried, and taken back as soon as it is put right. */
  readonly problems: Record<string, string> = $derived(this.#tried ? this.#check() : {});

  constructor(readonly app: App) {
    this.server = app.session.server;
  }

  switchTo(mode: Mode): void {
    this.mode = mode;
    this.#tried = false;
    this.failure = null;
  }

  async submit(): Promise<void> {
    this.#tried = true;
    this.failure = null;
    if (Object.keys(this.problems).length > 0 || this.busy) return;
    this.busy = true;
    try {
      const server = this.server.trim();
      const email = this.email.trim();
      if (this.mode === "register") await this.app.register(server, email, this.password, this.name.trim());
      else await this.app.signIn(server, email, this.password);
      this.password = "";
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    } finally {
      this.busy = false;
    }
  }

  #check(): Record<string, string> {
    const problems: Record<string, string> = {};
    if (this.mode === "register" && this.name.trim() === "") problems.name = "field-required";
    if (this.email.trim() === "") problems.email = "field-required";
    if (this.server.trim() === "") problems.server = "field-required";
    const password =
      this.mode === "register"
        ? checkNewPassword(this.password)
        : this.password === ""
          ? "field-required"
          : null;
    if (password) problems.password = password;
    return problems;
  }
}
