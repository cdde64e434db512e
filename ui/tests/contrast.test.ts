// @vitest-environment node
// Every pair of text and ground that meets on the screen passes WCAG 2.2 AA (1.4.3: 4.5 or more).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Rgb = [number, number, number];

function colours(file: string, side: 0 | 1): Map<string, Rgb> {
  const css = readFileSync(new URL(`../src/styles/${file}`, import.meta.url), "utf8");
  const found = new Map<string, Rgb>();
  const names = [...css.matchAll(/(?:\.(hue-\d) \{\s*)?--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)];
  for (const [, hue, name, light, dark] of names) {
    const hex = side === 0 ? light! : dark!;
    found.set(hue ?? name!, [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as Rgb);
  }
  return found;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const mix = (a: Rgb, b: Rgb, part: number): Rgb =>
  a.map((value, i) => value * part + b[i]! * (1 - part)) as Rgb;

const PAIRS: Record<string, string[]> = {
  text: ["bg", "surface", "raised", "tint", "other", "chosen"],
  muted: ["bg", "surface", "raised", "tint", "other"],
  accent: ["bg", "surface", "tint", "raised"],
  "accent-strong": ["tint"],
  "on-accent": ["accent", "accent-strong"],
  "on-own": ["own"],
  "own-muted": ["own"],
  ok: ["ok-tint"],
  danger: ["bg", "surface", "danger-tint", "own"],
  "on-warn-tint": ["warn-tint"],
};

describe.each(["light", "dark"] as const)("in %s", (theme) => {
  const side = theme === "light" ? 0 : 1;
  const tokens = colours("tokens.css", side);

  it("words stand out from their ground", () => {
    const weak = Object.entries(PAIRS).flatMap(([front, grounds]) =>
      grounds
        .map((ground) => ({
          pair: `${front} on ${ground}`,
          ratio: contrast(tokens.get(front)!, tokens.get(ground)!),
        }))
        .filter(({ ratio }) => !(ratio >= 4.5)),
    );
    expect(weak).toEqual([]);
  });

  it("so do people's colours, on a bubble and on their own tint", () => {
    const hues = colours("hues.css", side);
    expect(hues.size).toBe(6);
    for (const [name, hue] of hues) {
      expect(contrast(hue, tokens.get("other")!), name).toBeGreaterThanOrEqual(4.5);
      expect(contrast(hue, mix(hue, tokens.get("surface")!, 0.14)), name).toBeGreaterThanOrEqual(4.5);
    }
  });
});
