// The language that the screen speaks now. Components say `t("…")` and follow when it changes.

import type { ErrorCode } from "../ipc/generated/ErrorCode";
import { localeOf, sentence, type Language, type WordArgs } from "./catalogue";

class Words {
  language = $state<Language>("en");

  get locale(): string {
    return localeOf(this.language);
  }
}

export const words = new Words();

/** The sentence `id` in the language of the screen. */
export function t(id: string, args?: WordArgs): string {
  return sentence(words.language, id, args);
}

/** What happened and what to do, for a code. */
export function errorSentence(code: ErrorCode): string {
  return t(`error-${code}`);
}
