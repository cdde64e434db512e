// The stretch of a room that the screen holds: a window of bounded size that is moved by pages.

import type { Edge } from "../ipc/generated/Edge";
import type { TimelineRow } from "../ipc/generated/TimelineRow";
import type { TimelineView } from "../ipc/generated/TimelineView";

/** Rows read at a time. */
export const PAGE = 50;
/** Rows held at most: what is further away is read again when it is scrolled to. */
export const HELD = 300;

export type Held = TimelineView;

export const NOTHING: Held = { rows: [], older: "end", newer: "end" };

/** The place of the oldest sent row, from which older ones are asked for. */
export function oldestSeq(rows: readonly TimelineRow[]): number | null {
  return rows.find(({ seq }) => seq !== null)?.seq ?? null;
}

/** The place of the newest sent row. */
export function newestSeq(rows: readonly TimelineRow[]): number | null {
  return rows.findLast(({ seq }) => seq !== null)?.seq ?? null;
}

/** A page put before what is held; what then is too much is let go at the newer end. */
export function withOlder(held: Held, page: TimelineView): Held {
  const ids = new Set(held.rows.map(({ id }) => id));
  const rows = [...page.rows.filter(({ id }) => !ids.has(id)), ...held.rows];
  return keepOldest({ rows, older: page.older, newer: held.newer });
}

/** A page put after what is held; what then is too much is let go at the older end. */
export function withNewer(held: Held, page: TimelineView): Held {
  const ids = new Set(page.rows.map(({ id }) => id));
  const rows = [...held.rows.filter(({ id }) => !ids.has(id)), ...page.rows];
  return keepNewest({ rows, older: held.older, newer: page.newer });
}

/** The oldest of what is held, for someone who reads there. */
export function keepOldest(held: Held): Held {
  return held.rows.length <= HELD ? held : { ...held, rows: held.rows.slice(0, HELD), newer: "more" };
}

/** The newest of what is held, for someone who follows the end. */
export function keepNewest(held: Held): Held {
  return held.rows.length <= HELD ? held : { ...held, rows: held.rows.slice(-HELD), older: "more" };
}

/** Whether more can be read on this side now: a hole is told of when it is filled. */
export function canRead(edge: Edge): boolean {
  return edge === "more";
}

/** The first message of others above a read mark: before it the divider goes. */
export function firstAbove(rows: readonly TimelineRow[], read: number): TimelineRow | null {
  return (
    rows.find(
      ({ seq, mine, deleted, silent }) => !mine && !deleted && !silent && seq !== null && seq > read,
    ) ?? null
  );
}
