// What jsdom lacks: a list that is laid out, and scrolls. Messages are 40 px high in a view of 400.

import { vi } from "vitest";

export const ROW = 40;
export const VIEW = 400;

const isMessage = (element: Element | null) => element?.getAttribute("data-testid") === "message";

/** The scrolling list of an open room. */
export const list = () =>
  document.querySelector("[data-testid=message]")!.closest<HTMLElement>("[role=region]")!;

/** How many messages stand above this one. */
function above(row: Element): number {
  let count = 0;
  for (let at = row.previousElementSibling; at; at = at.previousElementSibling)
    count += isMessage(at) ? 1 : 0;
  return count;
}

const watching = new Set<() => void>();

/** Tells those who watch sizes that one has changed, as the browser does at the end of a frame. */
export const resized = () => watching.forEach((tell) => tell());

/** From here on, what is rendered has a size. */
export function layOut(): void {
  watching.clear();
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly disconnect: () => void;
      constructor(tell: () => void) {
        watching.add(tell);
        this.disconnect = () => watching.delete(tell);
      }
      observe(): void {}
      unobserve(): void {}
    },
  );
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
    if (!isMessage(this)) return new DOMRect(0, 0, 300, VIEW);
    const { scrollTop } = this.closest("[role=region]")!;
    return new DOMRect(0, above(this) * ROW - scrollTop, 300, ROW);
  });
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(VIEW);
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockImplementation(function (this: HTMLElement) {
    return this.querySelectorAll("[data-testid=message]").length * ROW;
  });
}

/** Scrolls to here, as a wheel does. */
export function scrollTo(top: number): void {
  list().scrollTop = top;
  list().dispatchEvent(new Event("scroll"));
}

/** Where the message with this number stands in the view. */
export function standsAt(seq: number): number {
  const row = document.querySelector(`[data-testid=message][data-seq="${seq}"]`);
  if (!row) throw new Error(`message ${seq} is not there`);
  return row.getBoundingClientRect().top;
}
