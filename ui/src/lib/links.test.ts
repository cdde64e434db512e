import { describe, expect, it } from "vitest";
import { pieces } from "./links";

const links = (text: string) => pieces(text).flatMap(({ href }) => (href === null ? [] : [href]));

describe("links", () => {
  it("are found in the text, which stays as it was", () => {
    const text = "See https://example.org/a?b=1#c and www.Example.com, then write.";
    expect(
      pieces(text)
        .map(({ text }) => text)
        .join(""),
    ).toBe(text);
    expect(links(text)).toEqual(["https://example.org/a?b=1#c", "https://www.example.com/"]);
  });

  it("end before the sentence's own marks and brackets", () => {
    expect(links("(https://example.org/x).")).toEqual(["https://example.org/x"]);
    expect(links("https://en.wikipedia.org/wiki/Almaty_(city)!")).toEqual([
      "https://en.wikipedia.org/wiki/Almaty_(city)",
    ]);
    expect(links("«https://example.org»")).toEqual(["https://example.org/"]);
  });

  it("lead to http and https only", () => {
    for (const text of [
      "javascript:alert(1)",
      "tripchat://room/1",
      "file:///etc/passwd",
      "ftp://example.org",
      "http://localhost",
      "https://",
    ])
      expect(links(text), text).toEqual([]);
  });

  it("do not pretend to lead elsewhere", () => {
    expect(links("https://bank.example.org@other.example.com/")).toEqual([]);
  });

  it("are no parts of words or of addresses", () => {
    expect(links("ahttps://example.org and me@www.example.org")).toEqual([]);
    expect(pieces("plain")).toEqual([{ text: "plain", href: null }]);
    expect(pieces("")).toEqual([]);
  });
});
