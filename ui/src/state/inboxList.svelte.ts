// The list of rooms as the person looks at it: filtered, in order, with the archive open or shut.

import { roomTitle } from "../i18n/titles";
import type { InboxRow } from "../ipc/generated/InboxRow";
import { sections, type Sections } from "../lib/inbox";
import type { Loaded } from "./loaded.svelte";

export class InboxList {
  words = $state("");
  unread = $state(false);
  archiveOpen = $state(false);
  readonly sections: Sections = $derived.by(() =>
    sections(this.inbox.value ?? [], { words: this.words, unread: this.unread }, roomTitle),
  );
  /** As the eye goes from top to bottom. */
  readonly shown: InboxRow[] = $derived([
    ...this.sections.rows,
    ...(this.archiveOpen ? this.sections.archived : []),
  ]);

  constructor(readonly inbox: Loaded<InboxRow[]>) {}

  clear(): void {
    this.words = "";
    this.unread = false;
    this.archiveOpen = false;
  }
}
