// A room's rows: putting pages together, and grouping for the eye.

import type { TimelineRow } from "../ipc/generated/TimelineRow";
import type { TimelineView } from "../ipc/generated/TimelineView";
import { dayIn, ownZone } from "./zone";

/** A writer's messages belong together when less than this lies between them. */
const GROUP_MS = 5 * 60_000;

/** A bubble with what its place in the list says about it. */
export interface Bubble {
  row: TimelineRow;
  /** A new day begins here. */
  newDay: boolean;
  /** The first of its writer's group: the name stands over it. */
  first: boolean;
  /** The last of its writer's group. */
  last: boolean;
}

/** Groups by writer within five minutes, and by day on the reader's clocks. */
export function group(rows: readonly TimelineRow[], zone = ownZone()): Bubble[] {
  const days = rows.map((row) => dayIn(row.at, zone));
  const bubbles = rows.map((row, i): Bubble => {
    const before = rows[i - 1];
    const newDay = before === undefined || days[i] !== days[i - 1];
    const joined = !newDay && before.author === row.author && row.at - before.at < GROUP_MS;
    return { row, newDay, first: !joined, last: true };
  });
  return bubbles.map((bubble, i) => ({ ...bubble, last: bubbles[i + 1]?.first ?? true }));
}

/** The place of the oldest sent row, from which older ones are asked for. */
export function oldestSeq(rows: readonly TimelineRow[]): number | null {
  return rows.find(({ seq }) => seq !== null)?.seq ?? null;
}

/** The place of the newest sent row. */
export function newestSeq(rows: readonly TimelineRow[]): number | null {
  return rows.findLast(({ seq }) => seq !== null)?.seq ?? null;
}

/** Whether the newest page reaches down to what is held, so that nothing lies between them. */
export function joins(held: readonly TimelineRow[], page: TimelineView): boolean {
  const newest = newestSeq(held);
  const oldest = oldestSeq(page.rows);
  return !page.has_more || newest === null || oldest === null || oldest <= newest + 1;
}

/** What is held above the newest page, then the page itself: the newest word counts for every row. */
export function withNewest(held: readonly TimelineRow[], page: readonly TimelineRow[]): TimelineRow[] {
  const oldest = oldestSeq(page);
  const ids = new Set(page.map(({ id }) => id));
  const older = held.filter(
    ({ seq, id }) => seq !== null && (oldest === null || seq < oldest) && !ids.has(id),
  );
  return [...older, ...page];
}

/** An older page, then what is held. */
export function withOlder(page: readonly TimelineRow[], held: readonly TimelineRow[]): TimelineRow[] {
  const ids = new Set(held.map(({ id }) => id));
  return [...page.filter(({ id }) => !ids.has(id)), ...held];
}

/** How many of others' messages in `rows` are newer than `seen`. */
export function countNewer(rows: readonly TimelineRow[], seen: number): number {
  return rows.filter(({ seq, mine }) => !mine && seq !== null && seq > seen).length;
}
