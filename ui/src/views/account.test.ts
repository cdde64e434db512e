import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import { show } from "../../tests/help/show";

const field = (sheet: string, name: string) =>
  screen.getByTestId(sheet).querySelector<HTMLInputElement>(`[name=${name}]`)!;

/** What is said about a field that is wrong. */
function said(sheet: string, name: string): string | null {
  const input = field(sheet, name);
  if (input.getAttribute("aria-invalid") === null) return null;
  return document.getElementById(input.getAttribute("aria-describedby")!)!.textContent;
}

async function opened(testid: string, sheet: string, change?: Parameters<typeof show>[2]) {
  const shown = show("ride", "#/me", change);
  await shown.user.click(await screen.findByTestId(testid));
  await waitFor(() => expect(screen.getByTestId(sheet).querySelector("form, [role=alert]")).toBeTruthy());
  return shown;
}

describe("one's profile", () => {
  it("begins with what the server knows, sends what is another, and is shown at once", async () => {
    const { user, fake } = await opened("open-profile", "profile-sheet", (fake) => {
      fake.world.profile = { username: "dana", business_name: null, locale: "kk" };
    });
    const at = (name: string) => field("profile-sheet", name);
    expect([at("name").value, at("username").value, at("locale").value]).toEqual([
      "Dana Ospanova",
      "dana",
      "kk",
    ]);
    const sent = vi.spyOn(fake, "changeProfile");
    await user.clear(at("name"));
    await user.type(at("name"), "  Dana O.  ");
    await user.clear(at("username"));
    await user.type(at("business_name"), "Sayran Transfers{Enter}");
    await waitFor(() => expect(screen.queryByTestId("profile-sheet")).toBeNull());
    expect(screen.getByTestId("me-name").textContent).toBe("Sayran Transfers");
    const change = { name: "Dana O.", username: null, business_name: "Sayran Transfers" };
    expect(sent.mock.calls).toEqual([[change]]);
    expect(fake.world.profile).toEqual({
      username: null,
      business_name: "Sayran Transfers",
      locale: "kk",
    });
  });

  it("says at its field what the server does not take, and keeps what was typed", async () => {
    const { user } = await opened("open-profile", "profile-sheet");
    const at = (name: string) => field("profile-sheet", name);
    await user.clear(at("name"));
    await user.type(at("username"), "taken{Enter}");
    expect(said("profile-sheet", "name")).toBe("Please fill this in.");
    await user.type(at("name"), "Dana{Enter}");
    await waitFor(() =>
      expect(said("profile-sheet", "username")).toContain("Somebody has that username already"),
    );
    await user.type(at("username"), " too{Enter}");
    await waitFor(() => expect(said("profile-sheet", "username")).toContain("3 to 30 letters"));
    expect([at("name").value, at("username").value]).toEqual(["Dana", "taken too"]);
  });

  it("without a network says so, and is read when it is back", async () => {
    const { user, fake } = await opened("open-profile", "profile-sheet", (fake) => {
      fake.world.connection = "connecting";
    });
    const sheet = within(screen.getByTestId("profile-sheet"));
    expect((await sheet.findByRole("alert", { hidden: true })).textContent).toContain("This needs a network");
    fake.connect("online");
    await user.click(sheet.getByText("Try again"));
    await waitFor(() => expect(field("profile-sheet", "name").value).toBe("Dana Ospanova"));
    fake.world.refuse.changeProfile = "NO_SERVER";
    await user.type(field("profile-sheet", "username"), "dana{Enter}");
    expect((await sheet.findByRole("alert", { hidden: true })).textContent).toContain("This needs a network");
    expect(field("profile-sheet", "username").value).toBe("dana");
  });
});

describe("a forgotten password", () => {
  const SHEET = "forgotten-sheet";

  async function asked() {
    const shown = show("signed-out");
    await shown.user.click(await screen.findByTestId("forgotten"));
    return shown;
  }

  it("is replaced with the operator's code, and one signs in with the new one", async () => {
    const { user, fake } = await asked();
    expect(field(SHEET, "server").value).toBe("http://127.0.0.1:7400");
    await user.type(field(SHEET, "code"), " K7QD-42MX ");
    await user.type(field(SHEET, "wanted"), "a longer road");
    await user.type(field(SHEET, "again"), "a longer road{Enter}");
    await user.click(await screen.findByTestId("forgotten-close"));
    await waitFor(() => expect(screen.queryByTestId(SHEET)).toBeNull());
    expect(fake.world.password).toBe("a longer road");
    expect(screen.getByTestId("sign-in-form")).toBeTruthy();
  });

  it("says at its field which of them is wrong, and loses nothing without a network", async () => {
    const { user, fake } = await asked();
    await user.click(screen.getByTestId("forgotten-save"));
    expect([said(SHEET, "code"), said(SHEET, "wanted")]).toEqual([
      "Please fill this in.",
      "Please fill this in.",
    ]);
    await user.type(field(SHEET, "code"), "WRONG");
    await user.type(field(SHEET, "wanted"), "a longer road");
    await user.type(field(SHEET, "again"), "a longer road{Enter}");
    await waitFor(() => expect(said(SHEET, "code")).toContain("This code does not work"));
    await user.clear(field(SHEET, "server"));
    await user.type(field(SHEET, "server"), "nowhere.example{Enter}");
    await user.type(field(SHEET, "code"), "x{Enter}");
    await waitFor(() => expect(said(SHEET, "server")).toContain("no Tripchat server"));
    await user.type(field(SHEET, "server"), "x");
    fake.world.refuse.resetPassword = "NO_SERVER";
    await user.click(screen.getByTestId("forgotten-save"));
    expect((await screen.findByRole("alert")).textContent).toContain("what you typed is still here");
    expect([field(SHEET, "code").value, field(SHEET, "again").value]).toEqual(["WRONGx", "a longer road"]);
  });

  it("is no matter of somebody who makes an account", async () => {
    const { user } = show("signed-out");
    await user.click(await screen.findByTestId("mode-register"));
    expect(screen.queryByTestId("forgotten")).toBeNull();
  });
});

