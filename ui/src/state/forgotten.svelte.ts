// The form of somebody who cannot come in: another password with the operator's code.

import type { Refused, Tripchat } from "../ipc/client";
import { NewPassword } from "./newPassword.svelte";
import { FieldRefusal, SentForm } from "./sent.svelte";

export class ForgottenForm extends SentForm {
  server = $state("");
  code = $state("");
  readonly chosen = new NewPassword();
  #code = new FieldRefusal();
  #server = new FieldRefusal();

  constructor(
    readonly tripchat: Tripchat,
    server: string,
  ) {
    super();
    this.server = server;
  }

  protected async send(): Promise<void> {
    await this.tripchat.resetPassword(this.server.trim(), this.code.trim(), this.chosen.wanted);
    this.code = "";
    this.chosen.clear();
  }

  protected placed(refused: Refused): boolean {
    const { code, details } = refused;
    if (code === "CODE_INVALID") this.#code.note(this.code, "error-CODE_INVALID");
    else if (code === "NOT_A_SERVER" || details === "server")
      this.#server.note(this.server, "forgotten-no-server");
    else return this.chosen.placed(refused);
    return true;
  }

  protected check(): Record<string, string> {
    const server = this.server.trim() === "" ? "field-required" : this.#server.of(this.server);
    const code = this.code.trim() === "" ? "field-required" : this.#code.of(this.code);
    return { ...(server ? { server } : {}), ...(code ? { code } : {}), ...this.chosen.check() };
  }
}
