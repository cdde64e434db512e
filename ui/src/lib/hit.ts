// A message that was found, as its line shows it.

/** How much stands before the first word that was looked for. */
const BEFORE = 40;

export interface Piece {
  text: string;
  marked: boolean;
}

/** The text in pieces, with the words marked. A long one begins shortly before the first of them. */
export function cut(text: string, marks: readonly (readonly [number, number])[]): Piece[] {
  const begin = start(text, marks[0]?.[0] ?? 0);
  const pieces: Piece[] = begin > 0 ? [{ text: "…", marked: false }] : [];
  let from = begin;
  for (const [start, end] of marks) {
    if (start > from) pieces.push({ text: text.slice(from, start), marked: false });
    pieces.push({ text: text.slice(start, end), marked: true });
    from = end;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), marked: false });
  return pieces;
}

/** The beginning of a word. */
function start(text: string, first: number): number {
  if (first <= BEFORE * 2) return 0;
  const space = text.indexOf(" ", first - BEFORE);
  return space < 0 || space >= first ? first : space + 1;
}
