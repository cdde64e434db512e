import { describe, expect, it } from "vitest";
import type { Review } from "../ipc/generated/Review";
import { average, isOpenReview, ofBooking } from "./review";

const review = (change: Partial<Review>): Review => ({
  booking: "b-1",
  author: "u-1",
  author_name: "Dana",
  subject: "u-2",
  stars: 5,
  text: "",
  at: 1_000,
  open_until: 2_000,
  ...change,
});

describe("reviews", () => {
  it("come to an average as the language writes it", () => {
    expect(average({ tenths: 47, count: 3 }, "en")).toBe("4.7");
    expect(average({ tenths: 50, count: 1 }, "es")).toBe("5,0");
  });

  it("may be changed until their time is over", () => {
    expect([1_999, 2_000].map((now) => isOpenReview(review({}), now))).toEqual([true, false]);
  });

  it("are one's own or the other one's, booking by booking", () => {
    const all = [
      review({ stars: 1 }),
      review({ author: "u-2", stars: 2 }),
      review({ booking: "b-2", stars: 3 }),
    ];
    const { own, theirs } = ofBooking(all, "b-1", "u-2");
    expect([own?.stars, theirs?.stars]).toEqual([2, 1]);
    expect(ofBooking(all, "b-3", "u-2")).toEqual({ own: undefined, theirs: undefined });
  });
});
