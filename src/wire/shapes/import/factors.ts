import type { NewcomerApp, NewcomerCodes } from '../../../core/administration/newcomer.ts';
import { Unfit } from './unfit.ts';
import { isPlain, type Members } from './value.ts';

/**
 * The second factors that a document has under `services`: Rocket.Chat's, or those of Meteor's `accounts-2fa`.
 * @throws Unfit: whoever had a second factor must not come in without it
 */
export function factorsOf(services: Members | undefined): {
  readonly app: NewcomerApp | undefined;
  readonly backupCodes: NewcomerCodes | undefined;
  readonly emailFactor: boolean;
} {
  const emailFactor = isOn(services, 'email2fa');
  const meteors = meteorSecret(services);
  if (!isOn(services, 'totp')) {
    return { app: meteors === undefined ? undefined : { secret: meteors }, backupCodes: undefined, emailFactor };
  }
  const totp = services?.members('totp');
  const secret = totp?.text('secret');
  if (secret === undefined) throw new Unfit('second-factor-unfit', 'services.totp.secret');
  // There is one app here, and nobody can tell which of two somebody still has.
  if (meteors !== undefined && meteors !== secret) throw new Unfit('second-factor-unfit', meteorPart);
  return { app: { secret }, backupCodes: { digests: totp?.texts('hashedBackup', 100) ?? [] }, emailFactor };
}

const meteorPart = 'services.twoFactorAuthentication';

/**
 * The secret of `accounts-2fa`, in base 32. It is asked for once the document has a type; before, nobody has confirmed it.
 * @throws Unfit where it cannot be told
 */
function meteorSecret(services: Members | undefined): string | undefined {
  if (services?.has('twoFactorAuthentication') !== true) return undefined;
  const factor = services.members('twoFactorAuthentication');
  if (factor === undefined) throw new Unfit('second-factor-unfit', meteorPart);
  if (!factor.has('type')) return undefined;
  const secret = factor.text('secret');
  if (factor.text('type') !== 'otp' || secret === undefined) throw new Unfit('second-factor-unfit', meteorPart);
  return secret;
}

/** @throws Unfit where it cannot be told */
function isOn(services: Members | undefined, name: string): boolean {
  if (services?.has(name) !== true) return false;
  const on = services.members(name)?.any('enabled') ?? false;
  if (typeof on !== 'boolean' || !isPlain(services.any(name))) {
    throw new Unfit('second-factor-unfit', `services.${name}.enabled`);
  }
  return on;
}
