// What a key does. One table, so that the help says what is true.

export type KeyAction = "switch" | "find" | "back" | "previous-room" | "next-room" | "help" | "quit";

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** `inField`: the key is typed into a field, where plain letters are text. */
export function actionOf(pressed: Pressed, inField: boolean): KeyAction | null {
  const { key, altKey } = pressed;
  const command = pressed.ctrlKey || pressed.metaKey;
  if (command && !altKey && !pressed.shiftKey) {
    if (key.toLowerCase() === "k") return "switch";
    if (key.toLowerCase() === "f") return "find";
    if (key.toLowerCase() === "q") return "quit";
    return null;
  }
  if (altKey && !command)
    return key === "ArrowUp" ? "previous-room" : key === "ArrowDown" ? "next-room" : null;
  if (command) return null;
  if (key === "Escape") return "back";
  return key === "?" && !inField ? "help" : null;
}

/** What the help shows: the words' id and the keys, as they stand on them. */
export const HELP: readonly { words: string; keys: readonly string[] }[] = [
  { words: "key-switch", keys: ["Ctrl", "K"] },
  { words: "key-find", keys: ["Ctrl", "F"] },
  { words: "key-rooms", keys: ["Alt", "↑ ↓"] },
  { words: "key-edit", keys: ["↑"] },
  { words: "key-send", keys: ["Enter"] },
  { words: "key-break", keys: ["Shift", "Enter"] },
  { words: "key-messages", keys: ["Shift", "Tab"] },
  { words: "key-back", keys: ["Esc"] },
  { words: "key-help", keys: ["?"] },
  { words: "key-quit", keys: ["Ctrl", "Q"] },
];

/** The room above or below the one that is open; from nowhere, the first. */
export function neighbour(rooms: readonly string[], open: string | null, by: -1 | 1): string | null {
  const at = open === null ? -1 : rooms.indexOf(open);
  if (at < 0) return rooms[0] ?? null;
  return rooms[at + by] ?? null;
}
