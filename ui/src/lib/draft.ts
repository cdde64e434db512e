// A draft is one person's on all their devices. What comes from another device fills a composer that was not
// touched; what the person is writing here is never overwritten.

export class Draft {
  /** The last that the core told. A reading that is older than the newest event tells nothing new. */
  #told: string | null = null;
  /** What this screen stored: its echo is no news. */
  #own = new Set<string>();
  #touched = false;

  /** Whether something is here that was not stored. */
  get touched(): boolean {
    return this.#touched;
  }

  /** The person typed. */
  touch(): void {
    this.#touched = true;
  }

  /** The composer holds this now; answers what to store, or `undefined` if that is stored already. */
  take(text: string): string | null | undefined {
    if (!this.#touched) return undefined;
    this.#touched = false;
    const draft = text.trim() === "" ? null : text;
    if (draft !== null) this.#own.add(draft);
    return draft;
  }

  /** The core tells the room's draft; answers what the composer is to hold, or `null` to leave it alone. */
  hear(draft: string | null): string | null {
    if (draft === this.#told) return null;
    this.#told = draft;
    if (this.#touched || (draft !== null && this.#own.has(draft))) return null;
    return draft ?? "";
  }
}
