// Keeping the place of what is read while rows come, go and grow around it. Pure: the list measures and scrolls.

/** A row on the screen, measured from a fixed point of the window. */
export interface Line {
  id: string;
  seq: number | null;
  top: number;
  bottom: number;
}

/** What is visible of the list, measured from the same point. */
export interface View {
  top: number;
  bottom: number;
}

/** Where a row stands, and how high it is. */
export type Spot = Pick<Line, "top" | "bottom">;

export type Anchor = Pick<Line, "id"> & Spot;

/** The rows that are in view, the first whole one first: if it goes, the next one holds the place. */
export function anchors(lines: readonly Line[], view: View): Anchor[] {
  const inView = lines.filter(({ top, bottom }) => bottom > view.top && top < view.bottom);
  const whole = inView.filter(({ top }) => top >= view.top);
  const cut = inView.filter(({ top }) => top < view.top);
  return [...whole, ...cut].map(({ id, top, bottom }) => ({ id, top, bottom }));
}

/**
 * How far to scroll so that the first anchor that is still there stands where it stood. One that grew or lost its
 * name, because the one before it came, holds the place only if there is no other: it would move all below it.
 */
export function shift(held: readonly Anchor[], spotOf: (id: string) => Spot | null): number {
  let grown: number | null = null;
  for (const { id, top, bottom } of held) {
    const now = spotOf(id);
    if (!now) continue;
    if (Math.abs(now.bottom - now.top - (bottom - top)) < 1) return now.top - top;
    grown ??= now.top - top;
  }
  return grown ?? 0;
}

/** The newest row whose end is in view: up to there the person has seen everything. */
export function seenUpTo(lines: readonly Line[], view: View): number | null {
  const seen = lines.findLast(
    ({ seq, bottom }) => seq !== null && bottom > view.top && bottom <= view.bottom + 1,
  );
  return seen?.seq ?? null;
}
