// Which core the screen talks to: the real one in the app; in a browser, during development only, its twin.

import type { Tripchat } from "./client";

export async function chooseTripchat(): Promise<Tripchat> {
  if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
    const { fakeFor } = await import("./fake");
    return fakeFor(new URLSearchParams(window.location.search));
  }
  const { tauri } = await import("./tauri");
  return tauri;
}
