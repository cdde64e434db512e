// What the screen is told, derived from what the twin holds.

import { newestSeq, type FakeMessage, type FakeRoom } from "./fakeWorld";
import type { Hit } from "./generated/Hit";
import type { InboxRow } from "./generated/InboxRow";
import type { LastLine } from "./generated/LastLine";
import type { Reach } from "./generated/Reach";
import type { RoomView } from "./generated/RoomView";
import type { SendState } from "./generated/SendState";
import type { TimelineRow } from "./generated/TimelineRow";

const UNREAD_MAX = 100;

/** Counted, never kept: others' standing messages above the mark. */
function unread(room: FakeRoom, me: string): number {
  const above = room.rows.filter((row) => isUnread(room, me, row));
  return Math.min(UNREAD_MAX, above.length);
}

export function firstUnread(room: FakeRoom, me: string): number | null {
  return room.rows.find((row) => isUnread(room, me, row))?.seq ?? null;
}

function isUnread(room: FakeRoom, me: string, row: FakeMessage): boolean {
  const { seq, author, deleted } = row;
  return seq !== null && seq > room.read && author !== me && !deleted && !isSilent(row);
}

export function timelineRow(room: FakeRoom, row: FakeMessage, me: string): TimelineRow {
  const mine = row.author === me;
  const reach = mine && row.seq !== null && !row.system ? reachOf(room, row.seq, me) : null;
  const mayChange = mine && !row.deleted && !row.system && room.open && row.failure === null;
  return {
    ...row,
    text: row.deleted ? null : row.text,
    silent: isSilent(row),
    mine,
    state: stateOf(row, reach),
    reach,
    can_edit: mayChange && row.text !== null,
    can_delete: mayChange,
  };
}

function reachOf(room: FakeRoom, seq: number, me: string): Reach {
  const others = room.members.filter(({ user, since }) => user !== me && since < seq);
  return {
    of: others.length,
    delivered: others.filter(({ delivered }) => delivered >= seq).length,
    read: others.filter(({ read }) => read >= seq).length,
  };
}

function stateOf({ seq, failure }: FakeMessage, reach: Reach | null): SendState {
  if (failure !== null) return "failed";
  if (seq === null) return "waiting";
  if (reach === null || reach.of === 0) return "sent";
  if (reach.read === reach.of) return "read";
  return reach.delivered === reach.of ? "delivered" : "sent";
}

/** A booking's room is called by the other one of its two people. */
function nameOf({ room_type, name, members }: FakeRoom, me: string): string | null {
  return room_type === "BOOKING" ? (members.find(({ user }) => user !== me)?.name ?? null) : name;
}

/** What is said for the record only. */
function isSilent({ system }: FakeMessage): boolean {
  return system !== null && ["BOARDED", "NO_SHOW", "JOINED", "LEFT"].includes(system.code);
}

export function inboxRow(room: FakeRoom, me: string): InboxRow {
  const last = room.rows.findLast((row) => !isSilent(row));
  const others = room.members.filter(({ user }) => user !== me);
  const other = others.length === 1 ? others[0] : others.find(({ user }) => user === room.trip?.driver);
  return {
    room: room.id,
    room_type: room.room_type,
    name: nameOf(room, me),
    trip: room.trip,
    booking_number: room.booking?.number ?? null,
    last: last ? lastLine(timelineRow(room, last, me)) : null,
    active_at: last?.at ?? room.madeAt,
    unread: unread(room, me),
    typing: room.typing,
    presence: other?.presence ?? null,
    state: room.state,
    ...room.own,
  };
}

function lastLine({ author_name, mine, text, system, deleted, state }: TimelineRow): LastLine {
  return { author_name, mine, text, system, deleted, state };
}

export function roomView(room: FakeRoom, me: string): RoomView {
  const { favourite, archived, muted_until, draft } = room.own;
  return {
    room: room.id,
    room_type: room.room_type,
    name: nameOf(room, me),
    trip: room.trip,
    booking: room.booking,
    members: room.members.map((member) => ({ ...member, me: member.user === me })),
    can_write: room.open && room.state === "current",
    state: room.state,
    unread: unread(room, me),
    read: Math.min(room.read, newestSeq(room)),
    draft,
    typing: room.typing,
    favourite,
    archived,
    muted_until,
  };
}

/** Messages that hold every word of the query as the beginning of a word, newest first. */
export function hits(rooms: readonly FakeRoom[], query: string, me: string, limit: number): Hit[] {
  const words = fold(query).match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return [];
  const found = rooms.flatMap((room) =>
    room.rows.flatMap((row): Hit[] => {
      if (row.seq === null || row.text === null || row.deleted) return [];
      const marks = marksOf(row.text, words);
      if (!marks) return [];
      const { seq, author_name, at, text } = row;
      const name = [nameOf(room, me), room.booking?.number].filter(Boolean).join(" · ");
      const about = { room: room.id, room_name: name || null, trip: room.trip };
      return [{ ...about, seq, author_name, mine: row.author === me, at, text, marks }];
    }),
  );
  return found.sort((a, b) => b.at - a.at).slice(0, limit);
}

/** Where the words stand, or `null` if one of them is missing. */
function marksOf(text: string, words: readonly string[]): [number, number][] | null {
  const marks: [number, number][] = [];
  const missing = new Set(words);
  for (const match of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const word = words.find((word) => fold(match[0]).startsWith(word));
    if (word === undefined) continue;
    missing.delete(word);
    marks.push([match.index, match.index + match[0].length]);
  }
  return missing.size === 0 ? marks : null;
}

function fold(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
