// The one door to the shell: every command by its name in Rust, and the core's events.

import { invoke, type InvokeArgs } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { Refused, type Target, type Tripchat } from "./client";
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
  onOpen: (hear) => listen<Target>("tripchat-open", ({ payload }) => hear(payload)),
  start: () => call("start"),
  register: (server, email, password, name) => call("register", { server, email, password, name }),
  signIn: (server, email, password) => call("sign_in", { server, email, password }),
  signOut: (discardUnsent) => call("sign_out", { discardUnsent }),
  sessions: () => call("sessions"),
  endSession: (session) => call("end_session", { session }),
  endOtherSessions: () => call("end_other_sessions"),
  changePassword: (current, wanted) => call("change_password", { current, new: wanted }),
  resetPassword: (server, code, wanted) => call("reset_password", { server, code, new: wanted }),
  profile: () => call("profile"),
  changeProfile: (change) => call("change_profile", { change }),
  exportMe: () => call("export_me"),
  deleteAccount: (password) => call("delete_account", { password }),
  inbox: () => call("inbox"),
  room: (room) => call("room", { room }),
  timeline: (room, place, limit) => call("timeline", { room, place, limit }),
  send: (room, text) => call("send", { room, text }),
  edit: (room, message, text) => call("edit", { room, message, text }),
  deleteMessage: (room, message) => call("delete_message", { room, message }),
  retry: (operation) => call("retry", { operation }),
  discard: (operation) => call("discard", { operation }),
  seen: (room, seq) => call("seen", { room, seq }),
  visible: (room) => call("visible", { room }),
  typing: (room) => call("typing", { room }),
  availability: (state) => call("availability", { state }),
  setDraft: (room, text) => call("set_draft", { room, text }),
  setRoom: (room, setting) => call("set_room", { room, setting }),
  search: (query, room, limit) => call("search", { query, room, limit }),
  openLink: (url) => call("open_link", { url }),
  preferences: () => call("preferences"),
  setPreferences: (chosen) => call("set_preferences", { chosen }),
  quit: () => call("quit"),
  trips: () => call("trips"),
  tripBookings: (trip) => call("trip_bookings", { trip }),
  createTrip: (trip) => call("create_trip", { trip }),
  requestBooking: (trip, wanted) => call("request_booking", { trip, wanted }),
  confirmBooking: (booking) => call("confirm_booking", { booking }),
  cancelBooking: (booking) => call("cancel_booking", { booking }),
  searchTrips: (from, to, after, before) => call("search_trips", { from, to, after, before }),
  myBookings: () => call("my_bookings"),
  setTripStatus: (trip, status) => call("set_trip_status", { trip, status }),
  changeTrip: (trip, change) => call("change_trip", { trip, change }),
  declineBooking: (booking) => call("decline_booking", { booking }),
  boardBooking: (booking) => call("board_booking", { booking }),
  noShowBooking: (booking) => call("no_show_booking", { booking }),
  unboardBooking: (booking) => call("unboard_booking", { booking }),
  findTrip: (trip) => call("find_trip", { trip }),
  writeReview: (booking, review) => call("write_review", { booking, review }),
  tripReviews: (trip) => call("trip_reviews", { trip }),
  personReviews: (person, after) => call("person_reviews", { person, after }),
  bookingRoom: (booking) => call("booking_room", { booking }),
};
