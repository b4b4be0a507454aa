import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../app.ts';
import { escapeHtml } from './escape-html.ts';
import { arabic } from './words/ar.ts';
import { german } from './words/de.ts';
import { english, type PlainWords, type WordKey } from './words/en.ts';

const tables = { en: english, de: german, ar: arabic } as const satisfies Readonly<Record<string, PlainWords>>;

export type PlainLanguage = keyof typeof tables;

/** How dates, numbers and lists are written in it. */
const locales: Readonly<Record<PlainLanguage, string>> = { en: 'en-GB', de: 'de', ar: 'ar' };

/** The texts of the pages without script, in one language. */
export interface Speech {
  readonly language: PlainLanguage;
  readonly dir: 'ltr' | 'rtl';
  /** A text, with its places filled in. */
  say(key: WordKey, values?: Readonly<Record<string, string | number>>): string;
  /** The same as markup. @param values markup, whose texts are escaped already */
  html(key: WordKey, values?: Readonly<Record<string, string>>): string;
  /** `a, b and c`. */
  listed(parts: readonly string[]): string;
  minutes(count: number): string;
}

/** Longer ones are nobody's. */
const longest = 512;

/**
 * The texts for whoever asks: in the language of the setting `Language`, where it is empty in the one that the browser
 * likes best of those that there are (RFC 9110 §12.5.4), else in English.
 */
export function speechOf({ settings }: App, headers: IncomingHttpHeaders): Speech {
  const chosen = settings.get('Language').trim();
  const language = chosen === '' ? liked(headers['accept-language'] ?? '') : known(chosen);
  return speeches[language ?? 'en'];
}

function known(tag: string): PlainLanguage | undefined {
  const name = tag.toLowerCase().split(/[-_]/u, 1)[0] ?? '';
  return Object.hasOwn(tables, name) ? (name as PlainLanguage) : undefined;
}

function liked(header: string): PlainLanguage | undefined {
  if (header.length > longest) return undefined;
  let best: { readonly language: PlainLanguage; readonly weight: number } | undefined;
  for (const part of header.split(',')) {
    const [tag = '', ...more] = part.split(';').map((piece) => piece.trim());
    const language = known(tag);
    const given = more.find((piece) => piece.startsWith('q='));
    const weight = given === undefined ? 1 : Number(given.slice(2));
    if (language !== undefined && weight > (best?.weight ?? 0)) best = { language, weight };
  }
  return best?.language;
}

function speech(language: PlainLanguage): Speech {
  const words: PlainWords = tables[language];
  const locale = locales[language];
  const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
    text.replaceAll(/\{(\w+)\}/gu, (place, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined ? place : String(value);
    });
  return {
    language,
    dir: language === 'ar' ? 'rtl' : 'ltr',
    say: (key, values = {}) => filled(words[key], values),
    html: (key, values = {}) => filled(escapeHtml(words[key]), values),
    listed: (parts) => new Intl.ListFormat(locale).format(parts),
    minutes: (count) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'long' }).format(count),
  };
}

const speeches: Readonly<Record<PlainLanguage, Speech>> = { en: speech('en'), de: speech('de'), ar: speech('ar') };

/** Where nobody asks who could like one. */
export const englishSpeech = speeches.en;
