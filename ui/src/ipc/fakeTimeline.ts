// Which messages lie at a place, as the core cuts them: never across a hole.

import type { FakeMessage, FakeRoom } from "./fakeWorld";
import type { Edge } from "./generated/Edge";
import type { Place } from "./generated/Place";

export interface Stretch {
  rows: FakeMessage[];
  older: Edge;
  newer: Edge;
}

/** What is on the device, in order, and before which of it a hole lies. */
interface Shelf {
  rows: FakeMessage[];
  /** Indices of rows with a hole right before them. */
  gaps: Set<number>;
  unsent: FakeMessage[];
}

export function stretch(room: FakeRoom, place: Place, limit: number, unread: number | null): Stretch {
  const shelf = shelve(room);
  const end = shelf.rows.length;
  const first = (test: (seq: number) => boolean) => {
    const at = shelf.rows.findIndex(({ seq }) => seq !== null && test(seq));
    return at < 0 ? end : at;
  };
  const half = Math.floor(limit / 2);
  switch (place.at) {
    case "newest":
      return cut(shelf, end - limit, end, end);
    case "first_unread": {
      if (unread === null) return cut(shelf, end - limit, end, end);
      const at = first((seq) => seq >= unread);
      return cut(shelf, at - half, at + half, at);
    }
    case "before": {
      const at = first((seq) => seq >= place.seq);
      return cut(shelf, at - limit, at, at);
    }
    case "after": {
      const at = first((seq) => seq > place.seq);
      return shelf.gaps.has(at) ? { rows: [], older: "more", newer: "hole" } : cut(shelf, at, at + limit, at);
    }
    case "around": {
      const at = first((seq) => seq >= place.seq);
      return cut(shelf, at - half, at + half, at);
    }
    case "between": {
      const to = place.to;
      const from = first((seq) => seq >= place.from);
      return cut(shelf, from, to === null ? end : first((seq) => seq > to), from);
    }
  }
}

function shelve(room: FakeRoom): Shelf {
  const missing = (seq: number) => room.holes.find(([from, to]) => seq >= from && seq <= to);
  const shelf: Shelf = { rows: [], gaps: new Set(), unsent: [] };
  let gap = false;
  for (const row of room.rows) {
    if (row.seq === null) shelf.unsent.push(row);
    else if (missing(row.seq)) gap = true;
    else {
      if (gap) shelf.gaps.add(shelf.rows.length);
      gap = false;
      shelf.rows.push(row);
    }
  }
  return shelf;
}

/** The rows from `lo` to below `hi`, as far as no hole lies between them and `pivot`. */
function cut({ rows, gaps, unsent }: Shelf, lo: number, hi: number, pivot: number): Stretch {
  const from = Math.max(0, lo);
  const to = Math.min(rows.length, hi);
  let start = Math.min(pivot, to);
  while (start > from && !gaps.has(start)) start -= 1;
  let stop = Math.max(start, Math.min(pivot, to));
  while (stop < to && (stop === start || !gaps.has(stop))) stop += 1;
  const older: Edge = gaps.has(start) ? "hole" : start > 0 ? "more" : "end";
  const newer: Edge = stop === rows.length ? "end" : gaps.has(stop) ? "hole" : "more";
  const found = rows.slice(start, stop);
  return { rows: newer === "end" ? [...found, ...unsent] : found, older, newer };
}
