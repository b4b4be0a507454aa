import type { Account } from '../core/account/account.ts';
import type { Caller } from '../core/ports.ts';
import type { EmailCodeNeeds } from '../core/second-factor/email-code.ts';
import { sendEmailCode } from '../core/second-factor/email-code.ts';
import type { AppNeeds } from '../core/second-factor/enrol-app.ts';
import type { PasskeyEnrolNeeds } from '../core/second-factor/passkey-enrol.ts';
import { appPolicyOf, emailPolicyOf, siteSettings } from '../core/second-factor/policy.ts';
import type { PasskeyProofNeeds } from '../core/session/passkey-proof.ts';
import type { Parts } from './parts.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** See `factorNeeds`. */
export type FactorNeeds = ReturnType<typeof factorNeeds>;

/**
 * Makes the needs of setting up and mailing second factors.
 * @param parts what the product is made of
 * @param earlier what was made of them before
 */
export function factorNeeds(parts: Parts, earlier: SignInNeeds) {
  const { store, clock, random, settings, sealer, mailer } = parts;
  const { accounts, tokens, factors } = store;
  const { attempting, underLimits } = earlier;
  const emailing: EmailCodeNeeds = { clock, random, sealer, mailer, factors, policy: () => emailPolicyOf(settings) };
  const enrolling: AppNeeds = {
    clock,
    random,
    sealer,
    mailer,
    factors,
    on: () => settings.get('Accounts_TwoFactorAuthentication_Enabled'),
    mostWrongCodes: () => settings.get('Countersign_Wrong_Codes_In_A_Row'),
    appPolicy: () => appPolicyOf(settings),
    attempt: underLimits,
  };
  const sendCodeIfAsked = async (account: Account, caller: Caller): Promise<boolean> => {
    const asked = parts.factors.find(({ name }) => name === 'email')?.enabledFor(account).held === true;
    if (!asked || !account.open || !enrolling.on()) return false;
    await sendEmailCode(emailing, account, caller);
    return true;
  };
  const passkeyProving: PasskeyProofNeeds = {
    clock,
    random,
    accounts,
    tokens,
    passkeys: store.passkeys,
    challenges: store.challenges,
    audit: store.audit,
    limits: attempting.limits,
    site: () => siteSettings(settings),
  };
  const passkeyEnrolling: PasskeyEnrolNeeds = {
    ...passkeyProving,
    sealer,
    mailer,
    passkeys: store.passkeys,
    on: () => settings.get('Accounts_TwoFactorAuthentication_Enabled'),
  };
  return { emailing, enrolling, sendCodeIfAsked, passkeyProving, passkeyEnrolling };
}
