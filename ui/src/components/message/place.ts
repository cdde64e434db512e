// Measures the list and scrolls it, so that what is read stays where it is. WebKit has no anchoring of its own.

import { anchors, seenUpTo, shift, type Anchor, type Line, type View } from "../../lib/anchor";

/** This near to the end counts as at the end. */
const NEAR = 48;

export class Place {
  #anchors: Anchor[] = [];
  /** How far the list was scrolled then; null where that says nothing. */
  #scrolled: number | null = null;
  /** A list is scrolled by whole pixels; what is left over would add up. */
  #rest = 0;

  constructor(
    readonly list: HTMLElement,
    readonly content: HTMLElement,
  ) {}

  /** Whether another view stands before the list. */
  get hidden(): boolean {
    return this.list.getBoundingClientRect().height === 0;
  }

  get distance(): number {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight;
  }

  get nearEnd(): boolean {
    return this.distance < NEAR;
  }

  /** Notes where the rows in view stand. */
  remember(): void {
    this.#anchors = anchors(this.#lines(), this.#view());
    this.#scrolled = this.list.scrollTop;
  }

  /** Another view came before the list: how it is scrolled when it is back is nobody's doing. */
  leave(): void {
    this.#scrolled = null;
  }

  /** Scrolls so that they stand there again, but for what was scrolled since and the list was not told of yet. */
  restore(): void {
    const by =
      this.#rest +
      this.#since() +
      shift(this.#anchors, (id) => this.#row(id)?.getBoundingClientRect() ?? null);
    const whole = Math.round(by);
    this.#rest = by - whole;
    if (whole !== 0) this.list.scrollTop += whole;
  }

  /** Whether the person went up from there since: the list is told of it at the next frame only. */
  get wentUp(): boolean {
    return this.#since() < -NEAR;
  }

  /** How far it was scrolled since. What the end alone took back, because the list became shorter, does not count. */
  #since(): number {
    if (this.#scrolled === null) return 0;
    const most = this.list.scrollHeight - this.list.clientHeight;
    return this.list.scrollTop - Math.min(this.#scrolled, most);
  }

  toEnd(): void {
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** Brings an element to a third of the way down, where the eye is. */
  bring(element: Element | null): void {
    if (!element) return;
    const { top } = element.getBoundingClientRect();
    this.list.scrollTop += top - this.#view().top - this.list.clientHeight / 4;
  }

  /** Up to where the person has seen everything. */
  seen(): number | null {
    return seenUpTo(this.#lines(), this.#view());
  }

  /** The row of a message; where that one is missing, the next one, so that one sees what lies around it. */
  row(seq: number): Element | null {
    const sent = this.#rows().filter((row) => row.dataset.seq !== undefined);
    return sent.find((row) => Number(row.dataset.seq) >= seq) ?? sent.at(-1) ?? null;
  }

  /** Messages, and what the server says between them. */
  #rows(): HTMLElement[] {
    return [...this.content.querySelectorAll<HTMLElement>(":scope > [data-id]")];
  }

  #row(id: string): Element | null {
    return this.#rows().find((row) => row.dataset.id === id) ?? null;
  }

  #view(): View {
    const { top, bottom } = this.list.getBoundingClientRect();
    return { top, bottom };
  }

  #lines(): Line[] {
    return this.#rows().map((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      const { id = "", seq } = row.dataset;
      return { id, seq: seq === undefined ? null : Number(seq), top, bottom };
    });
  }
}
