import { accountNeeds } from './account-needs.ts';
import { applicationNeeds } from './application-needs.ts';
import { elsewhereNeeds } from './elsewhere-needs.ts';
import { factorNeeds } from './factor-needs.ts';
import { movingNeeds } from './moving-needs.ts';
import type { Parts } from './parts.ts';
import { roleSetNeeds } from './role-needs.ts';
import { signInNeeds } from './sign-in-needs.ts';

/** What each use-case needs, made of the parts once. */
export type Needs = ReturnType<typeof needsOf>;

/** @param parts what the product is made of */
export function needsOf(parts: Parts) {
  const { clock, hasher, mailer, permissions, presence, sealer, settings, store } = parts;
  const { accounts, challenges, factors, passwords, tokens } = store;
  const signIn = signInNeeds(parts);
  const factor = factorNeeds(parts, signIn);
  const role = roleSetNeeds(parts);
  const account = accountNeeds(parts, { ...signIn, ...factor, ...role });
  const moving = movingNeeds(parts, role);
  const elsewhere = elsewhereNeeds(parts, { ...signIn, ...factor, ...role, ...account });
  const application = applicationNeeds(parts, signIn);

  return {
    ...signIn,
    ...factor,
    ...role,
    ...account,
    ...moving,
    ...elsewhere,
    ...application,
    accounts,
    cas: parts.cas,
    challenges,
    clock,
    directory: parts.directory,
    factors,
    hasher,
    log: parts.log,
    mailer,
    passwords,
    permissions,
    presence,
    providers: parts.providers,
    saml: parts.saml,
    sealer,
    settings,
    setup: parts.setup,
    store,
    tokens,
  };
}
