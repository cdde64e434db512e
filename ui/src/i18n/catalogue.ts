// The words, read from `locales/<language>/*.ftl`: the same files that the shell reads.

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

const files = import.meta.glob<string>("../../../locales/*/*.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The languages that there are words for, English first: it stands in where no other fits. */
export const LANGUAGES = ["en", "es", "ru", "kk"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Which form dates, numbers and plurals take. All regions write 24 hours, as timetables do. */
const LOCALES: Record<Language, string> = { en: "en-GB", es: "es-ES", ru: "ru-RU", kk: "kk-KZ" };

export function localeOf(language: Language): string {
  return LOCALES[language];
}

/** A language by its own name. */
export function ownName(language: Language): string {
  const name = new Intl.DisplayNames(localeOf(language), { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** The first language of the system that there are words for. */
export function preferred(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const known = LANGUAGES.find((language) => tag.toLowerCase().split("-")[0] === language);
    if (known) return known;
  }
  return "en";
}

/** A catalogue's own text: file name → content. */
export function sources(language: Language): Map<string, string> {
  const found = new Map<string, string>();
  for (const [path, text] of Object.entries(files)) {
    const [folder, name] = path.split("/").slice(-2);
    if (folder === language && name) found.set(name, text);
  }
  return found;
}

const bundles = new Map<Language, FluentBundle>();

function bundleOf(language: Language): FluentBundle {
  const made = bundles.get(language);
  if (made) return made;
  // Isolation marks would be copied along with names and times; all languages are written left to right.
  const bundle = new FluentBundle(localeOf(language), { useIsolating: false });
  for (const [name, text] of sources(language)) {
    const errors = bundle.addResource(new FluentResource(text));
    if (errors.length > 0) throw new Error(`${language}/${name}: ${errors.join("; ")}`);
  }
  bundles.set(language, bundle);
  return bundle;
}

export type WordArgs = Record<string, FluentVariable>;

/** The sentence `id` in `language`. A missing one is a defect that the catalogue's test finds. */
export function sentence(language: Language, id: string, args?: WordArgs): string {
  const bundle = bundleOf(language);
  const pattern = bundle.getMessage(id)?.value;
  if (!pattern) throw new Error(`no word for ${id} in ${language}`);
  return bundle.formatPattern(pattern, args ?? null);
}
