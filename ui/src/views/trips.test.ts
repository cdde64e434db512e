import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { show } from "../../tests/help/show";

const statusOf = (id: string) =>
  screen.getAllByTestId("booking").find(({ dataset }) => dataset.id === id)?.dataset.status;
const row = (id: string) =>
  within(screen.getAllByTestId("booking").find(({ dataset }) => dataset.id === id)!);

describe("the driver", () => {
  it("takes a trip through its life by one button", async () => {
    const { user, fake } = show("driver", "#/trip/t-1");
    fake.world.bookings = [];
    const trip = () => fake.world.trips[0]!.status;
    const step = await screen.findByTestId("next-step");
    expect(step.textContent?.trim()).toBe("Start boarding");
    await user.click(step);
    await waitFor(() => expect(screen.getByTestId("next-step").textContent?.trim()).toBe("Set off"));
    await user.click(screen.getByTestId("not-yet"));
    await waitFor(() => expect(trip()).toBe("planned"));
    for (const status of ["boarding", "under_way", "arrived"]) {
      await waitFor(() => expect(screen.getByTestId("next-step").dataset.to).toBe(status));
      await user.click(screen.getByTestId("next-step"));
      await waitFor(() => expect(trip()).toBe(status));
    }
    await waitFor(() => expect(screen.getByTestId("next-step").dataset.to).toBe("closed"));
    await user.click(screen.getByTestId("next-step"));
    expect(trip()).toBe("arrived");
    await user.click(screen.getByTestId("confirm-yes"));
    await waitFor(() => expect(screen.queryByTestId("next-step")).toBeNull());
    expect(trip()).toBe("closed");
  });

  it("does not take two steps by a double touch", async () => {
    const { user, fake } = show("driver", "#/trip/t-1");
    await user.dblClick(await screen.findByTestId("next-step"));
    await waitFor(() => expect(fake.world.trips[0]!.status).toBe("boarding"));
    expect(screen.queryByTestId("confirm")).toBeNull();
  });

  it("says who is aboard and who did not come, and takes a mis-tap back", async () => {
    const { user } = show("driver-boarding", "#/trip/t-1");
    expect((await screen.findByTestId("roll-call")).textContent?.trim()).toBe("3 of 6 aboard");
    await user.click(row("b-0").getByTestId("board-booking"));
    await waitFor(() => expect(screen.getByTestId("roll-call").textContent?.trim()).toBe("4 of 6 aboard"));
    await user.click(row("b-0").getByTestId("unboard-booking"));
    await waitFor(() => expect(statusOf("b-0")).toBe("confirmed"));
    await user.click(row("b-3").getByTestId("no-show-booking"));
    expect(screen.getByTestId("confirm").textContent).toContain("Malika Yusupova did not come?");
    await user.click(screen.getByTestId("confirm-yes"));
    await waitFor(() => expect(statusOf("b-3")).toBe("no_show"));
    expect(screen.getByText("2 did not come")).toBeTruthy();
  });

  it("is asked before leaving someone behind", async () => {
    const { user, fake } = show("driver-boarding", "#/trip/t-1");
    await user.click(await screen.findByTestId("next-step"));
    expect(screen.getByTestId("confirm").textContent).toContain("2 people are not aboard yet.");
    await user.click(screen.getByTestId("confirm-no"));
    expect(fake.world.trips[0]!.status).toBe("boarding");
  });

  it("declines a request after a question", async () => {
    const { user } = show("driver", "#/trip/t-1");
    await user.click(await screen.findByTestId("decline-booking"));
    await user.click(screen.getByTestId("confirm-yes"));
    await waitFor(() => expect(statusOf("b-3")).toBe("declined"));
  });

  it("changes the time by one touch or by hand, and says what is wrong with one in the past", async () => {
    const { user, fake } = show("driver", "#/trip/t-1");
    const leaves = () => fake.world.trips[0]!.stops.map(({ at }) => at);
    const before = leaves();
    await user.click(await screen.findByTestId("change-time"));
    await user.click(screen.getByTestId("later-20"));
    await waitFor(() => expect(leaves()).toEqual(before.map((at) => at + 20 * 60_000)));
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("change-time").disabled).toBe(false));
    await user.click(screen.getByTestId("change-time"));
    const sheet = within(screen.getByTestId("time-sheet"));
    await user.click(sheet.getByTestId("save-time"));
    expect(sheet.getByText("This is when it leaves already.")).toBeTruthy();
    await user.clear(sheet.getByLabelText("Date"));
    await user.type(sheet.getByLabelText("Date"), "2020-01-01");
    expect(sheet.getByText("This is in the past.")).toBeTruthy();
  });

  it("changes the vehicle, of which nothing may be missing", async () => {
    const { user, fake } = show("driver", "#/trip/t-1");
    await user.click(await screen.findByTestId("change-vehicle"));
    const plate = within(screen.getByTestId("vehicle-sheet")).getByLabelText("Number plate");
    await user.clear(plate);
    await user.click(screen.getByTestId("save-vehicle"));
    expect(plate.getAttribute("aria-invalid")).toBe("true");
    await user.type(plate, "715 BTA 13");
    await user.click(screen.getByTestId("save-vehicle"));
    await waitFor(() => expect(fake.world.trips[0]!.vehicle.plate).toBe("715 BTA 13"));
    expect(fake.world.rooms[0]!.rows.at(-1)!.system?.code).toBe("VEHICLE_CHANGED");
  });

  it("calls a trip off after a question, and nothing more can be done with it", async () => {
    const { user } = show("driver", "#/trip/t-1");
    await user.click(await screen.findByTestId("call-off"));
    await user.click(screen.getByTestId("confirm-yes"));
    await waitFor(() => expect(screen.queryByTestId("next-step")).toBeNull());
    expect(screen.getAllByTestId("booking").map(({ dataset }) => dataset.status)).toEqual(
      Array.from({ length: 3 }, () => "cancelled"),
    );
    expect(screen.queryByTestId("change-time")).toBeNull();
  });

  it("is told what was refused, and sees how it stands", async () => {
    const { user, fake } = show("driver", "#/trip/t-1");
    const step = await screen.findByTestId("next-step");
    fake.world.refuse.setTripStatus = "NO_SERVER";
    await user.click(step);
    expect((await screen.findByRole("alert")).textContent).toContain("The server cannot be reached");
    expect(screen.getByTestId("next-step").dataset.to).toBe("boarding");
  });
});

