// What jsdom lacks, and a clean page for every test.

import { configure } from "@testing-library/svelte";
import { afterEach, beforeEach, vi } from "vitest";

configure({ asyncUtilTimeout: 10_000 });

class StillObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  // The test of the bundle has no page.
  if (typeof window === "undefined") return;
  vi.stubGlobal("ResizeObserver", StillObserver);
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  // jsdom draws nothing, so a dialog is over everything when it is open.
  HTMLDialogElement.prototype.showModal = function showModal(): void {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close(): void {
    if (!this.open) return;
    this.open = false;
    queueMicrotask(() => this.dispatchEvent(new Event("close")));
  };
  Element.prototype.scrollIntoView = () => undefined;
  localStorage.clear();
  window.history.replaceState(null, "", "/");
});

afterEach(() => {
  vi.useRealTimers();
});
