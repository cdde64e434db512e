// Who is signed in, and how the connection stands.

import { asErrorCode, Refused, type Tripchat } from "../ipc/client";
import type { AccountView } from "../ipc/generated/AccountView";
import type { ConnectionView } from "../ipc/generated/ConnectionView";
import type { ErrorCode } from "../ipc/generated/ErrorCode";

/** A short interruption is nobody's business: the banner waits this long. */
export const QUIET_MS = 5_000;

export type Phase = "starting" | "broken" | "signed_out" | "signed_in";

export class Session {
  phase = $state<Phase>("starting");
  /** Why the core could not start. */
  broken = $state<ErrorCode | null>(null);
  account = $state<AccountView | null>(null);
  server = $state("");
  remembers = $state(true);
  connection = $state<ConnectionView>("signed_out");
  /** Not online for longer than `QUIET_MS`. */
  reconnecting = $state(false);
  /** Why the server ended the session. */
  endedBy = $state<ErrorCode | null>(null);
  /** The account was deleted here, by its person. */
  deleted = $state(false);
  /** How many messages wait unsent, while the person is asked whether to sign out all the same. */
  unsent = $state<number | null>(null);

  readonly online = $derived(this.connection === "online");
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** How many events told the connection: what was read before the newest of them is old. */
  #told = 0;

  constructor(readonly tripchat: Tripchat) {}

  async start(): Promise<void> {
    const told = this.#told;
    try {
      const start = await this.tripchat.start();
      this.server = start.server;
      this.remembers = start.remembers;
      this.account = start.account;
      this.phase = start.account ? "signed_in" : "signed_out";
      if (told === this.#told) this.connected(start.connection);
    } catch (thrown) {
      this.broken = Refused.from(thrown).code;
      this.phase = "broken";
    }
  }

  /** Looks again at what the core can only tell once someone came in: whether the keyring took the sign-in. */
  async look(): Promise<void> {
    const told = this.#told;
    const start = await this.tripchat.start();
    this.remembers = start.remembers;
    if (told === this.#told) this.connected(start.connection);
  }

  async signIn(server: string, email: string, password: string): Promise<void> {
    this.#enter(await this.tripchat.signIn(server, email, password));
  }

  async register(server: string, email: string, password: string, name: string): Promise<void> {
    this.#enter(await this.tripchat.register(server, email, password, name));
  }

  /** Signs out, or asks first by setting `unsent`. */
  async signOut(discardUnsent: boolean): Promise<void> {
    try {
      await this.tripchat.signOut(discardUnsent);
      this.#leave(null);
    } catch (thrown) {
      const refused = Refused.from(thrown);
      if (refused.code !== "CONFLICT") throw refused;
      this.unsent = Number(refused.details ?? 1);
    }
  }

  /** Deletes the account; nobody is signed in then. */
  async deleteAccount(password: string): Promise<void> {
    await this.tripchat.deleteAccount(password);
    this.#leave(null);
    this.deleted = true;
  }

  /** Others see this name from now on. */
  named(name: string): void {
    if (this.account) this.account = { ...this.account, name };
  }

  connected(connection: ConnectionView): void {
    this.#told += 1;
    this.connection = connection;
    const away = connection === "connecting" || connection === "syncing";
    if (!away) {
      this.#stopTimer();
      this.reconnecting = false;
    } else if (this.#timer === null && !this.reconnecting) {
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.reconnecting = true;
      }, QUIET_MS);
    }
  }

  ended(reason: string): void {
    this.#leave(asErrorCode(reason));
  }

  #enter(account: AccountView): void {
    this.account = account;
    this.server = account.server;
    this.endedBy = null;
    this.deleted = false;
    this.phase = "signed_in";
  }

  #leave(reason: ErrorCode | null): void {
    this.#stopTimer();
    this.unsent = null;
    this.reconnecting = false;
    this.account = null;
    this.endedBy = reason;
    this.connection = "signed_out";
    this.phase = "signed_out";
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
