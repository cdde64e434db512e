// The form of a new trip: what was typed → what is sent, or what is wrong with it.

import type { NewTrip } from "../ipc/generated/NewTrip";
import type { Stop } from "../ipc/generated/Stop";
import type { Trip } from "../ipc/generated/Trip";
import { readAmount, typedAmount } from "./money";
import { countChars } from "./text";
import { dayIn, momentOf, readDate, readTime, wallClock } from "./zone";

const DAY = 86_400_000;

export interface StopDraft {
  /** Names the row while it is moved or removed. */
  key: number;
  place: string;
  date: string;
  time: string;
  zone: string;
}

export interface VehicleDraft {
  model: string;
  colour: string;
  plate: string;
}

export interface TripDraft extends VehicleDraft {
  stops: StopDraft[];
  seats: string;
  amount: string;
  currency: string;
  luggage: string;
}

/** Field → word for what is wrong. Stops' fields are named `place-<key>` and so on. */
export type Problems = Record<string, string>;

/** Longest field, in Unicode scalar values: `limits::FIELD_CHARS` of the protocol. */
const FIELD_CHARS = 200;
/** `limits::SEATS` and `limits::STOPS` of the protocol. */
const SEATS = 100;
export const STOPS = 50;

export function checkTrip(draft: TripDraft, now: number): { trip: NewTrip | null; problems: Problems } {
  const problems: Problems = {};
  const stops = checkStops(draft.stops, now, problems);
  const { vehicle, problems: vehicleProblems } = checkVehicle(draft);
  Object.assign(problems, vehicleProblems);
  const seats = /^\d{1,3}$/.test(draft.seats.trim()) ? Number(draft.seats) : 0;
  if (seats < 1 || seats > SEATS) problems.seats = "problem-seats";
  const minor = readAmount(draft.amount, draft.currency);
  if (minor === null) problems.amount = "problem-amount";
  const luggage_note = draft.luggage.trim();
  if (countChars(luggage_note) > FIELD_CHARS) problems.luggage = "problem-long";
  if (Object.keys(problems).length > 0 || minor === null) return { trip: null, problems };
  return {
    trip: { stops, vehicle, seats, price: { minor, currency: draft.currency }, luggage_note },
    problems,
  };
}

/** The form of a trip like this one, on the next day on which it can still leave: by the clocks of each stop. */
export function draftLike(trip: Trip, now: number): TripDraft {
  const first = trip.stops[0];
  let days = 1;
  if (first) {
    days = Math.max(days, Math.floor((now - first.at) / DAY));
    while (shifted(first, days).at <= now) days += 1;
  }
  return {
    ...trip.vehicle,
    stops: trip.stops.map((stop, i) => ({
      key: i + 1,
      place: stop.place,
      zone: stop.zone,
      date: shifted(stop, days).date,
      time: timeOf(stop),
    })),
    seats: String(trip.seats),
    amount: typedAmount(trip.price),
    currency: trip.price.currency,
    luggage: trip.luggage_note,
  };
}

/** So many days later by the calendar: a day of changing clocks is not as long as others. */
function shifted(stop: Stop, days: number): { date: string; at: number } {
  const midnight = readDate(dayIn(stop.at, stop.zone)) ?? 0;
  const date = new Date(midnight + days * DAY).toISOString().slice(0, 10);
  return { date, at: momentOf(date, timeOf(stop), stop.zone) ?? 0 };
}

/** `08:00`, on the wall of its place. */
function timeOf({ at, zone }: Stop): string {
  return new Date(wallClock(at, zone)).toISOString().slice(11, 16);
}

export function checkVehicle(draft: VehicleDraft): { vehicle: NewTrip["vehicle"]; problems: Problems } {
  const problems: Problems = {};
  const vehicle = {
    model: checkText("model", draft.model, problems),
    colour: checkText("colour", draft.colour, problems),
    plate: checkText("plate", draft.plate, problems),
  };
  return { vehicle, problems };
}

function checkText(field: string, value: string, problems: Problems): string {
  const trimmed = value.trim();
  if (trimmed === "") problems[field] = "problem-required";
  else if (countChars(trimmed) > FIELD_CHARS) problems[field] = "problem-long";
  return trimmed;
}

function checkStops(drafts: readonly StopDraft[], now: number, problems: Problems): NewTrip["stops"] {
  let previous = now;
  return drafts.map((stop, i) => {
    const place = checkText(`place-${stop.key}`, stop.place, problems);
    if (readDate(stop.date) === null) problems[`date-${stop.key}`] = "problem-date";
    if (readTime(stop.time) === null) problems[`time-${stop.key}`] = "problem-time";
    const at = momentOf(stop.date, stop.time, stop.zone);
    if (at !== null && at <= previous) {
      problems[`time-${stop.key}`] = i === 0 ? "problem-past" : "problem-order";
    }
    previous = at ?? previous;
    return { place, zone: stop.zone, at: at ?? 0 };
  });
}
