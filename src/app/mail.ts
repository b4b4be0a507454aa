import {
  listMailsFor,
  type MailsNeeds,
  removeMailFor,
  retryMailFor,
  testMailFor,
} from '../core/administration/mails.ts';
import type { OutboxPage } from '../core/outbox.ts';
import type { Caller } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.mail`, given what they need. */
export function mailCases({ clock, mailer, permissions, settings, store }: Needs) {
  const mailing: MailsNeeds = {
    clock,
    outbox: store.outbox,
    mailer,
    counts: store.counts,
    audit: store.audit,
    authority: permissions,
    mostTests: () => settings.get('Countersign_Test_Mails'),
    language: () => settings.get('Language'),
  };
  return {
    /** @throws Fault, see `listMailsFor` */
    list: async (signed: Signed, page: OutboxPage) => await listMailsFor(mailing, signed, page),
    /** @throws Fault, see `retryMailFor` */
    retry: async (signed: Signed, id: string, caller: Caller): Promise<void> => {
      await retryMailFor(mailing, signed, id, caller);
    },
    /** @throws Fault, see `removeMailFor` */
    remove: async (signed: Signed, id: string, caller: Caller): Promise<void> => {
      await removeMailFor(mailing, signed, id, caller);
    },
    /** @throws Fault, see `testMailFor` */
    test: async (signed: Signed, to: string | undefined, caller: Caller): Promise<string> =>
      await testMailFor(mailing, signed, to, caller),
  };
}
