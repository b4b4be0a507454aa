import type { App } from '../../app.ts';
import { moment, object, oneOf, optional, type Static, text, whole } from './schema.ts';

type Listed = Awaited<ReturnType<App['mail']['list']>>['mails'][number];

/** What a mail of the outbox may have come to. */
export const mailState = oneOf('waiting', 'sent', 'failed', 'kept');

/** A mail of the outbox, without its text. */
export const mailShape = object({
  id: text(),
  kind: text({ description: 'What it is about, for example `password-reset`.' }),
  recipient: text(),
  subject: text(),
  state: mailState,
  tries: whole(),
  at: moment(),
  sentAt: optional(moment()),
  nextTryAt: optional(moment()),
  lastError: optional(text({ description: 'One sentence; of the last try that failed.' })),
});

export function mailDocument(mail: Listed): Static<typeof mailShape> {
  const { id, kind, recipient, subject, state, tries, madeAt, dueAt, sentAt, lastError } = mail;
  return {
    id,
    kind,
    recipient,
    subject,
    state,
    tries,
    at: new Date(madeAt).toISOString(),
    ...(sentAt === undefined ? {} : { sentAt: new Date(sentAt).toISOString() }),
    ...(state === 'waiting' ? { nextTryAt: new Date(dueAt).toISOString() } : {}),
    ...(lastError === undefined ? {} : { lastError }),
  };
}
