// A sign-in in words: which app it is, and on what.

/** What an app says it is, read for people. */
export interface AppName {
  kind: "tripchat" | "browser" | "other" | "unknown";
  /** Its own name, where it is another app. */
  name: string;
  version: string | null;
  /** The system under it, by the name that its maker gives it. */
  system: string | null;
  /** Whether it is one that is held in the hand. */
  inHand: boolean;
}

const SYSTEMS: Record<string, string> = {
  linux: "Linux",
  macos: "macOS",
  windows: "Windows",
  android: "Android",
  ios: "iOS",
};

/** Reads a `User-Agent`: `name/version (system)`. Of a browser's, which claims to be many things, only that it is one. */
export function appNamed(said: string | undefined): AppName {
  const [, name = "", version, comment] =
    /^([^\s/]+)(?:\/(\S+))?(?:\s+\(([^)]*)\))?/.exec(said?.trim() ?? "") ?? [];
  if (name === "") return { kind: "unknown", name, version: null, system: null, inHand: false };
  if (name === "Mozilla")
    return {
      kind: "browser",
      name,
      version: null,
      system: null,
      inHand: /Android|iPhone|Mobile/.test(said ?? ""),
    };
  const system = comment?.split(/[;\s]/)[0]?.toLowerCase() ?? "";
  return {
    kind: name.toLowerCase() === "tripchat" ? "tripchat" : "other",
    name,
    version: version ?? null,
    system: SYSTEMS[system] ?? (comment || null),
    inHand: system === "android" || system === "ios",
  };
}
