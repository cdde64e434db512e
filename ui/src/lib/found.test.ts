import { describe, expect, it } from "vitest";
import type { MemberView } from "../ipc/generated/MemberView";
import { cut } from "./hit";
import { reachOf } from "./reach";

describe("a message that was found", () => {
  const shown = (text: string, marks: [number, number][]) =>
    cut(text, marks)
      .map(({ text, marked }) => (marked ? `[${text}]` : text))
      .join("");

  it("has its words marked", () => {
    expect(shown("the border is clear", [[4, 10]])).toBe("the [border] is clear");
    expect(
      shown("border border", [
        [0, 6],
        [7, 13],
      ]),
    ).toBe("[border] [border]");
    expect(shown("as it is", [])).toBe("as it is");
  });

  it("begins shortly before the first of them, at a word", () => {
    const text = `${"word ".repeat(40)}border`;
    expect(shown(text, [[200, 206]])).toBe(`…${"word ".repeat(7)}[border]`);
    expect(shown(`${"x".repeat(200)}border`, [[200, 206]])).toBe("…[border]");
  });
});

describe("whom a message has reached", () => {
  const member = (user: string, delivered: number, read: number, since = 0, me = false): MemberView => ({
    user,
    name: user,
    role: "MEMBER",
    me,
    presence: "offline",
    delivered,
    read,
    since,
  });

  it("is said by name: who read it first, and not who came later or wrote it", () => {
    const members = [
      member("late", 20, 20, 10),
      member("me", 20, 20, 0, true),
      member("none", 9, 9),
      member("has", 10, 9),
      member("read", 10, 10),
    ];
    expect(reachOf(members, 10).map(({ member, how }) => [member.user, how])).toEqual([
      ["read", "read"],
      ["has", "delivered"],
      ["none", "waiting"],
    ]);
  });
});
