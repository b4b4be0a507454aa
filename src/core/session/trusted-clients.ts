import { recordOf } from '../audit/record.ts';
import type { Caller, Clock, Moment } from '../ports.ts';
import type { TokenStore } from './store.ts';
import type { Signed, Token } from './token.ts';

export interface TrustedClientsNeeds {
  readonly clock: Clock;
  readonly tokens: Pick<TokenStore, 'list' | 'forgetTrust'>;
}

/** The caller's tokens whose client is asked for no second factor at the moment, newest first. */
export async function trustedClients(
  { clock, tokens }: TrustedClientsNeeds,
  { account }: Signed,
): Promise<readonly { readonly token: Token; readonly until: Moment }[]> {
  const now = clock.now();
  const live = await tokens.list(account.id, ['interactive', 'script', 'personal'], now);
  return live.flatMap((token) =>
    token.trust === undefined || token.trust.until <= now ? [] : [{ token, until: token.trust.until }],
  );
}

/**
 * Ends the trust in the caller's clients.
 * @param tokenId the one to be forgotten; undefined for all
 * @returns how many were forgotten
 */
export async function forgetTrusted(
  { clock, tokens }: TrustedClientsNeeds,
  { account }: Signed,
  tokenId: string | undefined,
  caller: Caller,
): Promise<number> {
  const now = clock.now();
  const who = { at: now, caller, actorId: account.id, accountId: account.id };
  const audit = recordOf('factor.forget-trust', who, tokenId === undefined ? {} : { token: tokenId });
  return await tokens.forgetTrust(account.id, tokenId, now, audit);
}
