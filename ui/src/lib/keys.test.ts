import { describe, expect, it } from "vitest";
import { actionOf, neighbour } from "./keys";

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const press = (key: string, held: Partial<typeof plain> = {}, inField = false) =>
  actionOf({ key, ...plain, ...held }, inField);

describe("the keys", () => {
  it("do what the help says", () => {
    expect(press("k", { ctrlKey: true })).toBe("switch");
    expect(press("K", { metaKey: true })).toBe("switch");
    expect(press("f", { ctrlKey: true })).toBe("find");
    expect(press("q", { ctrlKey: true }, true)).toBe("quit");
    expect(press("ArrowUp", { altKey: true })).toBe("previous-room");
    expect(press("ArrowDown", { altKey: true })).toBe("next-room");
    expect(press("Escape")).toBe("back");
    expect(press("?", { shiftKey: true })).toBe("help");
  });

  it("leave text and the system's own keys alone", () => {
    expect(press("?", { shiftKey: true }, true)).toBeNull();
    expect(press("k")).toBeNull();
    expect(press("ArrowUp")).toBeNull();
    expect(press("f", { ctrlKey: true, shiftKey: true })).toBeNull();
    expect(press("c", { ctrlKey: true })).toBeNull();
    expect(press("ArrowUp", { altKey: true, ctrlKey: true })).toBeNull();
    expect(press("k", { ctrlKey: true }, true)).toBe("switch");
  });

  it("go from room to room, and stop at the ends", () => {
    const rooms = ["a", "b", "c"];
    expect(neighbour(rooms, "b", 1)).toBe("c");
    expect(neighbour(rooms, "b", -1)).toBe("a");
    expect([neighbour(rooms, "c", 1), neighbour(rooms, "a", -1)]).toEqual([null, null]);
    expect([neighbour(rooms, null, 1), neighbour(rooms, "z", -1), neighbour([], null, 1)]).toEqual([
      "a",
      "a",
      null,
    ]);
  });
});
