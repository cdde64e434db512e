import { describe, expect, it } from "vitest";
import { digitsOf, price, readAmount } from "./money";
import { oneAtATime } from "./oneAtATime";
import { charsLeft, countChars, firstName, hueOf, initials, TEXT_CHARS } from "./text";
import { clock, day, duration, longDay, nearness, zoneLabel } from "./times";

const AT = Date.UTC(2026, 10, 21, 3);

describe("times", () => {
  it("are a stop's own", () => {
    expect(clock(AT, "en-GB", "Asia/Almaty")).toBe("08:00");
    expect(clock(AT, "es-ES", "Asia/Bishkek")).toBe("09:00");
    expect(clock(Date.UTC(2026, 0, 1), "en-GB", "UTC")).toBe("00:00");
    expect(zoneLabel(AT, "en-GB", "Asia/Almaty")).toBe("GMT+5");
  });

  it("name the day in the reader's language", () => {
    expect(day(AT, "en-GB", "Asia/Almaty")).toBe("Sat 21 Nov");
    expect(day(AT, "es-ES", "Asia/Almaty")).toBe("Sáb 21 nov");
    expect(longDay(AT, AT, "es-ES", "UTC")).toBe("Sábado, 21 de noviembre");
    expect(longDay(AT, AT + 90 * 86_400_000, "en-GB", "UTC")).toContain("2026");
  });

  it("know today and yesterday by the reader's clocks", () => {
    const now = Date.UTC(2026, 10, 21, 20);
    expect(nearness(now - 60_000, now, "UTC")).toBe("today");
    expect(nearness(now - 21 * 3_600_000, now, "UTC")).toBe("yesterday");
    // 01:00 on the 22nd in Almaty: the morning of the 21st was yesterday there.
    expect(nearness(AT, now, "Asia/Almaty")).toBe("yesterday");
    expect(nearness(now - 3 * 86_400_000, now, "UTC")).toBe("other");
  });

  it("tell how long a way takes", () => {
    expect(duration(AT, AT + 4.5 * 3_600_000)).toEqual({ hours: 4, minutes: 30 });
    expect(duration(AT, AT - 1)).toEqual({ hours: 0, minutes: 0 });
  });
});

describe("money", () => {
  it("is shown in its currency's form", () => {
    expect(price({ minor: 500_000, currency: "KZT" }, "en-GB").replace(/\s/g, " ")).toBe("KZT 5,000");
    expect(price({ minor: 1_250, currency: "EUR" }, "es-ES").replace(/\s/g, " ")).toBe("12,50 €");
    expect(price({ minor: 900, currency: "JPY" }, "en-GB")).toMatch(/900$/);
  });

  it("is read in minor units", () => {
    expect(readAmount("7000", "KZT")).toBe(700_000);
    expect(readAmount(" 7 000,5 ", "KZT")).toBe(700_050);
    expect(readAmount("900", "JPY")).toBe(900);
    expect(readAmount("1.250", "KWD")).toBe(1_250);
    for (const text of ["", "-5", "5,123", "5.5.5", "five", "1e3"])
      expect(readAmount(text, "KZT")).toBeNull();
    expect(readAmount("900.5", "JPY")).toBeNull();
    expect(digitsOf("KWD")).toBe(3);
  });
});

describe("text", () => {
  it("is counted in Unicode scalar values, as the server counts", () => {
    expect(countChars("añ🚌👨‍👩‍👧")).toBe(8);
    expect(charsLeft(`  ${"🚌".repeat(TEXT_CHARS)}  `)).toBe(0);
    expect(charsLeft("x".repeat(TEXT_CHARS + 3))).toBe(-3);
  });

  it("gives names their letters and a steady colour", () => {
    expect(initials("Lucía Fernández")).toBe("LF");
    expect(initials("  dana ")).toBe("D");
    expect(initials("")).toBe("");
    expect(firstName("Aigerim Sadykova")).toBe("Aigerim");
    expect(hueOf("u-1", 6)).toBe(hueOf("u-1", 6));
    const hues = new Set(Array.from({ length: 60 }, (_, i) => hueOf(`u-${i}`, 6)));
    expect([...hues].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("one at a time", () => {
  it("runs once more for all that asked while it ran, beginning after they asked", async () => {
    const ends: (() => void)[] = [];
    let runs = 0;
    const run = oneAtATime(() => {
      runs += 1;
      return new Promise<void>((resolve) => ends.push(resolve));
    });
    const first = run();
    const second = run();
    const third = run();
    expect([runs, second === third]).toEqual([1, true]);
    ends.shift()?.();
    await first;
    await Promise.resolve();
    expect(runs).toBe(2);
    const fourth = run();
    ends.shift()?.();
    await Promise.all([second, third]);
    await Promise.resolve();
    expect(runs).toBe(3);
    ends.shift()?.();
    await fourth;
  });

  it("goes on after a failure, which is told to who asked", async () => {
    let runs = 0;
    const run = oneAtATime(() => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error("no")) : Promise.resolve();
    });
    const [first, second] = await Promise.allSettled([run(), run()]);
    expect([first.status, second.status, runs]).toEqual(["rejected", "fulfilled", 2]);
  });
});
