// Who rides in the scenes, and where to.

import type { SessionView } from "./generated/SessionView";
import type { Trip } from "./generated/Trip";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const people = {
  aigerim: { user: "u-aigerim", name: "Aigerim Sadykova" },
  dana: { user: "u-dana", name: "Dana Ospanova" },
  timur: { user: "u-timur", name: "Timur Aliev" },
  lucia: { user: "u-lucia", name: "Lucía Fernández" },
  yerlan: { user: "u-yerlan", name: "Yerlan Nurpeisov" },
  bakyt: { user: "u-bakyt", name: "Bakyt Asanov" },
  malika: { user: "u-malika", name: "Malika Yusupova" },
  oleg: { user: "u-oleg", name: "Oleg Kim" },
};

export function tripsFrom(today: number): Trip[] {
  const base = { status: "planned" as const, luggage_note: "One suitcase and a small bag each" };
  const almaty = { place: "Almaty, Sayran bus station", zone: "Asia/Almaty" };
  return [
    {
      ...base,
      id: "t-1",
      room: "r-1",
      driver: people.aigerim.user,
      driver_name: people.aigerim.name,
      driver_rating: { tenths: 48, count: 23 },
      stops: [
        { place: "Almaty", zone: "Asia/Almaty", at: today + DAY + 3 * HOUR },
        { place: "Korday border", zone: "Asia/Almaty", at: today + DAY + 6 * HOUR },
        { place: "Bishkek", zone: "Asia/Bishkek", at: today + DAY + 7.5 * HOUR },
      ],
      vehicle: { model: "Toyota Alphard", colour: "silver", plate: "482 KZA 02" },
      seats: 6,
      seats_free: 3,
      price: { minor: 700_000, currency: "KZT" },
    },
    {
      ...base,
      id: "t-2",
      room: "r-2",
      driver: people.timur.user,
      driver_name: people.timur.name,
      driver_rating: { tenths: 43, count: 4 },
      stops: [
        { place: "Bishkek", zone: "Asia/Bishkek", at: today + 3 * DAY + 2 * HOUR },
        { place: "Karakol", zone: "Asia/Bishkek", at: today + 3 * DAY + 8 * HOUR },
      ],
      vehicle: { model: "Honda Fit", colour: "white", plate: "01 KG 774 ADX" },
      seats: 3,
      seats_free: 1,
      price: { minor: 80_000, currency: "KGS" },
    },
    {
      ...base,
      id: "t-3",
      room: "r-3",
      driver: people.lucia.user,
      driver_name: people.lucia.name,
      stops: [
        { ...almaty, at: today + 5 * DAY + 4 * HOUR },
        { place: "Shymkent", zone: "Asia/Almaty", at: today + 5 * DAY + 13 * HOUR },
        { place: "Tashkent, Chernyaevka crossing", zone: "Asia/Tashkent", at: today + 5 * DAY + 16.5 * HOUR },
      ],
      vehicle: { model: "Volkswagen Multivan", colour: "dark blue", plate: "715 BTA 13" },
      seats: 5,
      seats_free: 0,
      price: { minor: 1_250_000, currency: "KZT" },
    },
    {
      ...base,
      id: "t-4",
      room: "r-4",
      driver: people.timur.user,
      driver_name: people.timur.name,
      driver_rating: { tenths: 43, count: 4 },
      stops: [
        { place: "Karakol", zone: "Asia/Bishkek", at: today + 6 * DAY + 3 * HOUR },
        { place: "Balykchy", zone: "Asia/Bishkek", at: today + 6 * DAY + 6 * HOUR },
        { place: "Bishkek", zone: "Asia/Bishkek", at: today + 6 * DAY + 9 * HOUR },
      ],
      vehicle: { model: "Honda Fit", colour: "white", plate: "01 KG 774 ADX" },
      seats: 4,
      seats_free: 4,
      price: { minor: 80_000, currency: "KGS" },
    },
  ];
}

/** Where somebody is signed in who looks at it now: here, on a phone, and with an app that nobody knows. */
export function signInsUntil(now: number): SessionView[] {
  return [
    {
      id: "s-here",
      app: "tripchat/0.1.0 (linux)",
      created_at: now - 9 * DAY,
      last_used_at: now,
      current: true,
    },
    {
      id: "s-phone",
      app: "tripchat/0.1.0 (android)",
      created_at: now - 40 * DAY,
      last_used_at: now - 35 * MINUTE,
      current: false,
    },
    { id: "s-other", created_at: now - 20 * DAY, last_used_at: now - 6 * DAY, current: false },
  ];
}
