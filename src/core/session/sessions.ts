import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import type { TokenStore } from './store.ts';
import type { Signed, Token } from './token.ts';

export interface SessionsNeeds {
  readonly clock: Clock;
  readonly tokens: Pick<TokenStore, 'byId' | 'end'>;
}

/**
 * A session of anybody's that has not ended, with its account. A personal token is none.
 * @throws Fault `session-unknown`
 */
export async function sessionOf({ clock, tokens }: SessionsNeeds, id: string): Promise<Signed> {
  const found = await tokens.byId(id);
  const now = clock.now();
  const lives = found !== undefined && found.token.pool !== 'personal' && (found.token.endsAt ?? now + 1) > now;
  if (!lives) throw new Fault('session-unknown');
  return found;
}

/** One of the caller's own. @throws Fault `session-unknown`, also for somebody else's: nobody learns that it exists */
export async function ownSession(needs: SessionsNeeds, { account }: Signed, id: string): Promise<Token> {
  const { token } = await sessionOf(needs, id);
  if (token.accountId !== account.id) throw new Fault('session-unknown');
  return token;
}

/**
 * Ends one session and the sockets that bear it.
 * @param actorId who does it; undefined on the host
 * @throws Fault `session-unknown` where somebody else was faster
 */
export async function endSession(
  { clock, tokens }: SessionsNeeds,
  token: Token,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  const who = { at: clock.now(), caller, actorId, accountId: token.accountId };
  const ended = await tokens.end(token.hash, recordOf('session.end', who, { token: token.id, pool: token.pool }));
  if (!ended) throw new Fault('session-unknown');
}
