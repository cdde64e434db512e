// Wall-clock time in a place's own time zone ↔ UTC milliseconds.

/**
 * Kazakhstan has had one time since 1 March 2024, but the web views of Debian 12 and Ubuntu 22.04 still hold the
 * zones of 2022, and would show every departure from Almaty an hour late. Aqtobe has had that time all along.
 */
const ONE_TIME_SINCE = Date.UTC(2024, 1, 29, 18);
const KAZAKHSTAN = ["Asia/Almaty", "Asia/Qostanay"];

/** The zone by whose rules the clocks of `zone` go at `at`. */
export function rulesOf(zone: string, at: number): string {
  return at >= ONE_TIME_SINCE && KAZAKHSTAN.includes(zone) ? "Asia/Aqtobe" : zone;
}

const parts = new Map<string, Intl.DateTimeFormat>();

function reader(zone: string): Intl.DateTimeFormat {
  const made =
    parts.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  parts.set(zone, made);
  return made;
}

/** What the clock on the wall of `zone` shows at `at`, written as if it were UTC. */
export function wallClock(at: number, zone: string): number {
  const found: Record<string, number> = {};
  for (const { type, value } of reader(rulesOf(zone, at)).formatToParts(at)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The day of `at` in `zone`, as `2026-11-21`. */
export function dayIn(at: number, zone: string): string {
  return new Date(wallClock(at, zone)).toISOString().slice(0, 10);
}

/**
 * The moment at which the clocks of `zone` show `date` (`2026-11-21`) and `time` (`08:00`).
 *
 * An hour that happens twice (clocks go back) is taken the first time; one that is skipped (clocks go forward)
 * as if the clocks had not been changed yet. `null` if the texts are not a date and a time.
 */
export function momentOf(date: string, time: string, zone: string): number | null {
  const wall = readDate(date);
  const clock = readTime(time);
  if (wall === null || clock === null) return null;
  const wanted = wall + clock;
  const offsetBefore = wallClock(wanted - 86_400_000, zone) - (wanted - 86_400_000);
  const offsetAfter = wallClock(wanted + 86_400_000, zone) - (wanted + 86_400_000);
  const early = wanted - offsetBefore;
  if (wallClock(early, zone) === wanted) return early;
  const late = wanted - offsetAfter;
  return wallClock(late, zone) === wanted ? late : early;
}

/** `2026-11-21` as UTC midnight. */
export function readDate(text: string): number | null {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  if (!match) return null;
  const [year, month, day] = match.slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const at = Date.UTC(year, month - 1, day);
  const read = new Date(at);
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === day ? at : null;
}

/** `08:00` or `8:05` as milliseconds since midnight. */
export function readTime(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})(?::00)?$/.exec(text.trim());
  if (!match) return null;
  const hours = Number(match[1]);
  const minutes = Number(match[2]);
  return hours < 24 && minutes < 60 ? (hours * 60 + minutes) * 60_000 : null;
}

/** The zone of this device. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Every zone that can be chosen, by name. */
export function allZones(): string[] {
  const zones = Intl.supportedValuesOf("timeZone");
  const own = ownZone();
  return zones.includes(own) ? zones : [own, ...zones];
}
