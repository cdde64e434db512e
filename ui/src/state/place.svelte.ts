// Where the person is in the app. Kept in the address's fragment, so that the system's "back" works.

export type Place =
  | { name: "inbox" }
  | { name: "room"; room: string; seq?: number }
  /** In one room or in all. */
  | { name: "search"; room: string | null; words: string }
  | { name: "trips" }
  /** One's own. */
  | { name: "bookings" }
  | { name: "trip"; trip: string }
  /** Like another one, if it is named. */
  | { name: "new-trip"; like?: string }
  | { name: "me" }
  /** Where one is signed in. */
  | { name: "sign-ins" };

export type Tab = "inbox" | "trips" | "me";

export function tabOf(place: Place): Tab {
  switch (place.name) {
    case "inbox":
    case "room":
    case "search":
      return "inbox";
    case "trips":
    case "bookings":
    case "trip":
    case "new-trip":
      return "trips";
    case "me":
    case "sign-ins":
      return "me";
  }
}

export function addressOf(place: Place): string {
  switch (place.name) {
    case "room":
      return place.seq === undefined ? `#/room/${place.room}` : `#/room/${place.room}/${place.seq}`;
    case "search":
      return `#/search/${place.room ?? "all"}/${encodeURIComponent(place.words)}`;
    case "trip":
      return `#/trip/${place.trip}`;
    case "new-trip":
      return place.like === undefined ? "#/trips/new" : `#/trips/new/${place.like}`;
    case "bookings":
      return "#/trips/bookings";
    case "sign-ins":
      return "#/me/sign-ins";
    default:
      return `#/${place.name}`;
  }
}

export function placeAt(address: string): Place {
  const [, name, id, more] = address.split("/");
  if (name === "room" && id) return roomAt(id, Number(more));
  if (name === "search") {
    return { name, room: id && id !== "all" ? id : null, words: decoded(more ?? "") };
  }
  if (name === "trip" && id) return { name: "trip", trip: id };
  if (name === "trips" && id === "new" && more) return { name: "new-trip", like: more };
  if (name === "trips") {
    return { name: id === "new" ? "new-trip" : id === "bookings" ? "bookings" : "trips" };
  }
  if (name === "me") return { name: id === "sign-ins" ? "sign-ins" : "me" };
  return { name: "inbox" };
}

function roomAt(room: string, seq: number): Place {
  return Number.isSafeInteger(seq) && seq > 0 ? { name: "room", room, seq } : { name: "room", room };
}

function decoded(words: string): string {
  try {
    return decodeURIComponent(words);
  } catch {
    // Half an escape, typed by hand: it stands for itself.
    return words;
  }
}

export class Wayfinder {
  place = $state<Place>({ name: "inbox" });
  readonly tab = $derived(tabOf(this.place));
  /** The room on the screen: also the one behind a search, where there is room for both. */
  room = $state<string | null>(null);
  /** The list of the trips' section: also the one beside a trip, where there is room for both. */
  trips = $state<"trips" | "bookings">("trips");
  #depth = 0;

  constructor() {
    this.#stand(placeAt(window.location.hash));
    window.addEventListener("popstate", (event) => {
      const state = event.state as { depth?: number } | null;
      this.#depth = state?.depth ?? 0;
      this.#stand(placeAt(window.location.hash));
    });
  }

  go(place: Place): void {
    if (addressOf(place) === window.location.hash) return;
    this.#depth += 1;
    window.history.pushState({ depth: this.#depth }, "", addressOf(place));
    this.#stand(place);
  }

  /** To where one came from; at the first place, to the list that it belongs to. */
  back(): void {
    if (this.#depth > 0) window.history.back();
    else this.replace({ name: this.tab === "trips" ? this.trips : this.tab });
  }

  replace(place: Place): void {
    window.history.replaceState({ depth: this.#depth }, "", addressOf(place));
    this.#stand(place);
  }

  #stand(place: Place): void {
    this.place = place;
    if (place.name === "trips" || place.name === "bookings") this.trips = place.name;
    if (place.name !== "search") this.room = place.name === "room" ? place.room : null;
    else if (place.room !== null) this.room = place.room;
  }
}
