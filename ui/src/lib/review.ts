// What people say of each other after a ride.

import type { Rating } from "../ipc/generated/Rating";
import type { Review } from "../ipc/generated/Review";

/** The stars that there are, in their order. */
export const STARS = [1, 2, 3, 4, 5] as const;
/** `limits::REVIEW_CHARS` of the protocol. */
export const REVIEW_CHARS = 1_000;

/** `4.7`, as the language writes it. */
export function average({ tenths }: Rating, locale: string): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    tenths / 10,
  );
}

/** Whether its writer may still change it. */
export function isOpenReview({ open_until }: Review, now: number): boolean {
  return now < open_until;
}

/** What `who` wrote about a booking, and what the other one did. */
export function ofBooking(
  reviews: readonly Review[],
  booking: string,
  who: string | undefined,
): { own: Review | undefined; theirs: Review | undefined } {
  const both = reviews.filter((review) => review.booking === booking);
  return {
    own: both.find(({ author }) => author === who),
    theirs: both.find(({ author }) => author !== who),
  };
}
