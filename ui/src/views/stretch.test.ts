import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { show } from "../../tests/help/show";
import { stretchOf } from "../lib/trip";

const stops = ["Almaty", "Korday", "Bishkek"].map((place, i) => ({ place, zone: "Asia/Almaty", at: i }));

describe("where one gets in and out", () => {
  it("is said if it is not the whole way", () => {
    const of = (pickup: number | null, dropoff: number | null) => {
      const stretch = stretchOf({ pickup, dropoff }, stops);
      return stretch && [stretch.from.place, stretch.to.place];
    };
    expect([of(null, null), of(0, 2), stretchOf({}, stops)]).toEqual([null, null, null]);
    expect([of(1, null), of(null, 1)]).toEqual([
      ["Korday", "Bishkek"],
      ["Almaty", "Korday"],
    ]);
  });

  it("is chosen with the seats, out after in, and stands with the booking", async () => {
    const { user, fake } = show("ride", "#/trip/t-4");
    const [getIn, getOut] = [await screen.findByLabelText("Get in at"), screen.getByLabelText("Get out at")];
    expect(screen.getByText(/A seat is taken for the whole trip/)).toBeTruthy();
    const places = (select: HTMLElement) =>
      within(select)
        .getAllByRole("option")
        .map(({ textContent }) => textContent?.split(" · ")[0]);
    expect(places(getIn)).toEqual(["Karakol", "Balykchy"]);
    await user.selectOptions(getOut, "1");
    await user.selectOptions(getIn, "1");
    expect(places(getOut)).toEqual(["Bishkek"]);
    expect((getOut as HTMLSelectElement).value).toBe("2");
    await user.click(screen.getByTestId("request-seat"));
    await waitFor(() =>
      expect(fake.world.bookings.at(-1)).toMatchObject({ trip: "t-4", pickup: 1, dropoff: null }),
    );
    expect((await screen.findByTestId("stretch")).textContent?.trim()).toBe("Balykchy → Bishkek");
  });

  it("is not asked on the way between two places, nor said of the whole way", async () => {
    show("ride", "#/trip/t-2", ({ world }) => (world.bookings = []));
    await screen.findByTestId("trip-title");
    expect(screen.queryByLabelText("Get in at")).toBeNull();
  });

  it("is read by the driver, booking by booking", async () => {
    show("driver", "#/trip/t-1");
    const rows = await screen.findAllByTestId("booking");
    const said = rows.map((row) => within(row).queryByTestId("stretch")?.textContent?.trim() ?? null);
    expect(said.filter(Boolean)).toEqual(["Korday border → Bishkek"]);
  });
});
