import { describe, expect, it } from "vitest";
import { NOON, row } from "../../tests/help/rows";
import { group } from "./timeline";

const MINUTE = 60_000;

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
