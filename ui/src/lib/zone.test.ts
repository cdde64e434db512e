import { describe, expect, it } from "vitest";
import { dayIn, momentOf, readDate, readTime, rulesOf, wallClock } from "./zone";

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

describe("a place's own clocks", () => {
  it("are turned into UTC", () => {
    expect(iso(momentOf("2026-11-21", "08:00", "Asia/Almaty"))).toBe("2026-11-21T03:00:00.000Z");
    expect(iso(momentOf("2026-11-21", "13:30", "Asia/Bishkek"))).toBe("2026-11-21T07:30:00.000Z");
    expect(iso(momentOf("2026-11-21", "00:15", "Asia/Kathmandu"))).toBe("2026-11-20T18:30:00.000Z");
    expect(iso(momentOf("2026-01-01", "00:00", "Pacific/Kiritimati"))).toBe("2025-12-31T10:00:00.000Z");
  });

  it("show one time in all of Kazakhstan since March 2024, whatever the web view knows", () => {
    for (const zone of ["Asia/Almaty", "Asia/Qostanay"]) {
      expect(rulesOf(zone, Date.UTC(2024, 1, 29, 17, 59))).toBe(zone);
      expect(rulesOf(zone, Date.UTC(2024, 1, 29, 18))).toBe("Asia/Aqtobe");
      expect(wallClock(Date.UTC(2024, 1, 29, 18), zone)).toBe(Date.UTC(2024, 1, 29, 23));
    }
    expect(rulesOf("Asia/Bishkek", Date.UTC(2026, 0, 1))).toBe("Asia/Bishkek");
  });

  it("keep to summer time", () => {
    expect(iso(momentOf("2026-07-01", "12:00", "Europe/Madrid"))).toBe("2026-07-01T10:00:00.000Z");
    expect(iso(momentOf("2026-12-01", "12:00", "Europe/Madrid"))).toBe("2026-12-01T11:00:00.000Z");
  });

  it("take an hour that happens twice the first time", () => {
    expect(iso(momentOf("2026-10-25", "02:30", "Europe/Madrid"))).toBe("2026-10-25T00:30:00.000Z");
  });

  it("take an hour that is skipped as if the clocks had not been changed yet", () => {
    expect(iso(momentOf("2026-03-29", "02:30", "Europe/Madrid"))).toBe("2026-03-29T01:30:00.000Z");
  });

  it("come back from UTC, in every zone and around every change of the clocks", () => {
    const zones = [
      "Asia/Almaty",
      "Europe/Madrid",
      "America/New_York",
      "Australia/Lord_Howe",
      "Africa/Casablanca",
    ];
    for (const zone of zones) {
      for (let hour = 0; hour < 24 * 400; hour += 7) {
        const at = Date.UTC(2026, 0, 1) + hour * 3_600_000;
        const wall = new Date(wallClock(at, zone)).toISOString();
        const back = momentOf(wall.slice(0, 10), wall.slice(11, 16), zone);
        expect(back).not.toBeNull();
        // The same clocks, though maybe the first of two such hours.
        expect(wallClock(back!, zone)).toBe(wallClock(at, zone));
        expect(at - back!).toBeGreaterThanOrEqual(0);
        expect(at - back!).toBeLessThanOrEqual(3_600_000);
      }
    }
  });

  it("tell the day", () => {
    expect(dayIn(Date.UTC(2026, 10, 20, 20), "Asia/Almaty")).toBe("2026-11-21");
    expect(dayIn(Date.UTC(2026, 10, 20, 20), "America/New_York")).toBe("2026-11-20");
  });
});

describe("what is typed", () => {
  it("is a date or it is not", () => {
    expect(readDate(" 2026-11-21 ")).toBe(Date.UTC(2026, 10, 21));
    for (const text of ["", "2026-02-30", "2026-13-01", "21.11.2026", "2026-11"])
      expect(readDate(text)).toBeNull();
  });

  it("is a time or it is not", () => {
    expect(readTime("8:05")).toBe((8 * 60 + 5) * 60_000);
    expect(readTime("08:00:00")).toBe(8 * 3_600_000);
    for (const text of ["", "24:00", "12:60", "8", "8.30"]) expect(readTime(text)).toBeNull();
  });
});
