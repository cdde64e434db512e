// A room's rows, grouped for the eye.

import type { TimelineRow } from "../ipc/generated/TimelineRow";
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
    const theirs = !newDay && before.author === row.author && row.at - before.at < GROUP_MS;
    // What the server says by itself belongs to nobody's group, also where it is one's own doing.
    const joined = theirs && before.system === null && row.system === null;
    return { row, newDay, first: !joined, last: true };
  });
  return bubbles.map((bubble, i) => ({ ...bubble, last: bubbles[i + 1]?.first ?? true }));
}
