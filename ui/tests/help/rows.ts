// Rows for tests.

import type { TimelineRow } from "../../src/ipc/generated/TimelineRow";

export const NOON = Date.UTC(2026, 10, 20, 12);

/** A sent message, or with `null` one that waits; whoever is called `me` is oneself. */
export function row(seq: number | null, author = "a", at = NOON): TimelineRow {
  return {
    id: seq === null ? `w-${author}-${at}` : `m-${seq}`,
    seq,
    author,
    author_name: author,
    mine: author === "me",
    text: "x",
    system: null,
    silent: false,
    deleted: false,
    edited: false,
    at,
    state: seq === null ? "waiting" : "sent",
    change: null,
    failure: null,
    reach: null,
    can_edit: author === "me",
    can_delete: author === "me",
  };
}

export function range(from: number, to: number): TimelineRow[] {
  return Array.from({ length: to - from + 1 }, (_, i) => row(from + i));
}
