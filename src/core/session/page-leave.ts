import { sha256Base64 } from '../../lib/digest.ts';
import type { Cas } from '../external-login/cas.ts';
import type { Saml } from '../external-login/saml.ts';
import { Fault } from '../fault.ts';
import type { Clock, Random } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';
import { casHalf, keepPageHalf, type PageErrand } from './page-half.ts';
import { beginSaml, type SamlNeeds } from './saml.ts';

export interface PageLeaveNeeds extends SamlNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'token' | 'id'>;
  readonly challenges: Pick<ChallengeStore, 'find' | 'put' | 'putOnce' | 'replace' | 'take'>;
  readonly saml: Pick<Saml, 'current' | 'state'>;
  readonly cas: Pick<Cas, 'current'>;
  /** Where browsers reach this server, without a slash at the end. */
  readonly rootUrl: () => string;
}

const lifeMs = 300_000;

/**
 * Sends a browser to the SAML provider or the CAS server on behalf of our own pages: it is bound by its cookie to the
 * sign-in that comes back, so that nobody is signed in as somebody else by a link.
 * @returns where to send it, and what its cookie must hold for five minutes
 * @throws Fault `provider-off`
 */
export async function leaveForPage(
  needs: PageLeaveNeeds,
  way: 'saml' | 'cas',
  returnTo: string,
): Promise<{ readonly address: string; readonly browser: string }> {
  const [token, browser] = [needs.random.token(), needs.random.token()] as const;
  const errand: PageErrand = { browserHash: sha256Base64(browser), returnTo };
  const address = way === 'saml' ? await toSaml(needs, token, errand) : await toCas(needs, token, errand);
  if (address === undefined) throw new Fault('provider-off', { service: way });
  return { address, browser };
}

async function toSaml(needs: PageLeaveNeeds, token: string, errand: PageErrand): Promise<string | undefined> {
  const provider = needs.saml.current();
  return provider === undefined ? undefined : await beginSaml(needs, provider.name, token, errand);
}

async function toCas(needs: PageLeaveNeeds, token: string, errand: PageErrand): Promise<string | undefined> {
  const page = needs.cas.current()?.published['login_url'];
  const url = typeof page === 'string' ? URL.parse(page) : null;
  if (url === null) return undefined;
  url.searchParams.set('service', `${needs.rootUrl()}/_cas/${token}`);
  const endsAt = needs.clock.now() + lifeMs;
  await keepPageHalf(needs, casHalf(token), { accountId: undefined, ...errand, endsAt });
  return url.href;
}
