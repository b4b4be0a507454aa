import { isEmail } from '../account/rules.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditStore } from '../audit/store.ts';
import type { CallCounts } from '../call-counts.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import type { OutboxMail, OutboxPage, OutboxStore } from '../outbox.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission } from './may.ts';

export interface RetryMailNeeds {
  readonly clock: Clock;
  readonly outbox: Pick<OutboxStore, 'byId' | 'retry'>;
}

export interface MailsNeeds extends RetryMailNeeds {
  readonly outbox: Pick<OutboxStore, 'byId' | 'retry' | 'remove' | 'page'>;
  readonly mailer: Pick<Mailer, 'deliver' | 'serverSet'>;
  readonly counts: Pick<CallCounts, 'count'>;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly authority: Authority;
  /**
   * So many test mails an account sends within five minutes: a mail server is no toy, and nor are the mailboxes of
   * others.
   */
  readonly mostTests: () => number;
  /** The language of the server, for whoever has chosen none. */
  readonly language: () => string;
}

/** A mail as administrators are shown it: never with its text, since the links in it sign people in. */
export type ListedMail = Omit<OutboxMail, 'sealedBody'>;

const testsWindowMs = 5 * 60_000;

/**
 * A part of the outbox, the newest mail first, and whether there is a server that takes mails.
 * @throws Fault `permission-missing`
 */
export async function listMailsFor(
  needs: MailsNeeds,
  signed: Signed,
  page: OutboxPage,
): Promise<{ readonly mails: readonly ListedMail[]; readonly total: number; readonly serverSet: boolean }> {
  mustHoldPermission(needs.authority, signed, 'view-privileged-setting');
  const { mails, total } = await needs.outbox.page(page);
  return {
    mails: mails.map(({ sealedBody: _sealed, ...shown }) => shown),
    total,
    serverSet: needs.mailer.serverSet().held,
  };
}

/**
 * Makes a mail that has failed or was kept wait again, as if it were new.
 * @throws Fault `permission-missing`, `mail-unknown`, `mail-not-stopped`
 */
export async function retryMailFor(needs: MailsNeeds, signed: Signed, id: string, caller: Caller): Promise<void> {
  mustHoldPermission(needs.authority, signed, 'edit-privileged-setting');
  if (await retryMail(needs, id, signed.account.id, caller)) return;
  throw new Fault((await needs.outbox.byId(id)) === undefined ? 'mail-unknown' : 'mail-not-stopped');
}

/** The same for the host; false where no such mail has failed or was kept. */
export async function retryMail(
  { clock, outbox }: RetryMailNeeds,
  id: string,
  actorId: string | undefined,
  caller: Caller,
): Promise<boolean> {
  const now = clock.now();
  const kind = (await outbox.byId(id))?.kind ?? '';
  const who = { at: now, caller, actorId, accountId: undefined };
  return await outbox.retry(id, now, recordOf('mail.retry', who, { mail: id, kind }));
}

/**
 * Forgets a mail, whatever became of it.
 * @throws Fault `permission-missing`, `mail-unknown`
 */
export async function removeMailFor(needs: MailsNeeds, signed: Signed, id: string, caller: Caller): Promise<void> {
  mustHoldPermission(needs.authority, signed, 'edit-privileged-setting');
  const there = await needs.outbox.byId(id);
  const who = { at: needs.clock.now(), caller, actorId: signed.account.id, accountId: undefined };
  const facts = { mail: id, kind: there?.kind ?? '', state: there?.state ?? '' };
  if (there === undefined || !(await needs.outbox.remove(id, recordOf('mail.remove', who, facts)))) {
    throw new Fault('mail-unknown');
  }
}

/**
 * Sends a test mail at once.
 * @param to an address; undefined for the caller's own, the first that is verified
 * @returns where it went
 * @throws Fault `permission-missing`, `email-invalid` (also where the caller has no verified address), `rate-limited`
 *   (facts `retryAfterMs`), `mail-undelivered` (facts `because`: one sentence, without any secret)
 */
export async function testMailFor(
  needs: MailsNeeds,
  signed: Signed,
  to: string | undefined,
  caller: Caller,
): Promise<string> {
  const { account } = signed;
  mustHoldPermission(needs.authority, signed, 'edit-privileged-setting');
  const address = to ?? account.emails.find(({ verified }) => verified)?.address ?? '';
  if (!isEmail(address).held) throw new Fault('email-invalid', { email: address });
  const now = needs.clock.now();
  const asked = { key: `test-mail ${account.id}`, windowMs: testsWindowMs, now };
  const { calls, endsAt } = await needs.counts.count(asked);
  if (calls > needs.mostTests()) throw new Fault('rate-limited', { retryAfterMs: endsAt - now });
  const language = account.language ?? needs.language();
  const { held, because } = await sendTestMail(needs, { address, language, actorId: account.id }, caller);
  if (!held) throw new Fault('mail-undelivered', { because: because ?? 'The mail server did not take the mail.' });
  return address;
}

/** Sends it, and writes what came of it to the trail. @param given.actorId who does it; undefined on the host */
export async function sendTestMail(
  { clock, mailer, audit }: Pick<MailsNeeds, 'clock' | 'audit'> & { readonly mailer: Pick<Mailer, 'deliver'> },
  given: { readonly address: string; readonly language: string; readonly actorId?: string | undefined },
  caller: Caller,
): ReturnType<Mailer['deliver']> {
  const { address, language, actorId } = given;
  const delivered = await mailer.deliver({ kind: 'delivery-test', to: [address], language, facts: {} });
  const outcome = delivered.held ? 'done' : 'refused';
  const who = { at: clock.now(), caller, actorId, accountId: undefined, outcome } as const;
  await audit.append([recordOf('mail.test', who, { to: address })]);
  return delivered;
}
