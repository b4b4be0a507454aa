import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import { type LoggedIn, type LogInNeeds, newToken } from './log-in.ts';
import type { Pool, Signed } from './token.ts';

/**
 * A further token for somebody who is signed in, with the end of the one that was shown (realtime.md §10.5).
 * @throws Fault `not-signed-in` when the account was closed meanwhile
 */
export async function renewToken(needs: LogInNeeds, signed: Signed, caller: Caller): Promise<LoggedIn> {
  return await make(needs, {
    account: signed.account,
    actorId: signed.account.id,
    caller,
    pool: 'interactive',
    endsAt: signed.token.endsAt,
    what: 'token.renew',
  });
}

/**
 * An ordinary token for an account, made by an administrator or by its owner (rest.md §8.1). Who may is for the caller
 * to have asked.
 * @param actorId who makes it; undefined on the command line
 * @throws Fault `account-closed`, `account-unknown`
 */
export async function makeTokenFor(
  needs: LogInNeeds,
  account: Account,
  actorId: string | undefined,
  caller: Caller,
): Promise<LoggedIn> {
  return await make(needs, { account, actorId, caller, pool: 'script', endsAt: undefined, what: 'token.make' });
}

async function make(
  needs: LogInNeeds,
  made: {
    readonly account: Account;
    readonly actorId: string | undefined;
    readonly caller: Caller;
    readonly pool: Pool;
    readonly endsAt: number | undefined;
    readonly what: string;
  },
): Promise<LoggedIn> {
  const now = needs.clock.now();
  const text = needs.random.token();
  const token = newToken(needs, { ...made, accountId: made.account.id, text, now });
  const outcome = await needs.tokens.open({
    token,
    provedPasswordHash: undefined,
    betterPasswordHash: undefined,
    device: undefined,
    unless: undefined,
    cap: needs.policy().cap(made.pool),
    forgive: false,
    audit: recordOf(
      made.what,
      { at: now, caller: made.caller, actorId: made.actorId, accountId: made.account.id },
      { token: token.id },
    ),
  });
  if (outcome.opened) return { account: made.account, token, text, kind: 'token' };
  throw new Fault(outcome.because === 'account-closed' ? 'account-closed' : 'account-unknown');
}
