import { fromBase32 } from '../../lib/base32.ts';
import { equalSecrets } from '../../lib/digest.ts';
import { codeOfStep, stepOf } from '../../lib/totp.ts';
import type { Moment, Sealer } from '../ports.ts';
import type { KeptFactors } from './store.ts';

/** How codes of authenticator apps are judged. */
export interface AppPolicy {
  readonly on: boolean;
  /** Time steps to each side that are taken (rest.md §6.2). */
  readonly window: number;
}

/** What a sealed secret is bound to. */
export function appSecretOf(accountId: string): string {
  return `app-secret ${accountId}`;
}

/** However wide the setting makes it: an hour to each side. */
const widest = 120;

/**
 * The time step whose code this is, if it lies within the window and after every step that was used.
 * @param code exactly six digits; whatever else a client sends is wrong
 */
export function stepHeldBy(
  { sealer, policy }: { readonly sealer: Pick<Sealer, 'open'>; readonly policy: AppPolicy },
  accountId: string,
  app: NonNullable<KeptFactors['app']>,
  code: string,
  now: Moment,
): number | undefined {
  if (!/^[0-9]{6}$/u.test(code)) return undefined;
  const secret = fromBase32(sealer.open(app.sealedSecret, appSecretOf(accountId)));
  const window = Math.min(widest, Math.max(0, Math.trunc(policy.window)));
  const current = stepOf(now);
  let found: number | undefined;
  // All are compared, so that the time tells nothing. The latest wins: what lies before it can then be used no more.
  for (let step = current - window; step <= current + window; step += 1) {
    if (equalSecrets(code, codeOfStep(secret, step)).held && step > app.usedStep) found = step;
  }
  return found;
}
