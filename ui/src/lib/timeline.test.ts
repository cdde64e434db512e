import { describe, expect, it } from "vitest";
import type { TimelineRow } from "../ipc/generated/TimelineRow";
import { countNewer, group, joins, newestSeq, oldestSeq, withNewest, withOlder } from "./timeline";

const NOON = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;

function row(seq: number | null, author = "a", at = NOON): TimelineRow {
  return {
    id: seq === null ? `w-${author}-${at}` : `m-${seq}`,
    seq,
    author,
    author_name: author,
    mine: author === "me",
    text: "x",
    at,
    state: seq === null ? "waiting" : "sent",
    failure: null,
  };
}
const seqs = (rows: readonly TimelineRow[]) => rows.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => row(from + i));

describe("grouping", () => {
  it("joins a writer's messages of less than five minutes", () => {
    const rows = [
      row(1),
      row(2, "a", NOON + 4 * MINUTE),
      row(3, "a", NOON + 9 * MINUTE),
      row(4, "b", NOON + 9 * MINUTE),
    ];
    const marks = group(rows, "UTC").map(({ first, last }) => `${first ? "[" : ""}${last ? "]" : ""}`);
    expect(marks).toEqual(["[", "]", "[]", "[]"]);
  });

  it("begins a new group with a new day, on the reader's clocks", () => {
    const late = Date.UTC(2026, 10, 20, 18, 59);
    const rows = [row(1, "a", late), row(2, "a", late + 2 * MINUTE)];
    expect(group(rows, "UTC").map(({ newDay }) => newDay)).toEqual([true, false]);
    expect(group(rows, "Asia/Almaty").map(({ newDay, first }) => newDay && first)).toEqual([true, true]);
  });

  it("has nothing to say about nothing", () => {
    expect(group([], "UTC")).toEqual([]);
  });
});

describe("pages", () => {
  it("are put together without a message twice", () => {
    expect(seqs(withOlder(range(1, 5), range(4, 8)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(seqs(withNewest(range(1, 5), range(4, 8)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("let the newest word count: what waited is shown once, as it now stands", () => {
    const waiting = row(null, "me");
    const sent = { ...row(6, "me"), id: waiting.id };
    const rows = withNewest([...range(4, 5), waiting], [...range(5, 5), sent]);
    expect(rows.map(({ id, state }) => [id, state])).toEqual([
      ["m-4", "sent"],
      ["m-5", "sent"],
      [waiting.id, "sent"],
    ]);
  });

  it("drop what waited and is gone", () => {
    expect(seqs(withNewest([...range(1, 2), row(null, "me")], range(2, 3)))).toEqual([1, 2, 3]);
  });

  it("know whether something lies between them", () => {
    const page = (from: number, to: number, has_more: boolean) => ({ rows: range(from, to), has_more });
    expect(joins(range(1, 5), page(3, 9, true))).toBe(true);
    expect(joins(range(1, 5), page(6, 9, true))).toBe(true);
    expect(joins(range(1, 5), page(8, 9, true))).toBe(false);
    expect(joins(range(1, 5), page(8, 9, false))).toBe(true);
    expect(joins([], page(8, 9, true))).toBe(true);
    expect(joins(range(1, 5), { rows: [row(null, "me")], has_more: true })).toBe(true);
  });

  it("name their ends by what is sent", () => {
    const rows = [...range(3, 5), row(null, "me")];
    expect([oldestSeq(rows), newestSeq(rows)]).toEqual([3, 5]);
    expect([oldestSeq([]), newestSeq([])]).toEqual([null, null]);
  });

  it("count what others wrote", () => {
    expect(countNewer([...range(1, 4), row(5, "me"), row(null, "me")], 2)).toBe(2);
  });
});
