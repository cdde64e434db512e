// Another time for a trip: all stops move with the first one.

import type { Stop } from "../ipc/generated/Stop";
import { momentOf, readDate, readTime } from "./zone";

/** What is offered by one touch, in minutes. */
export const DELAYS = [10, 20, 30] as const;

const MINUTE = 60_000;

/** The stops, so many minutes later; below zero: earlier. */
export function moved(stops: readonly Stop[], minutes: number): Stop[] {
  return stops.map((stop) => ({ ...stop, at: stop.at + minutes * MINUTE }));
}

/** How many minutes lie between the first stop's time and what was typed, or the word for what is wrong with it. */
export function delayTo(
  [first]: readonly Stop[],
  date: string,
  time: string,
  now: number,
): { minutes: number } | { problem: string; field: "date" | "time" } {
  if (readDate(date) === null) return { problem: "problem-date", field: "date" };
  if (readTime(time) === null) return { problem: "problem-time", field: "time" };
  const at = first && momentOf(date, time, first.zone);
  if (!first || at === null || at === undefined) return { problem: "problem-time", field: "time" };
  const minutes = Math.round((at - first.at) / MINUTE);
  if (minutes === 0) return { problem: "problem-same", field: "time" };
  return at <= now ? { problem: "problem-past", field: "time" } : { minutes };
}
