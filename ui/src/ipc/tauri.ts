// The one door to the shell: every command by its name in Rust, and the core's events.

import { invoke, type InvokeArgs } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { Refused, type Tripchat } from "./client";
import type { ClientEvent } from "./generated/ClientEvent";

async function call<T>(command: string, args?: InvokeArgs): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw Refused.from(thrown);
  }
}

export const tauri: Tripchat = {
  listen: (hear) => listen<ClientEvent>("tripchat", ({ payload }) => hear(payload)),
  start: () => call("start"),
  register: (server, email, password, name) => call("register", { server, email, password, name }),
  signIn: (server, email, password) => call("sign_in", { server, email, password }),
  signOut: (discardUnsent) => call("sign_out", { discardUnsent }),
  inbox: () => call("inbox"),
  room: (room) => call("room", { room }),
  timeline: (room, before, limit) => call("timeline", { room, before, limit }),
  send: (room, text) => call("send", { room, text }),
  retry: (message) => call("retry", { message }),
  discard: (message) => call("discard", { message }),
  trips: () => call("trips"),
  tripBookings: (trip) => call("trip_bookings", { trip }),
  createTrip: (trip) => call("create_trip", { trip }),
  requestBooking: (trip, seats) => call("request_booking", { trip, seats }),
  confirmBooking: (booking) => call("confirm_booking", { booking }),
};
