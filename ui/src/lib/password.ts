// What can be said about a new password before the server is asked.

import { countChars } from "./text";

/** `limits::PASSWORD_CHARS` of the protocol. */
const SHORTEST = 8;
const LONGEST = 128;

/** The word for what is wrong with a password that somebody chooses. */
export function checkNewPassword(chosen: string): string | null {
  const count = countChars(chosen);
  if (count === 0) return "field-required";
  if (count < SHORTEST) return "field-password-short";
  return count > LONGEST ? "field-password-long" : null;
}

/** The word for why the server did not take it, by the rule that it named. */
export function refusedPassword(rule: string | null): string {
  return rule === "personal" ? "field-password-personal" : "field-password-common";
}
