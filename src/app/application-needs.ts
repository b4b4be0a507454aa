import type { ApplicationsNeeds } from '../core/administration/applications.ts';
import type { AccessNeeds } from '../core/application/access.ts';
import type { AuthorizeNeeds } from '../core/application/authorize.ts';
import type { ClientNeeds } from '../core/application/client.ts';
import type { ConsentFormNeeds } from '../core/application/consent-form.ts';
import type { ConsentNeeds } from '../core/application/consents.ts';
import type { ExchangeNeeds } from '../core/application/exchange.ts';
import type { Parts } from './parts.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** What applications need, from both sides. */
type ServingNeeds = ConsentFormNeeds &
  ApplicationsNeeds &
  AuthorizeNeeds &
  ClientNeeds &
  ConsentNeeds &
  ExchangeNeeds &
  AccessNeeds;

/**
 * Makes the needs of applications, from both sides.
 * @param parts what the product is made of
 * @param earlier what was made of them before
 */
export function applicationNeeds(parts: Parts, earlier: SignInNeeds) {
  const { store, clock, random, permissions, sealer, settings } = parts;
  const { challenges } = store;
  const { checks, find } = earlier;
  const serving: ServingNeeds = {
    clock,
    random,
    sealer,
    audit: store.audit,
    checks,
    counts: store.counts,
    guessLimits: () => ({
      wrong: settings.get('Countersign_Wrong_Client_Secrets'),
      unknown: settings.get('Countersign_Unknown_Clients'),
    }),
    applications: store.applications,
    grants: store.grants,
    challenges,
    find,
    authority: permissions,
  };
  return { serving };
}
