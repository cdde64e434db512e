// The floors of the screen: views → components → state → ipc, i18n, lib. Imports only go down.
const below = (floor, allowed) => ({
  name: `${floor}-imports-only-down`,
  severity: "error",
  from: { path: `^src/${floor}/`, pathNot: "\\.test\\.ts$" },
  to: { path: "^src/", pathNot: `^src/(${allowed})/` },
});

export default {
  forbidden: [
    below("views", "views|components|state|i18n|ipc|lib"),
    below("components", "components|state|i18n|ipc|lib"),
    below("state", "state|i18n|ipc|lib"),
    below("ipc", "ipc|lib"),
    below("i18n", "i18n|ipc|lib"),
    below("lib", "lib|ipc/generated"),
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "one-door-to-the-shell",
      comment: "Everything of Tauri sits behind one file, so that another shell can take its place.",
      severity: "error",
      from: { pathNot: "^src/ipc/tauri\\.ts$" },
      to: { path: "@tauri-apps" },
    },
    {
      name: "the-twin-is-for-tests-and-the-browser",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$|^src/ipc/(choose|fake[^/]*)\\.ts$" },
      to: { path: "^src/ipc/fake" },
    },
    {
      name: "no-orphans-of-tests",
      severity: "error",
      from: { pathNot: "\\.test\\.ts$" },
      to: { path: "\\.test\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".js", ".svelte", ".svelte.ts", ".json", ".css"] },
  },
};
