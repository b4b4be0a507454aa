import type { Mail, MailKind } from '../../core/mailer.ts';
import type { Letter, Site } from './letter.ts';

/** One language: it does not compile until it has a letter for every kind of mail. */
export type Translation = {
  readonly [K in MailKind]: (given: { readonly facts: Mail['facts']; readonly site: Site }) => Letter;
};

/** @throws Error where the fact is missing: a mail without its code helps nobody */
export function factOf(facts: Mail['facts'], name: string): string {
  const fact = facts[name];
  if (fact === undefined) throw new Error(`A mail lacks the fact ${name}.`);
  return fact;
}

/** Zero width, so that nobody sees it; what stands at both sides of it is no address to a mail program. */
const gap = '\u200B';

/**
 * What strangers wrote, on one line and so that no mail program makes a link of it: a gap follows each mark that an
 * address could not do without.
 */
export function unlinked(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[.:@/\\]/gu, `$&${gap}`)
    .trim();
}
