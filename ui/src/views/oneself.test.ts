import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import { show } from "../../tests/help/show";

const rows = () => screen.findAllByTestId("sign-in");
const field = (name: string) =>
  screen.getByTestId("password-sheet").querySelector<HTMLInputElement>(`[name=${name}]`)!;

/** What is said about a field that is wrong. */
function said(name: string): string | null {
  const input = field(name);
  if (input.getAttribute("aria-invalid") === null) return null;
  return document.getElementById(input.getAttribute("aria-describedby")!)!.textContent;
}

describe("one's sign-ins", () => {
  it("are reached from the page about oneself, and each says what and when it is", async () => {
    const { user } = show("ride", "#/me");
    await user.click(await screen.findByTestId("open-sign-ins"));
    expect(window.location.hash).toBe("#/me/sign-ins");
    const [here, phone, other] = await rows();
    expect(here!.textContent).toContain("Tripchat on Linux");
    expect(here!.textContent).toContain("This device");
    expect(within(here!).queryByTestId("end-sign-in")).toBeNull();
    expect(phone!.textContent).toMatch(/Tripchat on Android\s*Last used (today|yesterday) at \d\d:\d\d/);
    expect(phone!.textContent).toMatch(/Signed in: \w+ \d+ \w+, version 0\.1\.0/);
    expect(other!.textContent).toContain("An app without a name");
    await user.click(screen.getByTestId("back"));
    expect(await screen.findByTestId("open-sign-ins")).toBeTruthy();
  });

  it("are ended one by one, and the person is asked before", async () => {
    const { user, fake } = show("ride", "#/me/sign-ins");
    const [, phone] = await rows();
    await user.click(within(phone!).getByRole("button", { name: "End the sign-in: Tripchat on Android" }));
    expect(screen.getByTestId("confirm").textContent).toContain("What is stored on it already stays there");
    await user.click(screen.getByTestId("confirm-no"));
    await waitFor(() => expect(screen.queryByTestId("confirm")).toBeNull());
    expect(fake.world.sessions).toHaveLength(3);
    await user.click(within(phone!).getByTestId("end-sign-in"));
    await user.click(screen.getByTestId("confirm-yes"));
    await waitFor(async () => expect(await rows()).toHaveLength(2));
    expect(fake.world.sessions.map(({ id }) => id)).toEqual(["s-here", "s-other"]);
  });

  it("are ended all at once but the one that is looked at", async () => {
    const { user } = show("ride", "#/me/sign-ins");
    await user.click(await screen.findByTestId("end-others"));
    expect(screen.getByTestId("confirm").textContent).toContain("2 sign-ins end at once");
    await user.click(screen.getByTestId("confirm-yes"));
    expect(await screen.findByText("You are signed in on no other device.")).toBeTruthy();
    const [here, ...others] = await rows();
    expect([here!.dataset.id, others]).toEqual(["s-here", []]);
    expect(screen.queryByTestId("end-others")).toBeNull();
  });

  it("need a network, say so, and come by themselves when it is back", async () => {
    const { fake } = show("ride", "#/me/sign-ins", (fake) => (fake.world.connection = "connecting"));
    expect((await screen.findByRole("alert")).textContent).toContain("This needs a network");
    expect(screen.queryByTestId("sign-in")).toBeNull();
    fake.connect("online");
    expect(await rows()).toHaveLength(3);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("that were over already are gone without a complaint, and what failed is said and stays", async () => {
    const { user, fake } = show("ride", "#/me/sign-ins");
    const [, phone] = await rows();
    fake.world.refuse.endSession = "UNAVAILABLE";
    await user.click(within(phone!).getByTestId("end-sign-in"));
    await user.click(screen.getByTestId("confirm-yes"));
    expect((await screen.findByRole("alert")).textContent).toContain("not available right now");
    expect(await rows()).toHaveLength(3);
    fake.world.sessions = fake.world.sessions.filter(({ id }) => id !== "s-phone");
    await user.click(within(phone!).getByTestId("end-sign-in"));
    await user.click(screen.getByTestId("confirm-yes"));
    await waitFor(async () => expect(await rows()).toHaveLength(2));
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("a new password", () => {
  async function opened(change?: Parameters<typeof show>[2]) {
    const shown = show("ride", "#/me", change);
    await shown.user.click(await screen.findByTestId("open-password"));
    return shown;
  }

  it("is set from the keyboard, and what it ended is said", async () => {
    const { user, fake } = await opened();
    field("current").focus();
    await user.keyboard("correct horse{Tab}{Tab}a longer road{Tab}{Tab}a longer road{Enter}");
    expect((await screen.findByRole("status")).textContent).toContain("signed out on all other devices");
    expect([fake.world.password, fake.world.sessions.length]).toEqual(["a longer road", 1]);
    await user.click(screen.getByTestId("password-close"));
    await waitFor(() => expect(screen.queryByTestId("password-sheet")).toBeNull());
  });

  it("is looked at before the server is asked, and the first mistake is where one goes on", async () => {
    const { user, fake } = await opened();
    const sent = vi.spyOn(fake, "changePassword");
    await user.click(screen.getByTestId("password-save"));
    expect([said("current"), said("wanted"), said("again")]).toEqual([
      "Please fill this in.",
      "Please fill this in.",
      null,
    ]);
    await waitFor(() => expect(document.activeElement).toBe(field("current")));
    await user.type(field("current"), "correct horse");
    await user.type(field("wanted"), "short");
    expect([said("current"), said("wanted")]).toEqual([null, "The password needs at least 8 characters."]);
    await user.type(field("wanted"), "er than one");
    await user.type(field("again"), "something else");
    expect([said("wanted"), said("again")]).toEqual([null, "This is not the same as above."]);
    await user.type(field("again"), "{Enter}");
    expect(sent).not.toHaveBeenCalled();
    expect(fake.world.password).toBe("correct horse");
  });

  it("that the server refuses says why at its field, until that is another", async () => {
    const { user } = await opened();
    const submit = async (current: string, wanted: string) => {
      for (const name of ["current", "wanted", "again"]) await user.clear(field(name));
      await user.type(field("current"), current);
      await user.type(field("wanted"), wanted);
      await user.type(field("again"), `${wanted}{Enter}`);
    };
    await submit("not mine", "a longer road");
    await waitFor(() => expect(said("current")).toBe("This is not your current password."));
    expect(field("again").value).toBe("a longer road");
    await user.type(field("current"), "x");
    expect(said("current")).toBeNull();
    await submit("correct horse", "password1");
    await waitFor(() => expect(said("wanted")).toContain("easy to guess"));
    await submit("correct horse", "dana-ospanova");
    await waitFor(() => expect(said("wanted")).toContain("made of your name or e-mail"));
  });

  it("without a network is not lost, and it is said what counts now", async () => {
    const { user, fake } = await opened((fake) => (fake.world.connection = "connecting"));
    await user.type(field("current"), "correct horse");
    await user.type(field("wanted"), "a longer road");
    await user.type(field("again"), "a longer road{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("what you typed is still here");
    expect([field("current").value, field("again").value]).toEqual(["correct horse", "a longer road"]);
    fake.connect("online");
    await user.click(screen.getByTestId("password-save"));
    expect(await screen.findByTestId("password-close")).toBeTruthy();
  });

  it("is hidden until one wants to see it, each by itself", async () => {
    const { user } = await opened();
    expect([field("current").type, field("wanted").type]).toEqual(["password", "password"]);
    const [first] = within(screen.getByTestId("password-sheet")).getAllByRole("button", {
      name: "Show password",
      hidden: true,
    });
    await user.click(first!);
    expect([field("current").type, field("wanted").type]).toEqual(["text", "password"]);
    expect(first!.getAttribute("aria-pressed")).toBe("true");
  });
});
