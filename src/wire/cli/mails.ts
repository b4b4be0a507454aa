import type { OutboxMail } from '../../core/outbox.ts';
import type { CliApp } from './needs.ts';
import { Refusal } from './refusal.ts';
import { isoMoment } from './text.ts';

/** What `--help` says of an argument that names a mail. */
export const mailArgument = { name: 'mail', about: 'the id of the mail, see countersign mail list' } as const;

/** A mail in the documents of `--json`: never its text, nor the sealed form of it. */
export function mailDocument(mail: OutboxMail) {
  const { id, kind, recipient, subject, state, tries } = mail;
  return {
    id,
    kind,
    recipient,
    subject,
    state,
    tries,
    madeAt: isoMoment(mail.madeAt),
    sentAt: isoMoment(mail.sentAt),
    nextTryAt: isoMoment(nextTryOf(mail)),
    lastError: mail.lastError ?? null,
  };
}

/** When the server tries it next; undefined when it does not. */
export function nextTryOf({ state, dueAt }: OutboxMail): number | undefined {
  return state === 'waiting' ? dueAt : undefined;
}

export function mailUnknown(id: string): Refusal {
  return new Refusal('mail-unknown', `The outbox has no mail ${id}. See which there are: countersign mail list.`);
}

/** The id of the newest mail to an address where it stays in the outbox, as all do without a mail server; else undefined. */
export async function keptMail(app: CliApp, address: string): Promise<string | undefined> {
  const mail = (await app.host.mails(50)).find(({ recipient }) => recipient === address);
  return mail?.state === 'kept' ? mail.id : undefined;
}
