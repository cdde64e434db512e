// What may be sent.

/** Longest text of a message, in Unicode scalar values: `limits::TEXT_CHARS` of the protocol. */
export const TEXT_CHARS = 4_000;

/** Unicode scalar values: what the server counts, and not what `length` counts. */
export function countChars(text: string): number {
  let count = 0;
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- only counted
  for (const _ of text) count += 1;
  return count;
}

/** How many characters may still be written; worth showing near the end only. */
export function charsLeft(text: string): number {
  return TEXT_CHARS - countChars(text.trim());
}

/** The first letters of the first and the last word of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0]);
  return letters.join("").toLocaleUpperCase();
}

/** Enough of a name for one line. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}

/** A number from 0 to `count - 1` that is always the same for `text`. */
export function hueOf(text: string, count: number): number {
  // FNV-1a, then mixed once more: ids made in the same moment differ in few bits.
  let sum = 0x811c9dc5;
  for (const char of text) sum = Math.imul(sum ^ (char.codePointAt(0) ?? 0), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return ((sum ^ (sum >>> 13)) >>> 0) % count;
}
