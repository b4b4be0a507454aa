import type { Mail } from '../../core/mailer.ts';
import type { MailBody } from '../../core/outbox.ts';
import { english } from './english.ts';
import { german } from './german.ts';
import { bodyOf, type Site } from './letter.ts';
import type { Translation } from './translation.ts';

const translations: ReadonlyMap<string, Translation> = new Map([
  ['en', english],
  ['de', german],
]);

/**
 * Writes a mail in the language of its reader, or in English: `de-AT` and `de_AT` are German.
 * @param mail what it says
 * @param site the server that it comes from
 */
export function render(mail: Pick<Mail, 'kind' | 'language' | 'facts'>, site: Site): MailBody & { subject: string } {
  const wanted = mail.language?.toLowerCase().split(/[-_]/u)[0] ?? 'en';
  const translation = translations.get(wanted);
  const shown = { name: oneLine(site.name), url: oneLine(site.url) };
  const letter = (translation ?? english)[mail.kind]({ facts: mail.facts, site: shown });
  const body = bodyOf(letter, shown, translation === undefined ? 'en' : wanted);
  return { subject: oneLine(letter.subject), ...body };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
