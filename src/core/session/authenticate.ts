import { sha256Base64 } from '../../lib/digest.ts';
import { Fault } from '../fault.ts';
import type { Clock } from '../ports.ts';
import { hasEnded } from './rules.ts';
import type { TokenStore } from './store.ts';
import type { Signed } from './token.ts';
import type { TokenCache } from './token-cache.ts';
import type { TokenUses } from './token-uses.ts';

export interface AuthenticateNeeds {
  readonly clock: Clock;
  readonly tokens: Pick<TokenStore, 'find'>;
  readonly cache: TokenCache;
  readonly uses: TokenUses;
  /** Counts what was checked, for the metrics. */
  readonly checks: { held: number; refused: number };
}

/** The token with its account: from memory, else in one read. Ended ones and closed accounts are found as well. */
export async function findToken(needs: AuthenticateNeeds, hash: string): Promise<Signed | undefined> {
  const kept = needs.cache.get(hash);
  if (kept !== undefined) return kept;
  const { age } = needs.cache;
  const found = await needs.tokens.find(hash);
  if (found !== undefined) needs.cache.keep(hash, found, age);
  return found;
}

/**
 * Checks the pair of an account's id and a token, as every request brings it (rest.md §3.1). The hot path: one hash,
 * one look-up in memory, or one read.
 * @throws Fault `not-signed-in`, the same whatever was wrong
 */
export async function authenticate(needs: AuthenticateNeeds, accountId: string, text: string): Promise<Signed> {
  const hash = sha256Base64(text);
  const found = needs.cache.get(hash) ?? (await findToken(needs, hash));
  const now = needs.clock.now();
  if (found === undefined || found.account.id !== accountId || hasEnded(found.token, now) || !found.account.open) {
    needs.checks.refused += 1;
    throw new Fault('not-signed-in');
  }
  needs.checks.held += 1;
  needs.uses.note(found.token, now);
  return found;
}
