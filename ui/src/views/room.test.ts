import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { layOut } from "../../tests/help/layout";
import { bubble, bubbles, composer, show } from "../../tests/help/show";

const OWN = "Red coat, you cannot miss me.";
const menu = async (text: string) => {
  await fireEvent.contextMenu(await bubble(text), { clientX: 50, clientY: 50 });
  return (await screen.findAllByRole("menuitem")).map(({ dataset }) => dataset.testid);
};

describe("a message's menu", () => {
  it("offers what may be done with it", async () => {
    const { user } = show("ride", "#/room/r-1");
    expect(await menu(OWN)).toEqual(["menu-copy", "menu-edit", "menu-info", "menu-delete"]);
    await user.keyboard("{Escape}");
    document.querySelector("dialog")?.close();
    await waitFor(() => expect(screen.queryByTestId("menu")).toBeNull());
    expect(await menu("Of course.")).toEqual(["menu-copy"]);
  });

  it("is reached by keyboard alone", async () => {
    const { user } = show("ride", "#/room/r-1");
    const all = await bubbles();
    expect(all.filter(({ tabIndex }) => tabIndex === 0)).toEqual([all.at(-1)]);
    all.at(-1)!.focus();
    await user.keyboard("{ArrowUp}{Enter}");
    expect((await screen.findByTestId("menu")).textContent).toContain("Delete");
    expect(document.activeElement).toBe(screen.getByTestId("menu-copy"));
    await user.keyboard("{ArrowDown}{Enter}");
    expect((await composer()).value).toBe(OWN);
  });

  it("copies the text", async () => {
    const { user } = show("ride", "#/room/r-1");
    await menu(OWN);
    await user.click(screen.getByTestId("menu-copy"));
    expect(await navigator.clipboard.readText()).toBe(OWN);
  });

  it("deletes for everyone, after asking once", async () => {
    const { user } = show("ride", "#/room/r-1");
    await menu(OWN);
    await user.click(screen.getByTestId("menu-delete"));
    await user.click(await screen.findByTestId("confirm-no"));
    expect(await bubble(OWN)).toBeTruthy();
    await menu(OWN);
    await user.click(screen.getByTestId("menu-delete"));
    await user.click(await screen.findByTestId("confirm-yes"));
    await waitFor(() => expect(screen.queryByText(OWN)).toBeNull());
    expect(screen.getAllByText("Message deleted").length).toBeGreaterThan(0);
  });

  it("says by name whom a message has reached", async () => {
    const { user } = show("groups", "#/room/r-g");
    const own = await bubble("After that I have to go to the centre.");
    await user.click(within(own).getByTestId("message-end"));
    const sheet = await screen.findByTestId("reach");
    expect(sheet.getAttribute("aria-label")).toBe("Read by 3 of 5");
    const people = (how: string) =>
      within(sheet)
        .queryAllByTestId(`reach-${how}`)
        .map(({ textContent }) => textContent);
    expect([people("read").length, people("delivered").length, people("waiting").length]).toEqual([3, 1, 1]);
    expect(people("waiting")[0]).toMatch(/Yerlan Nurpeisov.*Not reached yet/s);
  });
});

describe("changing a message", () => {
  it("begins with the arrow in an empty composer, and ends with Enter", async () => {
    const { user } = show("ride", "#/room/r-1");
    const input = await composer();
    await bubbles();
    input.focus();
    await user.keyboard("{ArrowUp}");
    expect([input.value, screen.getByTestId("editing").textContent]).toEqual([
      OWN,
      expect.stringContaining("Change message"),
    ]);
    await user.clear(input);
    await user.type(input, "Green coat.{Enter}");
    expect((await bubble("Green coat.")).textContent).toContain("edited");
    expect(input.value).toBe("");
  });

  it("is given up with Esc, and the room stays open", async () => {
    const { user, app } = show("ride", "#/room/r-1");
    const input = await composer();
    await bubbles();
    input.focus();
    await user.keyboard("{ArrowUp}{Escape}");
    expect([input.value, screen.queryByTestId("editing"), app.way.place.name]).toEqual(["", null, "room"]);
  });

  it("shows what waits and what was refused, which is sent again or discarded", async () => {
    const { user } = show("edited", "#/room/r-1");
    expect((await bubble("See you at platform 6.")).textContent).toContain("Change waits to be sent");
    expect((await bubble("Never mind.")).textContent).toContain("Will be deleted when you are online");
    const refused = await bubble("Two bags after all.");
    expect(refused.textContent).toContain("Someone changed that in the meantime");
    await user.click(within(refused).getByTestId("message-discard"));
    await waitFor(() => expect(screen.queryByTestId("message-discard")).toBeNull());
  });
});

