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
