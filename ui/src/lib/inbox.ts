// The list of rooms: what is found, in which order and under which head.

import type { InboxRow } from "../ipc/generated/InboxRow";

/** Up to here a count is shown as it is. */
const SHOWN = 9;
/** `limits::UNREAD_MAX` of the protocol: this many or more. */
export const UNREAD_MAX = 100;

export interface Sections {
  rows: InboxRow[];
  archived: InboxRow[];
}

export interface Filter {
  words: string;
  unread: boolean;
}

/** Favourites first, then by time; archived rooms apart, unless something is looked for. */
export function sections(
  rows: readonly InboxRow[],
  filter: Filter,
  titleOf: (row: InboxRow) => string,
): Sections {
  const found = rows.filter(
    (row) => (!filter.unread || isUnread(row)) && matches(row, filter.words, titleOf),
  );
  const ordered = [...found].sort((a, b) => Number(b.favourite) - Number(a.favourite));
  if (filter.words.trim() !== "") return { rows: ordered, archived: [] };
  return {
    rows: ordered.filter(({ archived }) => !archived),
    archived: ordered.filter(({ archived }) => archived),
  };
}

export function isUnread({ unread, marked_unread }: InboxRow): boolean {
  return unread > 0 || marked_unread;
}

export function isMuted({ muted_until }: InboxRow, now: number): boolean {
  return muted_until !== null && muted_until > now;
}

/** Muted until someone says otherwise: the largest time that a number holds exactly as milliseconds of a date. */
export const ALWAYS = 8_640_000_000_000_000;

/** Every word stands somewhere: in the title, a place, the number, or a person's name. */
function matches(row: InboxRow, words: string, titleOf: (row: InboxRow) => string): boolean {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return true;
  const about = [
    titleOf(row),
    row.booking_number,
    row.trip?.driver_name,
    row.last?.author_name,
    ...(row.trip?.stops.map(({ place }) => place) ?? []),
  ];
  const text = plain(about.join("\n"));
  return wanted.every((word) => text.includes(word));
}

/** Without case and accents, so that `lucia` finds Lucía. */
export function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLocaleLowerCase();
}

/** `9+` above nine. */
export function shownCount(count: number): string {
  return count > SHOWN ? `${SHOWN}+` : String(count);
}
