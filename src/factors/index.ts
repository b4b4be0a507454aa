import type { Mailer } from '../core/mailer.ts';
import type { Hasher } from '../core/password/hasher.ts';
import type { ProveNeeds } from '../core/password/prove.ts';
import type { Clock, Random, Sealer } from '../core/ports.ts';
import type { EmailCodeNeeds } from '../core/second-factor/email-code.ts';
import type { Factor } from '../core/second-factor/factor.ts';
import { appPolicyOf, emailPolicyOf, siteSettings } from '../core/second-factor/policy.ts';
import type { Settings } from '../core/setting/settings.ts';
import type { OpenedStore } from '../core/store.ts';
import { emailFactor } from './email.ts';
import { passkeyFactor } from './passkey.ts';
import { passwordFactor } from './password.ts';
import { totpFactor } from './totp.ts';

export interface FactorsNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  readonly store: Pick<OpenedStore, 'passwords' | 'factors' | 'passkeys' | 'challenges' | 'audit'>;
  readonly sealer: Sealer;
  readonly mailer: Mailer;
  readonly hasher: Hasher;
  readonly decoy: ProveNeeds['decoy'];
}

/** Every second factor there is, in the order in which they are preferred. */
export function allFactors(needs: FactorsNeeds): readonly Factor[] {
  const { settings, store, sealer } = needs;
  const email: EmailCodeNeeds = { ...needs, factors: store.factors, policy: () => emailPolicyOf(settings) };
  return [
    totpFactor({ sealer, policy: () => appPolicyOf(settings) }),
    emailFactor(email),
    passkeyFactor({ ...needs, ...store, site: () => siteSettings(settings) }),
    passwordFactor({ ...needs, passwords: store.passwords }),
  ];
}
