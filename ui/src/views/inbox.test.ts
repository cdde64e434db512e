import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { bubbles, inboxRows, show } from "../../tests/help/show";

const row = async (room: string) => (await inboxRows()).find(({ dataset }) => dataset.id === room)!;
const rooms = async () => (await inboxRows()).map(({ dataset }) => dataset.id);

describe("a row of the inbox", () => {
  it("shows how much is unread: 9+ for the eye, exact for a screen reader", async () => {
    show("unread");
    const count = within(await row("r-1")).getByTestId("unread");
    expect(count.querySelector("[aria-hidden=true]")?.textContent).toBe("9+");
    expect(count.querySelector(".hidden-visually")?.textContent).toBe("30 unread messages");
  });

  it("shows what the person marked as unread, a draft, and the number of a booking", async () => {
    show("unread");
    const booking = await row("r-b1");
    expect(within(booking).getByTestId("marked-unread").textContent).toContain("Marked as unread");
    expect(booking.textContent).toContain("Booking B7K-42M");
    expect((await row("r-2")).textContent).toContain("Draft:");
  });

  it("shows how far one's last message got, by shape and in words", async () => {
    const { fake } = show("ride");
    await fake.send("r-1", "On my way");
    const mark = async () => within(await row("r-1")).getByTestId("mark");
    await waitFor(async () => expect((await mark()).dataset.state).toBe("sent"));
    for (const user of ["u-aigerim", "u-timur", "u-lucia"]) fake.mark("r-1", user, { read: 99 });
    await waitFor(async () => expect((await mark()).dataset.state).toBe("read"));
    expect((await mark()).textContent).toContain("Read");
  });

  it("shows who is writing, and who is there", async () => {
    show("typing");
    expect((await row("r-1")).textContent).toContain("Aigerim is writing…");
    expect(within(await row("r-1")).getByTestId("presence").dataset.presence).toBe("online");
    expect((await row("r-1")).textContent).toContain("Here now");
    expect(within(await row("r-2")).queryByTestId("presence")).toBeNull();
  });

  it("says that one left, and that a message was deleted", async () => {
    const { fake } = show("ended");
    expect((await row("r-1")).textContent).toContain("You left this room");
    fake.change("r-b1", 4, null);
    await waitFor(async () => expect((await row("r-b1")).textContent).toContain("Message deleted"));
  });
});

describe("the list of rooms", () => {
  it("is filtered by what is written, and leads on to the messages", async () => {
    const { user, app } = show("ride");
    expect(await rooms()).toHaveLength(3);
    const field = screen.getByTestId("inbox-filter");
    await user.type(field, "karak");
    expect(await rooms()).toEqual(["r-2"]);
    await user.clear(field);
    await user.type(field, "ticket");
    await user.click(await screen.findByText("Search in messages"));
    expect(app.way.place).toEqual({ name: "search", room: null, words: "ticket" });
  });

  it("shows only what is unread, and says when everything is read", async () => {
    const { user, app } = show("unread");
    await inboxRows();
    await user.click(screen.getByTestId("only-unread"));
    expect(await rooms()).toEqual(["r-1", "r-b1"]);
    await app.markRead("r-1");
    await app.markRead("r-b1");
    expect(await screen.findByText("Everything is read.")).toBeTruthy();
  });

  it("has a menu for each row, by the right button or the menu key", async () => {
    const { user, fake } = show("ride");
    await fireEvent.contextMenu(await row("r-2"), { clientX: 100, clientY: 100 });
    const names = (await screen.findAllByRole("menuitem")).map(({ textContent }) => textContent?.trim());
    expect(names).toEqual([
      "Add to favourites",
      "Mark as unread",
      "Mute for 1 hour",
      "Mute for 8 hours",
      "Mute always",
      "Archive",
    ]);
    await user.click(screen.getByTestId("menu-mute-always"));
    await waitFor(async () => expect((await row("r-2")).textContent).toContain("Muted"));
    expect(fake.world.rooms[1]?.own.muted_until).toBeGreaterThan(Date.UTC(2100, 0));
  });

  it("puts favourites first", async () => {
    const { user } = show("ride");
    expect((await rooms())[0]).toBe("r-1");
    await fireEvent.contextMenu(await row("r-2"));
    await user.click(await screen.findByTestId("menu-favourite"));
    await waitFor(async () => expect((await rooms())[0]).toBe("r-2"));
  });

  it("keeps the archive shut until it is asked for", async () => {
    const { user } = show("ride");
    await fireEvent.contextMenu(await row("r-2"));
    await user.click(await screen.findByTestId("menu-archive"));
    const archive = await screen.findByTestId("archive");
    expect(archive.textContent).toContain("Archived (1)");
    expect(await rooms()).not.toContain("r-2");
    await user.click(archive);
    expect((await rooms()).at(-1)).toBe("r-2");
  });

  it("says why something could not be set", async () => {
    const { user } = show("ride", "#/inbox", (fake) => (fake.world.refuse.setRoom = "LOCAL_STORAGE"));
    await fireEvent.contextMenu(await row("r-2"));
    await user.click(await screen.findByTestId("menu-archive"));
    expect((await screen.findByRole("alert")).textContent).toContain("Free some space");
  });
});

describe("whoever turns from a room to another", () => {
  it("hears what comes in the one they turned to", async () => {
    const { user, fake, app } = show("driver", "#/inbox");
    await user.click(await row("r-b1"));
    await screen.findByText("Where shall I pick you up?");
    await user.click(await row("r-1"));
    await waitFor(() => expect(app.room?.id).toBe("r-1"));
    await bubbles();
    fake.hearMessage("r-1", "u-dana", "By the blue kiosk.");
    await waitFor(async () => expect((await bubbles()).at(-1)?.textContent).toContain("By the blue kiosk."));
  });
});
