import { describe, expect, it } from "vitest";
import { Draft } from "./draft";

describe("a draft", () => {
  it("of another device fills a composer that was not touched, and empties it", () => {
    const draft = new Draft();
    expect(draft.hear("Half a")).toBe("Half a");
    expect(draft.hear("Half a")).toBeNull();
    expect(draft.hear(null)).toBe("");
  });

  it("of another device does not overwrite what is being written", () => {
    const draft = new Draft();
    draft.touch();
    expect(draft.hear("from elsewhere")).toBeNull();
    expect(draft.take("mine")).toBe("mine");
    expect(draft.hear("later, from elsewhere")).toBe("later, from elsewhere");
  });

  it("is stored once, and as nothing when it is empty", () => {
    const draft = new Draft();
    expect(draft.take("")).toBeUndefined();
    draft.touch();
    expect(draft.take("  \n")).toBeNull();
    expect(draft.take("  \n")).toBeUndefined();
  });

  it("does not come back by its own echo, after it was sent", () => {
    const draft = new Draft();
    draft.touch();
    draft.take("On my way");
    draft.touch();
    expect(draft.take("")).toBeNull();
    expect(draft.hear("On my way")).toBeNull();
    expect(draft.hear(null)).toBe("");
  });
});
