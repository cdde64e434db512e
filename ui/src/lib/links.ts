// Links in plain text. Only http and https, and nothing that pretends to be another place.

export interface Piece {
  text: string;
  /** Where it leads, if it is a link. */
  href: string | null;
}

const START = /(?:https?:\/\/|www\.)[^\s<>"]+/giu;
const CLOSING: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** The text in order, cut into links and what stands between them. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(START)) {
    // Part of a word, such as an address of an e-mail: no link.
    if (/[\p{L}\p{N}@._-]$/u.test(text.slice(0, match.index))) continue;
    const shown = withoutEnd(match[0]);
    const href = hrefOf(shown);
    if (href === null) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), href: null });
    found.push({ text: shown, href });
    from = match.index + shown.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), href: null });
  return found;
}

/** A sentence's own marks are not the link's, nor is a bracket that was opened before it. */
function withoutEnd(link: string): string {
  let text = link;
  for (;;) {
    const last = text.at(-1) ?? "";
    const opening = CLOSING[last];
    const open = opening !== undefined && count(text, opening) < count(text, last);
    if (!open && !/[.,;:!?…'"»”’]/u.test(last)) return text;
    text = text.slice(0, -1);
  }
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

function hrefOf(shown: string): string | null {
  const address = /^www\./i.test(shown) ? `https://${shown}` : shown;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol)) return null;
  // `https://bank.example@other.example` leads to the other one.
  if (url.username !== "" || url.password !== "" || !url.hostname.includes(".")) return null;
  return url.href;
}
