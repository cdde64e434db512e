// The whole screen's state, and the one place where the core's events arrive.

import { createContext } from "svelte";
import type { Tripchat } from "../ipc/client";
import type { ClientEvent } from "../ipc/generated/ClientEvent";
import type { InboxRow } from "../ipc/generated/InboxRow";
import type { Trip } from "../ipc/generated/Trip";
import { Loaded } from "./loaded.svelte";
import { Wayfinder } from "./place.svelte";
import { Preferences } from "./preferences.svelte";
import { OpenRoom } from "./room.svelte";
import { Session } from "./session.svelte";
import { OpenTrip } from "./trip.svelte";

export class App {
  readonly session: Session;
  readonly preferences = new Preferences();
  readonly way = new Wayfinder();
  readonly inbox: Loaded<InboxRow[]>;
  readonly trips: Loaded<Trip[]>;
  /** The room on the screen. */
  room = $state.raw<OpenRoom | null>(null);
  /** The trip on the screen. */
  trip = $state.raw<OpenTrip | null>(null);
  /** For words such as "today"; moved on by the view. */
  now = $state(Date.now());
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is shown from it
  #drafts = new Map<string, string>();

  constructor(readonly tripchat: Tripchat) {
    this.session = new Session(tripchat);
    this.inbox = new Loaded(() => tripchat.inbox());
    this.trips = new Loaded(() => tripchat.trips());
  }

  /** Hears first, then reads: a change in between is heard, never lost. */
  async start(): Promise<() => void> {
    const stop = await this.tripchat.listen((event) => void this.hear(event));
    await this.session.start();
    await this.reload();
    return stop;
  }

  async signIn(server: string, email: string, password: string): Promise<void> {
    await this.session.signIn(server, email, password);
    await this.#cameIn();
  }

  async register(server: string, email: string, password: string, name: string): Promise<void> {
    await this.session.register(server, email, password, name);
    await this.#cameIn();
  }

  async signOut(discardUnsent: boolean): Promise<void> {
    await this.session.signOut(discardUnsent);
    if (this.session.phase === "signed_out") this.#left();
  }

  async hear(event: ClientEvent): Promise<void> {
    switch (event.type) {
      case "connection":
        this.session.connected(event.connection);
        // What could not be read without the network is read again.
        if (event.connection === "online") await this.reload();
        break;
      case "inbox":
        // Also stands for everything that was missed, if the shell could not keep up.
        await Promise.all([this.inbox.reload(), this.room?.reload()]);
        break;
      case "room":
        await Promise.all([
          this.inbox.reload(),
          this.room?.id === event.room ? this.room.reload() : undefined,
        ]);
        break;
      case "signed_out":
        this.session.ended(event.reason);
        this.#left();
        break;
    }
  }

  async reload(): Promise<void> {
    if (this.session.phase !== "signed_in") return;
    await Promise.all([
      this.inbox.reload(),
      this.trips.reload(),
      this.room?.reload(),
      this.trip?.bookings.reload(),
    ]);
  }

  /** Opens a room; the same one stays as it is. */
  openRoom(id: string): OpenRoom {
    if (this.room?.id === id) return this.room;
    this.closeRoom();
    const room = new OpenRoom(this.tripchat, id);
    room.draft = this.#drafts.get(id) ?? "";
    this.room = room;
    return room;
  }

  closeRoom(): void {
    if (this.room) this.#drafts.set(this.room.id, this.room.draft);
    this.room = null;
  }

  openTrip(id: string): OpenTrip {
    if (this.trip?.id === id) return this.trip;
    this.trip = new OpenTrip(this.tripchat, id, () => this.trips.reload());
    return this.trip;
  }

  /** Whether one is in the trip's room. */
  isIn(trip: Trip): boolean {
    return this.inbox.value?.some(({ room }) => room === trip.room) ?? false;
  }

  async #cameIn(): Promise<void> {
    await Promise.all([this.session.look(), this.reload()]);
  }

  #left(): void {
    this.#drafts.clear();
    this.room = null;
    this.trip = null;
    this.inbox.value = null;
    this.trips.value = null;
    this.way.replace({ name: "inbox" });
  }
}

export const [useApp, provideApp] = createContext<App>();
