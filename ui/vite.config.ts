import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // The words lie one folder up: the shell's notifications read the same files.
  server: { port: 5173, strictPort: true, fs: { allow: [".."] } },
  build: {
    // The oldest web views that Tauri meets: WebKitGTK 2.44, macOS 14, current WebView2.
    target: ["safari17", "chrome120"],
    // Everything stays a file of its own: `data:` fonts and images are not allowed by the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    // Nothing is measured here: a busy machine is only slow.
    testTimeout: 30_000,
  },
});
