import type { Account } from '../core/account/account.ts';
import { listed } from '../core/account/rules.ts';
import { auditTrail } from '../core/audit/trail.ts';
import { belongsToDirectory } from '../core/directory/sign-in.ts';
import type { ProveNeeds } from '../core/password/prove.ts';
import type { GateNeeds } from '../core/second-factor/gate.ts';
import { mustHoldFactorAtLogIn, ownFactors } from '../core/second-factor/gate.ts';
import type { AttemptNeeds } from '../core/session/attempt.ts';
import { attempt, failureLimitOf } from '../core/session/attempt.ts';
import type { AuthenticateNeeds } from '../core/session/authenticate.ts';
import { findToken } from '../core/session/authenticate.ts';
import { BlockNotices } from '../core/session/block-notices.ts';
import type { EnrolOnlyNeeds } from '../core/session/enrol-only.ts';
import { opensToEnrolOnly } from '../core/session/enrol-only.ts';
import type { LogInNeeds } from '../core/session/log-in.ts';
import type { LoginCodeNeeds } from '../core/session/login-code.ts';
import { NewDevices } from '../core/session/new-device.ts';
import type { PageSessionNeeds } from '../core/session/page-session.ts';
import { blockNoticePolicyOf, capOf, limitsOf, newDevicePolicyOf } from '../core/session/policy.ts';
import type { PasswordProofNeeds } from '../core/session/proofs.ts';
import type { Signed } from '../core/session/token.ts';
import { TokenCache } from '../core/session/token-cache.ts';
import { TokenUses } from '../core/session/token-uses.ts';
import { Turns } from '../core/session/turns.ts';
import type { Parts } from './parts.ts';

/** See `signInNeeds`. */
export type SignInNeeds = ReturnType<typeof signInNeeds>;

/**
 * Makes the needs of signing in, and proving who somebody is.
 * @param parts what the product is made of
 */
export function signInNeeds(parts: Parts) {
  const { store, clock, random, hasher, settings, permissions, sealer, mailer } = parts;
  const { accounts, tokens, factors, challenges } = store;
  const cache = new TokenCache(clock, store.events, { most: 50_000, lifeMs: 5_000 });
  const uses = new TokenUses(tokens.touch.bind(tokens), 60_000);
  const checks = { held: 0, refused: 0 };
  const hasOwnFactor = (account: Account) => ({ held: ownFactors(parts, account).length > 0 });
  const authenticating: AuthenticateNeeds = { clock, sealer, tokens, cache, uses, checks, hasOwnFactor };
  const limits = () => limitsOf(settings);
  const notices = new BlockNotices({
    clock,
    tokens,
    counts: store.counts,
    mailer,
    limits,
    policy: () => blockNoticePolicyOf(settings),
    log: parts.log ?? (() => undefined),
  });
  const keepDays = () => settings.get('Countersign_Audit_Days');
  const trail = auditTrail({ audit: store.audit, sealer, clock, keepDays });
  const attempting: AttemptNeeds = {
    clock,
    onUncounted: trail.noteRefusal,
    tokens,
    turns: new Turns(1_000),
    limits,
    onFailure: parts.onFailure,
    onCounted: (failure) => {
      notices.hear(failure);
    },
  };
  const blocking = { clock, blocks: store.blocks, limits, accounts, authority: permissions };
  const underLimits: GateNeeds['attempt'] = async (account, caller, act) => {
    const attempted = { what: 'second-factor', caller, claim: { by: 'id', value: account.id } } as const;
    await attempt(attempting, attempted, async (known) => {
      await act({ kept: known.kept, unless: failureLimitOf(attempting, known, caller) });
    });
  };
  const gating: GateNeeds = {
    clock,
    factors: parts.factors,
    store: factors,
    sealer,
    policy: () => ({
      on: settings.get('Accounts_TwoFactorAuthentication_Enabled'),
      rememberMs: settings.get('Accounts_TwoFactorAuthentication_RememberFor') * 1000,
      fallback: settings.get('Accounts_TwoFactorAuthentication_Enforce_Password_Fallback'),
      mostWrongCodes: settings.get('Countersign_Wrong_Codes_In_A_Row'),
    }),
    attempt: underLimits,
    audit: store.audit,
    trust: tokens.trust.bind(tokens),
  };
  const requiring: EnrolOnlyNeeds = {
    clock,
    factors,
    required: () => ({
      on: settings.get('Accounts_TwoFactorAuthentication_Enabled'),
      signIns: listed(settings.get('Countersign_Second_Factor_Required_Sign_Ins')),
      roles: new Set([
        ...permissions
          .roles()
          .filter(({ secondFactor }) => secondFactor)
          .map(({ id }) => id),
        ...listed(settings.get('Countersign_Second_Factor_Required_Roles')),
      ]),
      graceMs: settings.get('Countersign_Second_Factor_Grace_Days') * 86_400_000,
    }),
    hasOwnFactor,
  };
  const proving: ProveNeeds = { hasher, decoy: parts.decoy };
  /** Whether an account is of a directory that is on. */
  const isOfDirectory = async (account: Account): Promise<boolean> =>
    settings.get('LDAP_Enable') && (await belongsToDirectory({ identities: store.identities }, account)).held;
  const passwordProving: PasswordProofNeeds = {
    ...proving,
    opensByPassword: async (account) => ({
      held: settings.get('LDAP_Login_Fallback') || !(await isOfDirectory(account)),
    }),
  };
  const newDevices = new NewDevices({
    mailer,
    policy: () => newDevicePolicyOf(settings),
    onTrouble: (sentence, cause) => {
      parts.log?.(sentence, { cause });
    },
  });
  const loggingIn: LogInNeeds = {
    ...attempting,
    onLogIn: parts.onLogIn,
    onNewDevice: (account, signedInBy, now) => {
      newDevices.tell(account, signedInBy, now);
    },
    tokens,
    random,
    policy: () => ({
      emailMustBeVerified: settings.get('Accounts_EmailVerification'),
      temporaryPasswordMs: settings.get('Countersign_Temporary_Password_Hours') * 3_600_000,
      lifeDays: settings.get('Accounts_LoginExpiration'),
      cap: (pool) => capOf(settings, pool),
    }),
    factorAtLogIn: async (account, supplied, caller, known) =>
      await mustHoldFactorAtLogIn(gating, account, supplied, caller, known),
    enrolsOnly: async (account, kind, kept) => await opensToEnrolOnly(requiring, account, kind, kept),
  };
  const find = async (hash: string): Promise<Signed | undefined> => await findToken(authenticating, hash);
  const administering = { ...loggingIn, authority: permissions, accounts, tokenMaking: parts.tokenMaking };
  const coding: LoginCodeNeeds = { clock, random, challenges, accounts, audit: store.audit };
  const paging: PageSessionNeeds = { clock, random, pageSessions: store.pageSessions, find };
  return {
    cache,
    uses,
    checks,
    hasOwnFactor,
    authenticating,
    limits,
    notices,
    keepDays,
    trail,
    attempting,
    blocking,
    underLimits,
    gating,
    requiring,
    proving,
    isOfDirectory,
    passwordProving,
    newDevices,
    loggingIn,
    find,
    administering,
    coding,
    paging,
  };
}
