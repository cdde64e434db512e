import { describe, expect, it } from "vitest";
import { range, row } from "../../tests/help/rows";
import {
  canRead,
  firstAbove,
  HELD,
  keepNewest,
  keepOldest,
  newestSeq,
  NOTHING,
  oldestSeq,
  withNewer,
  withOlder,
} from "./held";

const held = (from: number, to: number) => ({
  rows: range(from, to),
  older: "more" as const,
  newer: "end" as const,
});
const ends = ({ rows, older, newer }: { rows: { seq: number | null }[]; older: string; newer: string }) => [
  rows[0]?.seq,
  rows.at(-1)?.seq,
  rows.length,
  older,
  newer,
];

describe("what is held", () => {
  it("takes a page on each side, without a message twice", () => {
    const page = { rows: range(1, 6), older: "end" as const, newer: "more" as const };
    expect(ends(withOlder(held(5, 9), page))).toEqual([1, 9, 9, "end", "end"]);
    const newer = { rows: range(8, 12), older: "more" as const, newer: "hole" as const };
    expect(ends(withNewer(held(5, 9), newer))).toEqual([5, 12, 8, "more", "hole"]);
  });

  it("is never more than so many rows, and what is let go can be read again", () => {
    const page = { rows: range(1, 50), older: "end" as const, newer: "more" as const };
    expect(ends(withOlder(held(51, 50 + HELD), page))).toEqual([1, HELD, HELD, "end", "more"]);
    const newer = { rows: range(HELD + 1, HELD + 50), older: "more" as const, newer: "end" as const };
    expect(ends(withNewer({ ...held(1, HELD), older: "end" }, newer))).toEqual([
      51,
      HELD + 50,
      HELD,
      "more",
      "end",
    ]);
    expect(ends(keepNewest(held(1, HELD + 1)))).toEqual([2, HELD + 1, HELD, "more", "end"]);
    expect(ends(keepOldest(held(1, HELD + 1)))).toEqual([1, HELD, HELD, "more", "more"]);
    expect(keepNewest(held(1, HELD))).toEqual(held(1, HELD));
  });

  it("shows a message once that waited and is sent", () => {
    const waiting = row(null, "me");
    const before = { ...held(1, 2), rows: [...range(1, 2), waiting] };
    const sent = { ...row(3, "me"), id: waiting.id };
    const after = withNewer(before, { rows: [sent], older: "more", newer: "end" });
    expect(after.rows.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("names its ends by what is sent", () => {
    const rows = [...range(3, 5), row(null, "me")];
    expect([oldestSeq(rows), newestSeq(rows)]).toEqual([3, 5]);
    expect([oldestSeq(NOTHING.rows), newestSeq(NOTHING.rows)]).toEqual([null, null]);
  });

  it("asks for more where there is more, and waits where it is being fetched", () => {
    expect((["more", "hole", "end"] as const).map(canRead)).toEqual([true, false, false]);
  });
});

describe("the divider", () => {
  it("stands before the first message of others above the mark that was neither deleted nor silent", () => {
    const rows = [row(3), row(4, "me"), { ...row(5), deleted: true }, { ...row(6), silent: true }, row(7)];
    expect(firstAbove(rows, 3)?.seq).toBe(7);
    expect(firstAbove(rows, 7)).toBeNull();
  });
});
