// Where the person is in the app. Kept in the address's fragment, so that the system's "back" works.

export type Place =
  | { name: "inbox" }
  | { name: "room"; room: string }
  | { name: "trips" }
  | { name: "trip"; trip: string }
  | { name: "new-trip" }
  | { name: "me" };

export type Tab = "inbox" | "trips" | "me";

export function tabOf(place: Place): Tab {
  switch (place.name) {
    case "inbox":
    case "room":
      return "inbox";
    case "trips":
    case "trip":
    case "new-trip":
      return "trips";
    case "me":
      return "me";
  }
}

export function addressOf(place: Place): string {
  switch (place.name) {
    case "room":
      return `#/room/${place.room}`;
    case "trip":
      return `#/trip/${place.trip}`;
    case "new-trip":
      return "#/trips/new";
    default:
      return `#/${place.name}`;
  }
}

export function placeAt(address: string): Place {
  const [, name, id] = address.split("/");
  if (name === "room" && id) return { name: "room", room: id };
  if (name === "trip" && id) return { name: "trip", trip: id };
  if (name === "trips") return id === "new" ? { name: "new-trip" } : { name: "trips" };
  return name === "me" ? { name: "me" } : { name: "inbox" };
}

export class Wayfinder {
  place = $state<Place>({ name: "inbox" });
  readonly tab = $derived(tabOf(this.place));
  #depth = 0;

  constructor() {
    this.place = placeAt(window.location.hash);
    window.addEventListener("popstate", (event) => {
      const state = event.state as { depth?: number } | null;
      this.#depth = state?.depth ?? 0;
      this.place = placeAt(window.location.hash);
    });
  }

  go(place: Place): void {
    if (addressOf(place) === window.location.hash) return;
    this.#depth += 1;
    window.history.pushState({ depth: this.#depth }, "", addressOf(place));
    this.place = place;
  }

  /** To where one came from; at the first place, to the list that it belongs to. */
  back(): void {
    if (this.#depth > 0) window.history.back();
    else this.replace({ name: this.tab });
  }

  replace(place: Place): void {
    window.history.replaceState({ depth: this.#depth }, "", addressOf(place));
    this.place = place;
  }
}
