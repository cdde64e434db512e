import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { show } from "../../tests/help/show";

const sheet = async () => within(await screen.findByTestId("review-sheet"));

describe("how the ride was", () => {
  it("is asked once one has arrived, and told by stars and words", async () => {
    const { user, fake } = show("arrived", "#/trip/t-1");
    const asked = await screen.findByTestId("ride-review");
    expect(asked.textContent).toContain("How was the ride with Aigerim Sadykova?");
    await user.click(within(asked).getByTestId("star-4"));
    const form = await sheet();
    expect(form.getByTestId<HTMLInputElement>("star-4").checked).toBe(true);
    await user.click(form.getByTestId("star-5"));
    await user.type(form.getByLabelText("A few words"), "  On time. ");
    await user.click(form.getByTestId("send-review"));
    await waitFor(() => expect(screen.queryByTestId("review-sheet")).toBeNull());
    expect(fake.world.reviews.find(({ author }) => author === "u-dana")).toMatchObject({
      booking: "b-0",
      subject: "u-aigerim",
      stars: 5,
      text: "On time.",
    });
    expect((await screen.findByTestId("review")).textContent).toContain("On time.");
    expect(screen.queryByTestId("star-5")).toBeNull();
  });

  it("can be changed for a while, with what was said to begin with", async () => {
    const { user, fake, app } = show("arrived", "#/trip/t-1");
    const said = { booking: "b-0", author: "u-dana", author_name: "Dana", subject: "u-aigerim" };
    const at = Date.now();
    const review = { ...said, stars: 2, text: "Late.", at, open_until: at + 60_000 };
    fake.world.reviews.push(review);
    await user.click(await screen.findByTestId("change-review"));
    const form = await sheet();
    expect(form.getByLabelText<HTMLTextAreaElement>("A few words").value).toBe("Late.");
    await user.click(form.getByTestId("star-3"));
    await user.click(form.getByTestId("send-review"));
    await waitFor(() => expect(fake.world.reviews.at(-1)?.stars).toBe(3));
    app.now = at + 60_000;
    await waitFor(() => expect(screen.queryByTestId("change-review")).toBeNull());
  });

  it("says why it was not taken, and keeps the words", async () => {
    const { user, fake } = show("arrived", "#/trip/t-1");
    fake.world.refuse.writeReview = "NO_SERVER";
    await user.click(await screen.findByTestId("star-1"));
    const form = await sheet();
    await user.type(form.getByLabelText("A few words"), "So.");
    await user.click(form.getByTestId("send-review"));
    expect((await form.findByRole("alert")).textContent).toContain("The server cannot be reached");
    expect(form.getByLabelText<HTMLTextAreaElement>("A few words").value).toBe("So.");
  });

  it("is said by the driver of each passenger, who reads what they said", async () => {
    const { user, fake } = show("driver-arrived", "#/trip/t-1");
    const rides = await screen.findAllByTestId("ride-review");
    expect(rides).toHaveLength(4);
    expect(rides[0]?.textContent).toContain("How was the ride with Dana Ospanova?");
    expect(rides[1]?.textContent).toContain("On time, and easy company.");
    expect(rides[1]?.textContent).toContain("Timur Aliev about you");
    await user.click(within(rides[0]!).getByTestId("star-5"));
    await user.click((await sheet()).getByTestId("send-review"));
    await waitFor(() =>
      expect(fake.world.reviews.some(({ subject, stars }) => subject === "u-dana" && stars === 5)).toBe(true),
    );
  });

  it("is not asked before the ride is completed", async () => {
    show("boarding", "#/trip/t-1");
    await screen.findByTestId("booking");
    expect(screen.queryByTestId("ride-review")).toBeNull();
  });
});

describe("what is said about a driver", () => {
  it("stands beside the name, in the list and on the trip, as a number that is read out whole", async () => {
    const { user } = show("arrived", "#/trip/t-1");
    const cards = await screen.findAllByTestId("trip-card");
    expect(within(cards[0]!).getByTestId("rating").textContent).toContain("4.8 of 5 stars, 23 reviews");
    expect(within(cards[2]!).queryByTestId("rating")).toBeNull();
    await user.click(await screen.findByTestId("driver-reviews"));
    const read = within(await screen.findByTestId("reviews-sheet"));
    await waitFor(() => expect(read.getAllByTestId("review")).toHaveLength(3));
    expect(read.getAllByTestId("review")[0]?.textContent).toContain("Timur Aliev");
    expect(read.queryByTestId("more-reviews")).toBeNull();
  });

  it("is read page by page, and again when a page did not come", async () => {
    const { user, fake } = show("arrived", "#/trip/t-1", ({ world }) => {
      const [one] = world.reviews;
      world.reviews = Array.from({ length: 7 }, (_, i) => ({ ...one!, booking: `x-${i}`, at: i }));
    });
    await user.click(await screen.findByTestId("driver-reviews"));
    const read = within(await screen.findByTestId("reviews-sheet"));
    await waitFor(() => expect(read.getAllByTestId("review")).toHaveLength(5));
    fake.world.refuse.personReviews = "NO_SERVER";
    await user.click(read.getByTestId("more-reviews"));
    expect((await read.findByRole("alert")).textContent).toContain("The server cannot be reached");
    await user.click(read.getByTestId("more-reviews"));
    await waitFor(() => expect(read.getAllByTestId("review")).toHaveLength(7));
  });
});
