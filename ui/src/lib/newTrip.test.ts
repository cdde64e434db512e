import { describe, expect, it } from "vitest";
import { checkTrip, type TripDraft } from "./newTrip";

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
