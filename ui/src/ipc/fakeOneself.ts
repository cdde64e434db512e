// One's own account in the core's twin: where one is signed in, and the password.

import { Refused } from "./client";
import { FakeReviews } from "./fakeReviews";

/** `limits::PASSWORD_CHARS` of the protocol. */
const SHORTEST = 8;

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
      const chars = [...wanted].length;
      if (chars < SHORTEST) throw new Refused("INVALID_INPUT", "new");
      if (wanted.startsWith("password")) throw new Refused("PASSWORD_TOO_COMMON", "common");
      if (wanted.toLowerCase().startsWith("dana")) throw new Refused("PASSWORD_TOO_COMMON", "personal");
      if (current !== this.world.password) throw new Refused("WRONG_CREDENTIALS");
      this.world.password = wanted;
      this.#endOthers();
    });
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
