// The form of another password. What was typed stays until the server took it.

import type { Refused, Tripchat } from "../ipc/client";
import { NewPassword } from "./newPassword.svelte";
import { FieldRefusal, SentForm } from "./sent.svelte";

export class PasswordForm extends SentForm {
  current = $state("");
  readonly chosen = new NewPassword();
  #refusal = new FieldRefusal();

  constructor(readonly tripchat: Tripchat) {
    super();
  }

  protected async send(): Promise<void> {
    await this.tripchat.changePassword(this.current, this.chosen.wanted);
    this.current = "";
    this.chosen.clear();
  }

  protected placed(refused: Refused): boolean {
    if (refused.code !== "WRONG_CREDENTIALS") return this.chosen.placed(refused);
    this.#refusal.note(this.current, "password-wrong");
    return true;
  }

  protected check(): Record<string, string> {
    const current = this.current === "" ? "field-required" : this.#refusal.of(this.current);
    return { ...(current ? { current } : {}), ...this.chosen.check() };
  }
}
