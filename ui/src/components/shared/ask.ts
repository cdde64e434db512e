// Asking for a thing's menu: by the right button, a long touch, or the menu key.

import type { Attachment } from "svelte/attachments";

/** Where on the window. */
export interface Point {
  x: number;
  y: number;
}

const LONG_MS = 500;
const STILL_PX = 10;

/** Calls `open` with where the menu is to stand and with what was meant. */
export function asksForMenu(open: (at: Point, target: Element) => void): Attachment<HTMLElement> {
  return (node) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from: Point = { x: 0, y: 0 };
    /** A long touch is followed by a click, which is not meant. */
    let opened = false;
    const stop = () => clearTimeout(timer);

    function menu(event: MouseEvent): void {
      stop();
      event.preventDefault();
      const target = event.target as Element;
      const box = target.getBoundingClientRect();
      // The menu key has no place of its own.
      const byKey = event.clientX === 0 && event.clientY === 0;
      open(byKey ? { x: box.left + 24, y: box.top + 24 } : { x: event.clientX, y: event.clientY }, target);
    }
    function down(event: PointerEvent): void {
      opened = false;
      if (event.pointerType !== "touch") return;
      from = { x: event.clientX, y: event.clientY };
      const target = event.target as Element;
      timer = setTimeout(() => {
        opened = true;
        open(from, target);
      }, LONG_MS);
    }
    function move(event: PointerEvent): void {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL_PX) stop();
    }
    function click(event: MouseEvent): void {
      if (!opened) return;
      opened = false;
      event.preventDefault();
      event.stopPropagation();
    }

    const on = new AbortController();
    const { signal } = on;
    node.addEventListener("contextmenu", menu, { signal });
    node.addEventListener("pointerdown", down, { signal });
    node.addEventListener("pointermove", move, { signal });
    node.addEventListener("pointerup", stop, { signal });
    node.addEventListener("pointercancel", stop, { signal });
    node.addEventListener("click", click, { signal, capture: true });
    return () => {
      stop();
      on.abort();
    };
  };
}
