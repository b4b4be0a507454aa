import { sha256Base64 } from '../../lib/digest.ts';
import { recordOf } from '../audit/record.ts';
import type { CallCounts } from '../call-counts.ts';
import type { IdentityStore } from '../external-login/identity-store.ts';
import type { Providers } from '../external-login/provider.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';

export interface ProviderLogOutNeeds {
  readonly clock: Clock;
  readonly providers: Pick<Providers, 'find'>;
  readonly identities: Pick<IdentityStore, 'endSessions'>;
  readonly counts: Pick<CallCounts, 'count' | 'seen'>;
}

/** No provider gives a logout token a longer life: so long its id is remembered. */
const longestLifeMs = 86_400_000;

/** Longer ones are nobody's. */
const longestToken = 16_384;

/**
 * Ends the sessions of which a provider says that they are over (OpenID Connect Back-Channel Logout 1.0 §2.5 to 2.7): the
 * one it names, or all of the subject where it names none. A token is heard once.
 * @returns of how many accounts sessions ended
 * @throws Fault `provider-off`, `provider-refused` for a token that does not hold, was heard already or lives too long
 */
export async function logOutByProvider(
  needs: ProviderLogOutNeeds,
  service: string,
  token: string,
  caller: Caller,
): Promise<number> {
  const provider = needs.providers.find(service);
  if (provider?.logoutToken === undefined) throw new Fault('provider-off', { service });
  const refused = (message: string): Fault => new Fault('provider-refused', { service, message });
  if (token === '' || token.length > longestToken) throw refused('The logout token is missing.');
  const { id, subject, session, endsAt } = await provider.logoutToken(token);
  const now = needs.clock.now();
  const windowMs = endsAt - now;
  if (id === '' || windowMs <= 0 || windowMs > longestLifeMs) throw refused('The logout token has ended.');
  const key = `logout-token ${sha256Base64(JSON.stringify([service, id]))}`;
  const heardAlready = refused('The logout token was heard already.');
  if ((await needs.counts.seen(key, now)).calls > 0) throw heardAlready;
  const which =
    session === undefined
      ? subject === undefined
        ? undefined
        : { provider: service, subject }
      : { provider: service, session };
  const namesNobody = which === undefined || ('session' in which && which.session === '');
  if (namesNobody) throw refused('The logout token names nobody.');
  const ended = await needs.identities.endSessions(which, (accountId) =>
    recordOf('identity.log-out', { at: now, caller, actorId: undefined, accountId }, { provider: service }),
  );
  // Not before: a provider that was told to come again later must be heard then.
  const { calls } = await needs.counts.count({ key, windowMs, now });
  if (calls > 1) throw heardAlready;
  return ended.length;
}