describe("the passenger", () => {
  it("is told in words what to do, and cannot cancel once the trip has set off", async () => {
    const { fake } = show("boarding", "#/trip/t-1");
    const note = await screen.findByTestId("booking-note");
    expect(note.textContent).toBe("Boarding has begun: go to the vehicle now.");
    expect(screen.getByTestId("cancel-booking")).toBeTruthy();
    fake.world.trips = fake.world.trips.map((trip) => ({ ...trip, status: "under_way" }));
    fake.emit({ type: "room", room: "r-1" });
    await waitFor(() => expect(screen.getByTestId("booking-note").textContent).toBe("The trip has set off."));
    expect(screen.queryByTestId("cancel-booking")).toBeNull();
  });

  it("cannot ask for a seat of a trip that boards", async () => {
    show("ride", "#/trip/t-4", ({ world }) => {
      world.trips = world.trips.map((trip) => ({ ...trip, status: "boarding" }));
    });
    expect(await screen.findByText("This trip takes no more requests.")).toBeTruthy();
    expect(screen.queryByTestId("request-seat")).toBeNull();
  });
});

describe("a booking's private room", () => {
  it("is where the passenger writes to the driver, from the trip and from the list of bookings", async () => {
    const { user } = show("ride", "#/trip/t-1");
    await user.click(await screen.findByTestId("message-driver"));
    expect(window.location.hash).toBe("#/room/r-b1");
    expect((await screen.findByTestId("room-title")).textContent).toBe("Aigerim Sadykova");
    await user.click(screen.getByTestId("nav-trips"));
    await user.click(await screen.findByTestId("trips-view-bookings"));
    await user.click(await screen.findByTestId("message-driver"));
    await waitFor(() => expect(window.location.hash).toBe("#/room/r-b1"));
  });

  it("opens for the driver on each row, also where the booking has none yet", async () => {
    const { user, fake } = show("driver", "#/trip/t-1");
    await screen.findAllByTestId("booking");
    await user.click(row("b-3").getByTestId("message-passenger"));
    const room = await waitFor(() => {
      const made = fake.world.bookings.find(({ id }) => id === "b-3")?.room;
      expect(made).toBeTruthy();
      return made;
    });
    expect(window.location.hash).toBe(`#/room/${room}`);
    expect((await screen.findByTestId("room-title")).textContent).toBe("Lucía Fernández");
  });

  it("says why it cannot be opened", async () => {
    const { user, fake } = show("driver", "#/trip/t-1");
    await screen.findAllByTestId("booking");
    fake.world.refuse.bookingRoom = "NO_SERVER";
    await user.click(row("b-3").getByTestId("message-passenger"));
    expect((await screen.findByRole("alert")).textContent).toContain("The server cannot be reached");
    expect(window.location.hash).toBe("#/trip/t-1");
  });

  it("shows its booking whole, and leads to the trip", async () => {
    const { user, fake } = show("requested", "#/room/r-b1");
    const card = await screen.findByTestId("room-booking");
    expect(card.textContent).toContain("B7K-42M");
    expect(card.textContent).toContain("2 seats");
    expect(card.dataset.status).toBe("requested");
    expect((await screen.findByTestId("system-line")).textContent).toContain("2 seats requested");
    await fake.cancelBooking("b-1");
    await waitFor(() => expect(screen.getByTestId("room-booking").dataset.status).toBe("cancelled"));
    await user.click(screen.getByTestId("view-details"));
    expect(window.location.hash).toBe("#/trip/t-1");
  });

  it("does not say how the trip stands once the booking is over, and can still be written in", async () => {
    show("declined", "#/room/r-b1");
    const trip = await screen.findByTestId("room-trip");
    expect(trip.textContent).not.toContain("Planned");
    expect(screen.getByRole("textbox")).toBeTruthy();
  });

  it("is called by the other one in the inbox, with the booking's number", async () => {
    show("ride");
    const rows = await screen.findAllByTestId("inbox-row");
    const line = rows.find(({ dataset }) => dataset.id === "r-b1");
    expect(line?.querySelector("strong")?.textContent).toBe("Aigerim Sadykova");
    expect(line?.textContent).toContain("B7K-42M");
  });
});

