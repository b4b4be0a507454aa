import type { Sealer } from '../core/ports.ts';
import { type AppPolicy, stepHeldBy } from '../core/second-factor/app-secret.ts';
import type { Factor } from '../core/second-factor/factor.ts';

export interface TotpFactorNeeds {
  readonly sealer: Pick<Sealer, 'open'>;
  readonly policy: () => AppPolicy;
}

/** A code of an authenticator app (RFC 6238; rest.md §6.2). A time step is taken once, and none before it. */
export function totpFactor({ sealer, policy }: TotpFactorNeeds): Factor {
  return {
    name: 'totp',
    fallback: false,
    enabledFor: ({ secondFactors }) => ({ held: policy().on && secondFactors.app }),
    offer: async () => await Promise.resolve({ codeGenerated: false }),
    async check({ account, kept: { app }, now }, code) {
      if (app === undefined || app.begunBy !== undefined) return { held: false };
      const step = stepHeldBy({ sealer, policy: policy() }, account.id, app, code, now);
      return await Promise.resolve(
        step === undefined ? { held: false } : { held: true, spends: { kind: 'app-step', step } },
      );
    },
  };
}
