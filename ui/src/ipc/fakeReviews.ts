// Reviews of the core's twin, as the server takes and gives them.

import { Refused } from "./client";
import { DAY } from "./fakePeople";
import { FakeTrips } from "./fakeTrips";
import type { NewReview } from "./generated/NewReview";
import type { PersonReviews } from "./generated/PersonReviews";
import type { Review } from "./generated/Review";

/** Reviews of one page: fewer than the server's, so that tests turn it. */
const PAGE = 5;

export class FakeReviews extends FakeTrips {
  writeReview(booking: string, { stars, text }: NewReview) {
    return this.answer("writeReview", (): Review => {
      const me = this.me();
      const about = this.world.bookings.find(({ id }) => id === booking);
      const trip = this.world.trips.find(({ id }) => id === about?.trip);
      if (!about || !trip) throw new Refused("BOOKING_NOT_FOUND");
      if (about.status !== "completed") throw new Refused("NOT_NOW");
      const old = this.world.reviews.find((it) => it.booking === booking && it.author === me.user);
      const now = this.world.now();
      if (old && now >= old.open_until) throw new Refused("NOT_NOW");
      const review: Review = {
        booking,
        author: me.user,
        author_name: me.name,
        subject: me.user === trip.driver ? about.passenger : trip.driver,
        stars,
        text,
        at: old?.at ?? now,
        open_until: old?.open_until ?? now + 7 * DAY,
      };
      this.world.reviews = [...this.world.reviews.filter((it) => it !== old), review];
      return review;
    });
  }

  tripReviews(trip: string) {
    return this.answer("tripReviews", () => {
      const drives = this.world.trips.some(({ id, driver }) => id === trip && driver === this.me().user);
      const own = this.world.bookings.filter(
        (it) => it.trip === trip && (drives || it.passenger === this.me().user),
      );
      return this.world.reviews.filter(({ booking }) => own.some(({ id }) => id === booking));
    });
  }

  personReviews(person: string, after: string | null) {
    return this.answer("personReviews", (): PersonReviews => {
      const all = this.world.reviews.filter(({ subject }) => subject === person);
      all.sort((one, other) => other.at - one.at);
      const from = after === null ? 0 : all.findIndex(({ booking }) => booking === after) + 1;
      const sum = all.reduce((stars, review) => stars + review.stars, 0);
      const tenths = Math.round((sum * 10) / Math.max(1, all.length));
      return {
        rating: all.length === 0 ? null : { tenths, count: all.length },
        reviews: all.slice(from, from + PAGE),
        has_more: all.length > from + PAGE,
      };
    });
  }
}
