import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import type { TokenStore } from './store.ts';
import type { Pool, Signed } from './token.ts';

export interface LogOutNeeds {
  readonly clock: Clock;
  readonly tokens: TokenStore;
}

/** The pools that "log out" speaks of; personal tokens are no sessions and stay (design §1). */
const sessionPools: readonly Pool[] = ['interactive', 'script'];

/** Ends the token that was shown, and no other. */
export async function logOut(needs: LogOutNeeds, signed: Signed, caller: Caller): Promise<void> {
  const audit = recordOf('log-out', whoOf(needs, signed, caller), { token: signed.token.id });
  await needs.tokens.end(signed.token.hash, audit);
}

/**
 * Ends the caller's other sessions; says how many.
 * @param personal whether personal tokens end as well
 */
export async function endOthers(
  needs: LogOutNeeds,
  signed: Signed,
  caller: Caller,
  personal: boolean,
): Promise<number> {
  const audit = recordOf('session.end-others', whoOf(needs, signed, caller), personal ? { personal: true } : {});
  const pools: readonly Pool[] = personal ? [...sessionPools, 'personal'] : sessionPools;
  return await needs.tokens.endAll(signed.account.id, { pools, except: signed.token.hash, forced: true }, audit);
}

/** Ends every session of an account on behalf of whoever holds the host; says how many. */
export async function endSessions(needs: LogOutNeeds, accountId: string, caller: Caller): Promise<number> {
  const audit = recordOf('session.end-all', { at: needs.clock.now(), caller, actorId: undefined, accountId });
  return await needs.tokens.endAll(accountId, { pools: sessionPools, forced: true }, audit);
}

/** Ends every token of an account, personal ones too, on behalf of whoever holds the host; says how many. */
export async function endEverything(needs: LogOutNeeds, accountId: string, caller: Caller): Promise<number> {
  const audit = recordOf('session.end-all', { at: needs.clock.now(), caller, actorId: undefined, accountId });
  return await needs.tokens.endAll(accountId, { pools: [...sessionPools, 'personal'], forced: true }, audit);
}

/**
 * Ends every session of an account, the caller's own included. Who may end another's is for the caller to have asked.
 * @throws Fault `account-unknown` when there was nothing to end
 */
export async function endAll(needs: LogOutNeeds, signed: Signed, accountId: string, caller: Caller): Promise<void> {
  const audit = recordOf('session.end-all', { ...whoOf(needs, signed, caller), accountId });
  const ended = await needs.tokens.endAll(accountId, { pools: sessionPools, forced: true }, audit);
  if (ended === 0) throw new Fault('account-unknown');
}

function whoOf(needs: LogOutNeeds, signed: Signed, caller: Caller): Parameters<typeof recordOf>[1] {
  return { at: needs.clock.now(), caller, actorId: signed.account.id, accountId: signed.account.id };
}
