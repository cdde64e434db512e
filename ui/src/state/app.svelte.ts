// The whole screen's state, and the one place where the core's events arrive.

import { createContext } from "svelte";
import { Refused, type Target, type Tripchat } from "../ipc/client";
import type { Availability } from "../ipc/generated/Availability";
import type { Booking } from "../ipc/generated/Booking";
import type { ClientEvent } from "../ipc/generated/ClientEvent";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { InboxRow } from "../ipc/generated/InboxRow";
import type { MyBooking } from "../ipc/generated/MyBooking";
import type { Setting } from "../ipc/generated/Setting";
import type { Trip } from "../ipc/generated/Trip";
import { Attention } from "./attention.svelte";
import { DesktopChoices } from "./desktop.svelte";
import { FindTrips } from "./findTrips.svelte";
import { InboxList } from "./inboxList.svelte";
import { newestSeq } from "../lib/held";
import { neighbour } from "../lib/keys";
import { Loaded } from "./loaded.svelte";
import { Wayfinder } from "./place.svelte";
import { Preferences } from "./preferences.svelte";
import { OpenRoom } from "./room.svelte";
import { Search } from "./search.svelte";
import { Session } from "./session.svelte";
import { SignIns } from "./signIns.svelte";
import { OpenTrip } from "./trip.svelte";

export class App {
  readonly session: Session;
  readonly preferences = new Preferences();
  readonly way = new Wayfinder();
  readonly attention = new Attention();
  readonly desktop: DesktopChoices;
  readonly search: Search;
  readonly inbox: Loaded<InboxRow[]>;
  readonly list: InboxList;
  readonly trips: Loaded<Trip[]>;
  readonly find: FindTrips;
  /** One's own, with their trips. */
  readonly bookings: Loaded<MyBooking[]>;
  readonly signIns: SignIns;
  /** The room on the screen. */
  room = $state.raw<OpenRoom | null>(null);
  /** The same, for a view that goes: while it does, it reads state as it was before. */
  #open: OpenRoom | null = null;
  /** The trip on the screen. */
  trip = $state.raw<OpenTrip | null>(null);
  /** For words such as "today"; moved on by the view. */
  now = $state(Date.now());
  /** Whether the keys are shown. */
  help = $state(false);
  /** Why the last thing that was set about a room, or said about oneself, was not taken. */
  failure = $state<ErrorCode | null>(null);

  constructor(readonly tripchat: Tripchat) {
    this.session = new Session(tripchat);
    this.inbox = new Loaded(() => tripchat.inbox());
    this.list = new InboxList(this.inbox);
    this.search = new Search(tripchat);
    this.desktop = new DesktopChoices(tripchat);
    this.trips = new Loaded(() => tripchat.trips());
    this.find = new FindTrips(tripchat);
    this.bookings = new Loaded(() => tripchat.myBookings());
    this.signIns = new SignIns(tripchat);
  }

