import { sha256Base64 } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import { Fault } from '../fault.ts';
import type { Clock, Sealer } from '../ports.ts';
import { looksLikePageToken, sessionOfPageToken } from './page-token.ts';
import { mustBeFull, type OpenTo } from './restricted.ts';
import { hasEnded } from './rules.ts';
import type { TokenStore } from './store.ts';
import type { Signed } from './token.ts';
import { isAdmitted } from './token-addresses.ts';
import type { TokenCache } from './token-cache.ts';
import type { TokenUses } from './token-uses.ts';

export interface AuthenticateNeeds {
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly tokens: Pick<TokenStore, 'find'>;
  readonly cache: TokenCache;
  readonly uses: TokenUses;
  /** Whether the account has a second factor of its own that is switched on here. */
  readonly hasOwnFactor: (account: Account) => { readonly held: boolean };
  /** Counts what was checked, for the metrics. */
  readonly checks: { held: number; refused: number };
}

/** The token with its account: from memory, else in one read. Ended ones and closed accounts are found as well. */
export async function findToken(needs: AuthenticateNeeds, hash: string): Promise<Signed | undefined> {
  const kept = needs.cache.get(hash);
  if (kept !== undefined) return isOvertaken(needs, kept).held ? undefined : kept;
  const { age } = needs.cache;
  const found = await needs.tokens.find(hash);
  if (found === undefined) return undefined;
  needs.cache.keep(hash, found, age);
  return isOvertaken(needs, found).held ? undefined : found;
}

/**
 * A session for enrolling whose account has a second factor by now, set up in another one while this one was opening:
 * it never showed that factor, so it is good for nothing.
 */
function isOvertaken(needs: AuthenticateNeeds, { account, token }: Signed): { readonly held: boolean } {
  return { held: token.enrolsOnly && needs.hasOwnFactor(account).held };
}

/**
 * Checks the pair of an account's id and a token, as every request brings it (rest.md §3.1). The hot path: one hash,
 * one look-up in memory, or one read.
 * @param to which sessions are let in that are not good for everything
 * @param to.address where the caller is; without it a token that counts from some addresses only does not
 * @param to.pages whether what our own pages hold is let in, see `makePageToken`
 * @throws Fault `not-signed-in`, the same whatever was wrong; `factor-enrolment-required`, `password-change-required`,
 *   `beyond-scope`
 */
export async function authenticate(
  needs: AuthenticateNeeds,
  accountId: string,
  text: string,
  to?: OpenTo & { readonly address?: string; readonly pages?: true },
): Promise<Signed> {
  const isPages = to?.pages === true && looksLikePageToken(text);
  const ofPage = isPages ? sessionOfPageToken(needs, text) : undefined;
  const hash = ofPage ?? sha256Base64(text);
  const found = needs.cache.get(hash) ?? (await findToken(needs, hash));
  const now = needs.clock.now();
  const isGood = found !== undefined && found.account.id === accountId && !hasEnded(found.token, now);
  if (!isGood || !found.account.open || isOvertaken(needs, found).held || !isAdmitted(found.token, to?.address).held) {
    needs.checks.refused += 1;
    throw new Fault('not-signed-in');
  }
  needs.checks.held += 1;
  needs.uses.note(found.token, now);
  mustBeFull(found, to);
  return ofPage === undefined ? found : { ...found, byPage: true };
}
