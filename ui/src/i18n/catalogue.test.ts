import { FluentResource } from "@fluent/bundle";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../ipc/generated/errorCodes";
import { LANGUAGES, localeOf, preferred, sentence, sources, type Language } from "./catalogue";

type Entry = { id: string; file: string; variables: string[] };

function entries(language: Language): Entry[] {
  return [...sources(language)].flatMap(([file, text]) =>
    new FluentResource(text).body.map(({ id, value }) => ({ id, file, variables: variables(value) })),
  );
}

/** The names of the variables that a sentence needs. */
function variables(value: unknown): string[] {
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, name } = node as { type?: unknown; name?: unknown };
    if (type === "var" && typeof name === "string") found.add(name);
    Object.values(node).forEach(walk);
  };
  walk(value);
  return [...found].sort();
}

const code = import.meta.glob<string>("../**/*.{ts,svelte}", {
  query: "?raw",
  import: "default",
  eager: true,
});
const written = Object.entries(code).filter(
  ([path]) => !path.includes(".test.") && !path.includes("/generated/"),
);

describe("the words", () => {
  it("are the same in every language, file by file, with the same variables", () => {
    const english = entries("en");
    expect(english.length).toBeGreaterThan(100);
    for (const language of LANGUAGES) expect(entries(language)).toEqual(english);
  });

  it("are read without a fault: no line of a catalogue is skipped", () => {
    for (const language of LANGUAGES) {
      for (const [file, text] of sources(language)) {
        const named = [...text.matchAll(/^([a-zA-Z][\w-]*) =/gm)].map((match) => match[1]);
        const read = new FluentResource(text).body.map(({ id }) => id);
        expect(read, `${language}/${file}`).toEqual(named);
        expect(new Set(read).size).toBe(read.length);
      }
    }
  });

  it("can all be said, whatever the number", () => {
    for (const language of LANGUAGES) {
      for (const { id, variables } of entries(language)) {
        for (const number of [0, 1, 2, 5, 21]) {
          const args = Object.fromEntries(variables.map((name) => [name, name === "count" ? number : "x"]));
          const text = sentence(language, id, args);
          expect(text.trim(), id).not.toBe("");
          expect(text, id).not.toMatch(/[{}]/);
          expect(text, `${language}: ${id} shouts`).not.toMatch(/[!¡]/);
        }
      }
    }
  });

  it("have a sentence for every code that can be answered", () => {
    for (const language of LANGUAGES) {
      for (const code of [...ERROR_CODES, "UNKNOWN"])
        expect(sentence(language, `error-${code}`)).toMatch(/\.$/);
    }
  });

  it("are there for everything that is said, and nothing else is kept", () => {
    // What the shell says by itself has a file of its own, which it checks.
    const ids = entries("en").flatMap(({ id, file }) => (file === "desktop.ftl" ? [] : [id]));
    const text = written.map(([, source]) => source).join("\n");
    const said = [
      ...text.matchAll(
        /["'`]([a-z][a-z0-9-]*(?:-[a-z0-9]+)+|back|cancel|clear|close|loading|register|route|stay)["'`]/g,
      ),
    ];
    const whole = new Set(said.map((match) => match[1]));
    const begun = [...text.matchAll(/\bt\(\s*`([a-z-]+-)\$\{/g)].map((match) => match[1]!);
    begun.push("error-");
    const unsaid = ids.filter((id) => !whole.has(id) && !begun.some((start) => id.startsWith(start)));
    expect(unsaid).toEqual([]);
    const called = [...text.matchAll(/\bt\(\s*["']([\w-]+)["']/g)].map((match) => match[1]!);
    expect(called.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("stand in no component: nothing that a person reads is written into the code", () => {
    const bare = written
      .filter(([path]) => path.endsWith(".svelte"))
      .flatMap(([path, source]) => {
        const markup = source
          .replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, "")
          .replaceAll(/<!--[\s\S]*?-->/g, "")
          .replaceAll(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, "");
        const texts = [...markup.matchAll(/>([^<>]*)</g)].map((match) => match[1]!.trim());
        return texts
          .filter((text) => /\p{L}{2}/u.test(text) && !text.includes("="))
          .map((text) => `${path}: ${text}`);
      });
    expect(bare).toEqual([]);
  });
});

describe("the language", () => {
  it("is the first of the system's that there are words for", () => {
    expect(preferred(["ky", "es-MX", "en"])).toBe("es");
    expect(preferred(["kk-KZ", "ru"])).toBe("kk");
    expect(preferred(["de", "fr"])).toBe("en");
    expect(preferred([])).toBe("en");
    expect(localeOf("es")).toBe("es-ES");
  });

  it("has its plurals", () => {
    expect(sentence("en", "booking-seats", { count: 1 })).toBe("1 seat");
    expect(sentence("en", "booking-seats", { count: 2 })).toBe("2 seats");
    expect(sentence("es", "booking-seats", { count: 1 })).toBe("1 plaza");
    expect(sentence("es", "messages-new", { count: 3 })).toBe("3 mensajes nuevos");
    const seats = (count: number) => sentence("ru", "booking-seats", { count });
    expect([1, 3, 5, 21].map(seats)).toEqual(["1 место", "3 места", "5 мест", "21 место"]);
    expect(sentence("kk", "booking-seats", { count: 5 })).toBe("5 орын");
  });
});
