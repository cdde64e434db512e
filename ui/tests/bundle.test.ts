// @vitest-environment node
// What is shipped: nothing of the twin, and nothing that the page's policy would refuse.

import { build, type Rollup } from "vite";
import { beforeAll, describe, expect, it, vi } from "vitest";

let files: (Rollup.OutputAsset | Rollup.OutputChunk)[] = [];

beforeAll(async () => {
  vi.stubEnv("NODE_ENV", "production");
  const built = await build({ logLevel: "error", mode: "production", build: { write: false } });
  files = (built as Rollup.RollupOutput).output;
}, 60_000);

describe("the bundle", () => {
  it("holds the real core's door and not its twin", () => {
    const modules = files.flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []));
    expect(modules.some((name) => name.endsWith("/ipc/tauri.ts"))).toBe(true);
    expect(modules.filter((name) => /\/ipc\/fake/.test(name))).toEqual([]);
  });

  it("has no inline script or style, and loads nothing from elsewhere", () => {
    const page = files.find(({ fileName }) => fileName === "index.html");
    const html = page?.type === "asset" ? String(page.source) : "";
    expect(html).toContain("<script");
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:/);
    const styles = files.filter(({ fileName }) => fileName.endsWith(".css"));
    expect(styles.length).toBeGreaterThan(0);
    for (const file of styles) {
      const css = file.type === "asset" ? String(file.source) : "";
      expect(css).not.toMatch(/url\((?!["']?\/assets\/)|@import/);
    }
  });

  it("writes no style attribute and evaluates no text", () => {
    for (const file of files) {
      if (file.type !== "chunk") continue;
      expect(file.code, file.fileName).not.toMatch(/\beval\(|new Function\(|<[a-z]+[^<>`]* style="/);
    }
  });
});
