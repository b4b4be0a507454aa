import { facts } from './facts.ts';

/** The languages that the pages speak, each by its own name. */
export const languages = { en: 'English', de: 'Deutsch', ar: 'العربية' } as const;

export type Language = keyof typeof languages;

/** A text, or its forms by number where it counts something (`Intl.PluralRules`). */
export type Text = string | ({ readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

type Texts = Readonly<Record<string, Text>>;

/** The same texts in another language: none may be missing. */
export type Translated<T extends Texts> = { readonly [Key in keyof T]: Text };

const rightToLeft: ReadonlySet<Language> = new Set(['ar']);
const storageKey = 'countersign.language';

/** The language of this visit: chosen here, else that of the browser, else that of the server. */
export const language: Language = languageOf([
  stored() ?? '',
  ...(facts.language === '' ? navigator.languages : [facts.language]),
]);
document.documentElement.lang = language;
document.documentElement.dir = rightToLeft.has(language) ? 'rtl' : 'ltr';

function languageOf(wanted: readonly string[]): Language {
  const found = wanted.map((tag) => tag.toLowerCase().split('-', 1)[0] ?? '').find((tag) => tag in languages);
  return (found ?? 'en') as Language;
}

function stored(): string | undefined {
  try {
    return localStorage.getItem(storageKey) ?? undefined;
  } catch {
    // Switched off by the person: the browser's language it is.
    return undefined;
  }
}

/** Takes another language from the next page on. */
export function chooseLanguage(chosen: Language): void {
  try {
    localStorage.setItem(storageKey, chosen);
  } catch {
    return;
  }
  location.reload();
}

/** What fills the places of a text; `count` chooses its form. */
export type Values = Readonly<Record<string, string | number>>;

/** The texts of one area. */
export interface Words<T extends Texts> {
  /** Brings the texts of the language; nothing is shown before. */
  load(): Promise<void>;
  say(key: keyof T & string, values?: Values): string;
  /** A text by a name that comes from elsewhere; where there is none for it, the name as it is. */
  sayOr(name: string): string;
}

const plural = new Intl.PluralRules(language);

/**
 * @param english the texts themselves where every page says them, else where they are: what nobody has opened is not
 *   loaded
 * @param others where the other languages are
 */
export function wordsOf<T extends Texts>(
  english: T | (() => Promise<{ readonly english: T }>),
  others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ readonly default: Translated<T> }>>>,
): Words<T> {
  let texts: Translated<T> | undefined = typeof english === 'function' ? undefined : english;
  const words: Words<T> = {
    async load() {
      if (language !== 'en') texts = (await others[language]()).default;
      else if (typeof english === 'function') texts ??= (await english()).english;
    },
    say(key, values = {}) {
      const text: Text = texts?.[key] ?? '';
      const count = values['count'];
      const form =
        typeof text === 'string'
          ? text
          : ((typeof count === 'number' ? text[plural.select(count)] : undefined) ?? text.other);
      return form.replaceAll(/\{(\w+)\}/gu, (place, name: string) => {
        const value = values[name];
        return value === undefined ? place : typeof value === 'number' ? number.format(value) : value;
      });
    },
    sayOr: (name) => (texts !== undefined && Object.hasOwn(texts, name) ? words.say(name) : name),
  };
  return words;
}

/** The language as it is written where the browser is: numbers and dates differ between countries of one language. */
export const locale: string =
  navigator.languages.find((tag) => tag.toLowerCase().split('-', 1)[0] === language) ?? language;

const number = new Intl.NumberFormat(locale);
const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const distance = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/** A number as it is written here. */
export function numberText(value: number): string {
  return number.format(value);
}

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** How large a file is, in the unit that fits. */
export function bytesText(bytes: number): string {
  const size = Math.min(sizes.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: sizes[size] ?? 'byte',
    maximumFractionDigits: size < 2 ? 0 : 1,
  }).format(bytes / 1000 ** size);
}

/** @param given ISO 8601 or milliseconds */
export function momentText(given: string | number): string {
  return moment.format(new Date(given));
}

/** The same to the second. @param given ISO 8601 or milliseconds */
export function exactText(given: string | number): string {
  return exact.format(new Date(given));
}

/** @param given ISO 8601 or milliseconds */
export function dayText(given: string | number): string {
  return day.format(new Date(given));
}

const steps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** How long ago, or how long until. @param given ISO 8601 or milliseconds */
export function distanceText(given: string | number, now = Date.now()): string {
  const seconds = (new Date(given).getTime() - now) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return distance.format(Math.trunc(seconds / size), unit);
  }
  return distance.format(0, 'minute');
}
