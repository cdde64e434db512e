// Language and theme: the system's until the person chooses; and how one wants to be seen. They stay on this device.

import { LANGUAGES, preferred, type Language } from "../i18n/catalogue";
import type { Availability } from "../ipc/generated/Availability";
import { words } from "../i18n/words.svelte";

export const THEMES = ["light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const LANGUAGE = "tripchat.language";
/** How far one may be seen as present, most first. */
export const AVAILABILITIES: readonly Availability[] = ["online", "away", "invisible"];

const AVAILABILITY = "tripchat.availability";
const THEME = "tripchat.theme";

export class Preferences {
  /** `null`: as the system. */
  language = $state<Language | null>(null);
  theme = $state<Theme | null>(null);
  availability = $state<Availability>("online");

  constructor() {
    this.language = LANGUAGES.find((language) => language === localStorage.getItem(LANGUAGE)) ?? null;
    this.theme = THEMES.find((theme) => theme === localStorage.getItem(THEME)) ?? null;
    const availability = localStorage.getItem(AVAILABILITY);
    this.availability = AVAILABILITIES.find((known) => known === availability) ?? "online";
    this.#apply();
  }

  keepAvailability(availability: Availability): void {
    this.availability = availability;
    keep(AVAILABILITY, availability === "online" ? null : availability);
  }

  choose(choice: { language?: Language | null; theme?: Theme | null }): void {
    if (choice.language !== undefined) {
      this.language = choice.language;
      keep(LANGUAGE, choice.language);
    }
    if (choice.theme !== undefined) {
      this.theme = choice.theme;
      keep(THEME, choice.theme);
    }
    this.#apply();
  }

  #apply(): void {
    words.language = this.language ?? preferred(navigator.languages);
    document.documentElement.lang = words.language;
    if (this.theme) document.documentElement.dataset.theme = this.theme;
    else delete document.documentElement.dataset.theme;
  }
}

function keep(key: string, value: string | null): void {
  if (value === null) localStorage.removeItem(key);
  else localStorage.setItem(key, value);
}
