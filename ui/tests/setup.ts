// What jsdom lacks, and a clean page for every test.

import { afterEach, beforeEach, vi } from "vitest";

class StillObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  // The test of the bundle has no page.
  if (typeof window === "undefined") return;
  vi.stubGlobal("ResizeObserver", StillObserver);
  localStorage.clear();
  window.history.replaceState(null, "", "/");
});

afterEach(() => {
  vi.useRealTimers();
});
