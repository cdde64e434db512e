import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { layOut } from "../../tests/help/layout";
import { bubbles, composer, inboxRows, show } from "../../tests/help/show";

describe("looking for messages", () => {
  it("marks the words, and opens the room at the message", async () => {
    layOut();
    const { user, app } = show("search", "#/search/all/border");
    const hit = await screen.findByTestId("hit");
    expect(hit.querySelector("mark")?.textContent).toBe("border");
    expect(hit.textContent).toContain("Almaty → Bishkek");
    await user.click(hit);
    expect(app.way.place).toEqual({ name: "room", room: "r-1", seq: 10 });
    await waitFor(() => expect(app.room?.flashed).toBe(10));
    expect((await bubbles()).find(({ dataset }) => dataset.seq === "10")?.className).toContain("flash");
  });

  it("begins with what it does, and says when nothing was found", async () => {
    const { user } = show("search", "#/search/all/");
    expect(await screen.findByText(/messages of all rooms are searched/)).toBeTruthy();
    await user.type(screen.getByTestId("search-field"), "zeppelin");
    expect(await screen.findByText("Nothing found")).toBeTruthy();
    await user.click(screen.getByTestId("search-field-clear"));
    expect(await screen.findByText(/messages of all rooms are searched/)).toBeTruthy();
  });

  it("works without a network, and says what failed", async () => {
    const { fake, user } = show("offline", "#/search/all/border");
    expect(await screen.findByTestId("hit")).toBeTruthy();
    fake.world.refuse.search = "LOCAL_STORAGE";
    await user.type(screen.getByTestId("search-field"), "s");
    expect((await screen.findByRole("alert")).textContent).toContain("Free some space");
  });

  it("stays in one room, which stays open beside it", async () => {
    const { user, app } = show("search", "#/room/r-1");
    await user.click(await screen.findByTestId("room-search"));
    await user.type(await screen.findByTestId("search-field"), "ticket");
    expect(await screen.findAllByTestId("hit")).toHaveLength(1);
    expect([app.way.place.name, app.way.room]).toEqual(["search", "r-1"]);
    expect(await bubbles()).toHaveLength(11);
  });
});

describe("the keys", () => {
  it("open the search of all rooms and of this one, and lead back", async () => {
    const { user, app } = show("ride", "#/room/r-1");
    await composer();
    await user.keyboard("{Control>}k{/Control}");
    expect(app.way.place).toEqual({ name: "search", room: null, words: "" });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("search-field")));
    await user.keyboard("{Control>}f{/Control}");
    expect(app.way.place).toEqual({ name: "search", room: "r-1", words: "" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(app.way.place).toEqual({ name: "room", room: "r-1" }));
  });

  it("go from room to room", async () => {
    const { user, app } = show("ride", "#/inbox");
    const [first, second] = (await inboxRows()).map(({ dataset }) => dataset.id);
    await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
    expect(app.way.room).toBe(first);
    await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
    expect(app.way.room).toBe(second);
  });

  it("are told by a question mark, but not while one writes", async () => {
    const { user } = show("ride", "#/room/r-1");
    const input = await composer();
    await user.type(input, "?");
    expect(screen.queryByTestId("help")).toBeNull();
    input.blur();
    await user.keyboard("?");
    const help = await screen.findByTestId("help");
    expect(help.textContent).toContain("Search all rooms");
    await user.click(screen.getByText("Close"));
    await waitFor(() => expect(screen.queryByTestId("help")).toBeNull());
  });
});
