import { describe, expect, it } from "vitest";
import { anchors, seenUpTo, shift, type Line } from "./anchor";

/** Rows of 40 px, the first of which begins at `top`. */
const lines = (top: number, count: number): Line[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `m-${i + 1}`,
    seq: i + 1,
    top: top + i * 40,
    bottom: top + (i + 1) * 40,
  }));
const VIEW = { top: 100, bottom: 220 };
/** Where rows stand later. */
const at = (rows: Record<string, [number, number]>) => (id: string) => {
  const [top, bottom] = rows[id] ?? [];
  return top === undefined || bottom === undefined ? null : { top, bottom };
};

describe("the place", () => {
  it("is held by the first whole row in view, then by the others", () => {
    // m-1 is above, m-2 is cut by the upper edge, m-6 lies below.
    const held = anchors(lines(50, 6), VIEW);
    expect(held.map(({ id }) => id)).toEqual(["m-3", "m-4", "m-5", "m-2"]);
    expect(held[0]?.top).toBe(130);
  });

  it("is kept when rows above come, go or grow", () => {
    const held = anchors(lines(50, 6), VIEW);
    expect(shift(held, at({ "m-3": [530, 570] }))).toBe(400);
  });

  it("is kept by the next row when the first is gone", () => {
    const held = anchors(lines(50, 6), VIEW);
    expect(shift(held, at({ "m-4": [160, 200], "m-2": [0, 40] }))).toBe(-10);
  });

  it("is kept by a row that is as high as it was, if there is one", () => {
    const held = anchors(lines(50, 6), VIEW);
    expect(shift(held, at({ "m-3": [530, 552], "m-4": [552, 592] }))).toBe(382);
    expect(shift(held, at({ "m-3": [530, 552], "m-4": [552, 570] }))).toBe(400);
  });

  it("is left alone when nothing of it is left", () => {
    expect(shift(anchors(lines(50, 6), VIEW), () => null)).toBe(0);
    expect(shift(anchors([], VIEW), () => ({ top: 5, bottom: 45 }))).toBe(0);
  });
});

describe("what was seen", () => {
  it("is the newest row whose end is in view", () => {
    expect(seenUpTo(lines(100, 5), VIEW)).toBe(3);
    expect(seenUpTo(lines(99, 5), VIEW)).toBe(3);
    expect(seenUpTo(lines(105, 5), VIEW)).toBe(2);
  });

  it("is nothing where nothing is in view, or where the list has no size", () => {
    expect(seenUpTo(lines(300, 5), VIEW)).toBeNull();
    expect(seenUpTo(lines(-300, 5), VIEW)).toBeNull();
    expect(seenUpTo([{ id: "w", seq: null, top: 110, bottom: 150 }], VIEW)).toBeNull();
    expect(seenUpTo([{ id: "m", seq: 1, top: 0, bottom: 0 }], { top: 0, bottom: 0 })).toBeNull();
  });
});
