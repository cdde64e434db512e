// What was said about a person, page by page.

import { Refused, type Tripchat } from "../ipc/client";
import type { ErrorCode } from "../ipc/generated/ErrorCode";
import type { Rating } from "../ipc/generated/Rating";
import type { Review } from "../ipc/generated/Review";

export class PersonReviews {
  rating = $state<Rating | null>(null);
  reviews = $state<Review[]>([]);
  hasMore = $state(false);
  failure = $state<ErrorCode | null>(null);
  busy = $state(false);

  constructor(
    readonly tripchat: Tripchat,
    readonly person: string,
  ) {}

  /** The next page; the first one to begin with. */
  async more(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      const after = this.reviews.at(-1)?.booking ?? null;
      const page = await this.tripchat.personReviews(this.person, after);
      this.rating = page.rating ?? null;
      this.reviews = [...this.reviews, ...page.reviews];
      this.hasMore = page.has_more;
    } catch (thrown) {
      this.failure = Refused.from(thrown).code;
    }
    this.busy = false;
  }
}
