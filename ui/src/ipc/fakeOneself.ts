// One's own account in the core's twin: where one is signed in, and the password.

import { Refused } from "./client";
import { FakeReviews } from "./fakeReviews";
import type { Me } from "./generated/Me";
import type { MeChange } from "./generated/MeChange";

/** `limits::PASSWORD_CHARS` of the protocol. */
const SHORTEST = 8;

/** What the operator gave. */
const CODE = "K7QD-42MX";

function check(wanted: string): void {
  if ([...wanted].length < SHORTEST) throw new Refused("INVALID_INPUT", "new");
  if (wanted.startsWith("password")) throw new Refused("PASSWORD_TOO_COMMON", "common");
  if (wanted.toLowerCase().startsWith("dana")) throw new Refused("PASSWORD_TOO_COMMON", "personal");
}

export class FakeOneself extends FakeReviews {
  sessions() {
    return this.online("sessions", () => [...this.world.sessions]);
  }

  endSession(session: string) {
    return this.online("endSession", () => {
      const left = this.world.sessions.filter(({ id }) => id !== session);
      if (left.length === this.world.sessions.length) throw new Refused("NOT_FOUND");
      this.world.sessions = left;
    });
  }

  endOtherSessions() {
    return this.online("endOtherSessions", () => this.#endOthers());
  }

  changePassword(current: string, wanted: string) {
    return this.online("changePassword", () => {
      check(wanted);
      if (current !== this.world.password) throw new Refused("WRONG_CREDENTIALS");
      this.world.password = wanted;
      this.#endOthers();
    });
  }

  resetPassword(server: string, code: string, wanted: string) {
    return this.answer("resetPassword", () => {
      if (server.includes("nowhere")) throw new Refused("NOT_A_SERVER");
      check(wanted);
      if (code !== CODE) throw new Refused("CODE_INVALID");
      this.world.password = wanted;
    });
  }

  profile() {
    return this.online("profile", () => this.#profile());
  }

  changeProfile(change: MeChange) {
    return this.online("changeProfile", () => {
      const { name, ...rest } = change;
      if (rest.username === "taken") throw new Refused("USERNAME_TAKEN");
      if (rest.username?.includes(" ")) throw new Refused("INVALID_INPUT", "username");
      if (name) this.world.me = { ...this.me(), name };
      this.world.profile = { ...this.world.profile, ...rest };
      return this.#profile();
    });
  }

  exportMe() {
    return this.online("exportMe", () => "tripchat.json");
  }

  deleteAccount(password: string) {
    return this.online("deleteAccount", () => {
      if (password !== this.world.password) throw new Refused("WRONG_CREDENTIALS");
      const rides = this.world.bookings.some(
        ({ passenger, status }) => passenger === this.me().user && status === "boarded",
      );
      if (rides) throw new Refused("ON_THE_ROAD");
      this.world.me = null;
      this.world.rooms = [];
    });
  }

  #profile(): Me {
    const { user: id, name } = this.me();
    return { id, name, has_password: true, ...this.world.profile };
  }

  /** What needs the network, and has none of it while the connection is away. */
  protected online<T>(name: Parameters<typeof this.answer>[0], work: () => T): Promise<T> {
    return this.answer(name, () => {
      if (this.world.connection !== "online") throw new Refused("NO_SERVER");
      return work();
    });
  }

  #endOthers(): void {
    this.world.sessions = this.world.sessions.filter(({ current }) => current);
  }
}
