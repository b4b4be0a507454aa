import { equalSecrets } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller, Clock, Moment, Random, Sealer } from '../ports.ts';
import type { Answer, Asked } from './factor.ts';
import type { FactorStore, KeptFactors } from './store.ts';

export interface EmailCodePolicy {
  readonly on: boolean;
  /** Whether they are a factor of people from providers as well, who have no password here. */
  readonly withoutPassword: boolean;
  readonly lifeMs: number;
  /** So many wrong ones, and the code is void. */
  readonly mostWrong: number;
  /** So many are mailed to one account within an hour: whoever asks, a mailbox must not be flooded (attacks E16). */
  readonly mostSent: number;
}

export interface EmailCodeNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly sealer: Pick<Sealer, 'mark'>;
  readonly mailer: Pick<Mailer, 'post'>;
  readonly factors: Pick<FactorStore, 'putEmailCode' | 'kept'>;
  readonly policy: () => EmailCodePolicy;
}

/**
 * Makes sure that a code is out: one that is still good is kept, and not sent again (rest.md §6.2).
 * @returns the details that clients read (rest.md §6.3)
 */
export async function offerEmailCode(
  needs: EmailCodeNeeds,
  { account, kept, caller, now, occasion }: Asked,
): Promise<Readonly<Record<string, unknown>>> {
  const emailOrUsername = occasion === 'log-in' ? account.username : verifiedOf(account)[0];
  const out = stillGood(needs.policy(), kept.emailCode, now);
  if (out !== undefined) return { codeGenerated: false, codeExpires: new Date(out.endsAt), emailOrUsername };
  return { codeGenerated: await sendEmailCode(needs, account, caller), emailOrUsername };
}

/**
 * Mails a fresh code to every verified address; the last one is void then.
 * @returns false when too many were sent lately
 */
export async function sendEmailCode(needs: EmailCodeNeeds, account: Account, caller: Caller): Promise<boolean> {
  const { lifeMs, mostSent } = needs.policy();
  const code = sixDigits(needs.random);
  const now = needs.clock.now();
  const hash = hashOf(needs, account.id, code);
  // Whoever asks for it need not be signed in: there is no actor.
  const who = { at: now, caller, actorId: undefined, accountId: account.id };
  const audit = recordOf('factor.send-code', who, { factor: 'email' });
  const out = { hash, endsAt: now + lifeMs, now, mostSent };
  if (!(await needs.factors.putEmailCode(account.id, out, audit))) return false;
  await needs.mailer.post({
    kind: 'authentication-code',
    to: verifiedOf(account),
    language: account.language,
    facts: { code: `${code.slice(0, 3)}-${code.slice(3)}`, minutes: String(Math.max(1, Math.round(lifeMs / 60_000))) },
  });
  return true;
}

/** Everything but digits is left out of what the client sent, since the mail shows the code in two parts. */
export function checkEmailCode(needs: EmailCodeNeeds, { account, kept, now }: Asked, code: string): Answer {
  const policy = needs.policy();
  const out = stillGood(policy, kept.emailCode, now);
  const digits = code.replaceAll(/[^0-9]/gu, '');
  const hash = hashOf(needs, account.id, digits);
  if (out === undefined) return { held: false };
  const isRight = digits.length === 6 && equalSecrets(hash, out.hash).held;
  if (isRight) return { held: true, spends: { kind: 'email-code', hash } };
  return out.wrong + 1 >= policy.mostWrong ? { held: false, because: 'factor-code-void' } : { held: false };
}

function stillGood(policy: EmailCodePolicy, code: KeptFactors['emailCode'], now: Moment): KeptFactors['emailCode'] {
  if (code === undefined || code.endsAt <= now || code.wrong >= policy.mostWrong) return undefined;
  // A clock that was set back must not make a code live longer than any may.
  return code.endsAt - now > policy.lifeMs ? undefined : code;
}

export function verifiedOf({ emails }: Pick<Account, 'emails'>): readonly string[] {
  return emails.filter(({ verified }) => verified).map(({ address }) => address);
}

function hashOf({ sealer }: Pick<EmailCodeNeeds, 'sealer'>, accountId: string, digits: string): string {
  return sealer.mark(digits, `email-code ${accountId}`);
}

function sixDigits(random: Random): string {
  const limit = 1_000_000;
  // What lies beyond the last whole million is thrown away, so that every code is equally likely.
  for (;;) {
    const number = random.bytes(4).readUInt32BE();
    if (number < 2 ** 32 - (2 ** 32 % limit)) return String(number % limit).padStart(6, '0');
  }
}