describe("the list of trips", () => {
  it("is searched by the beginnings of places and by day, and shows all again", async () => {
    const { user } = show("ride", "#/trips");
    expect(await screen.findAllByTestId("trip-card")).toHaveLength(4);
    const form = within(screen.getByTestId("find-trips"));
    await user.type(form.getByLabelText("To"), "bish{Enter}");
    await waitFor(() => expect(screen.getAllByTestId("trip-card")).toHaveLength(2));
    await user.type(form.getByLabelText("From"), "karakol");
    await user.click(form.getByTestId("find-act"));
    await waitFor(() =>
      expect(screen.getAllByTestId("trip-card").map(({ dataset }) => dataset.id)).toEqual(["t-4"]),
    );
    await user.type(form.getByLabelText("Day"), "2020-01-01");
    await user.click(form.getByTestId("find-act"));
    expect(await screen.findByText("No trip found")).toBeTruthy();
    await user.click(form.getByTestId("find-all"));
    expect(await screen.findAllByTestId("trip-card")).toHaveLength(4);
  });

  it("says why a search failed, and searches again", async () => {
    const { user } = show("ride", "#/trips", (fake) => (fake.world.refuse.searchTrips = "NO_SERVER"));
    await user.type(await screen.findByLabelText("To"), "bish{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("The server cannot be reached");
    await user.click(screen.getByText("Try again"));
    await waitFor(() => expect(screen.getAllByTestId("trip-card")).toHaveLength(2));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("turns to one's own bookings, which lead to their trips", async () => {
    const { user } = show("booked", "#/trips");
    await user.click(await screen.findByTestId("trips-view-bookings"));
    expect(window.location.hash).toBe("#/trips/bookings");
    const mine = await screen.findAllByTestId("my-booking");
    expect(mine).toHaveLength(4);
    expect(mine[0]?.textContent).toContain("B7K-42M");
    await user.click(mine[1]!);
    expect((await screen.findByTestId("trip-title")).textContent).toBe("Bishkek → Karakol");
    expect(screen.getAllByTestId("my-booking")).toHaveLength(4);
  });

  it("says that one has no bookings, or why they cannot be read", async () => {
    const { app, fake } = show("empty", "#/trips/bookings");
    expect(await screen.findByText("No bookings yet")).toBeTruthy();
    fake.world.refuse.myBookings = "NO_SERVER";
    await app.bookings.reload();
    expect((await screen.findByRole("alert")).textContent).toContain("The server cannot be reached");
  });
});

describe("what the server says", () => {
  it("stands in the room without a writer, a mark or a menu, the important louder", async () => {
    show("spoken", "#/room/r-1");
    const lines = await screen.findAllByTestId("system-line");
    expect(lines.map(({ dataset }) => dataset.code)).toEqual([
      "DELAYED",
      "VEHICLE_CHANGED",
      "DELAYED",
      "BOARDING",
      "STARTED",
      "ARRIVED",
      "COMPLETED",
    ]);
    expect(lines[0]?.textContent).toMatch(/^\s*Leaves 20 minutes later\s*\d\d:\d\d\s*$/);
    expect(lines[1]?.textContent).toContain("Another vehicle comes: Mercedes Sprinter, white, 715 BTA 13");
    expect(lines[2]?.textContent).toContain("Leaves 1 h 30 min earlier");
    expect(lines.map(({ classList }) => classList.contains("loud"))).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    for (const line of lines) expect(line.querySelector("[data-testid=mark], button, [tabindex]")).toBeNull();
  });

  it("leaves the writers' groups around it whole, and the keyboard its place", async () => {
    show("spoken", "#/room/r-1");
    const messages = await screen.findAllByTestId("message");
    const [first, second] = messages.slice(-2);
    expect(first?.textContent).toContain("Aigerim Sadykova");
    expect([first?.classList.contains("first"), second?.classList.contains("last")]).toEqual([true, true]);
    expect(second?.getAttribute("tabindex")).toBe("0");
  });

  it("is the inbox's last line in the same words, in the language that is read", async () => {
    const { user } = show("boarding", "#/inbox");
    const [line] = await screen.findAllByTestId("inbox-row");
    expect(line?.querySelector(".last")?.textContent?.trim()).toBe("Boarding has begun");
    await user.click(screen.getByTestId("nav-me"));
    await user.click(await screen.findByTestId("language-ru"));
    await user.click(screen.getByTestId("nav-inbox"));
    expect((await screen.findAllByTestId("inbox-row"))[0]?.textContent).toContain("Началась посадка");
  });

  it("is only for the record when somebody came or left: neither new nor heard, nor the inbox's line", async () => {
    const { fake } = show("ride", "#/room/r-1");
    await screen.findAllByTestId("message");
    fake.hearSystem("r-1", "u-timur", { code: "LEFT" });
    const line = await screen.findByTestId("system-line");
    expect(line.textContent).toContain("Timur Aliev has left");
    expect(document.querySelector("[aria-live=polite].hidden-visually")?.textContent?.trim()).toBe("");
    const room = (await fake.inbox()).find(({ room }) => room === "r-1");
    expect([room?.last?.text, room?.unread]).toEqual(["I see you. Two minutes.", 0]);
  });

  it("is heard when it comes, once", async () => {
    const { fake } = show("ride", "#/room/r-1");
    await screen.findAllByTestId("message");
    fake.hearSystem("r-1", "u-aigerim", { code: "TRIP_CANCELLED" });
    const line = await screen.findByTestId("system-line");
    expect(line.closest("[aria-live]")).toBeNull();
    await waitFor(() =>
      expect(document.querySelector("[aria-live=polite].hidden-visually")?.textContent?.trim()).toBe(
        "The trip was called off",
      ),
    );
  });
});
