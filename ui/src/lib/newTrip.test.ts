import { describe, expect, it } from "vitest";
import { tripsFrom } from "../ipc/fakePeople";
import { checkTrip, draftLike, type TripDraft } from "./newTrip";

const NOW = Date.UTC(2026, 10, 20, 12);

function draft(change: Partial<TripDraft> = {}): TripDraft {
  return {
    stops: [
      { key: 1, place: " Almaty ", date: "2026-11-21", time: "08:00", zone: "Asia/Almaty" },
      { key: 2, place: "Bishkek", date: "2026-11-21", time: "13:30", zone: "Asia/Bishkek" },
    ],
    model: "Toyota Alphard",
    colour: "silver",
    plate: "482 KZA 02",
    seats: "6",
    amount: "7 000",
    currency: "KZT",
    luggage: "",
    ...change,
  };
}

describe("a new trip", () => {
  it("is sent in UTC and minor units, by the clocks of each stop", () => {
    expect(checkTrip(draft(), NOW)).toEqual({
      problems: {},
      trip: {
        stops: [
          { place: "Almaty", zone: "Asia/Almaty", at: Date.UTC(2026, 10, 21, 3) },
          { place: "Bishkek", zone: "Asia/Bishkek", at: Date.UTC(2026, 10, 21, 7, 30) },
        ],
        vehicle: { model: "Toyota Alphard", colour: "silver", plate: "482 KZA 02" },
        seats: 6,
        price: { minor: 700_000, currency: "KZT" },
        luggage_note: "",
      },
    });
  });

  it("says what is missing, field by field", () => {
    const [from, to] = draft().stops;
    const stops = [
      { ...from!, place: "", date: "tomorrow" },
      { ...to!, time: "" },
    ];
    const { trip, problems } = checkTrip(draft({ stops, model: " ", seats: "0", amount: "free" }), NOW);
    expect(trip).toBeNull();
    expect(problems).toEqual({
      "place-1": "problem-required",
      "date-1": "problem-date",
      "time-2": "problem-time",
      model: "problem-required",
      seats: "problem-seats",
      amount: "problem-amount",
    });
  });

  it("goes forward in time, across zones", () => {
    const [from, to] = draft().stops;
    // 08:30 in Bishkek is 07:30 in Almaty.
    const backwards = checkTrip(draft({ stops: [from!, { ...to!, time: "08:30" }] }), NOW);
    expect(backwards.problems).toEqual({ "time-2": "problem-order" });
    const past = checkTrip(draft({ stops: [{ ...from!, date: "2026-11-19" }, to!] }), NOW);
    expect(past.problems).toEqual({ "time-1": "problem-past" });
  });

  it("keeps to the protocol's bounds", () => {
    const { problems } = checkTrip(
      draft({ plate: "x".repeat(201), luggage: "x".repeat(201), seats: "101" }),
      NOW,
    );
    expect(problems).toEqual({ plate: "problem-long", luggage: "problem-long", seats: "problem-seats" });
  });
});

describe("a trip like another one", () => {
  const [trip] = tripsFrom(NOW);
  const at = (date: string, hours: number) => Date.parse(`${date}T00:00:00Z`) + hours * 3_600_000;
  const like = (stops: [string, number][], now: number) =>
    draftLike({ ...trip!, stops: stops.map(([zone, at], i) => ({ place: `Stop ${i}`, zone, at })) }, now);

  it("has all of it, a day later", () => {
    const { trip: copy, problems } = checkTrip(draftLike(trip!, NOW), NOW);
    expect(problems).toEqual({});
    const { stops, vehicle, seats, price, luggage_note } = trip!;
    const later = stops.map((stop) => ({ ...stop, at: stop.at + 86_400_000 }));
    expect(copy).toEqual({ stops: later, vehicle, seats, price, luggage_note });
  });

  it("leaves at the same time by the clocks of each place, also when they change", () => {
    // On 29 March 2026 the clocks of Berlin go forward; those of Almaty stay.
    const { stops } = like(
      [
        ["Europe/Berlin", at("2026-03-28", 7)],
        ["Asia/Almaty", at("2026-03-28", 15)],
      ],
      at("2026-03-28", 0),
    );
    expect(stops.map(({ date, time }) => `${date} ${time}`)).toEqual([
      "2026-03-29 08:00",
      "2026-03-29 20:00",
    ]);
  });

  it("is of the next day on which it can still leave, however long ago the first one was", () => {
    const before: [string, number][] = [
      ["Asia/Almaty", at("2026-11-03", 3)],
      ["Asia/Almaty", at("2026-11-03", 20)],
    ];
    // 08:00 in Almaty is 03:00 UTC: gone at four.
    expect(like(before, at("2026-11-20", 2)).stops.map(({ date }) => date)).toEqual([
      "2026-11-20",
      "2026-11-21",
    ]);
    expect(like(before, at("2026-11-20", 4)).stops[0]?.date).toBe("2026-11-21");
    expect(like(before, at("2026-11-20", 3)).stops[0]?.date).toBe("2026-11-21");
  });

  it("keeps amounts with and without small change", () => {
    const amount = (minor: number, currency: string) =>
      draftLike({ ...trip!, price: { minor, currency } }, NOW).amount;
    expect([amount(700_050, "KZT"), amount(700_000, "KZT"), amount(5, "JPY")]).toEqual([
      "7000.50",
      "7000",
      "5",
    ]);
  });
});
