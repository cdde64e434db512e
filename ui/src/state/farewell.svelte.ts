// The end of an account: asked for once more, by its password.

import type { Refused } from "../ipc/client";
import type { App } from "./app.svelte";
import { FieldRefusal, SentForm } from "./sent.svelte";

export class FarewellForm extends SentForm {
  password = $state("");
  #refusal = new FieldRefusal();

  constructor(readonly app: App) {
    super();
  }

  protected async send(): Promise<void> {
    await this.app.deleteAccount(this.password);
  }

  protected placed({ code }: Refused): boolean {
    if (code !== "WRONG_CREDENTIALS") return false;
    this.#refusal.note(this.password, "farewell-wrong");
    return true;
  }

  protected check(): Record<string, string> {
    const password = this.password === "" ? "field-required" : this.#refusal.of(this.password);
    return password ? { password } : {};
  }
}
