// The core's twin in memory: for tests, and for `npm run dev` in a browser. Coming in and going out stand here, one's own
// account in `fakeOneself.ts`, trips and bookings in `fakeTrips.ts`, reviews in `fakeReviews.ts`, rooms in
// `fakeRooms.ts`; it is no part of the app.

import { Refused, type Tripchat } from "./client";
import { FakeOneself } from "./fakeOneself";
import { sceneFor } from "./fakeScenes";
import { emptyWorld } from "./fakeWorld";

export class FakeTripchat extends FakeOneself implements Tripchat {
  start() {
    return this.answer("start", () => ({
      account: this.world.me && { ...this.world.me, server: this.world.server },
      server: this.world.server,
      connection: this.world.connection,
      remembers: this.world.remembers,
    }));
  }

  register(server: string, _email: string, _password: string, name: string) {
    return this.answer("register", () => this.#enter(server, name));
  }

  signIn(server: string, email: string, password: string) {
    return this.answer("signIn", () => {
      if (password === "wrong") throw new Refused("WRONG_CREDENTIALS");
      return this.#enter(server, email.split("@")[0] ?? email);
    });
  }

  signOut(discardUnsent: boolean) {
    return this.answer("signOut", () => {
      const waiting = this.world.rooms.flatMap(({ rows }) => rows).filter(({ seq }) => seq === null).length;
      if (waiting > 0 && !discardUnsent) throw new Refused("CONFLICT", String(waiting));
      this.world.me = null;
      this.world.rooms = [];
    });
  }

  #enter(server: string, name: string) {
    this.world.me = { user: "u-dana", name };
    this.world.server = server;
    this.connect("online");
    return { ...this.world.me, server };
  }
}

/** The twin that the address asks for: `?scene=offline`, `?scene=driver` and so on. */
export function fakeFor(query: URLSearchParams): FakeTripchat {
  const fake = new FakeTripchat(sceneFor(query.get("scene") ?? "ride", emptyWorld()));
  window.scene = handles(fake);
  return fake;
}

/** What a scene can be moved by from outside; everything happens in its first room unless another is named. */
function handles(fake: FakeTripchat) {
  const first = () => fake.world.rooms[0]!.id;
  return {
    /** Others write so many messages. */
    hear(room = first(), count = 1): void {
      const { members } = fake.world.rooms.find(({ id }) => id === room)!;
      const others = members.filter(({ user }) => user !== fake.world.me?.user);
      for (let i = 0; i < count; i += 1)
        fake.hearMessage(room, others[i % others.length]!.user, `News from the road, number ${i + 1}.`);
    },
    /** A message becomes longer by two lines. */
    edit: (seq: number, text = "This was changed.\nIt is longer now.\nBy two lines."): void =>
      fake.change(first(), seq, text),
    /** Fifty older messages come out of the newest hole. */
    older: (room = first(), count = 50): void => fake.fill(room, count),
    /** Someone writes, or stops. */
    type: (names: string[], room = first()): void => fake.write(room, names),
    connect: (connection: FakeTripchat["world"]["connection"]): void => fake.connect(connection),
  };
}

declare global {
  interface Window {
    scene?: ReturnType<typeof handles>;
  }
}
