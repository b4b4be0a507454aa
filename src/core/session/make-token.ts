import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import { type LoggedIn, type LogInNeeds, newToken } from './log-in.ts';
import { mustBeFull } from './restricted.ts';
import type { Pool, Signed } from './token.ts';

/**
 * A further token for somebody who is signed in, with the end of the one that was shown (realtime.md §10.5).
 * @throws Fault `not-signed-in` when the token that was shown ended meanwhile, `account-closed`, `account-unknown`,
 *   `factor-enrolment-required`, `beyond-scope`
 */
export async function renewToken(needs: LogInNeeds, signed: Signed, caller: Caller): Promise<LoggedIn> {
  const { account, token, byPage } = signed;
  if (byPage === true) throw new Fault('beyond-scope');
  return await make(needs, {
    account,
    shown: signed,
    caller,
    pool: 'interactive',
    endsAt: token.endsAt,
    what: 'token.renew',
  });
}

/**
 * An ordinary token for an account, made by an administrator or by its owner (rest.md §8.1). Who may is for the caller
 * to have asked.
 * @param endsAt the end it shall have; undefined for a full life
 * @param shown who makes it, with the token they showed; undefined on the command line
 * @throws Fault `account-closed`, `account-unknown`, `not-signed-in` when the token that was shown ended meanwhile
 */
export async function makeTokenFor(
  needs: LogInNeeds,
  account: Account,
  shown: Signed | undefined,
  caller: Caller,
  endsAt?: number,
): Promise<LoggedIn> {
  return await make(needs, { account, shown, caller, pool: 'script', endsAt, what: 'token.make' });
}

async function make(
  needs: LogInNeeds,
  made: {
    readonly account: Account;
    readonly shown: Signed | undefined;
    readonly caller: Caller;
    readonly pool: Pool;
    readonly endsAt: number | undefined;
    readonly what: string;
  },
): Promise<LoggedIn> {
  const { shown } = made;
  const isOwn = shown?.account.id === made.account.id;
  if (shown !== undefined) mustBeFull(shown, { scoped: !isOwn });
  const now = needs.clock.now();
  const text = needs.random.token();
  const token = newToken(needs, {
    ...made,
    accountId: made.account.id,
    text,
    now,
    factor: isOwn ? shown.token.factor : undefined,
  });
  const outcome = await needs.tokens.open({
    token,
    // A session that has ended meanwhile must not live on in what it makes.
    shownToken: shown?.token.hash,
    isLogIn: false,
    provedPasswordHash: undefined,
    betterPasswordHash: undefined,
    device: undefined,
    unless: undefined,
    cap: needs.policy().cap(made.pool),
    forgive: false,
    audit: recordOf(
      made.what,
      { at: now, caller: made.caller, actorId: shown?.account.id, accountId: made.account.id },
      { token: token.id },
    ),
  });
  if (outcome.opened) return { account: made.account, token, text, kind: 'token' };
  if (outcome.because === 'token-ended') throw new Fault('not-signed-in');
  throw new Fault(outcome.because === 'account-closed' ? 'account-closed' : 'account-unknown');
}
