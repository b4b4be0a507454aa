import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import { type LoggedIn, type LogInNeeds, newToken } from './log-in.ts';
import type { Pool, Signed } from './token.ts';

/**
 * A further token for somebody who is signed in, with the end of the one that was shown (realtime.md §10.5).
 * @throws Fault `not-signed-in` when the token that was shown ended meanwhile, `account-closed`, `account-unknown`
 */
export async function renewToken(needs: LogInNeeds, signed: Signed, caller: Caller): Promise<LoggedIn> {
  const { account, token } = signed;
  const renewed = await make(needs, {
    account,
    actorId: account.id,
    caller,
    pool: 'interactive',
    endsAt: token.endsAt,
    what: 'token.renew',
  });
  // Asked afterwards: a session that was ended in between must not live on in what it has just made.
  const alive = await needs.tokens.alive([token.hash], needs.clock.now());
  if (alive.has(token.hash)) return renewed;
  const who = { at: needs.clock.now(), caller, actorId: undefined, accountId: account.id };
  await needs.tokens.end(renewed.token.hash, recordOf('session.end', who, { token: renewed.token.id }));
  throw new Fault('not-signed-in');
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
