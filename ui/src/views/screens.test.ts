import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import { bubbles, composer, show } from "../../tests/help/show";
import { TEXT_CHARS } from "../lib/text";

describe("signing in", () => {
  it("says in words what was refused, and keeps what was typed", async () => {
    const { user } = show("signed-out");
    const form = await screen.findByTestId("sign-in-form");
    const field = (name: string) => form.querySelector<HTMLInputElement>(`[name=${name}]`)!;
    expect(field("server").value).toBe("http://127.0.0.1:7400");
    await user.type(field("email"), "dana@example.com");
    await user.type(field("password"), "wrong{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("password is not right");
    await user.clear(field("password"));
    await user.type(field("password"), "right");
    await user.click(screen.getByTestId("submit"));
    expect(await screen.findByTestId("nav-inbox")).toBeTruthy();
  });

  it("asks for a name only to make an account, and names what is missing", async () => {
    const { user } = show("signed-out");
    const form = await screen.findByTestId("sign-in-form");
    expect(form.querySelector("[name=name]")).toBeNull();
    await user.click(screen.getByTestId("mode-register"));
    await user.click(screen.getByTestId("submit"));
    const name = form.querySelector("[name=name]")!;
    expect(name.getAttribute("aria-invalid")).toBe("true");
    const note = document.getElementById(name.getAttribute("aria-describedby")!);
    expect(note?.textContent).toBe("Please fill this in.");
  });

  it("says when the sign-in will not outlive the app", async () => {
    show("signed-out", "", (fake) => (fake.world.remembers = false));
    expect(await screen.findByText(/no keyring/)).toBeTruthy();
  });
});

describe("the inbox", () => {
  it("shows each room with its trip and its newest line", async () => {
    show("ride");
    const [row] = await screen.findAllByTestId("inbox-row");
    expect(row?.textContent).toContain("Almaty → Bishkek");
    expect(row?.textContent).toContain("Aigerim: I see you. Two minutes.");
  });

  it("teaches the next step while it is empty, and says what failed", async () => {
    const { app, fake } = show("empty");
    expect(await screen.findByText("No rooms yet")).toBeTruthy();
    fake.world.refuse.inbox = "LOCAL_STORAGE";
    await app.inbox.reload();
    expect((await screen.findByRole("alert")).textContent).toContain("Free some space");
  });
});

describe("a room", () => {
  it("sends with Enter, breaks with Shift and Enter, and clears the composer", async () => {
    const { user } = show("ride", "#/room/r-1");
    const input = await composer();
    await user.type(input, "One{Shift>}{Enter}{/Shift}two{Enter}");
    await waitFor(() => expect(input.value).toBe(""));
    const last = (await bubbles()).at(-1)!;
    expect(within(last).getByTestId("message-text").textContent).toBe("One\ntwo");
    expect([last.dataset.state, last.dataset.mine]).toEqual(["sent", "true"]);
  });

  it("keeps the text and says why when it cannot be stored", async () => {
    const { user } = show("ride", "#/room/r-1", (fake) => (fake.world.refuse.send = "LOCAL_STORAGE"));
    const input = await composer();
    await user.type(input, "Hello{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("Free some space");
    expect(input.value).toBe("Hello");
  });

  it("sends no more than the server takes", async () => {
    const { app } = show("ride", "#/room/r-1");
    await composer();
    app.room!.compose.text = "🚌".repeat(TEXT_CHARS);
    expect(await screen.findByText("0 characters left")).toBeTruthy();
    app.room!.compose.text = "🚌".repeat(TEXT_CHARS + 1);
    expect(await screen.findByText("1 character too many")).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>("send").disabled).toBe(true);
  });

  it("says what waits, and that it is sent when the network is back", async () => {
    const { fake } = show("offline", "#/room/r-1");
    expect((await composer()).placeholder).toBe("No network: will be sent when you are back");
    const waiting = (await bubbles()).filter(({ dataset }) => dataset.state === "waiting");
    expect(waiting).toHaveLength(3);
    expect(screen.getAllByText("Waiting to be sent", { selector: "p" })).toHaveLength(1);
    fake.connect("online");
    await waitFor(async () =>
      expect((await bubbles()).some(({ dataset }) => dataset.state === "waiting")).toBe(false),
    );
    expect(await bubbles()).toHaveLength(14);
    expect(screen.queryByText("Waiting to be sent", { selector: "p" })).toBeNull();
  });

  it("offers to send, edit or delete what was refused", async () => {
    const { user } = show("failed", "#/room/r-1");
    const failed = (await bubbles()).at(-1)!;
    expect(failed.dataset.state).toBe("failed");
    expect(failed.textContent).toContain("The server did not accept this message");
    await user.click(within(failed).getByText("Edit"));
    await waitFor(async () => expect((await composer()).value).toBe("The tunnel took the network."));
    expect((await bubbles()).some(({ dataset }) => dataset.state === "failed")).toBe(false);
  });

  it("is told to a screen reader by who, when, what and how it stands", async () => {
    show("ride", "#/room/r-1");
    const labels = (await bubbles()).map((bubble) => bubble.getAttribute("aria-label"));
    expect(labels.at(-2)).toMatch(/^Dana Ospanova, \d\d:\d\d: Red coat, you cannot miss me\. · Read$/);
  });

  it("that is not there says so", async () => {
    show("ride", "#/room/nowhere");
    expect((await screen.findByRole("alert")).textContent).toContain("not open to you");
  });
});

describe("the connection", () => {
  it("is mentioned after five seconds", async () => {
    vi.useFakeTimers();
    const { fake } = show("ride");
    await vi.advanceTimersByTimeAsync(100);
    fake.connect("connecting");
    await vi.advanceTimersByTimeAsync(4_900);
    expect(screen.queryByTestId("connection-banner")).toBeNull();
    await vi.advanceTimersByTimeAsync(200);
    expect(screen.getByTestId("connection-banner").textContent).toContain("Reconnecting…");
    fake.connect("online");
    await vi.advanceTimersByTimeAsync(10);
    expect(screen.queryByTestId("connection-banner")).toBeNull();
  });

  it("that can never come back says what to do", async () => {
    show("ride", "#/inbox", (fake) => (fake.world.connection = "app_too_old"));
    expect((await screen.findByTestId("connection-banner")).textContent).toContain("Please update it");
  });

  it("that never began leaves a plain page", async () => {
    show("broken");
    const page = await screen.findByTestId("broken");
    expect(page.textContent).toContain("A newer version of Tripchat was used on this device");
    expect(page.dataset.code).toBe("CACHE_NEWER");
  });
});

describe("trips", () => {
  it("can be asked for a seat", async () => {
    const { user } = show("ride", "#/trip/t-4");
    await user.click(await screen.findByLabelText("One seat more"));
    const ask = screen.getByTestId("request-seat");
    expect(ask.textContent?.trim()).toBe("Request 2 seats");
    await user.click(ask);
    const booking = await screen.findByTestId("booking");
    expect([booking.dataset.status, screen.queryByTestId("request-seat")]).toEqual(["requested", null]);
  });

  it("show the driver who asks, to be confirmed", async () => {
    const { user } = show("driver", "#/trip/t-1");
    await user.click(await screen.findByTestId("confirm-booking"));
    await waitFor(() => expect(screen.queryByTestId("confirm-booking")).toBeNull());
    const states = screen.getAllByTestId("booking").map(({ dataset }) => dataset.status);
    expect(states).toEqual(["confirmed", "confirmed", "confirmed"]);
  });

  it("let a booking be cancelled by either, and ask once", async () => {
    const { user, fake } = show("ride", "#/trip/t-1");
    await user.click(await screen.findByTestId("cancel-booking"));
    await user.click(screen.getByTestId("confirm-no"));
    await waitFor(() => expect(screen.queryByTestId("confirm")).toBeNull());
    expect(fake.world.bookings[0]?.status).toBe("confirmed");
    await user.click(screen.getByTestId("cancel-booking"));
    expect(screen.getByTestId("confirm").textContent).toContain("Cancel booking B7K-42M?");
    await user.click(screen.getByTestId("confirm-yes"));
    await waitFor(() => expect(screen.getByTestId("booking").dataset.status).toBe("cancelled"));
    expect(screen.queryByTestId("cancel-booking")).toBeNull();
  });

  it("are offered by a form that leads to the first mistake", async () => {
    const { user } = show("ride", "#/trips/new");
    await user.click(await screen.findByTestId("create-trip"));
    await waitFor(() => expect(document.activeElement?.getAttribute("name")).toBe("place"));
    expect(screen.getAllByTestId("stop")).toHaveLength(2);
    await user.click(screen.getByTestId("add-stop"));
    expect(screen.getAllByTestId("stop")).toHaveLength(3);
  });

  it("say that there are none, or that they cannot be read", async () => {
    show("empty", "#/trips", (fake) => (fake.world.refuse.trips = "NO_SERVER"));
    expect(await screen.findByText("No trips yet")).toBeTruthy();
  });
});

describe("oneself", () => {
  it("chooses language and theme, which stay", async () => {
    const { user } = show("ride", "#/me");
    await user.click(await screen.findByTestId("language-es"));
    expect(document.documentElement.lang).toBe("es");
    expect(screen.getByTestId("nav-trips").textContent).toContain("Viajes");
    await user.click(screen.getByTestId("theme-dark"));
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect([localStorage.getItem("tripchat.language"), localStorage.getItem("tripchat.theme")]).toEqual([
      "es",
      "dark",
    ]);
    await user.click(screen.getByTestId("theme-system"));
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });

  it("chooses how others see them", async () => {
    const { user, fake } = show("ride", "#/me");
    await user.click(await screen.findByTestId("availability-invisible"));
    expect(fake.world.availability).toBe("invisible");
  });

  it("is asked before unsent messages are lost", async () => {
    const { user } = show("offline", "#/me");
    await user.click(await screen.findByTestId("sign-out"));
    expect(await screen.findByText("3 messages were not sent yet")).toBeTruthy();
    await user.click(screen.getByTestId("stay"));
    await user.click(await screen.findByTestId("sign-out"));
    await user.click(await screen.findByTestId("sign-out-anyway"));
    expect(await screen.findByTestId("sign-in-form")).toBeTruthy();
  });
});
