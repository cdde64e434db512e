import { describe, expect, it } from "vitest";
import { qrOf } from "./qr";

describe("a QR code", () => {
  it("is a square with a light frame and three corners to find it by", () => {
    const { size, path } = qrOf("tripchat://trip/01932f6e-5d7c-7000-8000-000000000001");
    const dark = new Set([...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`));
    expect((size - 8 - 17) % 4).toBe(0);
    for (const at of dark)
      for (const place of at.split(",").map(Number)) {
        expect(place).toBeGreaterThanOrEqual(4);
        expect(place).toBeLessThan(size - 4);
      }
    const finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];
    for (const [left, top] of [
      [4, 4],
      [size - 11, 4],
      [4, size - 11],
    ] as const)
      finder.forEach((row, y) =>
        expect([...row].map((_, x) => (dark.has(`${left + x},${top + y}`) ? "1" : "0")).join("")).toBe(row),
      );
  });

  it("is another one for another text", () => {
    expect(qrOf("tripchat://trip/a").path).not.toBe(qrOf("tripchat://trip/b").path);
  });
});
