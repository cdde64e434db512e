import { describe, expect, it } from "vitest";
import { FakeTripchat } from "../ipc/fake";
import { emptyWorld } from "../ipc/fakeWorld";
import { DesktopChoices } from "./desktop.svelte";

describe("what the shell keeps", () => {
  it("is told the language of the screen, and the rest is left", async () => {
    const world = emptyWorld();
    world.desktop = { language: null, hide_text: true, close_to_tray: false };
    const desktop = new DesktopChoices(new FakeTripchat(world));
    await desktop.start("es");
    expect(world.desktop).toEqual({ language: "es", hide_text: true, close_to_tray: false });
    expect(desktop.chosen).toEqual(world.desktop);
  });

  it("stays as it was when a choice cannot be kept", async () => {
    const world = emptyWorld();
    const desktop = new DesktopChoices(new FakeTripchat(world));
    await desktop.start(null);
    world.refuse.setPreferences = "LOCAL_STORAGE";
    await desktop.choose({ hide_text: true });
    expect(desktop.failure).toBe("LOCAL_STORAGE");
    expect(desktop.chosen?.hide_text).toBe(false);
    await desktop.choose({ hide_text: true });
    expect(desktop.failure).toBeNull();
    expect(world.desktop.hide_text).toBe(true);
  });
});