describe("a link", () => {
  it("opens outside, and the window stays where it is", async () => {
    const { user, fake } = show("groups", "#/room/r-g");
    const link = await screen.findByTestId<HTMLAnchorElement>("link");
    const gone = vi.fn((event: Event) => event.defaultPrevented);
    document.addEventListener("click", gone);
    await user.click(link);
    expect(fake.world.opened).toEqual(["https://example.org/carpool/november?from=ALA&to=city"]);
    expect(
      await fireEvent(link, new MouseEvent("auxclick", { bubbles: true, cancelable: true, button: 1 })),
    ).toBe(false);
    expect(window.location.hash).toBe("#/room/r-g");
    document.removeEventListener("click", gone);
  });

  it("is text and never markup", async () => {
    const { fake } = show("ride", "#/room/r-1");
    await bubbles();
    fake.hearMessage("r-1", "u-timur", "<img src=x onerror=alert(1)> https://example.org/<b>");
    const text = await screen.findByText(/<img src=x/);
    expect(text.querySelector("img, b")).toBeNull();
  });
});

describe("a room", () => {
  it("opens with a divider before the first unread message", async () => {
    show("unread", "#/room/r-1");
    const divider = await screen.findByTestId("divider");
    const next = divider.nextElementSibling as HTMLElement;
    expect([divider.textContent, next.dataset.id]).toEqual(["New", "new-0"]);
  });

  it("says how much is new to someone who reads further up", async () => {
    layOut();
    const { app, fake, user } = show("ride", "#/room/r-1");
    await bubbles();
    app.room!.scrolled(false);
    expect((await screen.findByTestId("to-end")).textContent).toContain("Newest messages");
    for (const text of ["One", "Two"]) fake.hearMessage("r-1", "u-timur", text);
    await waitFor(() => expect(screen.getByTestId("to-end").textContent).toContain("2 new messages"));
    await user.click(screen.getByTestId("to-end"));
    await waitFor(() => expect(screen.queryByTestId("to-end")).toBeNull());
  });

  it("says who is writing, without a new line", async () => {
    const { fake } = show("ride", "#/room/r-1");
    const line = await screen.findByTestId("typing");
    expect(line.textContent).toBe("");
    fake.write("r-1", ["Aigerim Sadykova"]);
    await waitFor(() => expect(line.textContent).toBe("Aigerim is writing…"));
    fake.write("r-1", ["Aigerim Sadykova", "Timur Aliev"]);
    await waitFor(() => expect(line.textContent).toBe("Aigerim and Timur are writing…"));
  });

  it("tells others that one is writing", async () => {
    const { user, fake } = show("ride", "#/room/r-1");
    const typing = vi.spyOn(fake, "typing");
    await user.type(await composer(), "H");
    expect(typing).toHaveBeenCalledWith("r-1");
  });

  it("that one left is read, and says why one cannot write", async () => {
    show("ended", "#/room/r-1");
    expect((await screen.findByTestId("closed")).textContent).toContain("You left this room");
    expect(screen.queryByTestId("composer")).toBeNull();
    expect(await bubbles()).toHaveLength(11);
  });

  it("says that older messages are being fetched, or come with the network", async () => {
    const { fake } = show("holes", "#/room/r-1");
    const edge = await screen.findByTestId("edge-older");
    expect(edge.textContent).toBe("Fetching older messages");
    fake.connect("connecting");
    await waitFor(() => expect(edge.textContent).toBe("Older messages come when you are back online"));
  });

  it("says what could not be read, and tries again", async () => {
    const { user } = show("ride", "#/room/r-1", (fake) => (fake.world.refuse.timeline = "LOCAL_STORAGE"));
    expect((await screen.findByRole("alert")).textContent).toContain("Free some space");
    await user.click(screen.getByText("Try again"));
    expect(await bubbles()).toHaveLength(11);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("what counts as read", () => {
  /** Rows of 40 px in a list that shows the first ten of them. */
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
      const rows = [...document.querySelectorAll("[data-testid=message]")];
      const at = rows.indexOf(this);
      return at < 0 ? new DOMRect(0, 0, 300, 400) : new DOMRect(0, at * 40, 300, 40);
    });
  });

  it("is what is on the screen of a window that the person looks at", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    const { fake } = show("ride", "#/room/r-1", (fake) => (fake.world.rooms[0]!.read = 0));
    const seen = vi.spyOn(fake, "seen");
    await bubbles();
    expect(fake.world.visible).toBeNull();
    expect(seen).not.toHaveBeenCalled();
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    await fireEvent.focus(window);
    await waitFor(() => expect(seen).toHaveBeenCalledWith("r-1", 14));
    expect(fake.world.visible).toBe("r-1");
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it("ends when the person looks elsewhere", async () => {
    const { fake, app } = show("ride", "#/room/r-1");
    await bubbles();
    await waitFor(() => expect(fake.world.visible).toBe("r-1"));
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    await fireEvent.blur(window);
    await waitFor(() => expect(fake.world.visible).toBeNull());
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    await fireEvent.focus(window);
    await waitFor(() => expect(fake.world.visible).toBe("r-1"));
    app.way.go({ name: "inbox" });
    await waitFor(() => expect(fake.world.visible).toBeNull());
  });
});
