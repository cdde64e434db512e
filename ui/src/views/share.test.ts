import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import { show } from "../../tests/help/show";

describe("a trip", () => {
  it("is offered again on its next day, with all that it had, once it was looked over", async () => {
    const { user, fake } = show("driver", "#/trip/t-1");
    await user.click(await screen.findByTestId("offer-again"));
    expect(window.location.hash).toBe("#/trips/new/t-1");
    const form = within(await screen.findByTestId("new-trip-form"));
    expect(form.getAllByLabelText<HTMLInputElement>("Place").map(({ value }) => value)).toEqual([
      "Almaty",
      "Korday border",
      "Bishkek",
    ]);
    expect(fake.world.trips).toHaveLength(4);
    // A stop more is a row of its own.
    await user.click(form.getByTestId("add-stop"));
    expect(form.getAllByLabelText("Place")).toHaveLength(4);
    await user.type(form.getAllByLabelText("Place")[2]!, "Tokmok");
    await user.type(form.getAllByLabelText("Time")[2]!, "12:00");
    await user.click(form.getByTestId("create-trip"));
    await waitFor(() => expect(fake.world.trips).toHaveLength(5));
    const [old, copy] = [fake.world.trips[0]!, fake.world.trips[4]!];
    expect(copy.stops[0]?.at).toBe(old.stops[0]!.at + 86_400_000);
    expect(copy.stops.map(({ place }) => place)).toEqual(["Almaty", "Korday border", "Tokmok", "Bishkek"]);
    expect([copy.vehicle, copy.seats, copy.price]).toEqual([old.vehicle, old.seats, old.price]);
  });

  it("is copied also where it is in no list, or it is said why not", async () => {
    show("driver", "#/trips/new/t-9");
    expect((await screen.findByRole("alert")).textContent).toContain("This trip does not exist any more");
  });

  it("is offered again by its driver only", async () => {
    show("ride", "#/trip/t-1");
    await screen.findByTestId("share-trip");
    expect(screen.queryByTestId("offer-again")).toBeNull();
  });

  it("is shared by a code and by a link that is copied", async () => {
    const { user } = show("ride", "#/trip/t-4");
    const write = vi.spyOn(navigator.clipboard, "writeText");
    await user.click(await screen.findByTestId("share-trip"));
    const sheet = within(await screen.findByTestId("share-sheet"));
    expect(sheet.getByTestId("share-link").textContent).toBe("tripchat://trip/t-4");
    expect(sheet.getByRole("img").getAttribute("aria-label")).toBe("QR code of Karakol → Bishkek");
    await user.click(sheet.getByTestId("copy-link"));
    expect(write).toHaveBeenCalledWith("tripchat://trip/t-4");
    expect((await sheet.findByRole("status")).textContent).toBe("Copied");
    write.mockRejectedValueOnce(new Error("no clipboard"));
    await user.click(sheet.getByTestId("copy-link"));
    expect(await sheet.findByRole("alert")).toBeTruthy();
  });

  it("that a link leads to is found where no list has it, and a seat can be asked for", async () => {
    const { user, app, fake } = show("ride", "#/inbox", (fake) => {
      const all = fake.world.trips;
      fake.trips = () => Promise.resolve(all.slice(0, 2));
    });
    await screen.findAllByTestId("inbox-row");
    app.lead({ trip: "t-4" });
    expect((await screen.findByTestId("trip-title")).textContent).toBe("Karakol → Bishkek");
    await user.click(await screen.findByTestId("request-seat"));
    await waitFor(() =>
      expect(fake.world.bookings.at(-1)).toMatchObject({ trip: "t-4", status: "requested" }),
    );
  });

  it("that a link leads to and that cannot be read says why, and is asked for again", async () => {
    const { user, app, fake } = show("ride", "#/inbox", (fake) => {
      fake.trips = () => Promise.resolve([]);
      fake.world.refuse.findTrip = "NO_SERVER";
    });
    await screen.findAllByTestId("inbox-row");
    app.lead({ trip: "t-4" });
    expect((await screen.findByRole("alert")).textContent).toContain("The server cannot be reached");
    await user.click(screen.getByText("Try again"));
    expect((await screen.findByTestId("trip-title")).textContent).toBe("Karakol → Bishkek");
    app.lead({ trip: "t-9" });
    expect((await screen.findByRole("alert")).textContent).toContain("This trip does not exist any more");
    expect(fake.world.trips).toHaveLength(4);
  });
});
