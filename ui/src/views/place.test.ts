import { screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { layOut, list, resized, ROW, scrollTo, standsAt, VIEW } from "../../tests/help/layout";
import { bubbles, show } from "../../tests/help/show";

beforeEach(layOut);

describe("a room that is opened at a message", () => {
  it("leads to it", async () => {
    const { app } = show("long", "#/room/r-1/200");
    await bubbles();
    expect([standsAt(200), app.room!.flashed, app.room!.aim]).toEqual([VIEW / 4, 200, null]);
  });

  it("leads there once: whoever scrolls on stays where they are when something changes", async () => {
    const { app, fake } = show("long", "#/room/r-1/200");
    await bubbles();
    app.room!.flashed = null;
    scrollTo(list().scrollTop + 3 * ROW);
    const stood = standsAt(203);
    fake.change("r-1", 190, "It was longer than that");
    await screen.findByText("It was longer than that");
    expect([standsAt(203), app.room!.flashed]).toEqual([stood, null]);
  });

  it("stays where one is when older messages come", async () => {
    show("long", "#/room/r-1/200");
    const before = (await bubbles()).length;
    scrollTo(0);
    const first = Number((await bubbles())[0]!.dataset.seq);
    await waitFor(() => expect(screen.getAllByTestId("message").length).toBeGreaterThan(before));
    expect(standsAt(first)).toBe(0);
  });

  it("stays where one has scrolled to, also before the list was told that it was scrolled", async () => {
    show("long", "#/room/r-1/200");
    await bubbles();
    // Of a frame in which the list is scrolled and grows, the end is heard before the scrolling.
    const stood = standsAt(200);
    list().scrollTop -= 3 * ROW;
    resized();
    expect(standsAt(200)).toBe(stood + 3 * ROW);
  });

  it("stays where one was when the list was behind something else, and lost how far it was scrolled", async () => {
    show("long", "#/room/r-1/200");
    await bubbles();
    const stood = standsAt(200);
    let height = 0;
    list().getBoundingClientRect = () => new DOMRect(0, 0, 300, height);
    resized();
    list().scrollTop = 0;
    height = VIEW;
    resized();
    expect(standsAt(200)).toBe(stood);
  });

  it("leaves the end also when something comes before the list was told that it was scrolled", async () => {
    const { app, fake } = show("long", "#/room/r-1");
    await bubbles();
    await waitFor(() => expect(app.room!.atEnd).toBe(true));
    // jsdom lets a list be scrolled beyond its end.
    scrollTo(list().scrollHeight - VIEW);
    const newest = Number(screen.getAllByTestId("message").at(-1)!.dataset.seq);
    list().scrollTop -= 3 * ROW;
    const stood = standsAt(newest);
    fake.hearMessage("r-1", "u-aigerim", "Something new");
    await screen.findByText("Something new");
    expect([standsAt(newest), app.room!.atEnd]).toEqual([stood, false]);
  });

  it("leaves the end also when the list is resized before it was told that it was scrolled", async () => {
    const { app } = show("long", "#/room/r-1");
    await bubbles();
    scrollTo(list().scrollHeight - VIEW);
    const newest = Number(screen.getAllByTestId("message").at(-1)!.dataset.seq);
    expect(app.room!.atEnd).toBe(true);
    list().scrollTop -= 3 * ROW;
    const stood = standsAt(newest);
    resized();
    expect([standsAt(newest), app.room!.atEnd]).toEqual([stood, false]);
  });

  it("leads to the next one that is named while the room is open", async () => {
    const { app, fake } = show("long", "#/room/r-1/200");
    const timeline = vi.spyOn(fake, "timeline");
    await bubbles();
    timeline.mockClear();
    app.way.go({ name: "room", room: "r-1", seq: 40 });
    await waitFor(() => expect(app.room!.flashed).toBe(40));
    expect(standsAt(40)).toBe(VIEW / 4);
    expect(timeline.mock.calls.filter(([, place]) => place.at === "around")).toHaveLength(1);
  });
});

describe("a message that lies in a hole", () => {
  /** Reading for ever would leave no time for anything else, so it is refused in the end. */
  const LIMIT = 50;

  it("is asked for once; what lies around the hole is shown, and is added to when some of it came", async () => {
    const asked: string[] = [];
    const { app, fake } = show("holes", "#/room/r-1/40", (fake) => {
      const timeline = fake.timeline.bind(fake);
      vi.spyOn(fake, "timeline").mockImplementation((room, place, limit) => {
        asked.push(place.at);
        if (asked.length > LIMIT) fake.world.refuse.timeline = "NO_SERVER";
        return timeline(room, place, limit);
      });
    });
    const before = (await bubbles()).length;
    expect(screen.getByTestId("edge-older").dataset.edge).toBe("hole");
    scrollTo(0);
    await app.room!.reload();
    expect([before, asked.filter((at) => at !== "between"), app.room!.failure]).toEqual([
      4,
      ["around"],
      null,
    ]);
    expect(asked.length).toBeLessThan(LIMIT);
    fake.fill("r-1", 10);
    await waitFor(() => expect(screen.getAllByTestId("message").length).toBe(before + 10));
    expect(asked.filter((at) => at !== "between")).toEqual(["around", "before"]);
  });
});