  /** Hears first, then reads: a change in between is heard, never lost. */
  async start(): Promise<() => void> {
    const stops = [
      await this.tripchat.listen((event) => void this.hear(event)),
      await this.tripchat.onOpen((target) => this.lead(target)),
      this.attention.follow(),
    ];
    await Promise.all([this.session.start(), this.desktop.start(this.preferences.language)]);
    await this.#comeBack();
    await this.reload();
    return () => stops.forEach((stop) => stop());
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

  async deleteAccount(password: string): Promise<void> {
    await this.session.deleteAccount(password);
    this.#left();
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
        await Promise.all([this.inbox.reload(), this.room?.reload(), this.#reloadTrips()]);
        break;
      case "room":
        await Promise.all([
          this.inbox.reload(),
          this.room?.id === event.room ? this.room.reload() : undefined,
          this.#reloadTrips(),
        ]);
        break;
      case "notify":
      case "withdraw":
        // Notifications are the shell's.
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
      this.trip?.reload(),
      this.#reloadTrips(),
      this.way.place.name === "sign-ins" ? this.signIns.all.reload() : undefined,
    ]);
  }

  /** A notification, the tray or a deep link leads somewhere. */
  lead({ room, trip }: Target): void {
    if (room !== undefined) this.way.go({ name: "room", room });
    else if (trip !== undefined) this.way.go({ name: "trip", trip });
  }

  /** Opens a room, at a message if one is named; the same one stays as it is. */
  openRoom(id: string, at: number | null = null): OpenRoom {
    if (this.room?.id === id) return this.room;
    this.closeRoom();
    this.#open = this.room = new OpenRoom(this.tripchat, id, at);
    return this.room;
  }

  closeRoom(): void {
    if (this.#open && this.session.phase === "signed_in") void this.#open.compose.store();
    this.#open = this.room = null;
  }

  /** The view of a room is gone; the next one may be there by now. */
  leaveRoom(room: OpenRoom): void {
    if (this.#open === room) this.closeRoom();
  }

  /** The room above or below in the list. */
  step(by: -1 | 1): void {
    const rooms = this.list.shown.map(({ room }) => room);
    const room = neighbour(rooms, this.way.room, by);
    if (room !== null) this.way.go({ name: "room", room });
  }

  /** Begins to look for messages, in the room on the screen or in all. */
  startSearch(room: string | null): void {
    const { place } = this.way;
    const words = place.name === "search" ? place.words : "";
    const to = { name: "search" as const, room, words };
    if (place.name === "search") this.way.replace(to);
    else this.way.go(to);
  }

  /** Tells the core which room the person looks at. */
  async look(room: string | null): Promise<void> {
    if (this.session.phase === "signed_in") await this.#tell(() => this.tripchat.visible(room));
  }

  async setRoom(room: string, setting: Setting): Promise<void> {
    await this.#tell(() => this.tripchat.setRoom(room, setting));
    await this.inbox.reload();
  }

  /** Everything in the room counts as read. */
  async markRead(room: string): Promise<void> {
    await this.#tell(async () => {
      const { rows } = await this.tripchat.timeline(room, { at: "newest" }, 1);
      const newest = newestSeq(rows);
      if (newest === null) await this.tripchat.setRoom(room, { marked_unread: false });
      else await this.tripchat.seen(room, newest);
    });
    await this.inbox.reload();
  }

  /** Puts a text where the system keeps what was copied. */
  async copy(text: string): Promise<void> {
    await this.#tell(() => navigator.clipboard.writeText(text));
  }

  async beAvailable(state: Availability): Promise<void> {
    this.preferences.keepAvailability(state);
    await this.#tell(() => this.tripchat.availability(state));
  }

  async openLink(url: string): Promise<void> {
    await this.#tell(() => this.tripchat.openLink(url));
  }

  openTrip(id: string): OpenTrip {
    if (this.trip?.id === id) return this.trip;
    this.trip = new OpenTrip(this.tripchat, id, async () => {
      await Promise.all([this.trips.reload(), this.#reloadTrips()]);
    });
    return this.trip;
  }

  /** What is on the screen about trips: they and their bookings are the server's, and come by no stream of their own. */
  async #reloadTrips(): Promise<void> {
    if (this.way.tab !== "trips") return;
    await Promise.all([
      this.trips.reload(),
      this.find.reload(),
      this.way.trips === "bookings" ? this.bookings.reload() : undefined,
      this.way.place.name === "trip" ? this.trip?.reload() : undefined,
    ]);
  }

  /** A trip, from wherever it is known. */
  tripOf(id: string): Trip | null {
    const lists = [this.trips.value, this.find.found, this.bookings.value?.map(({ trip }) => trip)];
    const known = lists.flatMap((trips) => trips ?? []).find((trip) => trip.id === id);
    const opened = this.trip?.id === id ? this.trip.trip.value : null;
    if (known ?? opened) return known ?? opened;
    // A booking's room is told of the trip only up to the booking's end.
    const rows = this.inbox.value?.filter((row) => row.trip?.id === id) ?? [];
    return (rows.find(({ room_type }) => room_type === "TRIP") ?? rows[0])?.trip ?? null;
  }

  /** Opens the private room of a booking, where its two people talk. */
  async talk({ id, room }: Booking): Promise<void> {
    await this.#tell(async () => {
      const found = room ?? (await this.tripchat.bookingRoom(id)).room;
      if (found) this.way.go({ name: "room", room: found });
    });
  }

  /** Whether one is in the trip's room. */
  isIn(trip: Trip): boolean {
    return this.inbox.value?.some(({ room }) => room === trip.room) ?? false;
  }

  async #tell(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failure = null;
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
  }

  /** How the person wants to be seen outlives the app. */
  async #comeBack(): Promise<void> {
    const { availability } = this.preferences;
    if (this.session.phase === "signed_in" && availability !== "online") await this.beAvailable(availability);
  }

  async #cameIn(): Promise<void> {
    await Promise.all([this.session.look(), this.reload()]);
  }

  #left(): void {
    this.search.clear();
    this.list.clear();
    this.failure = null;
    this.#open = this.room = null;
    this.trip = null;
    this.inbox.value = null;
    this.trips.value = null;
    this.bookings.value = null;
    this.signIns.clear();
    this.find.clear();
    this.way.replace({ name: "inbox" });
  }
}

export const [useApp, provideApp] = createContext<App>();
