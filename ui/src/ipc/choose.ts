// Which core the screen talks to: the real one in the app; in a browser, for development and for the pictures of every
// view (`npm run scenes`), its twin.

import type { Tripchat } from "./client";

export async function chooseTripchat(): Promise<Tripchat> {
  const twin = import.meta.env.DEV || import.meta.env.MODE === "scenes";
  if (twin && !("__TAURI_INTERNALS__" in window)) {
    const { fakeFor } = await import("./fake");
    const query = new URLSearchParams(window.location.search);
    // A scene is looked at in both themes and in each language.
    for (const name of ["theme", "language"]) {
      const value = query.get(name);
      if (value) localStorage.setItem(`tripchat.${name}`, value);
    }
    return fakeFor(query);
  }
  const { tauri } = await import("./tauri");
  return tauri;
}
