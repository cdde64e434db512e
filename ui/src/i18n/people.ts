// People in words. Who deleted their account has no name any more.

import { firstName } from "../lib/text";
import { t } from "./words.svelte";

export function nameOf(name: string): string {
  return name === "" ? t("person-gone") : name;
}

/** Enough of it for one line. */
export function firstNameOf(name: string): string {
  return name === "" ? t("person-gone") : firstName(name);
}
