// Amounts: minor units on the wire, a currency's own form on the screen.

import type { Money } from "../ipc/generated/Money";

/** How many digits a currency has behind the point (ISO 4217). */
export function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** `KZT 5,000`: without the digits behind the point where they are all zero. */
export function price({ minor, currency }: Money, locale: string): string {
  const digits = digitsOf(currency);
  const whole = minor % 10 ** digits === 0;
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: whole ? 0 : digits,
    maximumFractionDigits: digits,
  }).format(minor / 10 ** digits);
}

/** An amount as one would type it: `7000`, `7000.50`. */
export function typedAmount({ minor, currency }: Money): string {
  const digits = digitsOf(currency);
  const whole = minor % 10 ** digits === 0;
  return (minor / 10 ** digits).toFixed(whole ? 0 : digits);
}

/** What someone typed, in minor units; `null` if it is not an amount. Point and comma both separate. */
export function readAmount(text: string, currency: string): number | null {
  const digits = digitsOf(currency);
  const match = /^(\d{1,10})(?:[.,](\d*))?$/.exec(text.replaceAll(/[\s\u00a0\u202f]/g, ""));
  const whole = match?.[1];
  const rest = match?.[2] ?? "";
  if (whole === undefined || rest.length > digits) return null;
  return Number(whole + rest.padEnd(digits, "0"));
}

/** Every currency that can be chosen. */
export function allCurrencies(): string[] {
  return Intl.supportedValuesOf("currency");
}
