// Times as people read them. A stop's time is shown on its own clocks; a message's on the reader's.

import { dayIn, ownZone, rulesOf } from "./zone";

const made = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${zone}|${JSON.stringify(options)}`;
  const format = made.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  made.set(key, format);
  return format;
}

/** `08:00` */
export function clock(at: number, locale: string, zone = ownZone()): string {
  return format(locale, rulesOf(zone, at), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
    at,
  );
}

/** `Sat 21 Nov` */
export function day(at: number, locale: string, zone = ownZone()): string {
  const parts = format(locale, rulesOf(zone, at), { weekday: "short", day: "numeric", month: "short" });
  return capital(parts.format(at).replace(",", ""), locale);
}

/** `Saturday 21 November`, with the year if it is not this one. */
export function longDay(at: number, now: number, locale: string, zone = ownZone()): string {
  const sameYear = dayIn(at, zone).slice(0, 4) === dayIn(now, zone).slice(0, 4);
  const options: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
  const text = format(locale, rulesOf(zone, at), sameYear ? options : { ...options, year: "numeric" }).format(
    at,
  );
  return capital(text, locale);
}

/** Dates stand at the beginning of a line, also in languages that write days in small letters. */
function capital(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** `GMT+5`, to tell which clocks are meant. */
export function zoneLabel(at: number, locale: string, zone: string): string {
  const parts = format(locale, rulesOf(zone, at), { timeZoneName: "shortOffset" }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}

export type Nearness = "today" | "yesterday" | "other";

/** How the day of `at` stands to the day of `now`, on the reader's clocks. */
export function nearness(at: number, now: number, zone = ownZone()): Nearness {
  const of = (moment: number) => Date.parse(dayIn(moment, zone));
  const days = (of(now) - of(at)) / 86_400_000;
  return days === 0 ? "today" : days === 1 ? "yesterday" : "other";
}

/** Hours and minutes between two moments. */
export function duration(from: number, to: number): { hours: number; minutes: number } {
  const minutes = Math.max(0, Math.round((to - from) / 60_000));
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}