describe("one's data", () => {
  it("is stored among the downloads, and where is said", async () => {
    const { user } = show("ride", "#/me");
    await user.click(await screen.findByTestId("export"));
    expect((await screen.findByText(/was stored in your downloads/)).textContent).toContain("tripchat.json");
  });

  it("cannot be had without a network, which is said", async () => {
    const { user, fake } = show("offline", "#/me");
    await user.click(await screen.findByTestId("export"));
    expect((await screen.findByRole("alert")).textContent).toContain("This needs a network");
    fake.world.connection = "online";
    fake.world.refuse.exportMe = "LOCAL_STORAGE";
    await user.click(screen.getByTestId("export"));
    await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("Free some space"));
  });
});

describe("the end of an account", () => {
  const SHEET = "delete-sheet";

  it("says what goes and what stays, asks for the password, and is the end", async () => {
    const { user, fake, app } = await opened("open-delete", SHEET);
    const words = screen.getByTestId(SHEET).textContent;
    for (const word of ["all your sign-ins", "called off", "without its text", "cannot be taken back"])
      expect(words).toContain(word);
    await user.click(screen.getByTestId("delete-save"));
    expect(said(SHEET, "password")).toBe("Please fill this in.");
    await user.type(field(SHEET, "password"), "wrong{Enter}");
    await waitFor(() => expect(said(SHEET, "password")).toBe("This is not your password."));
    expect(fake.world.me).not.toBeNull();
    await user.clear(field(SHEET, "password"));
    await user.type(field(SHEET, "password"), "correct horse{Enter}");
    expect(await screen.findByText("Your account is deleted.")).toBeTruthy();
    expect([fake.world.me, app.inbox.value, window.location.hash]).toEqual([null, null, "#/inbox"]);
  });

  it("is said as such, even when the end of the session is heard before it", async () => {
    const { user, fake } = await opened("open-delete", SHEET);
    const was = fake.deleteAccount.bind(fake);
    fake.deleteAccount = async (password) => {
      fake.emit({ type: "signed_out", reason: "SESSION_ENDED" });
      await was(password);
    };
    await user.type(field(SHEET, "password"), "correct horse{Enter}");
    expect(await screen.findByText("Your account is deleted.")).toBeTruthy();
    expect(screen.queryByText(/You were signed out/)).toBeNull();
  });

  it("waits for the end of a ride that is under way", async () => {
    const { user, fake } = await opened("open-delete", SHEET, ({ world }) => {
      world.bookings[0]!.status = "boarded";
    });
    await user.type(field(SHEET, "password"), "correct horse{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("until your trip has arrived");
    expect(fake.world.me).not.toBeNull();
  });

  it("without an answer is not said to have come", async () => {
    const { user } = await opened("open-delete", SHEET, (fake) => (fake.world.connection = "connecting"));
    await user.type(field(SHEET, "password"), "correct horse{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("may be deleted already");
    expect(field(SHEET, "password").value).toBe("correct horse");
  });
});

describe("somebody who deleted their account", () => {
  it("is nobody with a blank name, wherever they wrote, drive or are", async () => {
    const { user } = show("ride", "#/inbox", ({ world }) => {
      for (const trip of world.trips.filter(({ driver }) => driver === "u-aigerim")) {
        trip.driver_name = "";
        trip.vehicle = { model: "", colour: "", plate: "" };
      }
      for (const room of world.rooms) {
        for (const row of room.rows) if (row.author === "u-aigerim") row.author_name = "";
        for (const member of room.members) if (member.user === "u-aigerim") member.name = "";
      }
    });
    const row = (await screen.findAllByTestId("inbox-row"))[0]!;
    expect(row.textContent).toContain("Deleted account: I see you. Two minutes.");
    expect(row.textContent).toMatch(/· Deleted account/);
    await user.click(row);
    const message = (await screen.findAllByTestId("message")).at(-1)!;
    expect(message.getAttribute("aria-label")).toMatch(/^Deleted account, /);
    await user.click(screen.getByTestId("nav-trips"));
    const card = (await screen.findAllByTestId("trip-card")).find(({ dataset }) => dataset.id === "t-1")!;
    expect(card.textContent).toContain("Deleted account");
  });
});
