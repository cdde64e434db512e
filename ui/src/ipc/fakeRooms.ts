// The rooms of the core's twin: reading, writing, marks, drafts and search. It keeps the promises that the screen
// relies on: a message waits until the network is there, a refusal has a code, nothing is sent before its time.

import { Refused, type Desktop, type Target, type Tripchat } from "./client";
import { stretch } from "./fakeTimeline";
import { firstUnread, hits, inboxRow, roomView, timelineRow } from "./fakeViews";
import { newestSeq, type FakeMessage, type FakeRoom, type FakeWorld } from "./fakeWorld";
import type { Availability } from "./generated/Availability";
import type { ClientEvent } from "./generated/ClientEvent";
import type { ConnectionView } from "./generated/ConnectionView";
import type { Place } from "./generated/Place";
import type { Setting } from "./generated/Setting";
import type { System } from "./generated/System";

export class FakeRooms {
  #hearers = new Set<(event: ClientEvent) => void>();
  #leaders = new Set<(target: Target) => void>();
  #made = 0;

  constructor(readonly world: FakeWorld) {}

  listen(hear: (event: ClientEvent) => void): Promise<() => void> {
    this.#hearers.add(hear);
    return Promise.resolve(() => void this.#hearers.delete(hear));
  }

  onOpen(hear: (target: Target) => void): Promise<() => void> {
    this.#leaders.add(hear);
    return Promise.resolve(() => void this.#leaders.delete(hear));
  }

  emit(event: ClientEvent): void {
    for (const hear of this.#hearers) hear(event);
  }

  /** What a click on a notification does. */
  lead(target: Target): void {
    for (const hear of this.#leaders) hear(target);
  }

  /** Moves the connection; what waited is sent as soon as it is there. */
  connect(connection: ConnectionView): void {
    this.world.connection = connection;
    this.emit({ type: "connection", connection });
    if (connection !== "online") return;
    for (const room of this.world.rooms) this.#flush(room);
  }

  /** Someone else writes. */
  hearMessage(room: string, author: string, text: string): void {
    const found = this.room_(room);
    const name = found.members.find(({ user }) => user === author)?.name ?? author;
    const row = { ...this.#message(author, name, text), seq: newestSeq(found) + 1 };
    const sent = found.rows.filter(({ seq }) => seq !== null);
    found.rows = [...sent, row, ...found.rows.slice(sent.length)];
    found.typing = found.typing.filter((typing) => typing !== name);
    this.emit({ type: "room", room });
  }

  /** The server says something by itself; `author` is who did it. */
  hearSystem(room: string, author: string, system: System): void {
    const found = this.world.rooms.find(({ id }) => id === room);
    if (!found) return;
    const name = found.members.find(({ user }) => user === author)?.name ?? author;
    const row = { ...this.#message(author, name, null), system, seq: newestSeq(found) + 1 };
    found.rows = [
      ...found.rows.filter(({ seq }) => seq !== null),
      row,
      ...found.rows.filter(({ seq }) => seq === null),
    ];
    this.emit({ type: "room", room });
  }

  /** Someone's marks rise. */
  mark(room: string, user: string, marks: { delivered?: number; read?: number }): void {
    const found = this.room_(room);
    const raised = (old: number, to = 0) => Math.max(old, to);
    found.members = found.members.map((member) =>
      member.user !== user
        ? member
        : {
            ...member,
            delivered: raised(member.delivered, marks.delivered ?? marks.read),
            read: raised(member.read, marks.read),
          },
    );
    this.emit({ type: "room", room });
  }

  /** Someone edits (a text) or deletes (`null`) their message. */
  change(room: string, seq: number, text: string | null): void {
    const found = this.room_(room);
    found.rows = found.rows.map((row) => (row.seq === seq ? withText(row, text) : row));
    this.emit({ type: "room", room });
  }

  write(room: string, names: string[]): void {
    this.room_(room).typing = names;
    this.emit({ type: "room", room });
  }

  /** The newest `count` messages of the newest hole come. */
  fill(room: string, count: number): void {
    const found = this.room_(room);
    const hole = found.holes.pop();
    if (hole && hole[1] - count >= hole[0]) found.holes.push([hole[0], hole[1] - count]);
    this.emit({ type: "room", room });
  }

  inbox() {
    return this.answer("inbox", () =>
      this.world.rooms
        .map((room) => inboxRow(room, this.me().user))
        .sort((a, b) => b.active_at - a.active_at),
    );
  }

  room(room: string) {
    return this.answer("room", () => roomView(this.room_(room), this.me().user));
  }

  timeline(room: string, place: Place, limit: number) {
    return this.answer("timeline", () => {
      const found = this.room_(room);
      const me = this.me().user;
      const { rows, older, newer } = stretch(found, place, limit, firstUnread(found, me));
      return { rows: rows.map((row) => timelineRow(found, row, me)), older, newer };
    });
  }

  send(room: string, text: string) {
    return this.answer("send", () => {
      const found = this.room_(room);
      const me = this.me();
      const row = this.#message(me.user, me.name, text);
      found.rows.push(row);
      this.#flush(found);
      return row.id;
    });
  }

  edit(room: string, message: string, text: string) {
    return this.answer("edit", () => this.#ask(room, message, text));
  }

  deleteMessage(room: string, message: string) {
    return this.answer("deleteMessage", () => this.#ask(room, message, null));
  }

  retry(operation: string) {
    return this.answer("retry", () => {
      const { room, row } = this.#operation(operation);
      if (row.change) row.change = { ...row.change, failure: null };
      else row.failure = null;
      this.#flush(room);
    });
  }

  discard(operation: string) {
    return this.answer("discard", () => {
      const { room, row } = this.#operation(operation);
      if (row.change) row.change = null;
      else room.rows = room.rows.filter(({ id }) => id !== row.id);
      this.emit({ type: "room", room: room.id });
      return row.text ?? "";
    });
  }

  seen(room: string, seq: number) {
    return this.answer("seen", () => {
      const found = this.room_(room);
      if (seq <= found.read && !found.own.marked_unread) return;
      found.read = Math.max(found.read, Math.min(seq, newestSeq(found)));
      found.own.marked_unread = false;
      this.emit({ type: "room", room });
    });
  }

  visible(room: string | null) {
    return this.answer("visible", () => void (this.world.visible = room));
  }

  typing(room: string) {
    return this.answer("typing", () => void this.room_(room));
  }

  availability(state: Availability) {
    return this.answer("availability", () => void (this.world.availability = state));
  }

  setDraft(room: string, text: string | null) {
    return this.answer("setDraft", () => this.#set(room, { draft: text }));
  }

  setRoom(room: string, setting: Setting) {
    return this.answer("setRoom", () => this.#set(room, setting));
  }

  search(query: string, room: string | null, limit: number) {
    const rooms = this.world.rooms.filter(({ id }) => room === null || id === room);
    return this.answer("search", () => hits(rooms, query, this.me().user, limit));
  }

  openLink(url: string) {
    return this.answer("openLink", () => void this.world.opened.push(url));
  }

  preferences() {
    return this.answer("preferences", () => ({ ...this.world.desktop }));
  }

  setPreferences(chosen: Desktop) {
    return this.answer("setPreferences", () => void (this.world.desktop = { ...chosen }));
  }

  quit() {
    return this.answer("quit", () => void (this.world.quit = true));
  }

  /** Answers later, as the real one does, and refuses when it was told to. */
  protected async answer<T>(name: keyof Tripchat, work: () => T): Promise<T> {
    await Promise.resolve();
    const code = this.world.refuse[name];
    if (code) {
      delete this.world.refuse[name];
      throw new Refused(code);
    }
    return work();
  }

  protected me(): { user: string; name: string } {
    if (!this.world.me) throw new Refused("NOT_SIGNED_IN");
    return this.world.me;
  }

  protected id(kind: string): string {
    this.#made += 1;
    return `${kind}-${this.#made}`;
  }

  protected room_(id: string): FakeRoom {
    const found = this.world.rooms.find((room) => room.id === id);
    if (!found) throw new Refused("ROOM_NOT_FOUND");
    return found;
  }

  #set(room: string, setting: Setting): void {
    Object.assign(this.room_(room).own, setting);
    this.emit({ type: "inbox" });
  }

  #message(author: string, author_name: string, text: string | null): FakeMessage {
    const plain = { system: null, deleted: false, edited: false, change: null, failure: null };
    return { id: this.id("message"), seq: null, author, author_name, text, at: this.world.now(), ...plain };
  }

  #ask(room: string, message: string, text: string | null): string {
    const found = this.room_(room);
    const row = found.rows.find(({ id }) => id === message);
    if (!row || row.deleted) throw new Refused("GONE");
    const id = this.id("change");
    row.change = { id, delete: text === null, failure: null };
    if (text !== null) row.text = text;
    this.#flush(found);
    return id;
  }

  /** Sends what waits, in order, if the network is there. */
  #flush(room: FakeRoom): void {
    if (this.world.connection === "online") {
      for (const row of room.rows) {
        if (row.seq === null && row.failure === null) row.seq = newestSeq(room) + 1;
        if (row.change?.failure === null)
          Object.assign(row, row.change.delete ? withText(row, null) : withText(row, row.text));
      }
      const order = (row: FakeMessage) => row.seq ?? Number.MAX_SAFE_INTEGER;
      room.rows = [...room.rows].sort((a, b) => order(a) - order(b));
    }
    this.emit({ type: "room", room: room.id });
  }

  #operation(id: string): { room: FakeRoom; row: FakeMessage } {
    for (const room of this.world.rooms) {
      const row = room.rows.find((row) => row.id === id || row.change?.id === id);
      if (row) return { room, row };
    }
    throw new Refused("GONE");
  }
}

function withText(row: FakeMessage, text: string | null): FakeMessage {
  return { ...row, text, deleted: text === null, edited: text !== null, change: null };
}
