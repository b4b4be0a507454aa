import { hash } from 'node:crypto';
import { equalSecrets, sha256Base64 } from '../../lib/digest.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Moment, Random } from '../ports.ts';
import type { Application } from './application.ts';
import { accessLifeMs, refreshLifeMs } from './rules.ts';
import type { GrantStore, KeptCode, TokenPair } from './store.ts';

export interface ExchangeNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
  readonly grants: Pick<GrantStore, 'code' | 'redeem' | 'refresh'>;
}

/** Two tokens as the client gets them, each 64 hex digits. */
export interface GivenTokens {
  readonly access: string;
  readonly refresh: string;
  readonly accessLifeMs: number;
}

/** What a client brings for tokens. */
export interface BroughtCode {
  readonly code: string;
  readonly redirect: string;
  /** Of PKCE (RFC 7636 §4.5). */
  readonly verifier: string | undefined;
}

/**
 * Turns a code into tokens, once. Whoever brings it again ends what came of it (RFC 6749 §4.1.2).
 * @throws Fault `application-grant-void`, with the fact `redirect` where only the address is another
 */
export async function redeemCode(
  needs: ExchangeNeeds,
  application: Application,
  brought: BroughtCode,
  caller: Caller,
): Promise<GivenTokens> {
  const codeHash = sha256Base64(brought.code);
  const code = await needs.grants.code(codeHash);
  if (code?.applicationId !== application.id) throw new Fault('application-grant-void');
  mustFit(code, brought, application);
  const now = needs.clock.now();
  const { pair, given } = freshPair(needs, now);
  const outcome = await needs.grants.redeem(
    { hash: codeHash, applicationId: application.id },
    pair,
    now,
    (done, accountId) =>
      recordOf(
        done === 'done' ? 'application.log-in' : 'application.replay',
        { at: now, caller, actorId: undefined, accountId, outcome: done === 'done' ? 'done' : 'refused' },
        { application: application.clientId, name: application.name, ...(done === 'done' ? {} : { of: 'code' }) },
      ),
  );
  if (outcome !== 'done') throw new Fault('application-grant-void');
  return given;
}

/**
 * Puts new tokens in the place of old ones, which are void from then on. Of two requests at once with one refresh token
 * one is served; a refresh token that was replaced longer ago is taken for a stolen one, and ends them all (RFC 9700
 * §4.14.2).
 * @throws Fault `application-grant-void`
 */
export async function refreshTokens(
  needs: ExchangeNeeds,
  application: Application,
  refresh: string,
  caller: Caller,
): Promise<GivenTokens> {
  const now = needs.clock.now();
  const { pair, given } = freshPair(needs, now);
  const outcome = await needs.grants.refresh(
    { hash: sha256Base64(refresh), applicationId: application.id },
    pair,
    now,
    (_reused, accountId) =>
      recordOf(
        'application.replay',
        { at: now, caller, actorId: undefined, accountId, outcome: 'refused' },
        { application: application.clientId, name: application.name, of: 'refresh token' },
      ),
  );
  if (outcome !== 'done') throw new Fault('application-grant-void');
  return given;
}

/** A used one goes on to the store, which ends what came of it, whatever else is wrong; the store knows its end, too. */
function mustFit(code: KeptCode, brought: BroughtCode, application: Application): void {
  if (code.used) return;
  const { redirect, challenge } = code.facts;
  if (brought.redirect !== redirect) throw new Fault('application-grant-void', { redirect: true });
  if (!isProved(challenge, brought.verifier, application).held) throw new Fault('application-grant-void');
}

/** A verifier without a challenge is refused as well: somebody may have taken the challenge away (RFC 9700 §4.8.2). */
function isProved(
  challenge: string | undefined,
  verifier: string | undefined,
  { options }: Application,
): { readonly held: boolean } {
  if (challenge === undefined) return { held: verifier === undefined && !options.publicClient };
  if (verifier === undefined || !/^[\w.~-]{43,128}$/u.test(verifier)) return { held: false };
  return equalSecrets(hash('sha256', verifier, 'base64url'), challenge);
}

function freshPair({ random }: ExchangeNeeds, now: Moment): { readonly pair: TokenPair; readonly given: GivenTokens } {
  const [access, refresh] = [random.bytes(32).toString('hex'), random.bytes(32).toString('hex')];
  return {
    given: { access, refresh, accessLifeMs },
    pair: {
      accessHash: sha256Base64(access),
      refreshHash: sha256Base64(refresh),
      createdAt: now,
      accessEndsAt: now + accessLifeMs,
      refreshEndsAt: now + refreshLifeMs,
    },
  };
}
